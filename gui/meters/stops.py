"""The meters to the keyboard: one stop for Tab, arrows go from meter to meter. What has the keyboard is spoken once, and never chatters."""
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from gui.controls import access
from gui.controls.access import Speaks

STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_Left: -1}


class MeterStops(QObject):
    """`parts` in reading order; only those that are shown are gone to. Only the one that Tab goes to is watched: most are painted 60 times a second."""

    def __init__(self, parts: Sequence[QWidget], parent: QWidget) -> None:
        super().__init__(parent)
        self._parts = list(parts)
        self._reach(self._parts[0])
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._follow)

    def _follow(self, before: QWidget | None, now: QWidget | None) -> None:
        if now in self._parts and now is not None:
            self._reach(now)
            access.announce(now, spoken(now))

    def _reach(self, wanted: QWidget) -> None:
        """The one that Tab goes to: that on which the keyboard was last."""
        for part in self._parts:
            part.removeEventFilter(self)
            part.setFocusPolicy(Qt.FocusPolicy.TabFocus if part is wanted else Qt.FocusPolicy.NoFocus)
        wanted.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if not isinstance(watched, QWidget):
            return False
        if kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._go(watched, event)
        if kind == QEvent.Type.HideToParent:
            self._reach(next((part for part in self._parts if not part.isHidden()), self._parts[0]))
        return False

    def _go(self, now: QWidget, event: QKeyEvent) -> bool:
        step = STEPS.get(Qt.Key(event.key()))
        if step is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        shown = [part for part in self._parts if part.isVisible()]
        place = shown.index(now) + step
        if 0 <= place < len(shown):
            shown[place].setFocus(Qt.FocusReason.TabFocusReason)
        return True


def spoken(part: QWidget) -> str:
    """Name and value in words."""
    value = part.spoken_value() if isinstance(part, Speaks) and hasattr(part, "spoken_value") else ""
    return f"{part.accessibleName()} {value}"
