"""Parameters of the trim."""
from dsp_core.param import Param

PARAMS = (
    Param(id="gain", label="Gain", low=-24, high=24, default=0, unit="dB", step=0.1,
          help="Level change applied after everything before it."),
)
