"""Compact mode: the window as small as what one watches while listening. It grows while a dialog needs the room, and shrinks behind it."""
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QRect, QSize, Qt
from PySide6.QtWidgets import QWidget

from gui.theme import theme
from gui.theme.sizes import COMPACT_WINDOW, SMALLEST_COMPACT, SMALLEST_WINDOW

if TYPE_CHECKING:
    from gui.window.main import MainWindow

UNSIZED = Qt.WindowState.WindowMaximized | Qt.WindowState.WindowFullScreen


class CompactMode:
    """Whether the window is in it, and where it goes back to. The places of both are remembered for each size of screen."""

    def __init__(self, window: "MainWindow") -> None:
        self._window = window
        self.on = False
        self._whole = QByteArray()               # the whole window, to be kept when the program ends in compact mode
        self._places: dict[bool, QRect] = {}     # of this run, by mode
        self._state = Qt.WindowState.WindowNoState
        self._guests = 0                         # dialogs the window has grown for
        self._before = QSize()
        self._hidden_focus: tuple[QWidget | None, QWidget | None] = (None, None)     # what had the keyboard before, and what it was given to

    def switch(self, on: bool) -> None:
        """Into it or out of it."""
        if on == self.on:
            return
        window = self._window
        self._give_back()
        self._places[self.on] = window.normalGeometry() if window.windowState() & UNSIZED else window.geometry()
        if on:
            self._whole, self._state = window.saveGeometry(), window.windowState() & UNSIZED
            window.setWindowState(window.windowState() & ~UNSIZED)
        else:
            window.settings.keep_compact_geometry(window.screen_name(), window.saveGeometry())
        self.on = on
        before = window.focusWidget()
        window.show_compact(on)
        self._pass_keyboard(before)
        if on in self._places:
            window.setGeometry(self._places[on])
        elif not (on and window.restoreGeometry(window.settings.compact_geometry(window.screen_name()))):
            window.resize(*(theme.px(side) for side in COMPACT_WINDOW))
        if not on:
            window.setWindowState(window.windowState() | self._state)

    def _pass_keyboard(self, before: QWidget | None) -> None:
        """From what is not shown in compact mode to the slot of its stage; back to it behind, unless it went on meanwhile."""
        kept, given = self._hidden_focus
        self._hidden_focus = (None, None)
        if not self.on and before is given and kept is not None:
            self._window.rest_keyboard(kept)
        elif before is not None and not before.isVisible():
            self._window.rest_keyboard()
            self._hidden_focus = (before, self._window.focusWidget())

    def keep_place(self) -> None:
        """The window closes: where it is, and where the whole window was."""
        window, settings = self._window, self._window.settings
        self._give_back()
        settings.keep_geometry(window.screen_name(), self._whole if self.on else window.saveGeometry())
        if self.on:
            settings.keep_compact_geometry(window.screen_name(), window.saveGeometry())

    def smallest(self) -> tuple[int, int]:
        """The smallest window in which nothing is cut, before the interface scale."""
        return SMALLEST_COMPACT if self.on else SMALLEST_WINDOW

    def make_room(self, width: int, height: int) -> None:
        """Something as large as this opens in the window."""
        if not self.on:
            return
        if not self._guests:
            self._before = self._window.size()
        self._guests += 1
        screen = self._window.screen().availableGeometry()
        self._window.resize(min(max(self._window.width(), width), screen.width()), min(max(self._window.height(), height), screen.height()))

    def give_room_back(self) -> None:
        """It has closed; behind the last one the window is as small as before."""
        if self._guests:
            self._guests -= 1
            if not self._guests:
                self._window.resize(self._before)

    def _give_back(self) -> None:
        self._guests = min(self._guests, 1)
        self.give_room_back()
