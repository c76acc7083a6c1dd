"""The main window: the zones in their places, splitters, help texts, what is dropped on it. Knows no desk."""
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QHideEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QApplication, QMainWindow, QStatusBar, QWidget
from shiboken6 import isValid

from gui.blind.cover import ReadingsHidden
from gui.blind.view import BlindView
from gui.controls.chain import ChainStrip
from gui.dialogs.dialog import Dialog
from gui.dialogs.toasts import Toasts
from gui.meters.column import MeterColumn
from gui.theme import theme
from gui.theme.sizes import GUTTER, density_for
from gui.window.compact import CompactMode
from gui.window.compare import CompareBar
from gui.window.first_minute import FirstMinute
from gui.window.keep_on_screen import keep_on_screen
from gui.window.layout import Area, Zones, compact_zones, zones
from gui.window.settings import AUTOMATIC, Looks, Settings
from gui.window.song_zone import SongZone
from gui.window.splitter import REACH, Splitter
from gui.window.stage_zone import StageZone
from gui.window.status import StatusLine
from gui.window.tab_order import stop_beside
from gui.window.title import TitleStrip

FIRST_SIZE = (1600, 900)
SESSION, PRESET = ".mrt", ".mrtpreset"
DROPS = {"reference": "Drop: add a reference. A mix or a session is opened anywhere below.",
         "preset": "Drop: this chain in place of the present one, which undo brings back.",
         "open": "Drop: open it. On the compare bar it becomes a reference, a session on the chain gives its chain."}
NOT_TYPED = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


class MainWindow(QMainWindow):
    """`close_asked` decides whether it may close: called with nothing, True lets it go."""

    file_dropped = Signal(str)
    reference_dropped = Signal(str)
    preset_dropped = Signal(str)
    visibility_changed = Signal()
    sign_typed = Signal(str, bool)           # a key that nothing else took, as what it writes; and whether it was held down

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.settings = settings
        self.density_wish = AUTOMATIC
        self.compact = CompactMode(self)
        self._first_steps = False
        self.close_asked: Callable[[], bool] = lambda: True
        self._splits = (0, 0)
        self._at_grab = 0
        self._focus_help = ""
        self.title = TitleStrip(self)
        self.compare = CompareBar(self)
        self.song = SongZone(self)
        self.chain = ChainStrip(self)
        self.stage = StageZone(self)
        self.meters = MeterColumn(self)
        self.blind = BlindView(self)
        self.hidden = ReadingsHidden(self)
        self.steps = FirstMinute(self)
        self.status = StatusLine(self)
        self.song_split = Splitter(self, upright=False, name="Height of the song")
        self.meters_split = Splitter(self, upright=True, name="Width of the meters")
        self.toasts = Toasts(self, self._toast_rooms)
        self.steps.hide()
        self.blind.hide()
        self.hidden.hide()
        self._set_up()

    def _set_up(self) -> None:
        self.setWindowTitle("Mastering RT")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover, False)    # what a main window wants for its docks: to be painted anew when the pointer comes
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._hear_help()
        self.apply_smallest()
        theme.changed.connect(self._restyle)
        self.stage.keyboard_free.connect(self.rest_keyboard)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_changed)
        self.song_split.grabbed.connect(lambda: self._grab(self.song.height()))
        self.song_split.moved.connect(lambda by: self.split(self._at_grab + by, self._splits[1]))
        self.song_split.reset_asked.connect(lambda: self._reset(0, self._splits[1]))
        self.meters_split.grabbed.connect(lambda: self._grab(self.meters.width()))
        self.meters_split.moved.connect(lambda by: self.split(self._splits[0], self._at_grab - by))
        self.meters_split.reset_asked.connect(lambda: self._reset(self._splits[0], 0))
        for splitter in (self.song_split, self.meters_split):
            splitter.released.connect(self._keep_splits)

    def _hear_help(self) -> None:
        """Qt tells the status bar of a main window what is under the pointer. This one is never seen and passes it on, because an `event` that
        listens for it would be called for each picture."""
        listener = QStatusBar(self)
        self.setStatusBar(listener)
        listener.hide()
        listener.messageChanged.connect(self._show_help)

    # size and density

    def apply_looks(self, looks: Looks) -> None:
        """Theme, density and scale as chosen; an automatic density follows the window."""
        self.density_wish = looks.density
        theme.use(name=looks.theme, density=self._density(looks.scale), scale=looks.scale, reduce_motion=looks.reduce_motion)
        self.apply_smallest()

    def apply_smallest(self) -> None:
        """The smallest window in which nothing is cut, never more than the screen has."""
        room = self.screen().availableGeometry()
        wide, high = self.compact.smallest()
        self.setMinimumSize(min(theme.px(wide), room.width()), min(theme.px(high), room.height()))

    def _density(self, scale: float | None = None) -> str:
        """As it was wished, else what fits the window at this interface scale, or at that of now."""
        if self.compact.on:
            return "compact"
        if self.density_wish != AUTOMATIC:
            return self.density_wish
        scale = scale or theme.scale
        return density_for(round(self.width() / scale), round(self.height() / scale))

    def take_first_place(self) -> None:
        """Where it was on this screen; at first as large as an engineer wants it, if the screen has the room."""
        self._splits = self.settings.splitters(self.screen_name())
        if not self.restoreGeometry(self.settings.geometry(self.screen_name())):
            room = self.screen().availableGeometry()
            self.resize(min(FIRST_SIZE[0], room.width()), min(FIRST_SIZE[1], room.height()))
        self.compact.switch(self.settings.compact())

    def screen_name(self) -> str:
        """Splitters and place are remembered for each size of screen."""
        size = self.screen().size()
        return f"{size.width()}x{size.height()}"

    def _restyle(self) -> None:
        self.place()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        if self._density() != theme.density:
            theme.use(density=self._density())
        self.place()

    def zones(self) -> Zones:
        """The zones as they lie now."""
        if self.compact.on:
            return compact_zones(self.width(), self.height(), theme.px)
        song, meters = self._splits
        return zones(self.width(), self.height(), theme.density, theme.px, song=song, meters=meters, steps=not self.steps.isHidden())

    def place(self) -> None:
        """Puts every zone in its place."""
        lie = self.zones()
        for widget, area in ((self.title, lie.title), (self.compare, lie.compare), (self.song, lie.song), (self.chain, lie.chain),
                             (self.stage, lie.stage), (self.meters, lie.meters), (self.steps, lie.steps), (self.status, lie.status)):
            widget.setGeometry(*area)
        self.blind.setGeometry(*Area(0, lie.chain.y, lie.chain.width, lie.stage.bottom - lie.chain.y))
        self.hidden.setGeometry(*lie.meters)
        gap, reach = theme.px(GUTTER), theme.px(REACH)
        self.song_split.setGeometry(0, lie.song.bottom, lie.song.width, gap + reach)
        self.meters_split.setGeometry(*Area(lie.song.width, lie.meters.y, gap + reach, lie.meters.height))
        for splitter in (self.song_split, self.meters_split):
            splitter.raise_()
        self.toasts.place()
        if self.toasts.shown:
            QTimer.singleShot(0, self.toasts, self.toasts.place)     # again when what lies in the zones has found its place

    def _toast_rooms(self) -> list[QRect]:
        """Where news covers no control: over the song, under its ruler, then over the plots of the stage; not while a dialog is in front of them."""
        if any(dialog.is_open() for dialog in self.findChildren(Dialog)):
            return []
        view, gap = self.song.view if self.song.guest.isHidden() else self.song.guest, theme.px(8)
        lanes = QRect(view.mapTo(self, QPoint(gap, view.parts.ruler)), view.mapTo(self, QPoint(view.parts.data_right - gap, view.height() - gap // 4)))
        plots = self.stage.plots_area() if self.stage.isVisible() and not self.compact.on else QRect()
        return [lanes.adjusted(0, gap // 4, -1, -1), plots.translated(self.stage.pos()).adjusted(gap, gap, -gap, -gap)]

    # splitters

    def _grab(self, size: int) -> None:
        self._at_grab = size

    def split(self, song: int, meters: int) -> None:
        """Give the song this height and the meters this width, as far as the rest leaves them."""
        self._splits = (song, meters)
        self.place()

    def _keep_splits(self) -> None:
        """What is kept is what there was room for, not how far the hand went."""
        song, meters = self._splits
        self._splits = (self.song.height() if song else 0, self.meters.width() if meters else 0)
        self.settings.keep_splitters(self.screen_name(), *self._splits)

    def _reset(self, song: int, meters: int) -> None:
        self.split(song, meters)
        self.settings.keep_splitters(self.screen_name(), *self._splits)

    # the first minute

    def show_first_minute(self, shown: bool) -> None:
        """The four steps over the status line."""
        self._first_steps = shown
        self.steps.setVisible(shown and not self.compact.on)
        self.place()

    # compact mode

    def show_compact(self, on: bool) -> None:
        """What one watches while listening, and nothing else; or everything again."""
        self.apply_smallest()
        for part in (self.title, self.compare, self.chain, self.stage, self.meters):
            part.show_compact(on)
        for splitter in (self.song_split, self.meters_split):
            splitter.setVisible(not on)
        theme.use(density=self._density())
        self.show_first_minute(self._first_steps)

    def make_room(self, width: int, height: int) -> None:
        """A dialog of this size opens in the window."""
        self.compact.make_room(width, height)

    def give_room_back(self) -> None:
        """A dialog has closed."""
        self.compact.give_room_back()

    # the blind test

    def show_blind(self, shown: bool) -> None:
        """The blind test in the place of chain and stage."""
        self.blind.setVisible(shown)
        self.chain.setVisible(not shown)
        self.stage.setVisible(not shown)
        self.place()

    def cover(self, covered: bool) -> None:
        """While a test runs nothing else that could tell is shown."""
        self.meters.setVisible(not covered)
        self.hidden.setVisible(covered)
        self.title.device.show_state(replace(self.title.device.state, blind=covered))
        self.compare.show_blind(covered)
        self.song.show_blind(covered)

    # help

    def _show_help(self, words: str) -> None:
        """Of what is under the pointer, else of what has the keyboard."""
        self.status.show_help(words or self._focus_help)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        keep_on_screen(self)
        self.visibility_changed.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.visibility_changed.emit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange:
            self.visibility_changed.emit()

    def _focus_changed(self, _before: QWidget | None, now: QWidget | None) -> None:
        """The help of what has the keyboard, until the pointer asks about something else."""
        if isValid(self) and now is not None and self.isAncestorOf(now):
            self._focus_help = now.statusTip() or now.accessibleDescription()
            self.status.show_help(self._focus_help)

    # keys

    def rest_keyboard(self, before: QWidget | None = None) -> None:
        """The keyboard goes back to `before`, or where that is gone to the slot of the open stage: Qt would give it to the first key of the window."""
        for widget in (before, self.chain.open_slot):
            if widget is self:
                break
            if widget is not None and isValid(widget) and widget.isVisible() and self.isAncestorOf(widget):
                widget.setFocus(Qt.FocusReason.OtherFocusReason)
                return
        self.setFocus()

    @property
    def keyboard_zones(self) -> tuple[QWidget, ...]:
        """What the keyboard goes through, as the eye does; the blind test lies where chain and stage are."""
        return (self.compare, self.song, self.chain, self.stage, self.blind, self.meters)

    def focusNextPrevChild(self, next: bool) -> bool:
        stop = stop_beside(self, (self.title, *self.keyboard_zones, self.steps, self.status), 1 if next else -1)
        if stop is not None:
            stop.setFocus(Qt.FocusReason.TabFocusReason if next else Qt.FocusReason.BacktabFocusReason)
        return stop is not None

    def show_keys(self, shown: Callable[[str], str]) -> None:
        """Every place that names a key says the one that it is now; `shown` gives that of a command."""
        self.title.show_keys(shown)
        self.compare.show_keys(shown)
        self.stage.show_keys(shown)
        self.steps.show_keys(shown)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.blind.isVisible() and self.blind.take_key(event):
            return
        if event.text().isprintable() and event.text() and not event.modifiers() & NOT_TYPED:
            self.sign_typed.emit(event.text(), event.isAutoRepeat())
        else:
            super().keyPressEvent(event)

    # files and closing

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Says beforehand what a drop would do here."""
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            self.status.show_help(DROPS[self._meant(event, paths)])
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.status.show_help(self._focus_help)

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            signal = {"reference": self.reference_dropped, "preset": self.preset_dropped, "open": self.file_dropped}[self._meant(event, paths)]
            for path in paths if signal is self.reference_dropped else paths[:1]:
                signal.emit(path)

    def _meant(self, event: QDropEvent, paths: list[str]) -> str:
        """What a file is for goes by where it is dropped and by what it is: "reference", "preset" or "open"."""
        at, name = event.position().toPoint(), paths[0].lower()
        if self.compare.geometry().contains(at) and not name.endswith((PRESET, SESSION)):
            return "reference"
        on_chain = self.chain.geometry().contains(at) or self.stage.geometry().contains(at)
        return "preset" if name.endswith(PRESET) or (on_chain and name.endswith(SESSION)) else "open"

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.close_asked():
            self.compact.keep_place()
            event.accept()
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), theme.color("bg"))
        painter.end()
