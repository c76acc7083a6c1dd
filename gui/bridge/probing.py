"""Measures what the open saturation makes of a sine, on a thread, whenever its settings are other ones."""
from gui.acts.acts import Acts
from gui.editors import SaturationEditor
from gui.editors.saturation import Probe
from gui.meters.ballistics import Pace
from mastering_rt.desk.jobs import Job
from mastering_rt.measure.harmonics import Harmonics, measure_harmonics

PROBES_PER_S = 20.0


class Probing:
    """`follow` once per picture; one measurement is under way at a time."""

    def __init__(self, acts: Acts) -> None:
        self._acts = acts
        self._pace = Pace(PROBES_PER_S)
        self._shown: tuple[SaturationEditor, Probe, int] | None = None
        self._job: Job[Harmonics] | None = None
        self._asked: tuple[SaturationEditor, Probe, int] | None = None

    def follow(self, time_s: float) -> None:
        """Begin what is due, hand on what is done."""
        if self._job is not None and self._job.done:
            self._take(self._job)
        frame = self._acts.window.stage.frame
        if frame is None or self._job is not None or not isinstance(frame.editor, SaturationEditor) or not frame.isVisible():
            return
        wanted = (frame.editor, frame.editor.probe(), self._acts.desk.player.rate_hz)
        if wanted != self._shown and self._pace.due(time_s):
            self._asked = wanted
            (values, hz, level_dbfs), rate = wanted[1], wanted[2]
            self._job = Job("Measuring harmonics", lambda progress, cancelled: measure_harmonics(dict(values), rate, hz, level_dbfs))

    def _take(self, job: Job[Harmonics]) -> None:
        self._job, self._shown = None, self._asked
        if job.result is not None and self._asked is not None and self._asked[0] in (f.editor for f in self._acts.window.stage.frames.values()):
            self._asked[0].show_harmonics(job.result, self._asked[1])
