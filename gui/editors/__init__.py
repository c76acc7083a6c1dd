"""Stage editors: kind of stage -> editor; every kind without one gets the generated panel.

`editor.StageEditor` is what a host sees of any of them, `frame.StageFrame` an editor with the row above it. Editors take parameter values
and telemetry as plain numbers and emit wishes; they know no engine and no session.
"""
from collections.abc import Callable
from dataclasses import dataclass

from gui.editors.clip_curve import ClipLaw
from gui.editors.clipper import ClipperEditor
from gui.editors.compressor import CompressorEditor
from gui.editors.deesser import DeesserEditor
from gui.editors.dynamic_eq import DynamicEqEditor
from gui.editors.editor import PanelEditor, StageEditor
from gui.editors.eq import EqEditor
from gui.editors.eq_bands import Response
from gui.editors.limiter import LimiterEditor
from gui.editors.multiband import MultibandEditor
from gui.editors.plugin import PluginEditor
from gui.editors.resonance import ResonanceEditor
from gui.editors.saturation import SaturationEditor
from gui.editors.stereo import StereoEditor
from gui.editors.transfer_plot import Curve

__all__ = ["EDITORS", "ClipperEditor", "CompressorEditor", "DeesserEditor", "DynamicEqEditor", "EqEditor", "LimiterEditor",
           "Models", "MultibandEditor", "PanelEditor", "PluginEditor", "ResonanceEditor", "SaturationEditor", "StageEditor", "StereoEditor", "make_editor"]


@dataclass(frozen=True)
class Models:
    """What the editors draw but do not compute: curves of the real processors at the sample rate of now."""

    eq: Response
    compressor: Curve
    clipper: ClipLaw


EDITORS: dict[str, Callable[[Models], StageEditor]] = {
    "eq": lambda models: EqEditor(models.eq),
    "compressor": lambda models: CompressorEditor(models.compressor),
    "dynamic_eq": lambda models: DynamicEqEditor(models.eq),
    "deesser": lambda models: DeesserEditor(models.eq),
    "resonance": lambda models: ResonanceEditor(),
    "multiband": lambda models: MultibandEditor(),
    "saturation": lambda models: SaturationEditor(),
    "stereo": lambda models: StereoEditor(),
    "clipper": lambda models: ClipperEditor(models.clipper),
    "limiter": lambda models: LimiterEditor(),
    "plugin": lambda models: PluginEditor(),
}


def make_editor(kind: str, models: Models) -> StageEditor:
    """The editor of a stage kind, or its generated panel. KeyError for a kind that is not in the table."""
    make = EDITORS.get(kind)
    return make(models) if make is not None else PanelEditor(kind)
