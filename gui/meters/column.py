"""The meters at the right edge, top down: what is heard, loudness and true peak, bars, the whole song, phase. All before the matching gain."""
from math import inf

from PySide6.QtCore import QRect, Signal
from PySide6.QtGui import QAccessible, QPainter, QResizeEvent
from PySide6.QtWidgets import QWidget

from gui.controls.base import Painted
from gui.meters.ballistics import Pace
from gui.meters.correlation import CorrelationMeter
from gui.meters.loudness import LoudnessMeter
from gui.meters.peak import OVERHANG, PeakMeter
from gui.meters.reading import Reading, SongNumbers
from gui.meters.readouts import FigureRows, Readout
from gui.meters.reduction import ReductionMeter
from gui.meters.scales import reduction_range
from gui.meters.scope import PhaseScope
from gui.meters.song_table import WholeSongTable
from gui.meters.stops import MeterStops
from gui.theme import numbers, paint, theme

WIDEST = 420
SLOW_PER_S, STEADY_PER_S = 30.0, 15.0
HELP = {"integrated": "Loudness of the whole song of what is heard, before the match; while that is not known, since play began",
        "true_peak": "Highest true peak of the whole song of what is heard, before the match",
        "loudness": "Loudness of the last 0.4 s and of the last 3 s; a line marks the most of the song, a triangle what is not heard",
        "reduction": "What the dynamics of the chain take off just now",
        "table": "The whole song in numbers, before the match; weak where they are from before the last change",
        "scope": "Left against right: upright is mono, lying is out of phase",
        "correlation": "How alike left and right are: 1 the same, 0 nothing in common; under 0 they cancel each other in mono",
        "figures": "Side against mid, left against right, and the peak over the loudness of the last 3 s, just now"}
BALANCE_ROWS = (("Side / mid", "dB"), ("Balance", "dB"), ("PSR", "dB"))


class MeterColumn(Painted, QWidget):
    """Everything that is read while it plays. `show_reading` 60 times a second, `show_song` when the analysis has new numbers."""

    cleared = Signal()

    def __init__(self, parent: QWidget | None = None, *, ground: str = "panel") -> None:
        super().__init__(parent)
        self.source = "master"
        self.heard_words = "Master"
        self.integrated = Readout("Integrated", "LUFS", self, ground=ground)
        self.true_peak = Readout("True peak", "dBTP", self, role="second_figure", decimals=2, plus=True, usual=numbers.number(-8.88, 2), ground=ground)
        self.peak = PeakMeter(self, ground=ground)
        self.loudness = LoudnessMeter(self, ground=ground)
        self.reduction = ReductionMeter(self, ground=ground)
        self.table = WholeSongTable(self, ground=ground)
        self.scope = PhaseScope(self, ground=ground)
        self.correlation = CorrelationMeter(self, ground=ground)
        self.figures = FigureRows(BALANCE_ROWS, self, ground=ground)
        self._songs: dict[str, SongNumbers] = {}
        self._instead: SongNumbers | None = None
        self._in_table = True
        self._last = Reading(time_s=0.0)
        self._compact = False
        self._pace, self._slow, self._steady = Pace(), Pace(SLOW_PER_S), Pace(STEADY_PER_S)
        self.stops = MeterStops((self.integrated, self.true_peak, self.peak, self.loudness, self.reduction, self.table, self.correlation, self.figures), self)
        for part, help in HELP.items():
            getattr(self, part).setStatusTip(help)
        self.peak.cleared.connect(self.cleared)
        self.set_up("Meters", ground, focus=False)

    def show_source(self, source: str, words: str, *, other: str = "mix") -> None:
        """What is heard and how it is called, and whose loudness the triangles tell. Every meter turns in the same frame."""
        if (source, words) != (self.source, self.heard_words):
            self.source, self.heard_words = source, words
            self.update()
        for meter in (self.peak, self.loudness, self.reduction, self.table, self.scope, self.correlation):
            meter.show_source(source)
        self.loudness.show_other(other)
        self._show_largest()
        self._show_headline(None)

    def show_reading(self, reading: Reading) -> None:
        """Peaks at once, loudness 30 times a second, the correlation of 300 ms 15 times, numbers 10 times."""
        self.peak.show_reading(reading)
        self.reduction.show_reading(reading)
        if self._slow.due(reading.time_s):
            self.loudness.show_reading(reading)
        if self._steady.due(reading.time_s):
            self.correlation.show_reading(reading)
        if self.scope.isVisible():
            self.scope.show_reading(reading)
        if self._pace.due(reading.time_s):
            self._show_headline(reading)
            self._last = reading
            if self.figures.isVisible():
                self._show_figures()

    def begin_song(self) -> None:
        """Another song: what was read of the one before is gone."""
        self.peak.begin_song()
        for meter in (self.loudness, self.reduction):
            meter.forget()
            meter.update()
        self._show_headline(None)

    def _show_headline(self, reading: Reading | None) -> None:
        """Of the whole song where it is known, else what was read since play began, else nothing."""
        song = self._heard_song
        if song is not None and song.integrated_lufs is not None:
            self.integrated.show_value(song.integrated_lufs, stale=song.stale)
            self.true_peak.show_value(song.true_peak_dbtp, stale=song.stale, danger=self._too_high(song.true_peak_dbtp))
            return
        largest = self.peak.largest_dbtp()
        self.integrated.show_value(reading.integrated_lufs if reading is not None else None, measuring=reading is not None and reading.measuring)
        self.true_peak.show_value(largest if largest > -inf else None, danger=self._too_high(largest))

    def _show_figures(self) -> None:
        reading = self._last
        self.figures.show_figures((numbers.number(reading.side_mid_db), numbers.balance(reading.balance_db), numbers.number(reading.psr_db)))

    def _too_high(self, true_peak_dbtp: float | None) -> bool:
        ceiling = self.peak.ceiling_dbtp
        return ceiling is not None and true_peak_dbtp is not None and round(true_peak_dbtp, 2) > round(ceiling, 2)

    def show_song(self, source: str, song: SongNumbers) -> None:
        """Whole-song numbers of the mix, the master or a reference."""
        self._songs[source] = song
        instead = self._instead is not None and self._in_table and source == self.source
        if self.table.has(source) and not instead:
            self.table.show_song(source, song)
        self._show_largest()
        self._show_headline(None)

    def show_columns(self, columns: tuple[tuple[str, str], tuple[str, str]]) -> None:
        """What stands side by side in the table, each as (source, word)."""
        self.table.show_columns(columns)
        for source, _ in columns:
            self.table.show_song(source, self._songs.get(source, SongNumbers()))

    def show_instead(self, song: SongNumbers | None, *, table: bool = True) -> None:
        """Whole-song numbers of what is heard in the colour of the source: the song behind another chain, also in the `table`. None for the
        source's own."""
        self._instead, self._in_table = song, table
        if self.source in ("mix", "master"):
            self.table.show_song(self.source, song if song is not None and table else self._songs.get(self.source, SongNumbers()))
        self._show_largest()
        self._show_headline(None)

    @property
    def _heard_song(self) -> SongNumbers | None:
        return self._instead or self._songs.get(self.source)

    def _show_largest(self) -> None:
        song = self._heard_song or SongNumbers()
        self.loudness.show_largest(song.max_momentary_lufs, song.max_short_term_lufs)
        master = self._songs.get("master", SongNumbers())
        self.reduction.show_range(reduction_range(master.reduction_max_db))

    def show_compact(self, compact: bool) -> None:
        """Loudness, true peak and bars alone."""
        self._compact = compact
        for part in (self.table, self.correlation):
            part.setVisible(not compact)
        self.place()

    def measure(self) -> None:
        self.setMinimumWidth(theme.px(theme.sizes.meters))
        self.setMaximumWidth(theme.px(WIDEST))
        self.scope.setVisible(theme.density == "comfortable")
        self.figures.setVisible(theme.density == "comfortable")
        self._show_figures()
        for part in self.findChildren(QWidget):
            if isinstance(part, Painted):
                part.measure()
        self.place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.place()

    def place(self) -> None:
        """Puts the parts in their places; what height there is more goes to the bars."""
        margin = theme.px(theme.sizes.margin)
        inner = QRect(margin, 0, self.width() - 2 * margin, self.height())
        readouts = theme.px(34 if theme.density == "comfortable" else 28)
        self.integrated.move(inner.x(), readouts)
        self.true_peak.move(inner.right() + 1 - self.true_peak.width(), readouts)
        if self._compact:
            self._place_bars(inner, self.height() - theme.px(2))
            return
        bottom = self._place_phase(inner)
        table_height = self.table.height()
        self.table.setGeometry(inner.x(), bottom - table_height, inner.width(), table_height)
        self._place_bars(inner, bottom - table_height)

    def _place_phase(self, inner: QRect) -> int:
        """Scope, correlation and figures at the lower end; gives the line above them."""
        if theme.density == "compact":
            y = self.height() - theme.px(8) - self.correlation.height()
            self.correlation.setGeometry(inner.x(), y, inner.width(), self.correlation.height())
            return y - theme.px(16)
        y = self.height() - theme.px(14) - self.scope.height()
        self.scope.move(inner.x(), y)
        x = inner.x() + self.scope.width() + theme.px(16)
        self.correlation.setGeometry(x, y, inner.right() + 1 - x, self.correlation.height())
        self.figures.setGeometry(x, y + self.correlation.height() + theme.px(6), inner.right() + 1 - x, self.figures.height())
        return y - theme.px(20)

    def _place_bars(self, inner: QRect, bottom: int) -> None:
        top = theme.px(114 if theme.density == "comfortable" else 84)
        height = max(bottom - top, theme.px(80))
        left = inner.x() - theme.px(OVERHANG)
        self.peak.setGeometry(left, top, self.peak.width(), height)
        right = inner.right() + 1 + theme.px(8 if theme.density == "comfortable" else 4) - self.reduction.width()
        self.reduction.setGeometry(right, top, self.reduction.width(), height)
        between = self.peak.geometry().right() + 1
        x = between + (right + theme.px(10) - between - self.loudness.width()) // 2
        self.loudness.setGeometry(x, top, self.loudness.width(), height)

    def draw(self, painter: QPainter, area: QRect) -> None:
        margin = theme.px(theme.sizes.margin)
        head = QRect(margin, theme.px(8 if theme.density == "comfortable" else 6), self.width() - 2 * margin, theme.px(20))
        if self.touched(head):
            side = theme.px(10)
            paint.fill(painter, QRect(head.x(), head.center().y() + 1 - side // 2, side, side), self.source)
            taken = paint.text(painter, head, "print level", "text", "text3", paint.RIGHT)
            words = head.adjusted(side + theme.px(7), 0, -round(taken) - theme.px(8), 0)
            paint.text(painter, words, self.heard_words, "text_strong", "text")

    def spoken_role(self) -> QAccessible.Role:
        return QAccessible.Role.Grouping

    def spoken_value(self) -> str:
        """All levels in one sentence, for the key that says them."""
        self._show_figures()
        parts = (self.integrated, self.true_peak, self.peak, self.loudness, self.reduction, self.correlation)
        figures = f", {self.figures.spoken_value()}"
        return f"{self.heard_words}: " + ", ".join(f"{part.accessibleName()} {part.spoken_value()}" for part in parts) + figures
