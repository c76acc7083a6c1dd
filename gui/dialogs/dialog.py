"""A dialog lies in the window, over a scrim. Its title is the fact, its buttons are verbs, the safe one has the focus, Esc is always safe."""
from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar, runtime_checkable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAccessible, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from gui.controls import access
from gui.controls.base import Painted
from gui.controls.buttons import Button
from gui.controls.keeper import Keeper
from gui.controls.plane import Words
from gui.controls.value_hand import ValueHand
from gui.theme import paint, theme
from gui.theme.sizes import RADIUS_DIALOG

USUAL_WIDTH = 454
PADDING = 20
MOST_SPARE = 4
BEGINS_NUMBER = "0123456789+-.,\N{MINUS SIGN}"
NOT_TYPED = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
ROOM = 16                        # of the window that a dialog leaves free


@runtime_checkable
class Roomy(Protocol):
    """A window that grows while something larger than it is open in it, and knows where the keyboard goes behind that."""

    def make_room(self, width: int, height: int) -> None: ...

    def give_room_back(self) -> None: ...

    def rest_keyboard(self, before: QWidget | None = None) -> None: ...


class Scrim(QWidget):
    """Dims the window by one fill and keeps mouse and wheel from what lies under it."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._covered = window
        self.cover()

    def cover(self) -> None:
        """From now on as large as the window."""
        self._covered.installEventFilter(self)
        self.setGeometry(self._covered.rect())

    def leave(self) -> None:
        """Away, and the window is no longer looked at."""
        self._covered.removeEventFilter(self)
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            self.setGeometry(watched.rect())
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), theme.color("scrim"))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.accept()


class Dialog(Painted, QWidget):
    """`answered` gives the key of the answer, once; then the dialog is gone, unless it `lasts`: then it can be filled and opened again.

    `body` takes whatever stands between sentence and buttons.
    """

    answered = Signal(str)
    lasts = False

    def __init__(self, window: QWidget, title: str, sentence: str = "", *, aside: str = "", width: int = USUAL_WIDTH) -> None:
        self._scrim = Scrim(window)
        super().__init__(self._scrim)
        self._width = width
        self._safe = ""
        self._open = False
        self._answers: dict[str, Button] = {}
        self._spare: Keeper[str, Button] = Keeper(MOST_SPARE)
        self._focus_before: QWidget | None = None
        self.title = Words(title, self, role="name", color="text")
        self.aside = Words(aside, self, align=paint.RIGHT)
        self.sentence = Words(sentence, self, wrap=True)
        self.body = QVBoxLayout()
        self._buttons = QHBoxLayout()
        self._lay_out()
        self.set_up(title, "panel", focus=False)
        self.show_title(title, sentence)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent, False)
        self._scrim.hide()

    def show_title(self, title: str, sentence: str = "") -> None:
        """The fact, and what explains it."""
        self.title.show_words(title)
        self.sentence.show_words(sentence)
        self.sentence.setVisible(bool(sentence))
        self.setAccessibleName(title)
        self.setAccessibleDescription(sentence)

    def _lay_out(self) -> None:
        self._page = QVBoxLayout(self)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.aside)
        self._page.addLayout(head)
        self._page.addWidget(self.sentence)
        self._page.addLayout(self.body)
        self._page.addLayout(self._buttons)
        self._buttons.addStretch(1)

    def add_answer(self, key: str, words: str, *, safe: bool = False) -> Button:
        """A verb at the lower right. Exactly one answer is `safe`: it has the focus, and Esc means it."""
        button = self._spare.take("") or self._make_button()
        button.setText(words)
        button.setAccessibleName(words)
        button.main = safe
        button.measure()
        self._buttons.addWidget(button)
        button.show()
        self._answers[key] = button
        if safe:
            self._safe = key
        self.measure()
        return button

    def _make_button(self) -> Button:
        button = Button("", self, height=32)
        button.clicked.connect(lambda: self.answer(next(key for key, known in self._answers.items() if known is button)))
        return button

    def take_answers_away(self) -> None:
        """For others."""
        for button in self._answers.values():
            self._buttons.removeWidget(button)
            self._spare.keep("", button)
        self._answers.clear()
        self._safe = ""

    def open(self) -> None:
        """Shows it over its window; comes back at once."""
        if not self._safe:
            raise ValueError(f"the dialog {self.title.words!r} has no safe answer; mark one of: {', '.join(self._answers) or 'none yet'}")
        self._open = True
        self._focus_before = self.window().focusWidget()
        window, wide = self._scrim.window(), self.wished_width()
        if isinstance(window, Roomy):
            window.make_room(wide + theme.px(ROOM), self.wished_height(wide) + theme.px(ROOM))
        self._scrim.cover()
        self._scrim.show()
        self._scrim.raise_()
        self.show()
        self.place()
        self._answers[self._safe].setFocus(Qt.FocusReason.OtherFocusReason)
        access.announce(self, f"{self.title.words} {self.sentence.words}", urgent=True)

    def answer(self, key: str) -> None:
        """Closes with an answer and gives the focus back to where it was."""
        if not self._open:
            return
        self._open = False
        before, self._focus_before = self._focus_before, None
        self._scrim.leave()
        window = self._scrim.window()
        if isinstance(window, Roomy):
            window.rest_keyboard(before)
            window.give_room_back()
        elif before is not None and before.isVisible():
            before.setFocus(Qt.FocusReason.OtherFocusReason)
        self.answered.emit(key)
        if not self.lasts:
            self._scrim.deleteLater()

    def is_open(self) -> bool:
        """Whether it waits for an answer."""
        return self._open

    def measure(self) -> None:
        pad = theme.px(PADDING)
        self._page.setContentsMargins(pad, pad, pad, pad)
        self._page.setSpacing(theme.px(10))
        self._buttons.setSpacing(theme.px(12))
        self._buttons.setContentsMargins(0, theme.px(16) if self._answers else 0, 0, 0)
        self.place()

    def place(self) -> None:
        """In the middle of the window, a little above it."""
        width = min(self.wished_width(), self._scrim.width() - theme.px(ROOM))
        height = min(self.wished_height(width), self._scrim.height() - theme.px(ROOM))
        self.setGeometry((self._scrim.width() - width) // 2, (self._scrim.height() - height) * 2 // 5, width, height)

    def wished_width(self) -> int:
        """Wide enough for its title."""
        head = self.title.sizeHint().width() + self.aside.sizeHint().width() + 2 * theme.px(PADDING) + theme.px(10)
        return max(theme.px(self._width), head)

    def wished_height(self, width: int) -> int:
        """High enough for what it holds in this width."""
        self._page.activate()
        return max(self._page.heightForWidth(width), self._page.minimumSize().height(), theme.px(120))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.rounded(painter, self.rect(), "panel", RADIUS_DIALOG)
        paint.outline(painter, self.rect(), "edge", 1, RADIUS_DIALOG)
        painter.end()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves. Here no digit switches sources: on a number it begins to type one."""
        now = self.window().focusWidget()
        if event.key() == Qt.Key.Key_Escape:
            self.answer(self._safe)
        elif isinstance(now, ValueHand) and event.text() and event.text() in BEGINS_NUMBER and not event.modifiers() & NOT_TYPED:
            now.type_value(event.text(), select=False)
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def focusNextPrevChild(self, next: bool) -> bool:
        """Tab stays inside."""
        stops = self._stops()
        now = self.window().focusWidget()
        if stops:
            place = stops.index(now) if now in stops else -1 if next else 0
            stops[(place + (1 if next else -1)) % len(stops)].setFocus(Qt.FocusReason.TabFocusReason if next else Qt.FocusReason.BacktabFocusReason)
        return True

    def _stops(self) -> list[QWidget]:
        """What Tab can reach, in its order."""
        stops: list[QWidget] = []
        step: QWidget | None = self.nextInFocusChain()
        while step is not None and step is not self:
            if self.isAncestorOf(step) and step.focusPolicy() & Qt.FocusPolicy.TabFocus and step.isEnabled() and step.isVisible():
                stops.append(step)
            step = step.nextInFocusChain()
        return stops

    def spoken_role(self) -> QAccessible.Role:
        return QAccessible.Role.Dialog


class Form(Painted, QWidget):
    """Rows of label and control, for a dialog's body."""

    def __init__(self, parent: QWidget | None = None, *, ground: str = "panel") -> None:
        super().__init__(parent)
        self._rows: list[int] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setColumnStretch(1, 1)
        self.set_up("", ground, focus=False)

    def add(self, label: str, control: QWidget) -> None:
        """One row."""
        row = self._grid.rowCount()
        self._rows.append(row)
        words = Words(label, self, ground=self.ground)
        self._grid.addWidget(words, row, 0)
        self._grid.addWidget(control, row, 1)
        if not control.accessibleName():
            control.setAccessibleName(label)
        self.measure()

    def measure(self) -> None:
        self._grid.setVerticalSpacing(theme.px(3))
        self._grid.setHorizontalSpacing(theme.px(12))
        self._grid.setColumnMinimumWidth(0, theme.px(108))
        for row in self._rows:
            self._grid.setRowMinimumHeight(row, theme.px(26))


Kept = TypeVar("Kept", bound=Dialog)


def kept_on(window: QWidget, kind: type[Kept], make: Callable[[], Kept]) -> Kept:
    """The dialog of this kind that was open in the window before, to be filled anew; one that is made while there is none that is closed."""
    known: list[Kept] = vars(window).setdefault("_dialogs", {}).setdefault(kind, [])
    for dialog in known:
        if not dialog.is_open():
            return dialog
    known.append(make())
    return known[-1]


class Question(Dialog):
    """One question and the verbs that answer it."""

    lasts = True

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, "")
        self._then: Callable[[str], object] = lambda _key: None
        self.answered.connect(self._answered)

    def fill(self, title: str, sentence: str, answers: Sequence[tuple[str, str]], safe: str, then: Callable[[str], object]) -> None:
        """Another question."""
        self._then = then
        self.show_title(title, sentence)
        self.take_answers_away()
        for key, words in answers:
            self.add_answer(key, words, safe=key == safe)

    def _answered(self, key: str) -> None:
        then, self._then = self._then, lambda _key: None
        then(key)


def ask(window: QWidget, title: str, sentence: str, answers: Sequence[tuple[str, str]], safe: str, then: Callable[[str], object]) -> Dialog:
    """Asks one question; `answers` are (key, verb) from left to right, `then` is called with the key that was chosen."""
    dialog = kept_on(window, Question, lambda: Question(window))
    dialog.fill(title, sentence, answers, safe, then)
    dialog.open()
    return dialog


def tell(window: QWidget, title: str, sentence: str) -> Dialog:
    """Says one thing that cannot wait; "Close" is all there is to answer."""
    return ask(window, title, sentence, (("close", "Close"),), "close", lambda _: None)
