"""What pictures that move are made of, a call for each picture; the window has it from here, because of the core it sees the parameter table only."""
from dsp_core.meters.ballistics import Fall, Hold, OverLamp, Pace
from dsp_core.meters.bars import LoudnessBars, PeakBars, ReductionBar
from dsp_core.meters.columns import Columns, Scale
from dsp_core.meters.eye import moved, write_line
from dsp_core.meters.pieces import filled_tiles, put_together
from dsp_core.meters.recording import Recording
from dsp_core.meters.traces import LineCanvas, LiveLine

__all__ = ["Columns", "Fall", "Hold", "LineCanvas", "LiveLine", "LoudnessBars", "OverLamp", "Pace", "PeakBars", "Recording", "ReductionBar", "Scale",
           "filled_tiles", "moved", "put_together", "write_line"]
