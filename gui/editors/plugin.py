"""The editor of a foreign plugin: what the slot itself has in the row on top, below it a panel made from what the plugin tells of itself."""
from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from dsp_core.param import Param
from gui.controls.buttons import Button
from gui.controls.panel import StagePanel
from gui.controls.parts import Part
from gui.controls.plane import Words
from gui.controls.value import ValueControl
from gui.editors.editor import StageEditor
from mastering_rt.plugins.wire import Parameter

OWN = ("gain", "jump_limit", "silence_guard", "mix")
PREFIX = "plugin."
MOST_SHOWN = 200                 # a panel of more would take longer to build than a hand to find what it looks for; the plugin's own window has all


@dataclass(frozen=True)
class PluginState:
    """What is known of the plugin in a slot. words: what to say in place of a panel. values: index -> 0..1."""

    words: str
    parameters: tuple[Parameter, ...] = ()
    values: tuple[tuple[int, float], ...] = ()
    texts: tuple[tuple[int, str], ...] = ()
    runs: bool = False
    editor_open: bool = False


class PluginEditor(StageEditor):
    """`editor_wished`: show the plugin's own window, or close it. A parameter of the plugin has the id "plugin.NUMBER", and goes from 0 to 100 %."""

    editor_wished = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("plugin", parent)
        self.own = StagePanel("plugin", self, ids=OWN)
        self.listen_to(self.own)
        self.words = Words("", self)
        self.key = Button("Open editor", name="Plugin: open its own editor")
        self.key.setStatusTip("The plugin's own window, in its own process")
        self.key.clicked.connect(self._wish_editor)
        self.key.setEnabled(False)
        self.panel: StagePanel | None = None
        self._open = False
        self._made_for: tuple[Parameter, ...] = ()
        self._names: dict[int, str] = {}
        self._scroll = QScrollArea(self)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self.own, self.words):
            column.addWidget(widget)
        column.addWidget(self._scroll, 1)

    def _wish_editor(self) -> None:
        self.editor_wished.emit(not self._open)

    def header_options(self) -> list[QWidget]:
        return [self.key]

    def show_values(self, values: Mapping[str, float]) -> None:
        self.own.show_values(values)

    def show_bypassed(self, bypassed: bool) -> None:
        self.own.show_bypassed(bypassed)
        if self.panel is not None:
            self.panel.show_bypassed(bypassed)

    def show_plugin(self, state: PluginState) -> None:
        """What the plugin says now; its panel is made anew when it is another plugin."""
        shown = tuple((p.index, p.name, p.unit, p.steps) for p in state.parameters[:MOST_SHOWN])
        if shown != tuple((p.index, p.name, p.unit, p.steps) for p in self._made_for[:MOST_SHOWN]):
            self._make_panel(state.parameters)
        more = len(state.parameters) - MOST_SHOWN
        self.words.show_words(state.words or (f"The first {MOST_SHOWN} parameters; {more} more are in the plugin's own editor." if more > 0 else ""))
        self.words.setVisible(bool(self.words.words))
        self._open = state.editor_open
        self.key.setEnabled(state.runs)
        self.key.setText("Close editor" if state.editor_open else "Open editor")
        if self.panel is not None:
            self.panel.show_values({f"{PREFIX}{index}": 100 * value for index, value in state.values})
            for index, text in state.texts:
                self._show_text(index, text)

    def _make_panel(self, parameters: tuple[Parameter, ...]) -> None:
        self._made_for = parameters
        self._names = {p.index: p.name for p in parameters}
        self.panel = StagePanel("plugin", params=[param_of(p) for p in parameters[:MOST_SHOWN]], stage="Plugin")
        self.listen_to(self.panel)
        self._scroll.setWidget(self.panel)

    def _show_text(self, index: int, text: str) -> None:
        """How the plugin writes the value, beside the name."""
        part: Part | None = self.panel.parts.get(f"{PREFIX}{index}") if self.panel is not None else None
        label = f"{self._names.get(index, '')}: {text}"
        if isinstance(part, ValueControl) and part.label != label:
            part.label = label
            part.update()


def param_of(parameter: Parameter) -> Param:
    """A plugin's parameter as the panel wants one: percent of its range, because only the plugin knows its law and its texts."""
    default = round(100 * parameter.default, 1)
    return Param(id=f"{PREFIX}{parameter.index}", label=parameter.name, low=0, high=100, default=min(100.0, max(0.0, default)), unit="%",
                 step=100 / (parameter.steps - 1) if parameter.steps > 1 else 1, decimals=1,
                 help=f"{parameter.name} of the plugin{f', in {parameter.unit}' if parameter.unit else ''}; in percent of its range.")

