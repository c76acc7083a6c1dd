"""The latency of the audio device, measured: a noise goes out and is found in the input, while the dialog waits."""
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from gui.acts.part import Part
from gui.theme import numbers
from mastering_rt.desk.jobs import Job
from mastering_rt.playback.round_trip import RoundTrip, measure_round_trip

if TYPE_CHECKING:
    from gui.acts.acts import Acts

FADE_MS = 120                    # until what played has faded out
NOT_YET, UNDER_WAY = "not yet", "listening..."
Key = tuple[str, str, int, int]


class Latency(Part):
    """`found` by host API, device, rate and block, as long as the program runs. `job` while it is measured."""

    job: Job[RoundTrip] | None = None
    waiting = False

    def __init__(self, acts: "Acts") -> None:
        super().__init__(acts)
        self.found: dict[Key, RoundTrip] = {}

    @property
    def _key(self) -> Key:
        player = self.desk.player
        device = player.device.info if player.device is not None else player.wishes.device
        return (device.host_api, device.name, player.rate_hz, player.wishes.block_frames) if device is not None else ("", "", 0, 0)

    def words(self) -> str:
        """What stands in the dialog."""
        known = self.found.get(self._key)
        if self.job is not None or self.waiting:
            return UNDER_WAY
        return trip_text(known) if known is not None else NOT_YET

    def measure(self) -> None:
        """Stop, and measure when it is quiet."""
        if self.job is not None or self.waiting:
            return
        playing = self.desk.player.status.playing
        if playing:
            self.desk.player.stop()
        self.waiting = True
        self._show()
        QTimer.singleShot(FADE_MS if playing else 0, self.window, lambda: self._begin(playing))

    def _begin(self, playing: bool) -> None:
        player, key = self.desk.player, self._key
        rate, frames = player.rate_hz, player.wishes.block_frames
        device = player.lend_device()
        self.waiting = False
        self.job = Job("Measuring the latency", lambda _progress, _cancelled: measure_round_trip(device, rate, frames))
        self.acts.background.add(self.job, lambda job: self._done(key, job, playing))
        self._show()

    def _done(self, key: Key, job: Job[RoundTrip], playing: bool) -> None:
        self.job = None
        self.desk.player.take_device_back()
        if job.result is not None:
            self.found[key] = job.result
        if playing:
            self.attempt(self.desk.play_or_stop)
        dialog = self.acts.viewing.device_dialog
        if dialog is None:
            self.tell(job.problem or f"Measured latency: {trip_text(self.found[key])}.", fault=bool(job.problem))
        else:
            dialog.show_problem(job.problem)
        self._show()
        self.changed()

    def _show(self) -> None:
        dialog = self.acts.viewing.device_dialog
        if dialog is not None:
            dialog.show_measured(self.words(), under_way=self.job is not None or self.waiting)


def trip_text(trip: RoundTrip) -> str:
    """ "12.3 ms round trip, driver 11.9 ms"."""
    return f"{numbers.quantity(trip.ms, 'ms')} round trip, driver {numbers.quantity(trip.reported_ms, 'ms')}"
