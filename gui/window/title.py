"""The title strip: menu, session and its state, undo, redo | device, load, dropouts, render."""
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from gui.controls.base import Painted
from gui.controls.buttons import Button, IconButton, Key
from gui.controls.plane import Words
from gui.theme import icons, numbers, paint, theme

GROUND = "bg"
LAMP = 8
PAD = 6
WIDEST_NAME = 240


@dataclass(frozen=True, slots=True)
class DeviceState:
    """What the strip says of the audio device. `load` is the share of real time that the callback needs; `running` whether it is asked for sound,
    `blind` whether latency and load are kept back."""

    name: str = ""
    rate_hz: int = 0
    block_frames: int = 0
    latency_ms: float = 0.0
    load: float = 0.0
    running: bool = False
    blind: bool = False


class DeviceKey(Key):
    """Device, rate, block and latency, then the load. A click opens the device's dialog."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state = DeviceState()
        self.setStatusTip("Audio device: a click chooses another one, its block and its input")
        self.set_up("Audio device", GROUND)

    def show_state(self, state: DeviceState) -> None:
        """Painted only when it reads differently."""
        before = self.parts()
        self.state = state
        if before != self.parts():
            self.setAccessibleDescription(self.spoken_value())
            self.measure()
            self.update()

    def parts(self) -> tuple[tuple[str, str], ...]:
        """Pieces of text with their ink, from left to right."""
        state = self.state
        if not state.name:
            return (("No audio device", "text2"),)
        if not state.running:
            return ((state.name, "text2"), ("stopped", "text3"))
        rate = numbers.number(state.rate_hz / 1000)
        if state.blind:
            return ((state.name, "text2"), (f"{rate} kHz", "text2"), (f"{state.block_frames} smp", "text2"))
        latency = numbers.number(state.latency_ms)
        if theme.density == "compact":
            figures = [f"{rate}k · {state.block_frames} · {latency} ms"]
        else:
            figures = [f"{rate} kHz", f"{state.block_frames} smp", f"out {latency} ms"]
        return ((state.name, "text2"), *((figure, "text2") for figure in figures), (f"DSP {100 * state.load:.0f} %", "text2"))

    def measure(self) -> None:
        gaps = sum(self._gap(index) for index in range(1, len(self.parts())))
        words = sum(self._width(index, words) for index, (words, _) in enumerate(self.parts()))
        self.setFixedSize(words + gaps + 2 * theme.px(PAD), theme.px(26))

    def _gap(self, index: int) -> int:
        """Room before a piece: wide before the first figure and before the load."""
        wide = index in (1, len(self.parts()) - 1)
        return theme.px(14 if wide and theme.density == "comfortable" else 8)

    def _width(self, index: int, words: str) -> int:
        """Room of a piece; that of the load does not change with it."""
        room = "DSP 88 %" if words.startswith("DSP") and len(words) < len("DSP 88 %") else words
        return min(paint.text_width(room, "text"), theme.px(WIDEST_NAME if index == 0 else 1000))

    def draw(self, painter: QPainter, area: QRect) -> None:
        if self.hover_share or self.isDown():
            paint.rounded(painter, self.rect(), "control" if self.isDown() else self.plane(self.ground, "raised"))
        x = theme.px(PAD)
        for index, (words, ink) in enumerate(self.parts()):
            x += self._gap(index) if index else 0
            width = self._width(index, words)
            paint.text(painter, QRect(x, 0, width, self.height()), words, "text", ink)
            x += width

    def spoken_value(self) -> str:
        return ", ".join(words for words, _ in self.parts())


class DropLamp(Key):
    """How often the sound was late. The lamp latches; a click puts it out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.drops = 0
        self.setStatusTip("Dropouts since the lamp was cleared; a click clears it")
        self.set_up("Dropouts", GROUND)

    def show_drops(self, drops: int) -> None:
        """Since the lamp was cleared."""
        if drops != self.drops:
            self.drops = drops
            self.setAccessibleDescription(self.spoken_value())
            self.measure()
            self.update()

    def words(self) -> str:
        """ "0 drops", "1 drop"."""
        return f"{self.drops} drop{'' if self.drops == 1 else 's'}"

    def measure(self) -> None:
        self.setFixedSize(theme.px(PAD + LAMP + 7 + PAD) + max(paint.text_width(words, "text") for words in (self.words(), "0 drops")), theme.px(26))

    def draw(self, painter: QPainter, area: QRect) -> None:
        if self.hover_share or self.isDown():
            paint.rounded(painter, self.rect(), "control" if self.isDown() else self.plane(self.ground, "raised"))
        size = theme.px(LAMP)
        lamp = QRect(theme.px(PAD), (self.height() - size) // 2, size, size)
        if self.drops:
            painter.setRenderHint(paint.SMOOTH, True)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("danger"))
            painter.drawEllipse(QPointF(lamp.toRectF().center()), size / 2, size / 2)
            painter.setRenderHint(paint.SMOOTH, False)
        else:
            paint.outline(painter, lamp, "text3", 1.5, LAMP / 2)
        words = self.rect().adjusted(lamp.right() + 1 + theme.px(7), 0, -theme.px(PAD), 0)
        paint.text(painter, words, self.words(), "text", "danger_text" if self.drops else "text2")

    def spoken_value(self) -> str:
        return self.words()


class CommandKey(Key):
    """Looks like the line it opens: the palette of commands and values. Where there is no room for its words it is a lens."""

    FORMS = ("Command or value", "Command", "")

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hint = ""
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setStatusTip("Find any command by its name, or type a value: compressor threshold -20")
        self.set_up("Command or value", GROUND)

    def show_hint(self, hint: str) -> None:
        """The key that opens it, too."""
        self._hint = hint
        self.update()

    def measure(self) -> None:
        wide = 320 if theme.density == "comfortable" else 220
        self.setFixedHeight(theme.px(26))
        self.setMinimumWidth(theme.px(30))
        self.setMaximumWidth(theme.px(wide))
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(self.maximumWidth(), self.height())

    def draw(self, painter: QPainter, area: QRect) -> None:
        paint.rounded(painter, self.rect(), "control" if self.isDown() else self.plane("raised"))
        lens = theme.px(15)
        icons.draw(painter, "search", QPointF(min(lens, self.width() / 2), self.height() / 2), "text3")
        inner = self.rect().adjusted(2 * lens - theme.px(2), 0, -theme.px(8), 0)
        room = paint.text_width(self._hint, "scale") + theme.px(12) if self._hint else 0
        words = next(form for form in self.FORMS if not form or paint.text_width(form, "text") + room <= inner.width())
        if words:
            paint.text(painter, inner, self._hint, "scale", "text3", paint.RIGHT)
            paint.text(painter, inner, words, "text", "text3")


class TitleStrip(Painted, QWidget):
    """Asks by signals; `show_session`, `show_steps` and `show_device` say what is."""

    menu_asked = Signal()
    command_asked = Signal()
    undo_asked = Signal()
    redo_asked = Signal()
    device_asked = Signal()
    drops_cleared = Signal()
    render_asked = Signal()
    whole_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.menu_key = IconButton("menu", "Menu", self, ground=GROUND)
        self.name = Words("", self, role="text_strong", color="text", ground=GROUND)
        self.mix = Words("", self, ground=GROUND)
        self.saved = Words("", self, color="text3", ground=GROUND)
        self.undo_key = IconButton("undo", "Undo", self, ground=GROUND)
        self.redo_key = IconButton("redo", "Redo", self, ground=GROUND)
        self.command_key = CommandKey(self)
        self.device = DeviceKey(self)
        self.lamp = DropLamp(self)
        self.render_key = Button("Render...", self, ground=GROUND)
        self.whole_key = Button("Whole window", self, ground=GROUND)
        self.whole_key.hide()
        self._compact = False
        self._row = QHBoxLayout(self)
        left: list[QWidget] = [self.menu_key, self.name, self.mix, self.saved, self.undo_key, self.redo_key]
        right: list[QWidget] = [self.device, self.lamp, self.render_key, self.whole_key]
        for widget in left:
            self._row.addWidget(widget)
        self._row.addStretch(1)
        self._row.addWidget(self.command_key)
        self._row.addStretch(1)
        for widget in right:
            self._row.addWidget(widget)
        self._connect()
        self._steps, self._keys = ("", ""), {"edit.undo": "", "edit.redo": ""}
        self.show_steps("", "")
        self.set_up("Title strip", GROUND, focus=False)

    def _connect(self) -> None:
        for key, signal in ((self.menu_key, self.menu_asked), (self.undo_key, self.undo_asked), (self.redo_key, self.redo_asked),
                            (self.command_key, self.command_asked), (self.device, self.device_asked), (self.lamp, self.drops_cleared), (self.render_key, self.render_asked),
                            (self.whole_key, self.whole_asked)):
            key.clicked.connect(lambda _checked=False, signal=signal: signal.emit())

    def show_session(self, name: str, mix: str, saved: str) -> None:
        """Name of the session, of its mix where that is another one, and whether it is saved."""
        for words, text in ((self.name, name), (self.mix, mix), (self.saved, saved)):
            words.show_words(text)
            words.setVisible(bool(text) and not (self._compact and words is self.mix))

    def show_compact(self, compact: bool) -> None:
        """In compact mode the way back stands where the render was."""
        self._compact = compact
        self.render_key.setVisible(not compact)
        self.whole_key.setVisible(compact)
        self.mix.setVisible(bool(self.mix.words) and not compact)

    def show_steps(self, undo: str, redo: str) -> None:
        """What undo and redo would do; nothing where they can do nothing."""
        self._steps = (undo, redo)
        for key, verb, step in ((self.undo_key, "Undo", undo), (self.redo_key, "Redo", redo)):
            key.setEnabled(bool(step))
            keys = self._keys[f"edit.{verb.lower()}"]
            key.setStatusTip(f"{verb}: {step}{', ' if keys else ''}{keys}" if step else f"Nothing to {verb.lower()}")

    def show_keys(self, shown: Callable[[str], str]) -> None:
        """The keys in the help."""
        self._keys = {id: shown(id) for id in self._keys}
        self.command_key.show_hint(shown("help.commands"))
        render = shown("file.render")
        self.render_key.setStatusTip(f"Write the master to a file and measure it{', ' if render else ''}{render}")
        whole = shown("view.compact_mode")
        self.whole_key.setStatusTip(f"Chain and stage again, and everything else{', ' if whole else ''}{whole}")
        self.show_steps(*self._steps)

    def measure(self) -> None:
        row = self._row
        row.setContentsMargins(theme.px(8), 0, theme.px(8), 0)
        row.setSpacing(theme.px(8))
        self.name.setMaximumWidth(theme.px(WIDEST_NAME))
        self.mix.setMaximumWidth(theme.px(WIDEST_NAME if theme.density == "comfortable" else 120))
        self.device.measure()
