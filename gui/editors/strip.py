"""A row of controls under a plot that shares its width among them, in as many rows as they need."""
from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QAccessible, QResizeEvent
from PySide6.QtWidgets import QWidget

from dsp_core.param import Param
from dsp_core.params import LABELS, params_of
from gui.controls.bands import band_of, label_in_band
from gui.controls.base import Painted
from gui.controls.buttons import Toggle
from gui.controls.parts import Cell, Part, make_part, show_on
from gui.controls.value import ValueControl
from gui.theme import theme


class ValueStrip(Painted, QWidget):
    """The parameters named by `ids`, in that order. Wishes carry the parameter's id; a switch or a choice is a whole gesture by itself."""

    edited = Signal(str, float)
    gesture_started = Signal(str)
    gesture_ended = Signal(str)

    def __init__(self, kind: str, ids: Sequence[str], parent: QWidget | None = None, *, stage: str = "", ground: str = "panel") -> None:
        super().__init__(parent)
        self.parts: dict[str, Part] = {}
        self._cells: list[QWidget] = []
        table = {param.id: param for param in params_of(kind)}
        for param_id in ids:
            self._add(table[param_id], stage or LABELS[kind], ground)
        self.set_up(f"{stage or LABELS[kind]} values", ground, focus=False)

    def _add(self, param: Param, stage: str, ground: str) -> None:
        part = self.parts[param.id] = make_part(param, stage, ground)
        band, label = band_of(param.id), label_in_band(param)
        cell: QWidget
        if isinstance(part, ValueControl):
            part.deleteLater()
            value = ValueControl(param, self, stage=f"{stage} band {band}" if band else stage, ground=ground, label=label, shrinks=True)
            value.gesture_started.connect(partial(self.gesture_started.emit, param.id))
            value.gesture_ended.connect(partial(self.gesture_ended.emit, param.id))
            cell = part = self.parts[param.id] = value
        else:
            cell = Cell(part, "" if isinstance(part, Toggle) else label, self, ground=ground, shrinks=True)
        show_on(part, param.default)
        part.edited.connect(partial(self._edited, param.id))
        self._cells.append(cell)

    def _edited(self, param_id: str, value: float) -> None:
        alone = not isinstance(self.parts[param_id], ValueControl)
        if alone:
            self.gesture_started.emit(param_id)
        self.edited.emit(param_id, float(value))
        if alone:
            self.gesture_ended.emit(param_id)

    def show_values(self, values: Mapping[str, float]) -> None:
        """Model to widgets; emits nothing. What is not on this strip is none of its business."""
        for param_id, part in self.parts.items():
            if param_id in values:
                show_on(part, values[param_id])

    def show_bypassed(self, bypassed: bool) -> None:
        """The stage does not sound."""
        for part in self.parts.values():
            if not isinstance(part, Toggle):
                part.show_bypassed(bypassed)

    def show_only(self, ids: Sequence[str]) -> None:
        """Leave out what means nothing with the values of now."""
        for param_id, cell in zip(self.parts, self._cells, strict=True):
            if cell.isHidden() == (param_id in ids):
                cell.setVisible(param_id in ids)
        self._arrange()

    def rows_in(self, width: int) -> int:
        """How many rows the controls need at this width."""
        return len(self._rows(width))

    def measure(self) -> None:
        for cell in getattr(self, "_cells", ()):
            if isinstance(cell, Painted):
                cell.measure()
        if hasattr(self, "_cells"):
            self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def spoken_role(self) -> QAccessible.Role:
        return QAccessible.Role.Grouping

    def _margin(self) -> int:
        return theme.px(8 if theme.density == "comfortable" else 6)

    def _gap(self) -> int:
        return theme.px(8 if theme.density == "comfortable" else 2)

    def _rows(self, width: int) -> list[list[QWidget]]:
        """The controls, each row as long as their least widths allow."""
        room, used = width - 2 * self._margin(), 0
        rows: list[list[QWidget]] = [[]]
        for cell in (c for c in self._cells if not c.isHidden()):
            least = cell.minimumWidth()
            if rows[-1] and used + self._gap() + least > room:
                rows.append([])
                used = 0
            used += least + (self._gap() if rows[-1] else 0)
            rows[-1].append(cell)
        return rows

    def _arrange(self) -> None:
        """Between least and full width, all of a row by the same share of what is between."""
        rows = self._rows(self.width())
        height = self.height() // max(len(rows), 1)
        for number, row in enumerate(rows):
            room = self.width() - 2 * self._margin() - self._gap() * (len(row) - 1)
            least, full = (sum(size(cell) for cell in row) for size in (QWidget.minimumWidth, most_width))
            share = min(max((room - least) / max(full - least, 1), 0.0), 1.0)
            x = float(self._margin())
            for cell in row:
                width = cell.minimumWidth() + share * (most_width(cell) - cell.minimumWidth())
                high = min(cell.maximumHeight(), height)
                cell.setGeometry(round(x), number * height + (height - high) // 2, int(width), high)
                x += width + self._gap()


def most_width(cell: QWidget) -> int:
    """As wide as it would be with room enough."""
    return max(cell.maximumWidth(), cell.minimumWidth())
