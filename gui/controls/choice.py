"""One of several: a row of segments when they are few and short, a menu when they are many."""
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QPoint, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QKeyEvent, QPainter
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gui.controls.base import Painted
from gui.controls.buttons import PADDING, Key
from gui.controls.menu import Menu, menu_on
from gui.theme import icons, paint, theme
from gui.theme.sizes import RADIUS_SEGMENT

INSET = 2
SAYS_NOTHING = ("Off", "On", "None")
STEP_KEYS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class Segment(Key):
    """One part of a segmented choice; Qt groups the parts and moves between them with the arrow keys."""

    def __init__(self, words: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setText(words)
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.bypassed = False
        self.set_up(words, "well")

    def measure(self) -> None:
        self.setFixedSize(paint.text_width(self.text(), "text_medium") + 2 * theme.px(PADDING), theme.px(26 - 2 * INSET))

    def draw(self, painter: QPainter, area: QRect) -> None:
        if not self.isEnabled():
            color = "off"
        else:
            color = "text" if self.isChecked() or self.hovered else "text2"
            if self.isChecked() or self.isDown() or self.hover_share:
                paint.rounded(painter, self.rect(), "hover" if self.isChecked() else self.plane("well", "control"), RADIUS_SEGMENT)
        paint.text(painter, self.rect(), self.text(), "text_medium", "text3" if self.bypassed and self.isEnabled() else color, paint.CENTER)


class Segmented(Painted, QWidget):
    """A row of segments in a well, 26 high. `edited` gives the index the hand chose."""

    edited = Signal(int)

    def __init__(self, choices: Sequence[str], parent: QWidget | None = None, *, name: str = "", ground: str = "panel") -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setSpacing(0)
        self.segments = [Segment(words, self) for words in choices]
        for index, segment in enumerate(self.segments):
            row.addWidget(segment)
            segment.clicked.connect(partial(self._chosen, index))
        self.value = 0
        self.set_up(name, ground, focus=False)
        self.show_value(0)

    def show_value(self, index: int) -> None:
        """Model to widget; emits nothing."""
        self.value = index
        self.segments[index].setChecked(True)
        self._fix_tab_stop()

    def show_bypassed(self, bypassed: bool) -> None:
        """The stage does not sound."""
        for segment in self.segments:
            segment.bypassed = bypassed
            segment.update()

    def _chosen(self, index: int, _checked: bool = True) -> None:
        if index != self.value:
            self.value = index
            self._fix_tab_stop()
            self.edited.emit(index)

    def _fix_tab_stop(self) -> None:
        """Tab goes to what is chosen and then on; inside, the arrow keys move."""
        for segment in self.segments:
            segment.setFocusPolicy(Qt.FocusPolicy.StrongFocus if segment.isChecked() else Qt.FocusPolicy.ClickFocus)

    def measure(self) -> None:
        inset = theme.px(INSET)
        row = self.layout()
        assert row is not None
        row.setContentsMargins(inset, inset, inset, inset)
        for segment in self.segments:
            segment.measure()
        self.setFixedSize(sum(segment.width() for segment in self.segments) + 2 * inset, theme.px(26))

    def draw(self, painter: QPainter, area: QRect) -> None:
        paint.rounded(painter, self.rect(), "well")

    def spoken_role(self) -> QAccessible.Role:
        return QAccessible.Role.Grouping

    def spoken_value(self) -> str:
        return self.segments[self.value].text()


class Choice(Key):
    """A label and what is chosen, with the rest in a menu. With `plane` it is a field of a form, without it a word among words.

    A `steady` one is as wide as its longest choice, so that nothing beside it moves.
    """

    edited = Signal(int)

    def __init__(self, label: str, choices: Sequence[str], parent: QWidget | None = None, *, ground: str = "panel", plane: str = "",
                 width: int = 0, name: str = "", chevron: bool = True, steady: bool = False) -> None:
        super().__init__(parent)
        self._label = label
        self._steady = steady
        self._brief = False
        self._plane = plane
        self._width = width
        self._chevron = chevron
        self.choices = list(choices)
        self.value = 0
        self.shown = ""
        self.bypassed = False
        self.clicked.connect(self.open_menu)
        self.set_up(name or label, ground)

    def show_value(self, index: int, shown: str = "") -> None:
        """Model to widget; emits nothing. `shown` stands in place of the choice's own word ("Gentle tilt, edited")."""
        self.value = index
        self.shown = shown
        self.measure()
        self.update()

    def show_choices(self, choices: Sequence[str], index: int = 0) -> None:
        """Another list to choose from."""
        self.choices = list(choices)
        self.show_value(index)

    def show_bypassed(self, bypassed: bool) -> None:
        """The stage does not sound."""
        self.bypassed = bypassed
        self.update()

    def show_brief(self, brief: bool) -> None:
        """Without the label, where there is no room for it."""
        if brief != self._brief:
            self._brief = brief
            self.measure()
            self.update()

    def room(self) -> int:
        """Width with the label."""
        return theme.px(self._width) if self._width else self._natural_width(with_label=True)

    def value_text(self) -> str:
        """What is chosen, in words; nothing in an empty list."""
        return self.shown or (self.choices[self.value] if self.value < len(self.choices) else "")

    def choose(self, index: int) -> None:
        """As the hand does: shows and emits if it is another one."""
        if index != self.value or self.shown:
            self.show_value(index)
            self.edited.emit(index)

    def open_menu(self) -> Menu:
        """The choices, the present one ticked."""
        menu = menu_on(self)
        for index, words in enumerate(self.choices):
            menu.add(words, partial(self.choose, index), checked=index == self.value)
        menu.setMinimumWidth(self.width() if self._plane else 0)
        menu.open_at(self.mapToGlobal(QPoint(0, self.height() + theme.px(2))))
        return menu

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = STEP_KEYS.get(Qt.Key(event.key()))
        if step is not None and not event.modifiers() and self.choices:
            self.choose(min(max(self.value + step, 0), len(self.choices) - 1))
        else:
            super().keyPressEvent(event)

    def measure(self) -> None:
        width = theme.px(self._width) if self._width else self._natural_width(with_label=not self._brief)
        self.setFixedSize(width, theme.px(26 if self._plane or theme.density == "comfortable" else 24))

    def _natural_width(self, *, with_label: bool) -> int:
        label = paint.text_width(self._label, "text") + theme.px(4) if self._label and (with_label or self._needs_label) else 0
        shown = self.choices if self._steady else [self.value_text()]
        words = max(paint.text_width(words, self._role()) for words in shown)
        return label + words + (theme.px(icons.GRID) if self._chevron else 0) + 2 * self._pad()

    @property
    def _needs_label(self) -> bool:
        """What is only on or off says nothing without its name."""
        return self.value_text() in SAYS_NOTHING

    def _pad(self) -> int:
        return theme.px(8 if self._plane else 6)

    def _role(self) -> str:
        return "text_strong" if self._label else "text"

    def draw(self, painter: QPainter, area: QRect) -> None:
        plain = self.isEnabled()
        if plain and (self._plane or self.hover_share or self.isDown()):
            paint.rounded(painter, self.rect(), "control" if self.isDown() else self.plane(self._plane or self.ground))
        inner = self.rect().adjusted(self._pad(), 0, -self._pad(), 0)
        if self._label and (not self._brief or self._needs_label):
            taken = paint.text(painter, inner, self._label, "text", "text2" if plain else "off")
            inner.setLeft(inner.left() + round(taken) + theme.px(4))
        if self._chevron:
            half = theme.px(icons.GRID) / 2
            icons.draw(painter, "chevron_down", QPointF(inner.right() + 1 - half, self.height() / 2), "text2" if plain else "off")
            inner.setRight(inner.right() - theme.px(icons.GRID))
        color = "off" if not plain else "text3" if self.bypassed else "text" if self._label or self._plane or self.hovered else "text2"
        paint.text(painter, inner, self.value_text(), self._role(), color)

    def sizeHint(self) -> QSize:
        return self.size()

    def spoken_role(self) -> QAccessible.Role:
        return QAccessible.Role.ComboBox

    def spoken_value(self) -> str:
        return self.value_text()

    def spoken_actions(self) -> dict[str, object]:
        return {"ShowMenu": self.open_menu, "Press": self.open_menu, "SetFocus": self.setFocus}


