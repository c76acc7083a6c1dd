"""How a bar moves: up at once, down 20 dB in 1.7 s, marks held for 2 s. Time comes in as an argument; knows no Qt and no clock."""
from mastering_rt.measure.eye import Fall, Hold, LoudnessBars, OverLamp, Pace, PeakBars, ReductionBar

__all__ = ["Fall", "Hold", "LoudnessBars", "OverLamp", "Pace", "PeakBars", "ReductionBar"]
