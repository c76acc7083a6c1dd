"""Toasts: news that comes and goes where no control is, faults that stay. They never take the focus."""
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer, QVariantAnimation, Signal
from PySide6.QtGui import QAccessible, QEnterEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QWidget

from gui.controls import access
from gui.controls.base import Painted
from gui.controls.buttons import Button
from gui.controls.keeper import Keeper
from gui.dialogs.toast_places import places_in
from gui.theme import paint, theme

WIDTH, HEIGHT, BAR = 440, 60, 3
TEXT_X = 18
MOST = 3
KEPT = 20
NEWS_MS = 6000
FADE_MS = 120
MOST_SPARE = 4

Action = tuple[str, Callable[[], object]]


class Toast(Painted, QWidget):
    """A fact in bold, a sentence under it, verbs at the right. `left` comes when it is over."""

    left = Signal()

    def __init__(self, title: str, sentence: str, actions: Sequence[Action], *, fault: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._share = 1.0
        self._picture: QPixmap | None = None
        self._over = False
        self._said = 0
        self._spare: Keeper[str, Button] = Keeper(MOST_SPARE)
        self._actions: dict[Button, Callable[[], object]] = {}
        self._fill(title, sentence, actions, fault)
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self.timer.setInterval(NEWS_MS)
        self.timer.timeout.connect(self.leave)
        self._fade_in = QVariantAnimation(self)
        self._fade_in.setDuration(FADE_MS)
        self._fade_in.setStartValue(0.0)
        self._fade_in.setEndValue(1.0)
        self._fade_in.valueChanged.connect(self._set_share)
        self._fade_in.finished.connect(self._stand)
        self.set_up(title, "raised", focus=False)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent, False)

    def _fill(self, title: str, sentence: str, actions: Sequence[Action], fault: bool) -> None:
        self.title, self.sentence, self.fault = title, sentence, fault
        self.buttons = [self._button(words, action) for words, action in actions]
        self.setAccessibleDescription(sentence)

    def say(self, title: str, sentence: str, actions: Sequence[Action], *, fault: bool) -> None:
        """Something else, after it has left."""
        for button in self.buttons:
            self._spare.keep("", button)
        self._actions.clear()
        self._said += 1
        self._fill(title, sentence, actions, fault)
        self.setAccessibleName(title)
        self._over = False
        self._picture = None
        self._share = 1.0
        self._show_buttons(True)
        self.measure()

    def _button(self, words: str, action: Callable[[], object]) -> Button:
        button = self._spare.take("")
        if button is None:
            button = Button("", self, ground="raised")
            button.clicked.connect(partial(self._take, button))
        self._actions[button] = action
        button.setText(words)
        button.setAccessibleName(words)
        return button

    def _take(self, button: Button) -> None:
        """What the button is for; then it is over, unless it says something else by now."""
        said = self._said
        self._actions[button]()
        if said == self._said:
            self.leave()

    def measure(self) -> None:
        right = theme.px(WIDTH - 16)
        for button in reversed(self.buttons):
            button.measure()
            right -= button.width()
            button.move(right, 0)
            right -= theme.px(12)
        self._text_width = right - theme.px(TEXT_X)
        title, line = (paint.paragraph_height(words, self._text_width, "text_strong") for words in (self.title, "A"))
        self._lower = max(0, title - line)
        sentence = max(line, paint.paragraph_height(self.sentence, self._text_width, "text"))
        self.resize(theme.px(WIDTH), theme.px(HEIGHT) + self._lower + sentence - line)
        for button in self.buttons:
            button.move(button.x(), (self.height() - button.height()) // 2)

    def come(self) -> None:
        """Fades in; news begins to count its six seconds."""
        if not theme.reduce_motion:
            self._picture = self.grab()
            self._show_buttons(False)
            self._share = 0.0
            self._fade_in.start()
        self.show()
        if not self.fault:
            self.timer.start()

    def leave(self) -> None:
        """Over: out of the stack at once."""
        if not self._over:
            self._over = True
            self.timer.stop()
            self._fade_in.stop()
            self.hide()
            self.left.emit()

    def _set_share(self, share: float) -> None:
        self._share = share
        self.update()

    def _stand(self) -> None:
        self._picture = None
        self._show_buttons(True)
        self.update()

    def _show_buttons(self, shown: bool) -> None:
        for button in self.buttons:
            button.setVisible(shown)

    def enterEvent(self, event: QEnterEvent) -> None:
        self.timer.stop()
        super().enterEvent(event)

    def leaveEvent(self, event: object) -> None:
        if not self.fault and not self._over:
            self.timer.start()
        super().leaveEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self.fault:
            self.leave()
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._picture is not None:
            painter.setOpacity(self._share)
            painter.drawPixmap(0, 0, self._picture)
        else:
            paint.fill(painter, event.rect(), "raised")
            self.draw(painter, event.rect())
        painter.end()

    def draw(self, painter: QPainter, area: QRect) -> None:
        paint.outline(painter, self.rect(), "edge", 1, 0)
        paint.fill(painter, QRect(0, 0, theme.px(BAR), self.height()), "danger" if self.fault else "text2")
        x, width = theme.px(TEXT_X), self._text_width
        y = theme.px(31) + self._lower
        paint.paragraph(painter, QRect(x, theme.px(13), width, y - theme.px(13)), self.title, "text_strong", "text")
        paint.paragraph(painter, QRect(x, y, width, self.height() - y), self.sentence, "text", "text2")

    def spoken_role(self) -> QAccessible.Role:
        return QAccessible.Role.AlertMessage if self.fault else QAccessible.Role.Notification

    def spoken_value(self) -> str:
        return self.sentence


class Toasts(QObject):
    """The stack of a window: at most three, the newest lowest. A fourth sends the oldest news away, or waits while all are faults.

    `rooms` says where in the window they cover no control, the best place first; without room they stand at the lower left. `history` keeps the last twenty, newest last, for the title strip.
    """

    told = Signal(str)

    def __init__(self, window: QWidget, rooms: Callable[[], Sequence[QRect]] = tuple) -> None:
        super().__init__(window)
        self._window = window
        self._rooms = rooms
        self._spare: Keeper[str, Toast] = Keeper(MOST_SPARE)
        self.shown: list[Toast] = []
        self._waiting: deque[Toast] = deque()
        self.history: deque[tuple[str, str, bool]] = deque(maxlen=KEPT)
        self._watching = False                   # the window's size, which is asked for with every picture of it
        theme.changed.connect(self.place)

    def tell(self, title: str, sentence: str = "", actions: Sequence[Action] = (), *, fault: bool = False) -> Toast:
        """Says something without stopping anybody. A fault without an action can at least be cleared."""
        actions = list(actions) or ([("Clear", lambda: None)] if fault else [])
        toast = self._spare.take("")
        if toast is None:
            toast = Toast(title, sentence, actions, fault=fault, parent=self._window)
            toast.hide()
            toast.left.connect(partial(self._gone, toast))
        else:
            toast.say(title, sentence, actions, fault=fault)
        self.history.append((title, sentence, fault))
        self._waiting.append(toast)
        self._fill()
        access.announce(self._window, f"{title} {sentence}".strip(), urgent=fault)
        self.told.emit(title)
        return toast

    def _fill(self) -> None:
        """Lets in who waits, as far as there is room."""
        while self._waiting:
            if len(self.shown) >= MOST:
                news = next((toast for toast in self.shown if not toast.fault), None)
                if news is None:
                    break
                self.shown.remove(news)
                news.leave()
            toast = self._waiting.popleft()
            self.shown.append(toast)
            toast.come()
            self.place()
        self._watch()

    def _watch(self) -> None:
        """Follow the window's size while something lies in it."""
        if bool(self.shown) != self._watching:
            self._watching = bool(self.shown)
            (self._window.installEventFilter if self._watching else self._window.removeEventFilter)(self)

    def _gone(self, toast: Toast) -> None:
        self._spare.keep("", toast)
        if toast in self.shown:
            self.shown.remove(toast)
            self._fill()
            self.place()

    def place(self) -> None:
        """The newest first in the rooms there are; those without one from the lower left upward, above the status line."""
        if not self.shown:
            return
        newest_first, gap = self.shown[::-1], theme.px(8)
        y = self._window.height() - theme.px(theme.sizes.status) - gap
        for toast, free in zip(newest_first, places_in(self._rooms(), [toast.size() for toast in newest_first], gap), strict=True):
            if free is None:
                y -= toast.height()
                free = QPoint(gap, y)
                y -= gap
            toast.move(free)
            toast.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QResizeEvent):
            self.place()
        return False
