"""Thresholds of a dynamic equaliser from the song: asked for, found in the background, set as one step."""
from gui.acts.part import Part
from gui.dialogs.thresholds import ThresholdsDialog
from mastering_rt.desk.jobs import Job
from mastering_rt.desk.thresholds import take_thresholds, thresholds_job
from mastering_rt.offline.band_thresholds import BANDS, KIND, Thresholds


class SongThresholds(Part):
    """`job` is the one under way, of which there is one at a time."""

    job: Job[Thresholds] | None = None

    @property
    def possible(self) -> bool:
        """A dynamic equaliser is selected, there is a song, and nothing is being listened to already."""
        slot = self.acts.shaping.slot
        return slot is not None and slot.kind == KIND and self.has_song and self.job is None

    def ask(self) -> None:
        """Which bands of the selected slot, at which percentile."""
        name = self.acts.shaping.selected
        dialog = ThresholdsDialog(self.window, [f"Band {band}" for band in range(1, BANDS + 1)])
        dialog.answered.connect(lambda answer: self.start(name, dialog.percentile, dialog.bands) if answer == "set" else None)
        dialog.open()

    def start(self, slot: str, percentile: float, bands: tuple[int, ...] | None) -> None:
        """Listen to the song behind the window."""
        def begin() -> None:
            self.job = thresholds_job(self.desk, slot, percentile, bands)
        if self.attempt(begin) and self.job is not None:
            self.acts.background.add(self.job, self._done)
            self.tell("Listening to the song. The thresholds are set when it has been heard.", [("Stop", self.stop)])

    def stop(self) -> None:
        """Leave every threshold as it is."""
        if self.job is not None:
            self.job.cancel()

    def _done(self, job: Job[Thresholds]) -> None:
        self.job = None
        found = job.result
        if found is None:
            self.tell(job.problem, fault=not job.cancelled)
        elif self.attempt(lambda: take_thresholds(self.desk, found)):
            for notice in found.notices:
                self.tell(notice)
        self.changed()
