"""The drive of the limiter, set so that the whole song reads a wished loudness."""
from functools import partial

from gui.acts.part import Part
from gui.dialogs.loudness import LoudnessDialog
from gui.theme import numbers
from mastering_rt.desk.jobs import Job
from mastering_rt.offline.loudness_target import Reached
from mastering_rt.session.model import Slot


class Loudness(Part):
    """`ask` opens the dialog; what it finds is one step that undo takes back."""

    dialog: LoudnessDialog | None = None
    job: Job[Reached] | None = None
    _target_lufs: float | None = None        # wished last in this run

    def ask(self) -> None:
        """Which loudness?"""
        if self.desk.song is None or self.dialog is not None:
            return
        target = self._target_lufs if self._target_lufs is not None else self.acts.settings.scales().target_lufs
        self.dialog = LoudnessDialog(self.window, target, self._level())
        self.dialog.wished.connect(self.find)
        self.dialog.answered.connect(lambda _answer: self._closed())
        self.dialog.open()
        self.dialog.target.setFocus()

    def _level(self) -> str:
        return "Drive" if any(slot.kind == "limiter" and not slot.bypassed for slot in self.desk.session.chain) else "Gain"

    def find(self, target_lufs: float) -> None:
        """Measure until it is found; the dialog shows how far it is."""
        self._target_lufs = target_lufs
        self.desk.settle()
        chain = self.desk.session.chain
        self.job = self.desk.loudness_job(target_lufs)
        self.acts.background.add(self.job, partial(self._found, chain))
        self.poll()

    def poll(self) -> None:
        """How far it is, some times a second."""
        if self.dialog is not None and self.job is not None:
            self.dialog.show_progress(self.job.doing, self.job.share)

    def _closed(self) -> None:
        self.dialog = None
        if self.job is not None:
            self.job.cancel()

    def _found(self, chain: tuple[Slot, ...], job: Job[Reached]) -> None:
        if job is self.job:
            self.job = None
        reached = job.result
        if reached is not None and not job.stopping:
            self.attempt(lambda: self._take(chain, reached))
        elif job.problem and not job.cancelled:
            self.tell(job.problem, fault=True)
        if self.job is None and self.dialog is not None:
            self.dialog.answer("done")

    def _take(self, chain: tuple[Slot, ...], reached: Reached) -> None:
        self.desk.take_loudness(chain, reached)
        loudness = numbers.quantity(reached.loudness_lufs, "LUFS")
        level = "drive" if reached.slot.kind == "limiter" else "gain"
        self.tell(reached.notice or f"The song reads {loudness}. {reached.slot.title}: {reached.gain_text} of {level}.",
                  [("Undo", self.acts.shaping.undo)])
