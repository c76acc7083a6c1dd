"""The song view answers the hand: drag in the ruler loops, in the wave seeks, the wheel zooms at the pointer."""
from enum import Enum
from functools import partial

from PySide6.QtCore import QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QAccessible, QContextMenuEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QToolTip, QWidget

from gui.controls.access import Range
from gui.controls.menu import Menu
from gui.plots import song_flags, song_paint
from gui.plots.song_plot import SongPlot
from gui.theme import theme
from gui.theme.numbers import clock, span

EDGE_REACH_PX = 5
DRAG_FROM_PX = 4
ZOOM_PER_NOTCH = 0.8
PAN_PER_NOTCH = 0.1
NUDGE_S, FINE_NUDGE_S = 1.0, 0.05
NOTCH = 120
LANE_WORDS = {"loudness": "Short-term loudness", "psr": "Peak to loudness, PSR"}
COMMANDS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


class Hold(Enum):
    """What the mouse is holding."""

    NOTHING = 0
    SEEK = 1
    RULER = 2
    LOOP = 3


class SongView(SongPlot):
    """A `SongPlot` that asks for seeks and loops; positions are frames. Nothing moves until the owner says so."""

    seek_requested = Signal("qlonglong")  # type: ignore[arg-type]
    loop_changed = Signal("qlonglong", "qlonglong")  # type: ignore[arg-type]
    loop_toggled = Signal(bool)
    finding_chosen = Signal(int)
    lane_wished = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hold = Hold.NOTHING
        self._pressed_px = 0.0
        self._fixed_edge = 0
        self.setMouseTracking(True)
        self.setAccessibleDescription("Arrows seek, brackets set the loop, L switches it, J and K go to findings, plus and minus zoom.")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Ruler: loop, edge of the loop, flag. Below: seek."""
        if event.button() != Qt.MouseButton.LeftButton or not self.scene.view.total:
            return
        x, parts = event.position().x(), self.parts
        self._pressed_px = x
        edge = self._loop_edge_at(event.position())
        if edge is not None and self.scene.loop is not None:
            self._hold, self._fixed_edge = Hold.LOOP, self.scene.loop[1 - edge]
        elif event.position().y() < parts.ruler:
            self._hold = Hold.RULER
        else:
            self._hold = Hold.SEEK
            self._seek(x)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Seek or draw the loop along."""
        x = event.position().x()
        if self._hold is Hold.RULER and abs(x - self._pressed_px) >= DRAG_FROM_PX:
            self._hold, self._fixed_edge = Hold.LOOP, self._frame(self._pressed_px)
        if self._hold is Hold.SEEK:
            self._seek(x)
        elif self._hold is Hold.LOOP:
            self._draw_loop_to(x)
        elif self._hold is Hold.NOTHING:
            self._point_at_flags(event.position())
            over_edge = self.spread is None and self._loop_edge_at(event.position()) is not None
            self.setCursor(Qt.CursorShape.SizeHorCursor if over_edge else Qt.CursorShape.ArrowCursor)
            self.setToolTip(self.tip_at(event.position()))       # an `event` that asks when it is shown would be called for each picture

    def _point_at_flags(self, at: QPointF) -> None:
        """A flag that stands for several findings spreads while the pointer is on it, and then on what has spread."""
        inside = at.y() < self.parts.ruler
        leaf = self.spread.leaf_at(at.x()) if self.spread is not None and inside else None
        if leaf is not None:
            if leaf.member is not None and leaf.member != self.pointed:
                QToolTip.showText(self.mapToGlobal(QPoint(round(leaf.px), self.parts.ruler)), self.scene.findings[leaf.member].sentence, self)
            self.show_spread(self.spread, leaf.member)
            return
        flag = song_flags.flag_at(song_flags.flags_in(self.scene, self.parts), self.parts, at.x()) if inside else None
        self.show_spread(song_flags.spread(flag, self.parts), flag.top) if flag is not None and not flag.single else self.show_spread(None)

    def leaveEvent(self, event: object) -> None:
        """What has spread folds up."""
        self.show_spread(None)
        super().leaveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A drawn loop is asked for once, here; a click on a flag or the ruler goes there."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        hold, self._hold = self._hold, Hold.NOTHING
        if hold is Hold.LOOP and self.scene.loop is not None:
            self.loop_changed.emit(*self.scene.loop)
        elif hold is Hold.RULER:
            self._click_ruler(event.position().x())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """On the loop's bracket: loop on or off; elsewhere on the ruler: the whole song."""
        if event.position().y() >= self.parts.ruler or event.button() != Qt.MouseButton.LeftButton:
            self.mousePressEvent(event)
            return
        band = song_paint.loop_px(self.scene, self.parts)
        if band is not None and band[0] <= event.position().x() <= band[1]:
            self._toggle_loop()
        else:
            self.show_whole()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the pointer; sideways or with Shift: move."""
        view, delta = self.scene.view, event.angleDelta()
        sideways = delta.x() or (delta.y() if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 0)
        if sideways:
            changed = view.pan(-sideways / NOTCH * PAN_PER_NOTCH * view.span)
        else:
            at = view.first + event.position().x() / self.parts.data_right * view.span
            changed = view.zoom(ZOOM_PER_NOTCH ** (delta.y() / NOTCH), at)
        if changed:
            self.renew()
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What the lane under the wave shows."""
        menu = Menu(self)
        for lane, words in LANE_WORDS.items():
            menu.add(words, partial(self.lane_wished.emit, lane), checked=lane == self.scene.lane)
        menu.addSeparator()
        menu.add("The whole song", self.show_whole, enabled=not self.scene.view.whole)
        menu.open_at(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows nudge, Home and End, brackets and L for the loop, J and K for findings, + and − for zoom."""
        fine = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        step = round((FINE_NUDGE_S if fine else NUDGE_S) * self.scene.rate)
        key, view = event.key(), self.scene.view
        if not view.total or event.modifiers() & COMMANDS:
            event.ignore()
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._seek_to(self.position + (step if key == Qt.Key.Key_Right else -step))
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._seek_to(0 if key == Qt.Key.Key_Home else int(view.total))
        elif key in (Qt.Key.Key_BracketLeft, Qt.Key.Key_BracketRight):
            self._loop_key(key == Qt.Key.Key_BracketLeft)
        elif key == Qt.Key.Key_L and self.scene.loop is not None:
            self._toggle_loop()
        elif key in (Qt.Key.Key_J, Qt.Key.Key_K):
            self._finding_key(later=key == Qt.Key.Key_K)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            self._zoom_key(ZOOM_PER_NOTCH if key != Qt.Key.Key_Minus else 1 / ZOOM_PER_NOTCH)
        else:
            event.ignore()

    @property
    def follows(self) -> bool:
        """The page turns after the playhead, but not while the mouse holds something."""
        return self._hold is Hold.NOTHING

    def spoken_role(self) -> QAccessible.Role:
        return QAccessible.Role.Slider

    def spoken_value(self) -> str:
        rate = self.scene.rate
        if not self.scene.view.total:
            return self.scene.coming[0] if self.scene.coming is not None else "no song"
        here = [f"finding {i + 1}: {finding.sentence}" for i, finding in enumerate(self.scene.findings) if finding.frame == self.position]
        return "; ".join([f"{clock(self.position / rate)} of {clock(self.scene.view.total / rate, 0)}", *here])

    def spoken_range(self) -> Range:
        return Range(self.position / self.scene.rate, 0.0, self.scene.view.total / self.scene.rate, NUDGE_S,
                     lambda seconds: self._seek_to(round(seconds * self.scene.rate)))

    def _frame(self, px: float) -> int:
        return self.scene.frame_at(px, self.parts.data_right)

    def _seek(self, px: float) -> None:
        self._seek_to(self._frame(px))

    def _seek_to(self, frame: int) -> None:
        self.seek_requested.emit(min(max(frame, 0), int(self.scene.view.total)))

    def _loop_edge_at(self, at: QPointF) -> int | None:
        """0 or 1 for the loop edge under the pointer in the ruler."""
        if self.scene.loop is None or self.spread is not None or at.y() >= self.parts.ruler:
            return None
        near = [abs(at.x() - self.scene.px_of(f, self.parts.data_right)) for f in self.scene.loop]
        edge = 0 if near[0] < near[1] else 1
        return edge if near[edge] <= theme.px(EDGE_REACH_PX) else None

    def _draw_loop_to(self, px: float) -> None:
        here = self._frame(px)
        if here != self._fixed_edge:
            self.set_loop((min(here, self._fixed_edge), max(here, self._fixed_edge)), True)

    def _click_ruler(self, px: float) -> None:
        """A flag's finding, that of a leaf, or a closer look where many lie; else there."""
        leaf = self.spread.leaf_at(px) if self.spread is not None else None
        flag = self.spread.flag if self.spread is not None else song_flags.flag_at(song_flags.flags_in(self.scene, self.parts), self.parts, px)
        if leaf is not None and leaf.member is None and flag is not None:
            self._show_all_of(flag)
        elif leaf is not None and leaf.member is not None:
            self._choose_finding(leaf.member)
        elif flag is not None:
            self._choose_finding(flag.top)
        else:
            self._seek(px)

    def _show_all_of(self, flag: song_flags.Flag) -> None:
        """Zoom to the findings of a flag."""
        first, last = (self.scene.findings[index].frame for index in (flag.members[0], flag.members[-1]))
        margin = max((last - first) * 0.1, 0.5 * self.scene.rate)
        self.show_range(first - margin, last + margin)

    def _choose_finding(self, index: int) -> None:
        self.finding_chosen.emit(index)
        self._seek_to(self.scene.findings[index].frame)

    def _toggle_loop(self) -> None:
        self.loop_toggled.emit(not self.scene.loop_on)

    def _loop_key(self, start: bool) -> None:
        """Loop from here, or to here; the other end stays, or is the end of the song on that side."""
        end = int(self.scene.view.total)
        first, last = self.scene.loop or (0, end)
        first, last = (self.position, last if last > self.position else end) if start else (first if first < self.position else 0, self.position)
        if first < last:
            self.loop_changed.emit(first, last)

    def _finding_key(self, later: bool) -> None:
        ordered = sorted(range(len(self.scene.findings)), key=lambda i: self.scene.findings[i].frame)
        past = [i for i in ordered if self.scene.findings[i].frame > self.position] if later else \
               [i for i in reversed(ordered) if self.scene.findings[i].frame < self.position]
        if past:
            self._choose_finding(past[0])

    def _zoom_key(self, factor: float) -> None:
        view = self.scene.view
        at = self.position if view.first <= self.position <= view.last else (view.first + view.last) / 2
        if view.zoom(factor, at):
            self.renew()

    def tip_at(self, at: QPointF) -> str:
        """Time under the pointer; over a flag its sentence; over the loop its length."""
        scene, parts, x = self.scene, self.parts, at.x()
        if not scene.view.total or x > parts.data_right:
            return ""
        words = self._flag_words(x) or self._loop_words(x) if at.y() < parts.ruler else ""
        return words or clock(self._frame(x) / scene.rate)

    def _flag_words(self, px: float) -> str:
        """The sentence of the finding under a pixel of the ruler; of a flag with more of them how many."""
        if self.spread is not None and self.pointed is not None:
            return self.scene.findings[self.pointed].sentence
        flag = song_flags.flag_at(song_flags.flags_in(self.scene, self.parts), self.parts, px)
        return song_flags.sentences_of(flag, self.scene.findings) if flag is not None else ""

    def _loop_words(self, px: float) -> str:
        band = song_paint.loop_px(self.scene, self.parts)
        if band is None or self.scene.loop is None or not band[0] <= px <= band[1]:
            return ""
        start, stop = (f / self.scene.rate for f in self.scene.loop)
        return f"Loop {span(clock(start), clock(stop))}, {stop - start:.3f} s{'' if self.scene.loop_on else ', off'}"
