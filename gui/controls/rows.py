"""The layout of a panel: paragraphs of widgets, and bands whose controls stand in the same columns."""
from itertools import pairwise
from typing import NamedTuple

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

SHORT_BAND = 3                   # columns, the heading among them
CLOSEST = 0.5                    # of the usual gap


class Line(NamedTuple):
    """Columns that stand beside each other: their left edges and widths."""

    columns: dict[int, tuple[int, int]]


class Rows(QLayout):
    """Widgets in paragraphs, set like words; `begin_paragraph` and `begin_band` say where what is added next belongs.

    Column 0 of a band is its heading. Where all columns fit beside each other, each as narrow as its widget allows, the bands make a table:
    the first visible one has its full height (with labels), the others their least; all bands stand in one line where they fit into it. Elsewhere a band goes on under itself, right of its heading.
    Widgets between least and full size find out from their geometry what they have room for. With `unit` (a width, gap included) everything
    begins at a multiple of half of it. Sizes are already scaled.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.gap = 2
        self.row_gap = 4
        self.band_gap = 12
        self.unit = 0
        self._items: list[QLayoutItem] = []
        self._homes: list[int] = []
        self._bands: set[int] = set()
        self._joined: set[int] = set()
        self._section = 0

    def begin_paragraph(self, *, joined: bool = False) -> None:
        """What is added next begins a line of its own; a `joined` one goes on in that of a visible joined one right before it."""
        self._section += 1
        if joined:
            self._joined.add(self._section)

    def begin_band(self) -> None:
        """What is added next is the heading of a band and then its columns."""
        self._section += 1
        self._bands.add(self._section)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)
        self._homes.append(self._section)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        if not 0 <= index < len(self._items):
            return None
        del self._homes[index]
        return self._items.pop(index)

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._run(QRect(0, 0, width, 0), place=False).height()

    def sizeHint(self) -> QSize:
        return self._run(QRect(0, 0, 1_000_000, 0), place=False)

    def minimumSize(self) -> QSize:
        widest = max((item.sizeHint().width() for item in self._items), default=0)
        tallest = max((item.sizeHint().height() for item in self._items), default=0)
        margins = self.contentsMargins()
        return QSize(widest + margins.left() + margins.right(), tallest + margins.top() + margins.bottom())

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._run(rect, place=True)

    def _sections(self) -> list[tuple[int, list[QLayoutItem]]]:
        """What is visible of each section."""
        visible: dict[int, list[QLayoutItem]] = {}
        for item, home in zip(self._items, self._homes, strict=True):
            if not item.isEmpty():
                last = next(reversed(visible), -1)
                visible.setdefault(last if {last, home} <= self._joined else home, []).append(item)
        return list(visible.items())

    def _run(self, rect: QRect, *, place: bool) -> QSize:
        """Walks through the sections and gives the room they take, margins included."""
        margins = self.contentsMargins()
        area = rect.adjusted(margins.left(), margins.top(), -margins.right(), 0)
        sections = self._sections()
        bands = [items for section, items in sections if section in self._bands]
        lines = self._lines(bands, area.width())
        beside = self._beside(bands, area.width())
        bottom, widest, was_band, labelled = area.y(), 0, False, False
        for index, (section, items) in enumerate(sections):
            is_band = section in self._bands
            if is_band and beside:
                if not was_band:
                    bottom += self.band_gap if index else 0
                    bottom, right = self._set_beside(bands, area, bottom, beside, place=place)
                    widest = max(widest, right - area.x())
                was_band = True
                continue
            if index:
                bottom += self.band_gap if is_band != was_band or (is_band and len(lines) > 1) else 0 if is_band else self.row_gap
            if is_band:
                least = labelled and len(lines) == 1
                bottom, right = self._set_band(items, area, bottom, lines, least=least, place=place)
                labelled = labelled or len(items) > 1
            else:
                bottom, right = self._set_paragraph(items, area, bottom, place=place)
            widest, was_band = max(widest, right - area.x()), is_band
        return QSize(widest + margins.left() + margins.right(), bottom - rect.y() + margins.bottom())

    def _room(self, width: int) -> int:
        """Width and gap, in whole halves of the unit."""
        width += self.gap
        return -(-2 * width // self.unit) * self.unit // 2 if self.unit else width

    def _set_paragraph(self, items: list[QLayoutItem], area: QRect, top: int, *, place: bool) -> tuple[int, int]:
        """In columns of half a unit; where they need another line only because of that, and of the gaps, they stand closer."""
        widths = [item.sizeHint().width() for item in items]
        spare = (area.width() - sum(widths)) // max(len(items) - 1, 1)
        snapped = sum(map(self._room, widths[:-1])) + widths[-1]
        close = min(spare, self.gap) if snapped > area.width() and spare >= CLOSEST * self.gap else 0
        x, row_height, widest = area.x(), 0, area.x()
        for item in items:
            size = item.sizeHint()
            if x > area.x() and x + size.width() > area.x() + area.width():
                x, top, row_height = area.x(), top + row_height + self.row_gap, 0
            if place:
                item.setGeometry(QRect(x, top, size.width(), size.height()))
            widest = max(widest, x + size.width())
            x += size.width() + close if close else self._room(size.width())
            row_height = max(row_height, size.height())
        return top + row_height, widest

    def _beside(self, bands: list[list[QLayoutItem]], width: int) -> Line | None:
        """The columns of one band, where bands are so short that all of them stand in one line; else None."""
        if len(bands) < 2 or max(map(len, bands)) > SHORT_BAND:
            return None
        line = one_line(widest_of(bands), self.gap)
        step = self._step(line)
        return line if step * len(bands) - (step - line_width(line)) <= width else None

    def _step(self, line: Line) -> int:
        return self._room(line_width(line) + self.gap)

    def _set_beside(self, bands: list[list[QLayoutItem]], area: QRect, top: int, line: Line, *, place: bool) -> tuple[int, int]:
        bottom = right = 0
        for index, items in enumerate(bands):
            low, end = self._set_band(items, area.translated(index * self._step(line), 0), top, [line], least=False, place=place)
            bottom, right = max(bottom, low), max(right, end)
        return bottom, right

    def _lines(self, bands: list[list[QLayoutItem]], width: int) -> list[Line]:
        """Where the columns of all bands stand: in one line if they fit, else in lines of full width beside the heading."""
        count = max((len(items) for items in bands), default=0)
        if not count:
            return []
        full = widest_of(bands)
        least = [max(items[i].minimumSize().width() for items in bands if i < len(items)) for i in range(count)]
        snapped = [self._room(column) - self.gap for column in full]
        if snapped:
            snapped[0] = max(snapped[0], self.unit - self.gap)
        for widths in (snapped, full):
            if sum(widths) + self.gap * (count - 1) <= width:
                return [one_line(widths, self.gap)]
        spare = width - sum(least) - self.gap * (count - 1)
        if spare >= 0:
            share = spare / (sum(full) - sum(least))
            return [one_line([low + int(share * (high - low)) for low, high in zip(least, full, strict=True)], self.gap)]
        return self._wrapped(full, width)

    def _wrapped(self, full: list[int], width: int) -> list[Line]:
        lines, x = [Line({0: (0, full[0])})], self._room(full[0])
        start = x
        for index, column in enumerate(full[1:], 1):
            if x > start and x + column > width:
                lines.append(Line({}))
                x = start
            lines[-1].columns[index] = (x, column)
            x += self._room(column)
        return lines

    def _set_band(self, items: list[QLayoutItem], area: QRect, top: int, lines: list[Line], *, least: bool, place: bool) -> tuple[int, int]:
        widest = area.x()
        for line in lines:
            inside = [(items[i], x, width) for i, (x, width) in line.columns.items() if i < len(items)]
            height = max(((item.minimumSize() if least else item.sizeHint()).height() for item, _, _ in inside), default=0)
            for item, x, width in inside:
                if place:
                    item.setGeometry(QRect(area.x() + x, top, min(width, item.sizeHint().width()), min(height, item.sizeHint().height())))
                widest = max(widest, area.x() + x + width)
            top += height
        return top, widest


def widest_of(bands: list[list[QLayoutItem]]) -> list[int]:
    """Of each column, over all bands."""
    count = max((len(items) for items in bands), default=0)
    return [max(items[i].sizeHint().width() for items in bands if i < len(items)) for i in range(count)]


def line_width(line: Line) -> int:
    """From its left edge to its right."""
    return max(left + width for left, width in line.columns.values())


def one_line(widths: list[int], gap: int) -> Line:
    """Columns beside each other."""
    edges = [0]
    for width in widths:
        edges.append(edges[-1] + width + gap)
    return Line({index: (left, right - left - gap) for index, (left, right) in enumerate(pairwise(edges))})
