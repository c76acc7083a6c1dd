"""The panel made from what a foreign plugin tells of itself: its own texts stand on the controls, and what is typed is read by the plugin."""
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from dsp_core.param import Param
from dsp_core.params.common import OFF_ON
from gui.controls.field import ValueEntry
from gui.controls.panel import StagePanel
from gui.controls.parts import Part
from gui.controls.value import ValueControl
from mastering_rt.plugins.wire import Parameter

PREFIX = "plugin."
SWITCH = ({"0", "1"}, {"0.0", "1.0"}, {"0.000000", "1.000000"}, {"off", "on"})     # texts of a parameter that is on or off


class PluginPanel(StagePanel):
    """A parameter has the id "plugin.NUMBER" and goes from 0 to 100 % of its range, whatever control it has. `typed`: a text for the plugin."""

    typed = Signal(str, str)

    def __init__(self, parameters: Sequence[Parameter], choices: dict[int, tuple[str, ...]]) -> None:
        self._spans = {f"{PREFIX}{p.index}": span_of(p, choices) for p in parameters}
        super().__init__("plugin", params=[param_of(p, choices.get(p.index, ())) for p in parameters], stage="Plugin")

    def make(self, param: Param, ground: str) -> Part:
        if param.choices:
            return super().make(param, ground)
        control = PluginValue(param, ground)
        control.typed.connect(partial(self.typed.emit, param.id))
        return control

    def _edited(self, param_id: str, value: float) -> None:
        super()._edited(param_id, value * self._spans[param_id])

    def show_percent(self, index: int, percent: float) -> None:
        """Model to widget; emits nothing."""
        param_id = f"{PREFIX}{index}"
        if param_id in self.parts:
            self.show_value(param_id, percent / self._spans[param_id])

    def show_text(self, index: int, text: str) -> None:
        """How the plugin writes the value."""
        part = self.parts.get(f"{PREFIX}{index}")
        if isinstance(part, PluginValue):
            part.show_text(text)


class PluginValue(ValueControl):
    """A value whose text only its plugin knows."""

    typed = Signal(str)

    def __init__(self, param: Param, ground: str, parent: QWidget | None = None) -> None:
        self.text = ""
        super().__init__(param, parent, stage="Plugin", ground=ground)
        self._entry = PluginEntry(self, param, self._take, self.set_default)

    def show_text(self, text: str) -> None:
        if text != self.text:
            self.text = text
            self.repaint_value()

    def value_text(self) -> str:
        return self.text or super().value_text()

    def spoken_value(self) -> str:
        return self.value_text()

    def type_value(self, text: str = "", *, select: bool = True) -> None:
        super().type_value(text or self.value_text())

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.value_text())

    def _paste(self) -> None:
        self.typed.emit(QGuiApplication.clipboard().text().strip())


class PluginEntry(ValueEntry):
    """What is typed goes to the plugin, which alone can say whether it is wrong."""

    def _commit(self, text: str) -> None:
        self._close()
        owner = self._owner
        if isinstance(owner, PluginValue) and text.strip() and text != owner.value_text():
            owner.typed.emit(text.strip())


def is_switch(parameter: Parameter, texts: Sequence[str]) -> bool:
    """On or off, and nothing else."""
    return parameter.boolean or (parameter.steps == 2 and {text.casefold() for text in texts} in SWITCH)


def choices_of(parameter: Parameter, texts: Sequence[str]) -> tuple[str, ...]:
    """What there is to choose; nothing for a parameter that moves freely, or whose texts are numbers."""
    if is_switch(parameter, texts):
        return OFF_ON
    return () if len(set(texts)) < max(2, len(texts)) else tuple(texts)


def span_of(parameter: Parameter, choices: dict[int, tuple[str, ...]]) -> float:
    """How many percent of its range one step of the control is."""
    count = len(choices_of(parameter, choices.get(parameter.index, ())))
    return 100 / (count - 1) if count else 1.0


def param_of(parameter: Parameter, texts: Sequence[str] = ()) -> Param:
    """A plugin's parameter as the panel wants one: a choice, or percent of its range, because only the plugin knows its law and its texts."""
    choices = choices_of(parameter, texts)
    words = f"{parameter.name}, parameter {parameter.index} of the plugin{f', in {parameter.unit}' if parameter.unit.strip() else ''}."
    if choices:
        last = len(choices) - 1
        return Param(id=f"{PREFIX}{parameter.index}", label=parameter.name, low=0, high=last, default=round(min(1.0, max(0.0, parameter.default)) * last),
                     law="step", choices=choices, help=words)
    default = round(100 * parameter.default, 1)
    return Param(id=f"{PREFIX}{parameter.index}", label=parameter.name, low=0, high=100, default=min(100.0, max(0.0, default)), unit="%",
                 step=100 / (parameter.steps - 1) if parameter.steps > 1 else 1, decimals=1, help=f"{words} Type a value as the plugin writes it, or percent of the range.")
