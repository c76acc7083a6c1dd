"""Toasts: news that comes and goes at the lower left, faults that stay. They never take the focus."""
from collections import deque
from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QRect, Qt, QTimer, QVariantAnimation, Signal
from PySide6.QtGui import QAccessible, QEnterEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QWidget

from gui.controls import access
from gui.controls.base import Painted
from gui.controls.buttons import Button
from gui.theme import paint, theme

WIDTH, HEIGHT, BAR = 440, 60, 3
TEXT_X = 18
MOST = 3
KEPT = 20
NEWS_MS = 6000
FADE_MS = 120

Action = tuple[str, Callable[[], object]]


class Toast(Painted, QWidget):
    """A fact in bold, a sentence under it, verbs at the right. `left` comes when it is over."""

    left = Signal()

    def __init__(self, title: str, sentence: str, actions: Sequence[Action], *, fault: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = title
        self.sentence = sentence
        self.fault = fault
        self._share = 1.0
        self._picture: QPixmap | None = None
        self._over = False
        self.buttons = [self._button(words, action) for words, action in actions]
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self.timer.setInterval(NEWS_MS)
        self.timer.timeout.connect(self.leave)
        self.set_up(title, "raised", focus=False)
        self.setAccessibleDescription(sentence)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent, False)

    def _button(self, words: str, action: Callable[[], object]) -> Button:
        button = Button(words, self, ground="raised")
        button.clicked.connect(lambda: action())
        button.clicked.connect(self.leave)
        return button

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
            self._animate(0.0, 1.0, self._stand)
        self.show()
        if not self.fault:
            self.timer.start()

    def leave(self) -> None:
        """Over: out of the stack at once."""
        if not self._over:
            self._over = True
            self.timer.stop()
            self.hide()
            self.left.emit()

    def _animate(self, start: float, end: float, then: Callable[[], None]) -> None:
        animation = QVariantAnimation(self)
        animation.setDuration(FADE_MS)
        animation.setStartValue(start)
        animation.setEndValue(end)
        animation.valueChanged.connect(self._set_share)
        animation.finished.connect(then)
        self._share = start
        animation.start(QVariantAnimation.DeletionPolicy.DeleteWhenStopped)

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

    `history` keeps the last twenty, newest last, for the title strip.
    """

    told = Signal(str)

    def __init__(self, window: QWidget, *, above: int = 0) -> None:
        super().__init__(window)
        self._window = window
        self._above = above
        self.shown: list[Toast] = []
        self._waiting: deque[Toast] = deque()
        self.history: deque[tuple[str, str, bool]] = deque(maxlen=KEPT)
        self._watching = False                   # the window's size, which is asked for with every picture of it
        theme.changed.connect(self.place)

    def tell(self, title: str, sentence: str = "", actions: Sequence[Action] = (), *, fault: bool = False) -> Toast:
        """Says something without stopping anybody. A fault without an action can at least be cleared."""
        actions = list(actions) or ([("Clear", lambda: None)] if fault else [])
        toast = Toast(title, sentence, actions, fault=fault, parent=self._window)
        toast.hide()
        toast.left.connect(lambda: self._gone(toast))
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
        toast.deleteLater()
        if toast in self.shown:
            self.shown.remove(toast)
            self._fill()
            self.place()

    def place(self) -> None:
        """From the lower left upward, above the status line."""
        y = self._window.height() - theme.px(theme.sizes.status + self._above) - theme.px(8)
        for toast in reversed(self.shown):
            y -= toast.height()
            toast.move(theme.px(8), y)
            toast.raise_()
            y -= theme.px(8)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QResizeEvent):
            self.place()
        return False
