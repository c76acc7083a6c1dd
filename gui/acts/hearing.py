"""What is heard, where in the song, and through which monitors."""
from dataclasses import fields, replace

from gui.acts.part import Part
from gui.window.compare import LEVEL
from mastering_rt.playback.monitor import MonitorSettings
from mastering_rt.session import edits
from mastering_rt.session.edits import SHORTEST_LOOP_S

NUDGE_S, FINE_NUDGE_S = 1.0, 0.05
LEVEL_STEP_DB = 0.5
SOLO_PAIRS = {"mono": "side", "side": "mono", "left": "right", "right": "left"}


class Hearing(Part):
    """Transport, sources, match, delta, monitor."""

    _drops_cleared = 0

    # transport

    def play_or_stop(self) -> None:
        self.attempt(self.desk.play_or_stop)

    def seek(self, frame: int) -> None:
        """Go to a frame of the song, not past its end."""
        if self.desk.song is not None:
            self.desk.player.seek(min(max(frame, 0), self.desk.song.frames))
            self.changed()

    def to_start(self) -> None:
        """The start of the loop where it is on and ahead of the playhead's reach, else of the song."""
        self.seek(0)

    def to_end(self) -> None:
        if self.desk.song is not None:
            self.seek(self.desk.song.frames)

    def nudge(self, seconds: float) -> None:
        self.seek(self.desk.player.status.frame + round(seconds * self.desk.player.song_rate_hz))

    # the loop

    def draw_loop(self, start: int, stop: int) -> None:
        """A loop between two frames, on; one that is too short to be heard as one is not drawn."""
        if stop - start >= SHORTEST_LOOP_S * self.desk.player.song_rate_hz:
            self.attempt(lambda: self.desk.edit(lambda s: edits.set_loop(s, start, stop)))
        else:
            self.changed()

    def loop_from_here(self) -> None:
        """From the playhead to where the loop ended, or to the end of the song."""
        here, (_, stop) = self.desk.player.status.frame, self._loop_span()
        self.draw_loop(here, stop if stop > here else self._frames)

    def loop_to_here(self) -> None:
        """From where the loop began, or the start of the song, to the playhead."""
        here, (start, _) = self.desk.player.status.frame, self._loop_span()
        self.draw_loop(start if start < here else 0, here)

    def switch_loop(self, on: bool | None = None) -> None:
        """On or off; the other way where it is not said."""
        loop = self.desk.session.loop
        wanted = not (loop is not None and loop.on) if on is None else on
        self.attempt(lambda: self.desk.edit(lambda s: edits.switch_loop(s, wanted)))

    @property
    def _frames(self) -> int:
        return self.desk.song.frames if self.desk.song is not None else 0

    def _loop_span(self) -> tuple[int, int]:
        loop = self.desk.session.loop
        return (loop.start_frame, loop.stop_frame) if loop is not None else (0, self._frames)

    # sources

    def hear(self, source: str) -> None:
        """"mix" or "master"."""
        self.desk.hear(source)
        self._compared()

    def swap(self) -> None:
        """The other one of the two that were heard last."""
        self.attempt(self.desk.swap_pair)
        self._compared()

    def _compared(self) -> None:
        self.window.steps.tick("compare")
        self.changed()

    def set_matched(self, on: bool) -> None:
        self.desk.set_matched(on)
        self.changed()

    def set_delta(self, slot: str, on: bool) -> None:
        """What one stage adds or takes away; off is what was heard before."""
        if on and slot:
            self.desk.hear_delta_of(slot)
        elif self.desk.heard == "delta":
            self.desk.swap_pair()
        self.changed()

    @property
    def delta_levelled(self) -> bool:
        """Whether the gain that explains most of a delta is taken out of it."""
        return self.desk.player.wishes.delta_levelled

    def level_delta(self, on: bool) -> None:
        """Deltas with or without the gain that explains most of them."""
        self.attempt(lambda: self.desk.level_delta(on))

    def set_without(self, slot: str, on: bool) -> None:
        """Without one stage, while listening."""
        self.attempt(lambda: self.desk.leave_out(slot if on else ""))

    # monitor

    def set_monitor(self, settings: MonitorSettings) -> None:
        """Mono and side, left and right exclude each other: the newer one wins."""
        before = self.desk.monitor
        fresh = [name for name in SOLO_PAIRS if getattr(settings, name) and not getattr(before, name)]
        for name in fresh:
            settings = replace(settings, **{SOLO_PAIRS[name]: False})
        self.desk.set_monitor(settings)
        self.changed()

    def toggle_monitor(self, name: str) -> None:
        """One switch of the monitor section, by the name of its field."""
        if name not in {field.name for field in fields(MonitorSettings)}:
            raise ValueError(f"the monitor has no switch {name!r}")
        settings = self.desk.monitor
        self.set_monitor(replace(settings, **{name: not getattr(settings, name)}))

    def step_level(self, steps: int) -> None:
        """Monitor level in half decibels."""
        settings = self.desk.monitor
        self.set_monitor(replace(settings, level_db=LEVEL.clamp(settings.level_db + steps * LEVEL_STEP_DB)))

    @property
    def drops(self) -> int:
        """How often the sound was late since the lamp was cleared."""
        status = self.desk.player.status
        return max(0, status.dropouts + status.starved - self._drops_cleared)

    def clear_drops(self) -> None:
        status = self.desk.player.status
        self._drops_cleared = status.dropouts + status.starved
        self.changed()

    def forget_peaks(self) -> None:
        """Lamps out, written peaks anew."""
        self.window.meters.peak.clear_over()
        self.window.meters.peak.play_began()
        self.desk.meters.reset()
        self.changed()
