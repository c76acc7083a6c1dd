"""The control that a parameter asks for, and the cell that a switch or a choice stands in."""
from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import QWidget

from dsp_core.param import Param
from dsp_core.params.common import OFF_ON
from gui.controls.bands import band_of, label_in_band
from gui.controls.base import Painted
from gui.controls.buttons import Toggle
from gui.controls.choice import Choice, Segmented
from gui.controls.lock import PartLock
from gui.controls.plane import Words
from gui.controls.value import HALO, ValueControl, label_height, low_height
from gui.theme import paint, theme

Part = ValueControl | Toggle | Segmented | Choice
SEGMENT_LETTERS = 22
KEY_HEIGHT = 26


def make_part(param: Param, stage: str, ground: str = "panel") -> Part:
    """The control a parameter asks for. `stage` stands before its name for assistive technology, then its band if it is of one."""
    band = band_of(param.id)
    label = label_in_band(param)
    name = spoken_name(param, stage)
    part: Part
    if param.choices == OFF_ON:
        part = Toggle(label, ground=ground, name=name)
    elif param.choices and not band and len(param.choices) <= 4 and sum(map(len, param.choices)) <= SEGMENT_LETTERS:
        part = Segmented(param.choices, name=name, ground=ground)
    elif param.choices:
        part = Choice("", param.choices, ground=ground, plane="control", name=name, steady=True)
    else:
        return ValueControl(param, stage=f"{stage} band {band}" if band else stage, ground=ground, label=label, shrinks=bool(band))
    part.setStatusTip(param.help)
    part.setAccessibleDescription(param.help)
    make_lockable(part, param)
    return part


def make_lockable(part: Toggle | Segmented | Choice, param: Param) -> PartLock:
    """Gives a switch or a choice the menu that values have by themselves."""
    def set_default() -> None:
        if isinstance(part, Choice):
            part.choose(round(param.default))
            return
        show_on(part, param.default)
        part.edited.emit(bool(param.default) if isinstance(part, Toggle) else round(param.default))
    return PartLock(part, param, set_default)


def spoken_name(param: Param, stage: str) -> str:
    """"Multiband band 2 threshold"; the switch of a band is the band itself, "Multiband band 2"."""
    band = band_of(param.id)
    label = label_in_band(param)
    words = label[:1].lower() + label[1:]
    return f"{stage} band {band} {words}" if band and words != f"band {band}" else f"{stage} {words}"


def show_on(part: Part, value: float) -> None:
    """Model to widget, whatever kind it is; emits nothing."""
    if isinstance(part, ValueControl):
        part.show_value(value)
    elif isinstance(part, Toggle):
        part.show_value(bool(value))
    else:
        part.show_value(round(value))


class Cell(Painted, QWidget):
    """A switch or a choice as tall as a value control, its label (if it does not carry it itself) where theirs is.

    One that `shrinks` goes without the label where the height is not enough for it; a `low` one never has room for it.
    """

    def __init__(self, part: QWidget, label: str, parent: QWidget | None = None, *, ground: str = "panel", shrinks: bool = False,
                 low: bool = False) -> None:
        super().__init__(parent)
        self.part = part
        self._label = label
        self._shrinks = shrinks
        self._low = low
        part.setParent(self)
        self.set_up("", ground, focus=False)

    def measure(self) -> None:
        halo = theme.px(HALO)
        if isinstance(self.part, Painted):
            self.part.measure()
        if isinstance(self.part, Words):
            self.part.resize(self.part.sizeHint().width(), theme.px(KEY_HEIGHT))
        words = paint.text_width(self._label, "text") if self._label else 0
        tight = self._shrinks and not isinstance(self.part, Words)
        width = max(self.part.width(), words) + (halo if tight else 2 * halo)
        least = low_height() if self._low or self._shrinks else theme.px(theme.sizes.value[1]) + 2 * halo
        self.setMinimumSize(width, least)
        self.setMaximumSize(width, least + label_height() if self._shrinks else least)
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def labelled(self) -> bool:
        """Whether there is height enough for the label."""
        return not self._low and self.height() >= low_height() + label_height()

    def _place(self) -> None:
        """The part on the line of the values beside it."""
        halo = theme.px(HALO)
        top = halo + theme.px(22 if theme.density == "comfortable" else 20)
        self.part.move(halo, top if self.labelled() else top - label_height())

    def draw(self, painter: QPainter, area: QRect) -> None:
        if self._label and self.labelled():
            halo = theme.px(HALO)
            paint.text(painter, QRect(halo, halo, self.width() - halo, theme.px(18)), self._label, "text", "text2" if self.isEnabled() else "off")

    def sizeHint(self) -> QSize:
        return self.maximumSize()
