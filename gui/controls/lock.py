"""The lock and the menu of a switch or a choice: what values have in their own menu, for controls that have none."""
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from dsp_core.param import Param
from gui.controls.menu import Menu, menu_on
from gui.theme import icons, paint, theme

SIZE = 12


class LockMark(QWidget):
    """A small lock on the upper right corner of a control; the hand goes through it."""

    def __init__(self, part: QWidget) -> None:
        super().__init__(part)
        self._part = part
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def place(self) -> None:
        """In the corner, whatever size the control has now."""
        side = theme.px(SIZE)
        self.setGeometry(self._part.width() - side, 0, side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.rounded(painter, self.rect(), "raised")
        icons.draw(painter, "lock", QPointF(self.width() / 2, self.height() / 2), "text", SIZE - 2)
        painter.end()


class PartLock(QObject):
    """Belongs to its control and lives as long. A right click, or the menu key, opens a menu to which a host adds on `menu_opened`."""

    menu_opened = Signal(Menu)

    def __init__(self, part: QWidget, param: Param, set_default: Callable[[], object]) -> None:
        super().__init__(part)
        self.param = param
        self.locked = False
        self._part = part
        self._set_default = set_default
        self._mark = LockMark(part)
        part.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        part.customContextMenuRequested.connect(self._open_menu)
        part.installEventFilter(self)

    def show_locked(self, locked: bool) -> None:
        """Whether presets, pasted settings and resets leave it alone."""
        if locked != self.locked:
            self.locked = locked
            self._mark.place()
            self._mark.setVisible(locked)
            help = self.param.help
            self._part.setAccessibleDescription(f"Locked. {help}" if locked else help)

    def make_menu(self) -> Menu:
        """Default, and whatever the host adds."""
        menu = menu_on(self._part)
        menu.add(f"Default, {self.param.text(self.param.default)}", self._set_default)
        self.menu_opened.emit(menu)
        return menu

    def _open_menu(self, at: QPoint) -> None:
        self.make_menu().open_at(self._part.mapToGlobal(at))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self.locked and event.type() in (QEvent.Type.Resize, QEvent.Type.Show):
            self._mark.place()
        return False
