"""A stage's panel, made from the table of parameters: numbers as value controls, on/off as toggles, choices as segments or a menu.

No stage needs a line of its own here. `StageHeader` is the row above an editor, `Facts` the three lines at the right end of its strip.
"""
import re
from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import QRect, QSize, Signal
from PySide6.QtGui import QAccessible, QPainter
from PySide6.QtWidgets import QHBoxLayout, QWidget

from dsp_core.param import Param
from dsp_core.params import LABELS, params_of
from dsp_core.params.common import OFF_ON
from gui.controls.base import Painted
from gui.controls.buttons import Toggle
from gui.controls.choice import Choice, Segmented
from gui.controls.flow import FlowLayout
from gui.controls.plane import Words
from gui.controls.value import HALO, ValueControl
from gui.theme import paint, theme

Part = ValueControl | Toggle | Segmented | Choice
NUMBERED = re.compile(r"(.*?\d+)_")
SEGMENT_LETTERS = 22
SHOWN_IN_SLOT = ("bypass",)


def make_part(param: Param, stage: str, ground: str = "panel") -> Part:
    """The control a parameter asks for. `stage` stands before its name for assistive technology."""
    name = f"{stage} {param.label[:1].lower() + param.label[1:]}"
    part: Part
    if param.choices == OFF_ON:
        part = Toggle(param.label, ground=ground, name=name)
    elif param.choices and len(param.choices) <= 4 and sum(map(len, param.choices)) <= SEGMENT_LETTERS:
        part = Segmented(param.choices, name=name, ground=ground)
    elif param.choices:
        part = Choice("", param.choices, ground=ground, plane="control", name=name)
    else:
        return ValueControl(param, stage=stage, ground=ground)
    part.setStatusTip(param.help)
    part.setAccessibleDescription(param.help)
    return part


def show_on(part: Part, value: float) -> None:
    """Model to widget, whatever kind it is; emits nothing."""
    if isinstance(part, ValueControl):
        part.show_value(value)
    elif isinstance(part, Toggle):
        part.show_value(bool(value))
    else:
        part.show_value(round(value))


class Cell(Painted, QWidget):
    """A switch or a choice as tall as a value control, its label (if it does not carry it itself) where theirs is."""

    def __init__(self, part: QWidget, label: str, parent: QWidget | None = None, *, ground: str = "panel") -> None:
        super().__init__(parent)
        self.part = part
        self._label = label
        part.setParent(self)
        self.set_up("", ground, focus=False)

    def measure(self) -> None:
        halo = theme.px(HALO)
        if isinstance(self.part, Painted):
            self.part.measure()
        words = paint.text_width(self._label, "text") if self._label else 0
        self.setFixedSize(max(self.part.width(), words) + 2 * halo, theme.px(theme.sizes.value[1]) + 2 * halo)
        self.part.move(halo, halo + theme.px(22 if theme.density == "comfortable" else 20))

    def draw(self, painter: QPainter, area: QRect) -> None:
        if self._label:
            halo = theme.px(HALO)
            paint.text(painter, QRect(halo, halo, self.width() - halo, theme.px(18)), self._label, "text", "text2" if self.isEnabled() else "off")

    def sizeHint(self) -> QSize:
        return self.size()


class StagePanel(Painted, QWidget):
    """All parameters of a stage kind, or those named by `ids`, in rows. One signal for each wish, with the parameter's id in front."""

    edited = Signal(str, float)
    gesture_started = Signal(str)
    gesture_ended = Signal(str)

    def __init__(self, kind: str, parent: QWidget | None = None, *, ids: Sequence[str] | None = None, ground: str = "panel",
                 stage: str = "") -> None:
        super().__init__(parent)
        self.kind = kind
        self.parts: dict[str, Part] = {}
        self._flow = FlowLayout(self)
        wanted = [p for p in params_of(kind) if (p.id in ids if ids is not None else p.id not in SHOWN_IN_SLOT)]
        if ids is not None:
            wanted.sort(key=lambda p: list(ids).index(p.id))
        else:
            wanted.sort(key=lambda p: p.id in ("mix", "placement"))
        self._add_all(wanted, stage or LABELS[kind], ground)
        self.set_up(stage or LABELS[kind], ground, focus=False)

    def _add_all(self, wanted: Sequence[Param], stage: str, ground: str) -> None:
        group = ""
        for param in wanted:
            found = NUMBERED.match(param.id)
            if group != (group := found.group(1) if found else ""):
                self._flow.break_row()
            self._add(param, f"{stage} {spaced(group)}" if group else stage, ground)

    def _add(self, param: Param, stage: str, ground: str) -> None:
        part = self.parts[param.id] = make_part(param, stage, ground)
        show_on(part, param.default)
        part.edited.connect(partial(self._edited, param.id))
        if isinstance(part, ValueControl):
            part.gesture_started.connect(partial(self.gesture_started.emit, param.id))
            part.gesture_ended.connect(partial(self.gesture_ended.emit, param.id))
            self._flow.addWidget(part)
        else:
            self._flow.addWidget(Cell(part, "" if isinstance(part, Toggle) else param.label, self, ground=ground))

    def _edited(self, param_id: str, value: float) -> None:
        """A switch or a choice is a whole gesture by itself; a value control tells its own."""
        alone = not isinstance(self.parts[param_id], ValueControl)
        if alone:
            self.gesture_started.emit(param_id)
        self.edited.emit(param_id, float(value))
        if alone:
            self.gesture_ended.emit(param_id)

    def show_value(self, param_id: str, value: float) -> None:
        """Model to widget; emits nothing. A parameter that is not on this panel is none of its business."""
        part = self.parts.get(param_id)
        if part is not None:
            show_on(part, value)

    def show_values(self, values: Mapping[str, float]) -> None:
        """Several at once."""
        for param_id, value in values.items():
            self.show_value(param_id, value)

    def show_bypassed(self, bypassed: bool) -> None:
        """The stage does not sound."""
        for part in self.parts.values():
            if not isinstance(part, Toggle):
                part.show_bypassed(bypassed)

    def measure(self) -> None:
        comfortable = theme.density == "comfortable"
        self._flow.gap = theme.px(12 if comfortable else 2)
        self._flow.row_gap = theme.px(4)
        margin = theme.px(8 if comfortable else 6)
        self._flow.setContentsMargins(margin, margin, margin, margin)
        for cell in self.findChildren(Cell):
            cell.measure()
        self._flow.invalidate()
        self.updateGeometry()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._flow.heightForWidth(width)

    def spoken_role(self) -> QAccessible.Role:
        return QAccessible.Role.Grouping


def spaced(group: str) -> str:
    """"band1" as "band 1"."""
    return re.sub(r"(\D)(\d)", r"\1 \2", group).replace("_", " ")


class Facts(Painted, QWidget):
    """Up to three figures of the whole song or the loop, names left, values right: "Mean, loop  −1.1 dB"."""

    def __init__(self, parent: QWidget | None = None, *, ground: str = "panel") -> None:
        super().__init__(parent)
        self.rows: list[tuple[str, str]] = []
        self.stale = False
        self.set_up("Facts", ground, focus=False)

    def show_facts(self, rows: Sequence[tuple[str, str]], *, stale: bool = False) -> None:
        """Pairs of name and value; `stale` ones are from before the last change."""
        if (list(rows), stale) != (self.rows, self.stale):
            self.rows, self.stale = list(rows), stale
            self.update()

    def measure(self) -> None:
        self.setFixedSize(theme.px(152), theme.px(3 * 23 if theme.density == "comfortable" else 3 * 20))

    def draw(self, painter: QPainter, area: QRect) -> None:
        height = self.height() // 3
        for index, (words, value) in enumerate(self.rows[:3]):
            row = QRect(0, index * height, self.width(), height)
            taken = paint.text(painter, row, value, "table_value", "text3" if self.stale else "text", paint.RIGHT)
            paint.text(painter, row.adjusted(0, 0, -round(taken) - theme.px(8), 0), words, "text", "text2")

    def spoken_role(self) -> QAccessible.Role:
        return QAccessible.Role.StaticText

    def spoken_value(self) -> str:
        return ", ".join(f"{words} {value}" for words, value in self.rows)


class StageHeader(Painted, QWidget):
    """The row above every editor: title, preset, mode choices, placement | a host's options, Without, Delta."""

    edited = Signal(str, float)
    preset_chosen = Signal(int)
    without_edited = Signal(bool)
    delta_edited = Signal(bool)

    def __init__(self, kind: str, parent: QWidget | None = None, *, ids: Sequence[str] = ("placement",), stage: str = "", ground: str = "panel") -> None:
        super().__init__(parent)
        title = stage or LABELS[kind]
        self.parts: dict[str, Part] = {}
        self.title = Words(title, self, role="name", color="text", ground=ground)
        self.preset = Choice("", ["Neutral"], self, ground=ground, name=f"{title} preset")
        self.without = Toggle("Without", self, ground=ground, loud=True, hint="\\")
        self.delta = Toggle("Delta", self, ground=ground, loud=True)
        self.row = QHBoxLayout(self)
        self.row.addWidget(self.title)
        self.row.addWidget(self.preset)
        for param in (p for wanted in ids for p in params_of(kind) if p.id == wanted):
            self._add(param, title, ground)
        self.row.addStretch(1)
        self.options = QHBoxLayout()
        self.row.addLayout(self.options)
        self.row.addWidget(self.without)
        self.row.addWidget(self.delta)
        self.preset.edited.connect(self.preset_chosen)
        self.without.edited.connect(self.without_edited)
        self.delta.edited.connect(self.delta_edited)
        self.set_up(f"{title} header", ground, focus=False)

    def _add(self, param: Param, title: str, ground: str) -> None:
        part = make_part(param, title, ground)
        if isinstance(part, Choice):
            part.deleteLater()
            part = Choice(param.label, param.choices, self, ground=ground, name=f"{title} {param.label.lower()}", chevron=False)
        self.parts[param.id] = part
        show_on(part, param.default)
        part.edited.connect(lambda value, id=param.id: self.edited.emit(id, float(value)))
        self.row.addWidget(part)

    def show_value(self, param_id: str, value: float) -> None:
        """Model to widget; emits nothing."""
        if param_id in self.parts:
            show_on(self.parts[param_id], value)

    def measure(self) -> None:
        comfortable = theme.density == "comfortable"
        self.setFixedHeight(theme.px(theme.sizes.stage_header))
        self.row.setContentsMargins(theme.px(12), 0, theme.px(12), 0)
        self.row.setSpacing(theme.px(12 if comfortable else 8))
        self.options.setSpacing(theme.px(8))

    def spoken_role(self) -> QAccessible.Role:
        return QAccessible.Role.ToolBar
