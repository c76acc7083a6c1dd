"""The processors, one per file. `make` gives one prepared for a sample rate."""
from collections.abc import Mapping
from importlib import import_module
from typing import Any

CLASSES = {"trim": "Trim", "eq": "Eq", "compressor": "Compressor", "limiter": "Limiter", "stereo": "Stereo", "clipper": "Clipper",
           "saturation": "Saturation", "multiband": "Multiband", "dynamic_eq": "DynamicEq", "deesser": "Deesser",
           "resonance": "Resonance", "plugin": "Plugin"}


def make(kind: str, rate: float, values: Mapping[str, float] | None = None) -> Any:
    """A stage of `kind`, ready to run at `rate` Hz with `values` (parameter id -> value; the rest are defaults).

    Raises KeyError for an unknown kind, UnknownParameter, BadValue, or ValueError for an unusable rate.
    """
    module = import_module(f"dsp_core.stages.{kind}")
    return getattr(module, CLASSES[kind])(kind, rate, values)
