"""The first minute: four steps over the status line that tick themselves off. Nothing points, nothing blocks."""
from collections.abc import Callable

from PySide6.QtCore import QPointF, QRect, Signal
from PySide6.QtGui import QAccessible, QPainter
from PySide6.QtWidgets import QWidget

from gui.controls.base import Painted
from gui.controls.buttons import Button
from gui.theme import icons, paint, theme

STEPS = (("play", ("song.play",), "play the demo mix"), ("compare", ("hear.mix", "hear.master"), "mix, master, equally loud"),
         ("shape", (), "a node of the curve"), ("render", ("file.render",), "render"))
CAP_PAD, CAP_HEIGHT = 7, 22


class FirstMinute(Painted, QWidget):
    """`tick` marks a step as done; `hidden_for_good` comes from its button."""

    hidden_for_good = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.done: set[str] = set()
        self._keys = {name: "Drag" for name, _, _ in STEPS}
        self.hide_key = Button("Hide for good", self, ground="panel", plane="raised")
        self.hide_key.clicked.connect(lambda: self.hidden_for_good.emit())
        self.set_up("First steps", "panel", focus=False)

    def show_keys(self, shown: Callable[[str], str]) -> None:
        """The keys as they are now; a command without one is called by its name."""
        self._keys = {name: ", ".join(shown(id) or "menu" for id in ids) or "Drag" for name, ids, _ in STEPS}
        self.update()

    def tick(self, step: str) -> None:
        """This one was done."""
        if step not in self.done:
            self.done.add(step)
            self.setAccessibleDescription(self.spoken_value())
            self.update()

    def measure(self) -> None:
        self.hide_key.measure()

    def resizeEvent(self, event: object) -> None:
        self.hide_key.move(self.width() - theme.px(12) - self.hide_key.width(), (self.height() - self.hide_key.height()) // 2)

    def draw(self, painter: QPainter, area: QRect) -> None:
        x = theme.px(16)
        for name, _, words in STEPS:
            x = self._draw_step(painter, x, self._keys[name], words, name in self.done)

    def _draw_step(self, painter: QPainter, x: int, keys: str, words: str, done: bool) -> int:
        height, middle = theme.px(CAP_HEIGHT), self.height() // 2
        wide = paint.text_width(keys, "text") + 2 * theme.px(CAP_PAD)
        cap = QRect(x, middle - height // 2, wide, height)
        paint.rounded(painter, cap, "panel" if done else "control")
        if done:
            icons.draw(painter, "tick", QPointF(cap.toRectF().center()), "text3")
        else:
            paint.text(painter, cap, keys, "text", "text2", paint.CENTER)
        x += wide + theme.px(10)
        width = paint.text_width(words, "text")
        paint.text(painter, QRect(x, 0, width, self.height()), words, "text", "text3" if done else "text")
        return x + width + theme.px(28 if theme.density == "comfortable" else 18)

    def spoken_role(self) -> QAccessible.Role:
        return QAccessible.Role.List

    def spoken_value(self) -> str:
        return ", ".join(f"{self._keys[name]}: {words}{', done' if name in self.done else ''}" for name, _, words in STEPS)
