"""Stage editors: kind of stage -> editor; every kind without one gets the generated panel.

`editor.StageEditor` is what a host sees of any of them, `frame.StageFrame` an editor with the row above it. Editors take parameter values
and telemetry as plain numbers and emit wishes; they know no engine and no session.
"""
from collections.abc import Callable

from gui.editors.compressor import CompressorEditor
from gui.editors.editor import PanelEditor, StageEditor
from gui.editors.eq import EqEditor
from gui.editors.eq_bands import Response
from gui.editors.limiter import LimiterEditor

__all__ = ["EDITORS", "CompressorEditor", "EqEditor", "LimiterEditor", "PanelEditor", "StageEditor", "make_editor"]

EDITORS: dict[str, Callable[[Response], StageEditor]] = {
    "eq": EqEditor,
    "compressor": lambda response: CompressorEditor(),
    "limiter": lambda response: LimiterEditor(),
}


def make_editor(kind: str, response: Response) -> StageEditor:
    """The editor of a stage kind. `response(values, hz)` is what an equaliser's bands do in dB, see `eq_bands.Response`."""
    make = EDITORS.get(kind)
    return make(response) if make is not None else PanelEditor(kind)
