"""The second window: every meter at any size, of what is heard or of what comes out of one stage. Knows no desk."""
from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QPainter, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from gui.controls.base import Painted
from gui.controls.choice import Choice
from gui.editors.spectrum_menu import SpectrumMenu
from gui.meters.band_balance import BandBalance
from gui.meters.bits import BitMeter
from gui.meters.distribution import DistributionPlot
from gui.meters.needle import NeedleMeter
from gui.meters.octaves import OctaveMeter
from gui.meters.past import PastPlot
from gui.meters.readouts import FigureRows
from gui.meters.scales import Face, k_face, ppm_face, vu_face
from gui.meters.scope import PhaseScope
from gui.meters.stops import MeterStops
from gui.plots.spectrum import SpectrumView
from gui.theme import paint, theme
from gui.theme.sizes import GUTTER
from gui.window.keep_on_screen import keep_on_screen
from gui.window.settings import MeterScales
from mastering_rt.measure.scales import K_SYSTEM_DB, PPM_SCALES, VU_REFERENCES_DBFS

FIRST_SIZE, SMALLEST = (1280, 800), (1000, 640)
HEAD, MARGIN = 44, 16
NEEDLE_ROOM, TABLE_ROOM = 112, 250
LINE, ERROR_ROOM = 2, 44
K_FACES, PPM_FACES, VU_FACES = tuple(map(k_face, K_SYSTEM_DB)), tuple(map(ppm_face, PPM_SCALES)), tuple(map(vu_face, VU_REFERENCES_DBFS))
ALL_FACES = (K_FACES, PPM_FACES, VU_FACES)
VIEWS = ("So far", "Spectrum")
LEVEL_ROWS = (("True peak", "dBTP"), ("Sample peak", "dBFS"), ("Overs", ""), ("RMS, sine 0", "dBFS"), ("RMS", "dBFS"), ("Crest", "dB"),
              ("DR", "dB"), ("PLR", "dB"), ("PSR, least", "dB"))
STEREO_ROWS = (("Integrated", "LUFS"), ("Range", "LU"), ("S, loudest", "LUFS"), ("M, loudest", "LUFS"), ("Correlation", ""), ("Correlation, least", ""),
               ("Balance", "dB"), ("DC left", "%"), ("DC right", "%"))


@dataclass(frozen=True, slots=True)
class Subject:
    """What is shown: colour, words, and a note that stands at the right."""

    source: str
    words: str
    note: str = ""


class MetersWindow(Painted, QWidget):
    """Bars at the left, what was so far in the middle, octaves and figures at the right, bits along the foot.

    `subject_chosen`: 0 what is heard, then the slots of the chain in order. `keyboard_free`: it was closed under the hand.
    """

    subject_chosen = Signal(int)
    shown_or_hidden = Signal(bool)
    keyboard_free = Signal()
    scales_chosen = Signal(MeterScales)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowFlag(Qt.WindowType.Window)
        self.subject = Subject("master", "Master")
        self.scales = MeterScales()
        self.choice = Choice("Measured", ["What is heard"], self, name="What is measured")
        self.choice.edited.connect(self.subject_chosen)
        self.k, self.ppm, self.vu = (NeedleMeter(name, faces[0], self) for name, faces in
                                     (("K-System meter", K_FACES), ("Programme meter", PPM_FACES), ("VU meter", VU_FACES)))
        self.faces = [self._face_choice(meter, faces, name) for meter, faces, name in
                      ((self.k, K_FACES, "Scale of the K-System meter"), (self.ppm, PPM_FACES, "Scale of the programme meter"),
                       (self.vu, VU_FACES, "Reference of the VU meter"))]
        self.view = Choice("View", VIEWS, self, name="What the middle shows")
        self.view.edited.connect(self.show_view)
        self.shows_spectrum = False
        self.spectrum = SpectrumView(self, name="Spectrum of what is heard")
        self.spectrum_menu = SpectrumMenu(self.spectrum)
        self.spectrum_menu.setParent(self)
        self.balance = BandBalance(self)
        self.past, self.distribution = PastPlot(self), DistributionPlot(self)
        self.octaves, self.bits = OctaveMeter(self), BitMeter(self)
        self.levels, self.stereo = FigureRows(LEVEL_ROWS, self), FigureRows(STEREO_ROWS, self)
        self.levels.setAccessibleName("Levels")
        self.stereo.setAccessibleName("Loudness and stereo")
        self.scope = PhaseScope(self)
        self.stops = MeterStops((self.k, self.ppm, self.vu, self.past, self.distribution, self.balance, self.octaves, self.stereo, self.levels,
                                 self.scope, self.bits), self)
        self._points_shown = True
        self._planes: list[QRect] = []
        self._scope_at = QPoint()
        self._has_room, self._covered, self._error_bar = True, False, ""
        self.setWindowTitle("Meters - Mastering RT")
        self.set_up("Meters", "bg", focus=False)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._dress()
        room = self.screen().availableGeometry()
        self.resize(min(FIRST_SIZE[0], room.width()), min(FIRST_SIZE[1], room.height()))

    def _face_choice(self, meter: NeedleMeter, faces: Sequence[Face], name: str) -> Choice:
        choice = Choice("", [face.title for face in faces], self, name=name)
        choice.edited.connect(lambda index: self._choose_face(meter, faces[index]))
        return choice

    def _choose_face(self, meter: NeedleMeter, face: Face) -> None:
        self._show_face(meter, face)
        k, ppm, vu = (faces.index(one.face) for one, faces in zip((self.k, self.ppm, self.vu), ALL_FACES, strict=True))
        self.scales = replace(self.scales, k_headroom_db=K_SYSTEM_DB[k], ppm=PPM_SCALES[ppm].id, vu_reference_dbfs=VU_REFERENCES_DBFS[vu])
        self.scales_chosen.emit(self.scales)

    def show_scales(self, scales: MeterScales) -> None:
        """How the needles are marked."""
        self.scales = scales
        ppm = next(index for index, scale in enumerate(PPM_SCALES) if scale.id == scales.ppm)
        chosen = (K_SYSTEM_DB.index(scales.k_headroom_db), ppm, VU_REFERENCES_DBFS.index(scales.vu_reference_dbfs))
        for meter, faces, choice, index in zip((self.k, self.ppm, self.vu), ALL_FACES, self.faces, chosen, strict=True):
            if meter.face != faces[index]:
                choice.show_value(index)
                self._show_face(meter, faces[index])

    def _show_face(self, meter: NeedleMeter, face: Face) -> None:
        meter.show_face(face)
        self.place()

    @property
    def parts(self) -> tuple[QWidget, ...]:
        """Everything that shows something of the sound."""
        return (self.k, self.ppm, self.vu, self.octaves, self.bits, self.levels, self.stereo, self.scope, *self._middle)

    @property
    def _middle(self) -> tuple[QWidget, ...]:
        """What stands in the middle besides the octaves, in this view."""
        return (self.spectrum, self.spectrum_menu, self.balance) if self.shows_spectrum else (self.past, self.distribution)

    def show_view(self, index: int) -> None:
        """0 what was so far, 1 the spectrum, the octaves and the phase scope."""
        self.shows_spectrum = index == 1
        self.view.show_value(index)
        self._dress()
        self.place()

    def _dress(self) -> None:
        for part in (self.past, self.distribution, self.spectrum, self.spectrum_menu, self.balance):
            part.setVisible(part in self._middle and not self._covered)

    def show_subject(self, subject: Subject) -> None:
        """What is measured; every meter takes its colour in the same frame."""
        if subject == self.subject:
            return
        if (subject.source, subject.words) != (self.subject.source, self.subject.words):
            for meter in (self.k, self.ppm, self.vu):
                meter.forget()
        self.subject = subject
        for part in (self.k, self.ppm, self.vu, self.past, self.distribution, self.octaves, self.bits, self.scope, self.balance):
            part.show_source(subject.source)
        self.update(0, 0, self.width(), theme.px(HEAD))

    def show_choices(self, slots: Sequence[str], chosen: int) -> None:
        """The slots behind which one can measure."""
        choices = ["What is heard", *(f"Behind {place}: {title}" for place, title in enumerate(slots, 1))]
        if choices != self.choice.choices or chosen != self.choice.value:
            self.choice.show_choices(choices, chosen)
            self.place()

    def cover(self, covered: bool) -> None:
        """During a blind test nothing here may tell which is which."""
        self._covered = covered
        for part in self.parts:
            part.setVisible(not covered)
        self.view.setEnabled(not covered)
        self._dress()
        self.place()

    def show_error_bar(self, words: str) -> None:
        """How far the true peak may be off, under the tables."""
        if words != self._error_bar:
            self._error_bar = words
            self.update(self._error_area())

    def _error_area(self) -> QRect:
        return QRect(self.levels.x(), self.levels.geometry().bottom() + 1, self.levels.width(), theme.px(ERROR_ROOM))

    def show_points(self, shown: bool) -> None:
        """The phase scope, where there is room and its points are known."""
        if shown != self._points_shown:
            self._points_shown = shown
            self.scope.setVisible(shown and self._has_room and not self._covered)

    # size

    def measure(self) -> None:
        self.setMinimumSize(theme.px(SMALLEST[0]), theme.px(SMALLEST[1]))
        self.place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.place()

    def place(self) -> None:
        """Puts the parts in their planes."""
        gutter, margin, head = theme.px(GUTTER), theme.px(MARGIN), theme.px(HEAD)
        foot = self.bits.height() + 2 * theme.px(8)
        needles = 2 * margin + 3 * theme.px(NEEDLE_ROOM)
        table = theme.px(TABLE_ROOM)
        body = QRect(0, head + gutter, self.width(), self.height() - head - foot - 2 * gutter)
        left = QRect(0, body.y(), needles, body.height())
        right = QRect(self.width() - table, body.y(), table, body.height())
        middle = QRect(left.right() + 1 + gutter, body.y(), right.x() - left.right() - 1 - 2 * gutter, body.height())
        self._planes = [QRect(0, 0, self.width(), head), left, middle, right, QRect(0, self.height() - foot, self.width(), foot)]
        self.choice.move(self.width() - margin - self.choice.width(), (head - self.choice.height()) // 2)
        self.view.move(self.choice.x() - theme.px(20) - self.view.width(), self.choice.y())
        self._place_needles(left)
        self._place_middle(middle.adjusted(margin, theme.px(8), -margin, -theme.px(10)))
        self._place_table(right.adjusted(margin, theme.px(8), -margin, -theme.px(8)))
        self.bits.setGeometry(margin, self._planes[-1].y() + theme.px(8), self.width() - 2 * margin, self.bits.height())
        self.update()

    def _place_needles(self, area: QRect) -> None:
        margin, room, line = theme.px(MARGIN), theme.px(NEEDLE_ROOM), theme.px(34)
        for index, (meter, choice) in enumerate(zip((self.k, self.ppm, self.vu), self.faces, strict=True)):
            x = area.x() + margin + index * room
            choice.move(x - theme.px(6), area.y() + theme.px(6))
            meter.setGeometry(x, area.y() + line, meter.width(), area.height() - line - theme.px(8))

    def _place_middle(self, area: QRect) -> None:
        gap = theme.px(12)
        if self.shows_spectrum:
            self._place_spectrum(area, gap)
            return
        if area.width() >= theme.px(560):
            half = (area.width() - 2 * gap) // 2
            self.past.setGeometry(area.x(), area.y(), half, area.height())
            upper = (area.height() - gap) * 9 // 20
            self.distribution.setGeometry(area.x() + half + 2 * gap, area.y(), half, upper)
            self.octaves.setGeometry(area.x() + half + 2 * gap, area.y() + upper + gap, half, area.height() - upper - gap)
            return
        third = (area.height() - 2 * gap) // 10
        heights = (3 * third, 3 * third, area.height() - 2 * gap - 6 * third)
        y = area.y()
        for part, high in zip((self.past, self.distribution, self.octaves), heights, strict=True):
            part.setGeometry(area.x(), y, area.width(), high)
            y += high + gap

    def _place_spectrum(self, area: QRect, gap: int) -> None:
        """The spectrum over octaves, balance and phase scope side by side."""
        menu, scope = self.spectrum_menu, self.scope.width()
        lower = max(scope, min(area.height() * 2 // 5, theme.px(300)))
        upper = area.height() - lower - gap
        menu.move(area.right() + 1 - menu.width(), area.y() - theme.px(4))
        self.spectrum.setGeometry(area.x(), area.y() + theme.px(24), area.width(), upper - theme.px(24))
        left = area.width() - scope - 2 * gap
        y, wide = area.y() + upper + gap, (left - gap) // 2
        self.octaves.setGeometry(area.x(), y, wide, lower)
        self.balance.setGeometry(area.x() + wide + gap, y, left - gap - wide, lower)
        self._scope_at = QPoint(area.right() + 1 - scope, y + (lower - self.scope.height()) // 2)

    def _place_table(self, area: QRect) -> None:
        self.stereo.setGeometry(area.x(), area.y(), area.width(), self.stereo.height())
        self.levels.setGeometry(area.x(), area.y() + self.stereo.height() + theme.px(14), area.width(), self.levels.height())
        below = self.levels.geometry().bottom() + theme.px(ERROR_ROOM)
        self.scope.move(area.center().x() - self.scope.width() // 2, max(below, area.bottom() + 1 - self.scope.height()))
        self._has_room = below + self.scope.height() <= area.bottom() + 1 or self.shows_spectrum
        if self.shows_spectrum:
            self.scope.move(self._scope_at)
        self.scope.setVisible(self._has_room and self._points_shown and not self._covered)

    # picture

    def draw(self, painter: QPainter, area: QRect) -> None:
        for plane in self._planes:
            if self.touched(plane):
                paint.fill(painter, plane, "panel")
        if self._error_bar and not self._covered and self.touched(self._error_area()):
            paint.paragraph(painter, self._error_area().adjusted(0, theme.px(6), 0, 0), self._error_bar, "scale", "text3")
        head = self._planes[0]
        if not self.touched(head):
            return
        margin, side = theme.px(MARGIN), theme.px(10)
        paint.fill(painter, QRect(margin, head.center().y() + 1 - side // 2, side, side), self.subject.source)
        words = QRect(margin + side + theme.px(8), 0, self.view.x() - margin - side - theme.px(16), head.height())
        taken = round(paint.text(painter, words, self.subject.words, "name", "text"))
        note = words.adjusted(taken + theme.px(14), 0, 0, 0)
        paint.text(painter, note, self.subject.note, "text", "text3")
        paint.fill(painter, QRect(0, head.bottom() + 1 - theme.px(LINE), head.width(), theme.px(LINE)), self.subject.source)

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.WindowStateChange):
            self.shown_or_hidden.emit(self.isVisible() and not self.isMinimized())
        return bool(super().event(event))

    def showEvent(self, event: QShowEvent) -> None:
        self.setFocus()
        super().showEvent(event)
        keep_on_screen(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        event.accept()
        had_keyboard = self.isActiveWindow()
        self.shown_or_hidden.emit(False)
        if had_keyboard:
            self.keyboard_free.emit()
