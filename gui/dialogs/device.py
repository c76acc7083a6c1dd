"""The audio device: system, device, block, live input. What is chosen takes effect while the dialog is open."""
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gui.controls.buttons import Button, Toggle
from gui.controls.choice import Choice
from gui.controls.plane import Plane, Words
from gui.dialogs.dialog import Dialog, Form
from gui.theme import numbers, theme
from mastering_rt.playback.device import DeviceInfo

BLOCKS = (0, 32, 64, 128, 256, 512, 1024, 2048)
OWN_BLOCK = "The device's own"
WIDTH, FIELD = 520, 340
CLOCK_SYSTEM = "Built-in"


@dataclass(frozen=True)
class DeviceChoice:
    """What is played on, and how. `frames` 0 leaves the block to the device."""

    device: DeviceInfo
    frames: int = 0
    live_input: bool = False


class DeviceDialog(Dialog):
    """`chosen` comes with every change; `show_choice` and `show_running` say what came of it."""

    chosen = Signal(DeviceChoice)
    measure_asked = Signal()
    lasts = True

    def __init__(self, window: QWidget, devices: Sequence[DeviceInfo], now: DeviceChoice) -> None:
        super().__init__(window, "Audio device", aside="plays while you choose", width=WIDTH)
        self._devices = list(devices)
        self._now = now
        self.systems = Choice("", [""], plane="control", width=FIELD, name="System")
        self.names = Choice("", [""], plane="control", width=FIELD, name="Device")
        self.rate = Words("", color="text")
        self.blocks = Choice("", [""], plane="control", width=FIELD, name="Block")
        self.live = Toggle("Chain on the device's input", name="Live input")
        self.latency = Words("", color="text")
        self.measured = Words("", color="text")
        self.measure_key = Button("Measure", name="Measure the latency")
        self.measure_key.setStatusTip("Plays a short noise and finds it in the input: connect an output of the device to its input first")
        self.drops = Words("", color="text")
        self.problem = Words("", color="danger_text", wrap=True)
        self._lay_form()
        self.add_answer("close", "Close", safe=True)
        self.systems.edited.connect(self._system_chosen)
        self.names.edited.connect(lambda index: self._wish(DeviceChoice(self._of_system()[index], self._now.frames)))
        self.blocks.edited.connect(lambda index: self._wish(DeviceChoice(self._now.device, BLOCKS[index], self._now.live_input)))
        self.live.edited.connect(lambda on: self._wish(DeviceChoice(self._now.device, self._now.frames, on)))
        self.fill(devices, now)

    def fill(self, devices: Sequence[DeviceInfo], now: DeviceChoice) -> None:
        """The devices that there are now, and the one that is played on."""
        self._devices = list(devices)
        self.systems.show_choices(list(dict.fromkeys(system_of(device) for device in self._devices)))
        self.show_choice(now)

    def _lay_form(self) -> None:
        form = Form()
        for label, control in (("System", self.systems), ("Device", self.names), ("Rate", self.rate), ("Block", self.blocks),
                               ("Live input", self.live), ("Latency", self.latency), ("Measured", self._measured_row()), ("Dropouts", self.drops)):
            form.add(label, control)
        self.body.addWidget(form)
        self.body.addWidget(self.problem)

    def _measured_row(self) -> QWidget:
        row = Plane()
        row.setFixedWidth(theme.px(FIELD))
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.measured, 1)
        line.addWidget(self.measure_key)
        self.measure_key.clicked.connect(lambda: self.measure_asked.emit())
        return row

    def show_measured(self, words: str, *, under_way: bool = False) -> None:
        """What was measured of the device as it is chosen; nothing else can be chosen meanwhile."""
        self.measured.show_words(words)
        for control in (self.systems, self.names, self.blocks, self.measure_key):
            control.setEnabled(not under_way)
        self.live.setEnabled(not under_way and self._now.device.inputs >= 2)

    def show_problem(self, problem: str) -> None:
        """Why something could not be done."""
        self.problem.show_words(problem)
        self.problem.setVisible(bool(problem))
        self.place()

    def show_choice(self, now: DeviceChoice, problem: str = "") -> None:
        """What is in force, and why something else is not."""
        self._now = now
        self.systems.show_value(self.systems.choices.index(system_of(now.device)))
        self.names.show_choices([device.name if not device.is_clock else "Clock, no sound" for device in self._of_system()],
                                self._of_system().index(now.device))
        self.blocks.show_value(BLOCKS.index(now.frames) if now.frames in BLOCKS else 0)
        self.live.show_value(now.live_input)
        self.live.setEnabled(now.device.inputs >= 2)
        self.live.setStatusTip("Hear the device's input through the chain" if self.live.isEnabled() else "This device has no stereo input")
        self.show_problem(problem)

    def show_running(self, rate_hz: int, song_rate_hz: int, block_frames: int, latency_ms: float, drops: str) -> None:
        """What the running device says of itself."""
        follows = ", follows the song" if rate_hz == song_rate_hz else f"; the song at {song_rate_hz / 1000:g} kHz is converted for listening"
        self.rate.show_words(f"{rate_hz / 1000:g} kHz{follows}")
        own = f"{OWN_BLOCK}, {block_frames} samples" if block_frames and not self._now.frames else OWN_BLOCK
        self.blocks.choices = [own, *(block_text(frames, rate_hz) for frames in BLOCKS[1:])]
        self.blocks.show_value(self.blocks.value)
        self.latency.show_words(f"{numbers.quantity(latency_ms, 'ms')} out, as the driver says")
        self.drops.show_words(drops)

    def _of_system(self) -> list[DeviceInfo]:
        wanted = system_of(self._now.device)
        return [device for device in self._devices if system_of(device) == wanted]

    def _system_chosen(self, index: int) -> None:
        wanted = self.systems.choices[index]
        self._wish(DeviceChoice(next(device for device in self._devices if system_of(device) == wanted), self._now.frames))

    def _wish(self, choice: DeviceChoice) -> None:
        self.chosen.emit(choice)


def system_of(device: DeviceInfo) -> str:
    """The host API, or a word for the device that needs none."""
    return CLOCK_SYSTEM if device.is_clock else device.host_api


def block_text(frames: int, rate_hz: int) -> str:
    """ "256 samples, 5.8 ms"."""
    return f"{frames} samples, {numbers.quantity(1000 * frames / rate_hz, 'ms')}"
