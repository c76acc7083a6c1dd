"""Keys that are pressed: verbs, toggles, icons. Built on QAbstractButton for its pressing and grouping."""
from PySide6.QtCore import QEvent, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import QAbstractButton, QWidget

from gui.controls.base import Painted
from gui.theme import icons, paint, theme

PADDING = 10
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Key(Painted, QAbstractButton):
    """A button that also answers Enter, because Space plays and stops. Assistive technology presses it as a finger does, at once."""

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Polish, QEvent.Type.StyleChange):
            done = super().event(event)
            self._stay_opaque()
            return done
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and plain_enter(event):
            event.accept()
            return True
        return super().event(event)

    def _stay_opaque(self) -> None:
        """Fusion takes every button for one it draws itself, translucent and repainted on hover."""
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent, True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover, False)

    def spoken_role(self) -> QAccessible.Role:
        if self.autoExclusive():
            return QAccessible.Role.RadioButton
        return QAccessible.Role.CheckBox if self.isCheckable() else QAccessible.Role.Button

    def spoken_state(self, state: QAccessible.State) -> None:
        """Adds whether it is on."""
        state.checkable = int(self.isCheckable())
        state.checked = int(self.isChecked())

    def spoken_actions(self) -> dict[str, object]:
        return {"Press": self.click, "Toggle": self.click, "SetFocus": self.setFocus} if self.isCheckable() else {
            "Press": self.click, "SetFocus": self.setFocus}

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if plain_enter(event):
            self.click()
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        return self.minimumSize()


def plain_enter(event: QKeyEvent) -> bool:
    """Enter on either side of the keyboard, without a modifier."""
    return event.key() in ENTER and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier


class Button(Key):
    """A verb. `main` is the safe answer of a dialog: solid, one to a view. `quiet` has no plane until the pointer is over it."""

    def __init__(self, words: str, parent: QWidget | None = None, *, ground: str = "panel", plane: str = "control", main: bool = False,
                 quiet: bool = False, height: int = 26, name: str = "") -> None:
        super().__init__(parent)
        self.main = main
        self.quiet = quiet
        self._plane = plane
        self._height = height
        self.setText(words)
        self.set_up(name or words, ground)

    def measure(self) -> None:
        pad = 16 if self._height > 26 else PADDING + 2
        self.setFixedSize(paint.text_width(self.text(), "text_medium") + 2 * theme.px(pad), theme.px(self._height))

    def draw(self, painter: QPainter, area: QRect) -> None:
        color: str | QColor = "text"
        if not self.isEnabled():
            color = "off"
        elif self.main:
            paint.rounded(painter, self.rect(), "text" if not self.isDown() else "text2")
            color = "on_select"
        elif self.isDown() or self.hover_share or not self.quiet:
            pressed = "raised" if self._plane == "control" else "control"
            paint.rounded(painter, self.rect(), pressed if self.isDown() else self.plane(self.ground if self.quiet else self._plane))
        paint.text(painter, self.rect(), self.text(), "text_medium", color, paint.CENTER)


class Toggle(Key):
    """On or off. `loud` is for what alters the sound away from the truth (mono, side, dim ...): on, it is solid `select`.

    `hint` is the key that does the same, shown at the right end. Emits `edited` when the hand changes it, never on `show_value`.
    """

    edited = Signal(bool)

    def __init__(self, words: str, parent: QWidget | None = None, *, ground: str = "panel", loud: bool = False, hint: str = "",
                 icon: str = "", width: int = 0, height: int = 26, name: str = "") -> None:
        super().__init__(parent)
        self.loud = loud
        self._hint = hint
        self._icon = icon
        self._width = width
        self._height = height
        self.setText(words)
        self.setCheckable(True)
        self.clicked.connect(self.edited)
        self.set_up(name or words, ground)

    def show_value(self, on: bool) -> None:
        """Model to widget; emits nothing."""
        self.setChecked(on)

    def show_width(self, width: int) -> None:
        """Another width in logical pixels; 0 for what its words need."""
        if width != self._width:
            self._width = width
            self.measure()
            self.update()

    def show_hint(self, hint: str) -> None:
        """Another key that does the same."""
        if hint != self._hint:
            self._hint = hint
            self.measure()
            self.update()

    def measure(self) -> None:
        width = self._width or self._natural_width()
        self.setFixedSize(max(theme.px(24), theme.px(width) if self._width else width), theme.px(self._height))

    def _natural_width(self) -> int:
        words = paint.text_width(self.text(), "text_medium") if self.text() else 0
        icon = theme.px(icons.GRID) if self._icon else 0
        hint = theme.px(12) + paint.text_width(self._hint, "scale") if self._hint else 0
        return words + icon + (theme.px(4) if words and icon else 0) + hint + 2 * theme.px(PADDING)

    def draw(self, painter: QPainter, area: QRect) -> None:
        color = "text2"
        if not self.isEnabled():
            color = "off"
        elif self.isChecked() and self.loud:
            paint.rounded(painter, self.rect(), "select")
            color = "on_select"
        else:
            color = self._draw_plane(painter)
        self._draw_words(painter, color)

    def _draw_plane(self, painter: QPainter) -> str:
        plane = "control" if self.isDown() else self.plane("raised")
        if self.isChecked():
            paint.rounded_with_edge(painter, self.rect(), plane, "select", "bottom", theme.px(2))
        else:
            paint.rounded(painter, self.rect(), plane)
        return "text" if self.isDown() or self.hovered or self.isChecked() else "text2"

    def _draw_words(self, painter: QPainter, color: str) -> None:
        inner = self.rect().adjusted(theme.px(PADDING), 0, -theme.px(PADDING), 0)
        if self._hint:
            hint_color = color if color in ("off", "on_select") else "text3"
            paint.text(painter, inner, self._hint, "scale", hint_color, paint.RIGHT)
        if self._icon:
            half = theme.px(icons.GRID) / 2
            x = inner.x() + half if self.text() else self.rect().center().x() + 0.5
            icons.draw(painter, self._icon, QPointF(x, self.height() / 2), color)
            inner.adjust(round(2 * half) + theme.px(4), 0, 0, 0)
        if self.text():
            paint.text(painter, inner, self.text(), "text_medium", color, paint.LEFT if self._hint or self._icon else paint.CENTER)


class IconButton(Key):
    """A verb as an icon; its name is spoken and stands in the status line."""

    def __init__(self, icon: str, name: str, parent: QWidget | None = None, *, ground: str = "panel", width: int = 26,
                 height: int = 26, plane: str = "") -> None:
        super().__init__(parent)
        self._icon = icon
        self._size = (width, height)
        self._plane = plane
        self.setStatusTip(name)
        self.set_up(name, ground)

    def show_icon(self, icon: str, name: str) -> None:
        """Another verb on the same key."""
        if icon != self._icon:
            self._icon = icon
            self.setStatusTip(name)
            self.setAccessibleName(name)
            self.update()

    def measure(self) -> None:
        self.setFixedSize(theme.px(self._size[0]), theme.px(self._size[1]))

    def draw(self, painter: QPainter, area: QRect) -> None:
        if self.isEnabled() and (self.isDown() or self.hover_share or self._plane):
            paint.rounded(painter, self.rect(), "control" if self.isDown() else self.plane(self._plane or self.ground))
        color = "off" if not self.isEnabled() else "text" if self.hovered or self.isDown() else "text2"
        icons.draw(painter, self._icon, QPointF(self.width() / 2, self.height() / 2), color)
