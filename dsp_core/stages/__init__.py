"""The processors, one per file. `make` gives one prepared for a sample rate."""
from importlib import import_module

CLASSES = {"trim": "Trim", "eq": "Eq", "compressor": "Compressor", "limiter": "Limiter"}


def make(kind, rate, values=None):
    """A stage of `kind`, ready to run at `rate` Hz with `values` (parameter id -> value; the rest are defaults).

    Raises KeyError for an unknown kind, UnknownParameter, BadValue, or ValueError for an unusable rate.
    """
    module = import_module(f"dsp_core.stages.{kind}")
    return getattr(module, CLASSES[kind])(kind, rate, values)
