"""The whole song in numbers, mix beside master. A number from before the last change is weak, one that cannot be known is "–" and says why."""
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QRect
from PySide6.QtGui import QAccessible, QHelpEvent, QPainter
from PySide6.QtWidgets import QToolTip, QWidget

from gui.controls.base import Painted
from gui.meters.reading import SongNumbers
from gui.theme import numbers, paint, theme


@dataclass(frozen=True, slots=True)
class Row:
    """A field of `SongNumbers` with its words in both densities; without `short` it is left out of the compact window. With `plus` what is
    positive has its sign."""

    field: str
    words: str
    unit: str
    short: str = ""
    plus: bool = False


ROWS = (Row("integrated_lufs", "Integrated", "LUFS"), Row("loudness_range_lu", "Loudness range", "LU", "Range"),
        Row("true_peak_dbtp", "True peak", "dBTP", plus=True), Row("plr_db", "Peak to loudness", "dB", "PLR"),
        Row("max_short_term_lufs", "Loudest 3 s", "LUFS", "Max S"), Row("psr_min_db", "Lowest PSR", "dB", "Min PSR"))
NO_REASON = "not measured yet"


class WholeSongTable(Painted, QWidget):
    """Six rows (four compact) and two columns; the heard source's numbers are the stronger ones."""

    def __init__(self, parent: QWidget | None = None, *, columns: tuple[tuple[str, str], tuple[str, str]] = (("mix", "Mix"), ("master", "Master")),
                 ground: str = "panel") -> None:
        super().__init__(parent)
        self._columns = columns
        self.source = "master"
        self._songs = {source: SongNumbers() for source, _ in columns}
        self.setMouseTracking(True)
        self.set_up("Whole song", ground, focus=False)

    def show_source(self, source: str) -> None:
        """What is heard."""
        if source != self.source:
            self.source = source
            self.update()

    def show_song(self, source: str, song: SongNumbers) -> None:
        """The numbers of one column; KeyError for a source that has none."""
        if self._songs[source] != song:
            self._songs[source] = song
            self.update()

    def has(self, source: str) -> bool:
        """Whether it has a column of this source."""
        return source in self._songs

    def show_columns(self, columns: tuple[tuple[str, str], tuple[str, str]]) -> None:
        """Other sources side by side, each as (source, word)."""
        if columns == self._columns:
            return
        self._columns = columns
        self._songs = {source: self._songs.get(source, SongNumbers()) for source, _ in columns}
        self.update()

    def rows(self) -> tuple[Row, ...]:
        """The rows there is room for."""
        return ROWS if theme.density == "comfortable" else tuple(row for row in ROWS if row.short)

    def cell(self, row: Row, source: str) -> str:
        """What stands in a cell."""
        return numbers.number(getattr(self._songs[source], row.field), plus=row.plus)

    def reason(self, row: Row, source: str) -> str:
        """Why a cell is "–"; nothing where it is known."""
        song = self._songs[source]
        return "" if getattr(song, row.field) is not None else song.unknown.get(row.field, NO_REASON)

    def measure(self) -> None:
        self.setFixedHeight((len(self.rows()) + 1) * self._row_height())

    def _row_height(self) -> int:
        return theme.px(25 if theme.density == "comfortable" else 20)

    def _rights(self) -> tuple[int, int]:
        """Right edges of the two columns; what the table is wider than its least goes between names and numbers."""
        compact = theme.density == "compact"
        spare = max(0, self.width() - theme.px(232 if compact else 316))
        first, second = (124, 182) if compact else (185, 251)
        return theme.px(first) + spare, theme.px(second) + spare

    def row_rect(self, index: int) -> QRect:
        """A row of the table; 0 is the head."""
        return QRect(0, index * self._row_height(), self.width(), self._row_height())

    def draw(self, painter: QPainter, area: QRect) -> None:
        head = self.row_rect(0)
        paint.text(painter, head, "Whole song", "text", "text3")
        for right, (source, words) in zip(self._rights(), self._columns, strict=True):
            paint.text(painter, QRect(0, head.y(), right, head.height()), words, "text_medium", f"{source}_text", paint.RIGHT)
        for index, row in enumerate(self.rows()):
            if self.touched(self.row_rect(index + 1)):
                self._draw_row(painter, row, self.row_rect(index + 1))

    def _draw_row(self, painter: QPainter, row: Row, area: QRect) -> None:
        words = row.words if theme.density == "comfortable" else row.short
        paint.text(painter, area, words, "text", "text2")
        for right, (source, _) in zip(self._rights(), self._columns, strict=True):
            heard = source == self.source
            color = "text3" if self._songs[source].stale else "text" if heard else "text2"
            paint.text(painter, QRect(0, area.y(), right, area.height()), self.cell(row, source), "table_value", color, paint.RIGHT,
                       weight=None if heard else 400)
        left = self._rights()[1] + theme.px(8)
        paint.text(painter, QRect(left, area.y(), self.width() - left, area.height()), row.unit, "scale", "text3")

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.reason_at(event.pos()), self)
            return True
        return super().event(event)

    def reason_at(self, place: QPoint) -> str:
        """Why the cell under a point is "–", as a sentence with the row's name; nothing where nothing is missing."""
        index = place.y() // self._row_height() - 1
        if not 0 <= index < len(self.rows()):
            return ""
        row = self.rows()[index]
        source = self._columns[0][0] if place.x() <= self._rights()[0] else self._columns[1][0]
        reason = self.reason(row, source)
        return f"{row.words}: {reason}" if reason else ""

    def spoken_role(self) -> QAccessible.Role:
        return QAccessible.Role.Table

    def spoken_value(self) -> str:
        told = []
        for source, words in self._columns:
            figures = (f"{row.words} {self.reason(row, source) or f'{self.cell(row, source)} {row.unit}'}" for row in self.rows())
            told.append(f"{words}: {', '.join(figures)}")
        return "; ".join(told)
