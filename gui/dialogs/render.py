"""The render dialog: what is to be written at the left, what was read back at the right. Closing it stops nothing."""
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from dsp_core.param import Param
from gui.controls.base import Painted
from gui.controls.buttons import Button
from gui.controls.choice import Choice, Segmented
from gui.controls.plane import Plane, Words
from gui.controls.value import LevelFader
from gui.dialogs.dialog import PADDING, Dialog, Form
from gui.dialogs.entry import Entry
from gui.dialogs.progress import ProgressRow
from gui.dialogs.read_back import ReadBack
from gui.theme import paint, theme
from gui.window.read_back import bits_text, rate_text
from mastering_rt.audio.files import can_hold
from mastering_rt.audio.quantize import DITHER_NAMES, DITHERS, why_no_dither
from mastering_rt.audio.writer import CONTAINERS
from mastering_rt.offline.render import RenderOptions
from mastering_rt.session.model import Bits

SIZES = {"comfortable": (1120, 700), "compact": (960, 600)}
LEFT = 396
FIELD = 236
FORMATS = {".wav": "WAV", ".flac": "FLAC", ".aiff": "AIFF", ".w64": "W64", ".caf": "CAF"}
ALL_BITS: tuple[Bits, ...] = ("8", "16", "20", "24", "32", "32f", "64f")
CEILINGS = ("As heard", "Exact")
RATES_HZ = (44100, 48000, 88200, 96000, 176400, 192000)
TARGET = Param(id="target", label="", low=-30, high=-5, default=-14, unit="LUFS", step=0.1,
               help="Loudness that the drive of the last limiter is set for, measured over the whole song")


@dataclass(frozen=True)
class RenderWish:
    """A file to be written. `loop`: only the loop."""

    path: str
    options: RenderOptions
    loop: bool = False


class RenderForm(Painted, QWidget):
    """Name, format, word length, dither, rate, loudness, ceiling, range. `edited` comes with every change."""

    edited = Signal()

    def __init__(self, rate_hz: int, path: str, *, has_loop: bool, has_ceiling: bool) -> None:
        super().__init__()
        self.name = Entry("File name")
        self.place = Choice("", [""], plane="control", width=FIELD, name="Folder", chevron=False)
        self.format = Choice("", list(FORMATS.values()), plane="control", width=FIELD, name="Format")
        self.bits = Choice("", [""], plane="control", width=FIELD, name="Word length")
        self.dither = Choice("", [""], plane="control", width=FIELD, name="Dither")
        self.dither.setStatusTip("Automatic adds TPDF dither up to 24 bits; shaped dither moves its noise to where the ear hears least, up to 20 bits")
        self.rate = Choice("", [""], plane="control", width=FIELD, name="Sample rate")
        self.loudness = Segmented(("As it is", "Target"), name="Loudness")
        self.target = LevelFader(TARGET, width=110)
        self.ceiling = Segmented(CEILINGS, name="Ceiling")
        self.range = Segmented(("Whole song", "Loop"), name="Range")
        self._lay_out()
        self._connect()
        self.fill(rate_hz, path, has_loop=has_loop, has_ceiling=has_ceiling)
        self.set_up("What is written", "panel", focus=False)

    def fill(self, rate_hz: int, path: str, *, has_loop: bool, has_ceiling: bool) -> None:
        """For the song as it is now, nothing chosen yet."""
        self._rate_hz = rate_hz
        self._rates = (None, *(rate for rate in RATES_HZ if rate != rate_hz))
        self.rate.show_choices([f"{rate_text(rate_hz)}, as the mix", *(rate_text(rate) for rate in RATES_HZ if rate != rate_hz)])
        self.name.setText(Path(path).stem)
        for choice in (self.bits, self.dither):
            choice.show_choices([""])
        for chosen in (self.format, self.loudness, self.ceiling, self.range):
            chosen.show_value(0)
        self.target.show_value(TARGET.default)
        self.target.setVisible(False)
        self.show_ceiling(has_ceiling)
        self.range.segments[1].setEnabled(has_loop)
        self._format_chosen(0)
        self._fit_dither()
        self.show_folder(Path(path).parent)

    def show_ceiling(self, there: bool) -> None:
        """Whether the chain has one that the exact mode can hold."""
        self.ceiling.segments[1].setEnabled(there)
        self.ceiling.setStatusTip("Exact takes off what passes the limiter between the samples, in any content" if there else
                                  "Exact needs a limiter at the end of the chain")

    def choose_bits(self, bits: Bits) -> None:
        """Another word length, as a hand chooses it."""
        self.bits.show_value(bits_of(self.suffix).index(bits))
        self._fit_dither()
        self.edited.emit()

    def _lay_out(self) -> None:
        form = Form(self)
        loudness = Plane()
        row = QHBoxLayout(loudness)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.loudness)
        row.addWidget(self.target)
        row.addStretch(1)
        for label, control in (("File", self.name), ("Folder", self.place), ("Format", self.format), ("Word length", self.bits),
                               ("Dither", self.dither), ("Sample rate", self.rate), ("Loudness", loudness),
                               ("Ceiling", self.ceiling), ("Range", self.range)):
            form.add(label, control)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(form)

    def _connect(self) -> None:
        self.format.edited.connect(self._format_chosen)
        for fitted in (self.format, self.bits, self.rate):
            fitted.edited.connect(lambda _index: self._fit_dither())
        self.place.clicked.disconnect()
        self.place.clicked.connect(self._ask_folder)
        self.loudness.edited.connect(lambda index: self.target.setVisible(index == 1))
        self.name.textEdited.connect(lambda _text: self.edited.emit())
        self.target.edited.connect(lambda _value: self.edited.emit())
        for choice in (self.format, self.bits, self.dither, self.rate, self.loudness, self.ceiling, self.range):
            choice.edited.connect(lambda _index: self.edited.emit())

    @property
    def suffix(self) -> str:
        """Of the chosen format."""
        return list(FORMATS)[self.format.value]

    @property
    def word_length(self) -> Bits:
        """What is chosen."""
        return bits_of(self.suffix)[self.bits.value]

    def wish(self) -> RenderWish:
        """What stands in the form."""
        rate = self._rates[self.rate.value]
        options = RenderOptions(bits=self.word_length, dither=self._dithers()[self.dither.value], sample_rate_hz=rate,
                                target_lufs=self.target.value if self.loudness.value == 1 else None, exact=self.ceiling.value == 1)
        name = self.name.text().strip() or "master"
        return RenderWish(str(self.folder / f"{name.removesuffix(self.suffix)}{self.suffix}"), options, self.range.value == 1)

    def show_folder(self, folder: Path) -> None:
        """Where the file will lie."""
        self.folder = folder
        shown = str(folder).replace(str(Path.home()), "~", 1)
        self.place.show_value(0, fitting(shown, theme.px(FIELD - 16)))
        self.place.setStatusTip(str(folder))

    def _ask_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self.window(), "Folder of the master", str(self.folder))
        if folder:
            self.show_folder(Path(folder))
            self.edited.emit()

    def _format_chosen(self, index: int) -> None:
        """The word lengths this format can hold, keeping the one there was."""
        choices = bits_of(list(FORMATS)[index])
        words = [bits_text(bits) for bits in choices]
        before = self.bits.value_text()
        self.bits.show_choices(words, words.index(before) if before in words else choices.index("24"))

    def _dithers(self) -> tuple[str, ...]:
        """Those that the word length and the rate can have."""
        bits, rate_hz = self.word_length, self._rates[self.rate.value] or self._rate_hz
        return tuple(dither for dither in DITHERS if not why_no_dither(bits, rate_hz, dither))

    def _fit_dither(self) -> None:
        """Offer them, keeping the one there was."""
        words = [DITHER_NAMES[dither][:1].upper() + DITHER_NAMES[dither][1:] for dither in self._dithers()]
        before = self.dither.value_text()
        self.dither.show_choices(words, words.index(before) if before in words else 0)


class FileRow(ProgressRow):
    """A file that is being written or was; a click shows what was read back of it."""

    chosen = Signal()

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.selected = False
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_selected(self, selected: bool) -> None:
        """Whether its read-back is what is shown."""
        self.selected = selected
        self.ground = self.bar.ground = "raised" if selected else "panel"
        self.update()

    def draw(self, painter: QPainter, area: QRect) -> None:
        super().draw(painter, area)
        if self.selected:
            paint.fill(painter, QRect(0, 0, theme.px(2), self.height()), "select")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.chosen.emit()


class RenderDialog(Dialog):
    """`render_asked` gives what is wished; `show_jobs` and `back` show what came of it."""

    render_asked = Signal(RenderWish)
    cancel_asked = Signal()
    edited = Signal()
    row_chosen = Signal(int)
    lasts = True

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, "Render master", aside="")
        self.form = RenderForm(RATES_HZ[0], "master.wav", has_loop=False, has_ceiling=False)
        self.back = ReadBack(self)
        self.rows: list[FileRow] = []
        self._all_rows: list[FileRow] = []
        self.hint = Words("Closing this does not stop a render; the file appears only when it is whole.", self, color="text2")
        self.cancel_key = Button("Cancel rendering", self, height=32)
        self.render_key = Button("Render", self, main=True, height=32)
        self._left = QWidget(self)
        self._column = QVBoxLayout(self._left)
        self._fill()
        self.form.edited.connect(self.edited)
        self.render_key.clicked.connect(lambda: self.render_asked.emit(self.form.wish()))
        self.cancel_key.clicked.connect(lambda: self.cancel_asked.emit())
        self.show_busy(False)
        self.measure()

    def _fill(self) -> None:
        self._column.addWidget(self.form)
        self._column.addSpacing(theme.px(14))
        self._column.addStretch(1)
        body = QHBoxLayout()
        body.setSpacing(0)
        body.addWidget(self._left)
        body.addWidget(self.back, 1)
        self.body.addLayout(body, 1)
        self._buttons.insertWidget(0, self.hint)
        self._buttons.addWidget(self.cancel_key)
        self._buttons.addWidget(self.render_key)
        self.add_answer("close", "Close", safe=True).main = False

    def show_busy(self, busy: bool) -> None:
        """While a file is being written there is something to cancel."""
        self.cancel_key.setVisible(busy)
        if busy and self.render_key.hasFocus():
            self._answers["close"].setFocus()
        self.render_key.setEnabled(not busy)

    def show_jobs(self, names: list[str]) -> list[FileRow]:
        """One row per file, the newest on top, as many as there is room for."""
        while len(self._all_rows) < len(names):
            self._add_row(len(self._all_rows))
        self.rows = self._all_rows[:len(names)]
        for row, name in zip(self.rows, names, strict=True):
            row.show_name(name)
        for row in self._all_rows:
            row.setVisible(row in self.rows)
        return self.rows

    def _add_row(self, index: int) -> None:
        row = FileRow("")
        row.chosen.connect(lambda: self.row_chosen.emit(index))
        self._column.insertWidget(2 + index, row)
        self._all_rows.append(row)

    def measure(self) -> None:
        super().measure()
        if not hasattr(self, "_left"):
            return
        pad = theme.px(PADDING)
        width, _ = SIZES[theme.density]
        self._width = width
        self._left.setFixedWidth(theme.px(LEFT))
        self._column.setContentsMargins(0, theme.px(8), 0, 0)
        self.form.setContentsMargins(pad, 0, pad, 0)
        self._page.setContentsMargins(1, theme.px(14), 1, theme.px(14))
        self._page.setSpacing(theme.px(14))
        for index in (0, self._page.count() - 1):
            item = self._page.itemAt(index)
            layout = item.layout() if item is not None else None
            if layout is not None:
                layout.setContentsMargins(pad, 0, pad, 0)
        self.place()

    def wished_width(self) -> int:
        return theme.px(SIZES[theme.density][0])

    def wished_height(self, width: int) -> int:
        return theme.px(SIZES[theme.density][1])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._page.activate()


def bits_of(suffix: str) -> tuple[Bits, ...]:
    """The word lengths that a format can hold."""
    return tuple(bits for bits in ALL_BITS if can_hold(CONTAINERS[suffix], bits))


def fitting(words: str, width: int) -> str:
    """A path cut at its start, where it says least."""
    return theme.metrics("text").elidedText(words, Qt.TextElideMode.ElideLeft, width)
