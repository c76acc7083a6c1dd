"""What pictures that move are made of, a call for each picture; the window has it from here, because of the core it sees the parameter table only."""
from dsp_core.meters.bars import Fall, Hold, LoudnessBars, OverLamp, Pace, PeakBars, ReductionBar
from dsp_core.meters.columns import Columns, Scale
from dsp_core.meters.eye import filled_tiles, heights, moved, write_line

__all__ = ["Columns", "Fall", "Hold", "LoudnessBars", "OverLamp", "Pace", "PeakBars", "ReductionBar", "Scale", "filled_tiles", "heights", "moved", "write_line"]
