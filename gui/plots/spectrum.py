"""Spectra of what is heard and of what it is compared with, on a log frequency axis.

Heard is a line on a fill, the other a line; behind them, when wished, how the whole song is spread and the band of the references.
The plot says its own slope, smoothing, averaging and matched gain.
"""
from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPoint, QRect, QRectF, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.plots.axes import Axis, Tick, db_ticks, frequency_ticks
from gui.plots.layers import LayeredPlot
from gui.plots.live_picture import LivePicture
from gui.plots.spectrum_difference import DIFFERENCE_DB, DIFFERENCE_INK, Difference, apart_of, stroke_apart
from gui.plots.spectrum_song import MIDDLE, PIVOT_HZ, ROWS, Sheet, Spread, paint_reference, paint_song, paint_song_outline
from gui.plots.spectrum_traces import HIGH_HZ, LOW_HZ, Floats, Place, Places, Trace
from gui.plots.strokes import horizontal_grid, label_on_well, vertical_grid
from gui.theme import paint, theme
from gui.theme.numbers import number, quantity
from mastering_rt.measure.basis import Basis
from mastering_rt.measure.eye import LiveLine

Inks = tuple[int, int, int]                  # of a line, of a line that is held, of a fill

RANGES_DB = (60.0, 72.0, 90.0, 120.0)
SOURCES = ("mix", "master", "ref")
NAMES = {"mix": "Mix", "master": "Master", "ref": "Reference"}
SCALE_STRIP = 24


class SpectrumView(LayeredPlot):
    """The spectra with grid and scales. `set_spectrum` per source, 30 to 60 times a second; everything else on change."""

    has_overlay = True

    def __init__(self, parent: QWidget | None = None, *, name: str = "Spectrum", focus: bool = False) -> None:
        super().__init__(name, parent, focus=focus)
        self.heard = "master"
        self.compared = "mix"
        self.basis = Basis()
        self.range_db = RANGES_DB[1]
        self.top_db = 0.0
        self.show_hold = False
        self.show_difference = False
        self.show_song = False
        self.frequency_strip = True
        self._names = dict(NAMES)
        self._songs: dict[str, Spread] = {}
        self._band: Spread | None = None
        self._band_name = ""
        self._difference = Difference()
        self._offsets_db = dict.fromkeys(SOURCES, 0.0)
        self._traces = {name: Trace() for name in SOURCES}
        self._asked: Place | None = None         # what has to be painted because a line moved
        self._places: Places | None = None
        self._picture: LivePicture
        self._picture_of = 0                     # which drawing of the ground
        self._inks: dict[str, Inks] = {}
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def set_spectrum(self, name: str, hz: Floats, db: Floats, hold_db: Floats | None = None) -> None:
        """New values of "mix", "master" or "ref": dB over rising frequencies; NaN and infinity lie at the bottom."""
        if len(hz) != len(db):
            raise ValueError(f"the spectrum of {name} has {len(hz)} frequencies but {len(db)} levels")
        trace, axes = self._traces[name], self.places.axes
        known = trace.hz is hz and (trace.axes is axes or trace.axes == axes) and (hold_db is None) == (trace.hold_db is None)
        trace.hz, trace.db, trace.hold_db = hz, db, hold_db
        if known and self.isVisible():
            asked = self._asked = trace.follow(self._offsets_db[name], self._asked)
            if asked is not None:
                self.update(*asked)
        else:
            trace.axes = None
            self.update(self.plot_area)
        if self.show_difference:
            self._follow_difference()

    def clear(self, name: str) -> None:
        """Forget a source."""
        self._traces[name] = Trace()
        self._difference.forget()
        self.update(self.plot_area)

    def set_song(self, name: str, hz: Floats | None, levels_db: Floats | None = None) -> None:
        """How a source is spread over the whole song: (6, points) dB that 100, 98, 83, 50, 21 and 8 % of the time do not pass; None forgets."""
        if hz is None or levels_db is None:
            if self._songs.pop(name, None) is None:
                return
        elif len(levels_db) != ROWS:
            raise ValueError(f"a song is spread in {ROWS} rows; these levels have shape {levels_db.shape}")
        else:
            self._songs[name] = Spread(hz, levels_db)
        if self.show_song:
            self.renew()

    def set_reference_band(self, hz: Floats | None, low_db: Floats | None = None, mid_db: Floats | None = None, high_db: Floats | None = None,
                           name: str = "References") -> None:
        """The band of a set of references, without slope, at the level at which it is to be drawn; None takes it away."""
        if hz is None or low_db is None or mid_db is None or high_db is None:
            self._band = None
        else:
            self._band, self._band_name = Spread(hz, np.stack([low_db, mid_db, high_db])), name
        self.renew()

    def set_heard(self, heard: str, compared: str) -> None:
        """Which source is filled, and which stands beside it as a line."""
        if (heard, compared) != (self.heard, self.compared):
            self.heard, self.compared = heard, compared
            self.renew()

    def set_matched(self, name: str, gain_db: float) -> None:
        """The gain a source plays at; its spectrum is drawn there, and the legend says so."""
        if gain_db != self._offsets_db[name]:
            self._offsets_db[name] = gain_db
            self._forget_places_of_lines()
            if self.show_song:
                self.renew()
            else:
                self._marks.renew()              # the legend; nothing of the ground is at a level of its own
                self.renew_overlay()

    def set_basis(self, basis: Basis) -> None:
        """What the plot prints about slope, smoothing and averaging."""
        if basis != self.basis:
            self.basis = basis
            self.renew()

    def set_range(self, range_db: float, top_db: float = 0.0) -> None:
        """dB shown from top to bottom, 60 to 120."""
        if not RANGES_DB[0] <= range_db <= RANGES_DB[-1]:
            raise ValueError(f"a spectrum cannot show {range_db:g} dB; it shows {RANGES_DB[0]:g} to {RANGES_DB[-1]:g}")
        self.range_db, self.top_db = range_db, top_db
        self._remap()

    def set_hold(self, on: bool) -> None:
        """Whether the largest values are drawn."""
        self.show_hold = on
        self.update(self.plot_area)

    def set_difference(self, on: bool) -> None:
        """Whether master minus mix is drawn, at the levels they are compared at, on a scale of its own."""
        self.show_difference = on
        self._difference.forget()
        self.renew()

    def set_show_song(self, on: bool) -> None:
        """Whether the spread of the whole song is drawn; then the live spectra are lines, so that it is seen."""
        self.show_song = on
        self.renew()

    @property
    def places(self) -> "Places":
        """Area and axes at the size and range of now; what is asked for many times a second."""
        places = self._places
        if places is None or places.key[0] != self.width() or places.key[1] != self.height():
            strip = theme.px(SCALE_STRIP) if self.frequency_strip else 0
            self._places = places = Places.of((self.width(), self.height(), strip, self.range_db, self.top_db))
        return places

    def renew(self) -> None:
        """Another range or theme may have other places."""
        self._places = None
        super().renew()

    @property
    def plot_area(self) -> QRect:
        """Where the data lies; the frequency scale stands under it."""
        return QRect(self.places.area)

    @property
    def frequencies(self) -> Axis:
        """Horizontal axis."""
        return self.places.frequencies

    @property
    def levels(self) -> Axis:
        """Vertical axis of the spectra."""
        return self.places.levels

    @property
    def differences(self) -> Axis:
        """Vertical axis of master minus mix. A plot with a scale of gains has it there."""
        area = self.plot_area
        return Axis(-DIFFERENCE_DB, DIFFERENCE_DB, area.top() + area.height(), area.top())

    def sizeHint(self) -> QSize:
        """A plot one would want."""
        return QSize(theme.px(800), theme.px(320))

    def minimumSizeHint(self) -> QSize:
        """A plot one can still read."""
        return QSize(theme.px(240), theme.px(120))

    def paint_ground(self, painter: QPainter) -> None:
        """Well, grid, scales, legend."""
        area = self.plot_area
        painter.fillRect(self.rect(), theme.color("panel"))
        painter.fillRect(area, theme.color("well"))
        self._paint_behind(painter, area)
        ticks = frequency_ticks(self.frequencies, theme.px(44))
        vertical_grid(painter, ticks, area.top(), area.top() + area.height())
        self.paint_level_grid(painter, area)
        strip = QRectF(0, area.bottom() + 1, 0, self.height() - area.bottom() - 1)
        for tick in ticks:
            if tick.label and self.frequency_strip:
                paint.text(painter, QRectF(tick.px - 40, strip.top(), 80, strip.height()), tick.label, "scale", "text3", paint.CENTER)

    def _paint_behind(self, painter: QPainter, area: QRect) -> None:
        """References and song, under the grid."""
        sheet = Sheet(area, self.frequencies, self.levels, self.basis.slope_db)
        painter.setClipRect(area)
        if self._band is not None and self._band.known:
            paint_reference(painter, sheet, self._band, 0.0)
        for name, draw in ((self.heard, paint_song), (self.compared, paint_song_outline)) if self.show_song else ():
            spread = self._songs.get(name)
            if spread is not None and spread.known:
                draw(painter, sheet, spread, name, self._offsets_db[name])
        painter.setClipping(False)

    def paint_level_grid(self, painter: QPainter, area: QRect) -> None:
        """Horizontal lines of the spectrum's own scale. A plot with another scale overrides this."""
        horizontal_grid(painter, self.level_ticks(), area.left(), area.left() + area.width())

    def paint_marks(self, painter: QPainter) -> None:
        """Scales and legend, over the data so that they stay readable."""
        self.paint_level_scale(painter)
        self.paint_legend(painter, QPoint(theme.px(12), theme.px(10)))
        if self.show_difference:
            self.paint_difference_scale(painter)

    def paint_difference_scale(self, painter: QPainter) -> None:
        """Its figures at the left."""
        area, half = self.plot_area, theme.px(9)
        for tick in db_ticks(self.differences, theme.px(40)):
            if area.top() + 3 * half < tick.px < area.bottom() - half:
                label_on_well(painter, QRectF(theme.px(8), tick.px - half, theme.px(40), 2 * half), tick.label, "text2")

    def level_ticks(self) -> list[Tick]:
        """Marks of the spectrum scale, every 12 dB or wider."""
        return db_ticks(self.levels, theme.px(40), plus=False)

    def paint_level_scale(self, painter: QPainter, but_near: Sequence[float] = ()) -> None:
        """dB figures inside the well at the right, the first with the unit; none within a line's height of the pixels in `but_near`."""
        area, half = self.plot_area, theme.px(9)
        shown = [tick for tick in self.level_ticks() if area.top() + 2 * half < tick.px < area.bottom() - half
                 and all(abs(tick.px - px) > half for px in but_near)]
        first = min(shown, key=lambda tick: tick.px, default=None)
        for tick in shown:
            box = QRectF(area.right() - theme.px(60), tick.px - half, theme.px(52), 2 * half)
            label_on_well(painter, box, f"{tick.label} dB" if tick is first else tick.label, align=paint.RIGHT, plane="well")

    def paint_legend(self, painter: QPainter, at: QPoint) -> None:
        """Key of the lines with their matched gain, and the basis of the numbers; what does not fit goes on in another line."""
        height, x, y, right = theme.px(18), float(at.x()), float(at.y()), self.plot_area.right() - theme.px(64)
        for words, color in self.legend():
            mark = theme.px(20) if color else theme.px(10)
            width = paint.text_width(words, "scale")
            if x > at.x() and x + mark + width > right:
                x, y = float(at.x()), y + height
            if color:
                painter.fillRect(QRectF(x, y + height / 2 - 0.5, theme.px(14), 1), theme.color(color))
            label_on_well(painter, QRectF(x + mark, y, width, height), words, "text2" if color else "text3")
            x += mark + width + theme.px(16)

    def legend(self) -> list[tuple[str, str]]:
        """What is drawn and in which colour; what all of it goes by has none."""
        live = (self.heard,) if self.show_song else (self.heard, self.compared)
        lines = [(self.legend_words(name), name) for name in live]
        if self.show_difference:
            lines.append((self.difference_words(), DIFFERENCE_INK))
        if self._band is not None:
            lines.append((self._band_name, "ref_mid"))
        return [*lines, *self._song_legend(), (self.basis.text(), "")]

    def _song_legend(self) -> list[tuple[str, str]]:
        """The lines and bands of the whole song, by name."""
        if not self.show_song:
            return []
        if not any(spread.known for spread in self._songs.values()):
            return [("song not measured yet", "")]
        dash = "\N{EN DASH}"
        return [("song: half of the time", f"{self.heard}_mid"), ("song: most", f"{self.heard}_body"), (f"bands 8{dash}98 and 21{dash}83 %", ""),
                (f"{self.name_of(self.compared)}: half of the time", f"{self.compared}_mid")]

    def difference_words(self) -> str:
        """Which less which, by which spectra, and on which scale."""
        low, high = self.differences.low, self.differences.high
        of = ", song" if self._median_difference() is not None else ""
        return f"{self.name_of('master')} \N{MINUS SIGN} {self.name_of('mix').lower()}{of}, \N{PLUS-MINUS SIGN}{(high - low) / 2:g} dB"

    def _median_difference(self) -> tuple[Floats, Floats] | None:
        """With the whole song shown: how the medians of master and mix differ."""
        mix, master = self._songs.get("mix"), self._songs.get("master")
        if not self.show_song or mix is None or master is None or not (mix.known and master.known) or len(mix.hz) != len(master.hz):
            return None
        inside = (mix.hz >= LOW_HZ) & (mix.hz <= HIGH_HZ)
        before, after = mix.levels_db[MIDDLE][inside], master.levels_db[MIDDLE][inside]
        return mix.hz[inside], apart_of(before, after, self._matched_db, 0.0)

    def name_of(self, name: str) -> str:
        """What a source is called."""
        return self._names[name]

    def set_names(self, names: dict[str, str]) -> None:
        """What the sources are called, where they are not the usual ones."""
        if names != self._names:
            self._names = names
            self.renew()

    def legend_words(self, name: str) -> str:
        """A source's name with the gain it plays at."""
        gain = self._offsets_db[name]
        return f"{self._names[name]} {quantity(gain, 'dB', plus=True)}" if abs(gain) >= 0.05 else self._names[name]

    def opaque_data(self) -> QRect:
        return self.places.area

    def paint_data(self, painter: QPainter, clip: QRect) -> None:
        """Fill and lines, over the ground."""
        self._asked = None
        places = self.places
        area, axes = places.area, places.axes
        part = clip & area
        if part.isEmpty():
            return
        if self._picture_of != self._ground.drawn:
            self._renew_picture(area)
        heard, compared = self._trace(self.heard, axes), self._trace(self.compared, axes)
        (ink, held, fill), (beside, beside_held, _) = self._inks[self.heard], self._inks[self.compared]
        lines: list[tuple[LiveLine, int]] = []
        if self.show_hold:
            lines = [(trace.hold_line, color) for trace, color in ((compared, beside_held), (heard, held)) if trace.hold_db is not None]
        if not self.show_song:
            lines.append((compared.line, beside))
        lines.append((heard.line, ink))
        self._picture.paint(painter, part, None if self.show_song else heard.line, fill, area.height(), lines)
        if self.show_difference:
            self._paint_difference(painter, area)

    def _renew_picture(self, area: QRect) -> None:
        """The ground has been drawn again, and whatever changes colours has it drawn."""
        self._picture, self._picture_of = LivePicture(self._ground.pixmap, area.height()), self._ground.drawn
        self._inks = {name: (theme.color(name).rgb(), theme.color(f"{name}_mid").rgb(), theme.color(f"{name}_fill").rgb()) for name in SOURCES}

    def _paint_difference(self, painter: QPainter, area: QRect) -> None:
        axes, medians, live = self._difference_axes, self._median_difference(), self._live_difference()
        painter.setClipRect(area)
        if medians is not None:
            stroke_apart(painter, axes, *medians)
        elif live is not None:
            self._difference.paint(painter, axes, self._traces["mix"].hz, live)
        painter.setClipping(False)

    def level_text(self, hz: float) -> str:
        """What is heard at a frequency, "1.2 kHz −38.4 dB", or ""."""
        trace = self._traces[self.heard]
        if not len(trace.hz):
            return ""
        db = float(np.interp(np.log(hz), np.log(trace.hz), trace.db)) + self._offsets_db[self.heard]
        return f"{number(db)} dB"

    def _follow_difference(self) -> None:
        """Other spectra: asks for a new picture where the difference looks different."""
        moved = self._difference.follow(self._difference_axes, self._live_difference())
        self.update(self.plot_area if moved is None else moved)

    @property
    def _difference_axes(self) -> tuple[Axis, Axis]:
        return self.frequencies, self.differences

    def _live_difference(self) -> Floats | None:
        """Master minus mix as they are drawn."""
        mix, master = self._traces["mix"], self._traces["master"]
        if len(mix.hz) < 2 or len(mix.hz) != len(master.hz):
            return None
        slope = self.basis.slope_db * np.log2(np.maximum(mix.hz, 1.0) / PIVOT_HZ)
        return apart_of(mix.db, master.db, self._matched_db, slope)

    @property
    def _matched_db(self) -> float:
        """By how much the match changes the difference."""
        return self._offsets_db["master"] - self._offsets_db["mix"]

    def _remap(self) -> None:
        self._forget_places_of_lines()
        self.renew()

    def _forget_places_of_lines(self) -> None:
        for trace in self._traces.values():
            trace.axes = None
        self._difference.forget()

    def _trace(self, name: str, axes: tuple[Axis, Axis]) -> Trace:
        """One source's trace with pixels for these axes."""
        trace = self._traces[name]
        if trace.axes is not axes and trace.axes != axes:
            trace.map(*axes, self._offsets_db[name])
        return trace
