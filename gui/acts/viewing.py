"""How the window looks, and what it shows on top of itself: device, shortcuts, messages, what this is."""
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from gui.acts.part import Part
from gui.controls import access
from gui.dialogs.device import DeviceChoice, DeviceDialog
from gui.dialogs.dialog import Dialog, kept_on, tell
from gui.dialogs.sheets import Rows, open_messages, open_shortcuts
from gui.theme.current import SCALES
from gui.window.tab_order import stops_of
from mastering_rt.desk.jobs import Job
from mastering_rt.errors import MasteringError
from mastering_rt.playback.device import CLOCK, DeviceInfo, list_devices

SCALE_STEP = 0.1
ABOUT = ("A real-time mastering host: hear a mix through a chain, compare at the same loudness, render exactly what was heard. "
         "Free software under the GNU General Public License, version 3 or later.")


class Openable(Protocol):
    """A window of its own."""

    def toggle(self) -> None: ...


class Viewing(Part):
    """`shortcuts` gives the groups of the shortcut sheet; the command table sets it. `meters_made` is told of the second window."""

    device_dialog: DeviceDialog | None = None
    figures: Openable | None = None
    palette: Openable | None = None
    meters_made: Callable[[QWidget], object] = staticmethod(lambda _window: None)
    shortcuts: Callable[[], Sequence[tuple[str, Rows]]] = staticmethod(lambda: ())

    def open_meters(self) -> None:
        """The second window, or away with it."""
        if self.figures is not None:
            self.figures.toggle()

    def open_palette(self) -> None:
        """Commands and values by name, or away with them."""
        if self.palette is not None:
            self.palette.toggle()

    # looks

    def set_theme(self, name: str) -> None:
        self._keep(theme=name)

    def set_density(self, density: str) -> None:
        self._keep(density=density)

    def step_scale(self, steps: int) -> None:
        """Interface scale by tenths; 0 is back to 100 %."""
        scale = self.acts.settings.looks().scale
        self._keep(scale=1.0 if not steps else round(min(max(scale + steps * SCALE_STEP, SCALES[0]), SCALES[1]), 2))

    def toggle_motion(self) -> None:
        self._keep(reduce_motion=not self.acts.settings.looks().reduce_motion)

    def _keep(self, **changes: object) -> None:
        looks = replace(self.acts.settings.looks(), **changes)  # type: ignore[arg-type]
        self.acts.settings.keep_looks(looks)
        self.window.apply_looks(looks)
        self.changed()

    def set_song_lane(self, lane: str) -> None:
        """What the lane under the wave shows: "loudness" or "psr"."""
        self.acts.settings.keep_song_lane(lane)
        self.window.song.view.set_lane(lane)

    def toggle_psr(self) -> None:
        """The PSR of the song in place of its short-term loudness, or back."""
        self.set_song_lane("loudness" if self.window.song.view.scene.lane == "psr" else "psr")

    def set_compact_mode(self, on: bool) -> None:
        """The window as small as what one watches while listening, or the whole of it."""
        self.acts.settings.keep_compact(on)
        self.window.compact.switch(on)
        self.changed()

    def toggle_full_screen(self) -> None:
        self.window.setWindowState(self.window.windowState() ^ Qt.WindowState.WindowFullScreen)

    def hide_first_minute(self) -> None:
        """For good."""
        self.acts.settings.hide_first_minute(True)
        self.window.show_first_minute(False)

    def show_first_minute(self) -> None:
        self.acts.settings.hide_first_minute(False)
        self.window.show_first_minute(True)

    # focus

    def next_zone(self, step: int) -> None:
        """The keyboard goes to the first control of the next zone."""
        all_zones = (*self.window.keyboard_zones, self.window.title)
        stops = dict(zip(all_zones, stops_of(self.window, all_zones), strict=False))
        zones = [zone for zone, found in stops.items() if found]
        now = self.window.focusWidget()
        place = next((index for index, zone in enumerate(zones) if now is not None and zone.isAncestorOf(now)), -1 if step > 0 else 0)
        if zones:
            stops[zones[(place + step) % len(zones)]][0].setFocus(Qt.FocusReason.TabFocusReason)

    def say_levels(self) -> None:
        """All levels in one sentence, spoken and in the status line."""
        self._say(self.window.meters.spoken_value())

    def say_song(self) -> None:
        """The table of the whole song, likewise."""
        self._say(f"Whole song. {self.window.meters.table.spoken_value()}")

    def _say(self, sentence: str) -> None:
        access.announce(self.window, sentence, urgent=True)
        self.window.status.show_help(sentence)

    # sheets

    def open_shortcuts(self) -> Dialog:
        return open_shortcuts(self.window, self.shortcuts())

    def open_messages(self) -> Dialog:
        return open_messages(self.window, list(self.window.toasts.history))

    def open_about(self) -> Dialog:
        return tell(self.window, "Mastering RT", ABOUT)

    # the device

    def open_device(self) -> None:
        """Choose the audio device; every choice is heard at once."""
        if self.device_dialog is not None:
            return
        wishes = self.desk.player.wishes
        devices = list_devices()
        device = self.desk.player.device
        info = device.info if device is not None else wishes.device or devices[0]
        if info not in devices:
            devices.append(info)
        now = DeviceChoice(info, wishes.block_frames, wishes.live_input)
        dialog = self.device_dialog = kept_on(self.window, DeviceDialog, partial(self._make_device, devices, now))
        dialog.fill(devices, now)
        dialog.show_measured(self.acts.latency.words())
        dialog.open()
        self.changed()

    def _make_device(self, devices: Sequence[DeviceInfo], now: DeviceChoice) -> DeviceDialog:
        dialog = DeviceDialog(self.window, devices, now)
        dialog.chosen.connect(self.use_device)
        dialog.measure_asked.connect(self.acts.latency.measure)
        dialog.answered.connect(lambda _answer: self._device_closed())
        return dialog

    def _device_closed(self) -> None:
        self.device_dialog = None

    def use_device(self, choice: DeviceChoice) -> None:
        """Play on it from where the song stands; a song at another rate is converted behind the window first."""
        try:
            conversion = self.desk.conversion_job(self.desk.song, choice.device)
        except MasteringError:
            conversion = None                    # a device that is not there says so when it is to be opened
        if conversion is None:
            self._switch(choice)
        else:
            self.acts.background.add(conversion, partial(self._switch_converted, choice))

    def _switch_converted(self, choice: DeviceChoice, job: Job[object]) -> None:
        if job.result is not None and self.desk.song is not None:
            self.desk.player.keep_ready(self.desk.song, job.result)  # type: ignore[arg-type]
        self._switch(choice)

    def _switch(self, choice: DeviceChoice) -> None:
        problem = ""
        try:
            self.desk.player.use_device(choice.device, choice.frames, choice.live_input)
            self._keep_device(choice.device, choice.frames)
        except MasteringError as error:
            problem = str(error)
        if self.device_dialog is not None:
            wishes = self.desk.player.wishes
            self.device_dialog.show_choice(DeviceChoice(wishes.device or choice.device, wishes.block_frames, wishes.live_input), problem)
            self.device_dialog.show_measured(self.acts.latency.words())
        elif problem:
            self.tell(problem, fault=True)
        self.changed()

    def _keep_device(self, device: DeviceInfo, frames: int) -> None:
        """The clock device is a way out, not a choice to come back to."""
        if device != CLOCK:
            self.acts.settings.keep_device(device.host_api, device.name, frames)

    def go_on(self) -> None:
        """After a device was lost: play on with the next one."""
        self.desk.player.wishes.device = None
        self.attempt(self.desk.play_or_stop)
