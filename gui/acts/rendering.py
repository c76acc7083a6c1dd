"""Masters written behind the window: what was asked, how far it is, what was read back."""
import time
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from gui.acts.part import Part, short
from gui.dialogs.dialog import ask, kept_on
from gui.dialogs.render import FileRow, RenderDialog, RenderWish, bits_of
from gui.theme import numbers
from gui.window.read_back import Asked, bits_text, headline, plan_rows, rate_text, rows, warning
from mastering_rt.desk.jobs import Job
from mastering_rt.errors import NotReadBack, UsageProblem
from mastering_rt.offline.expected import Expected, expected
from mastering_rt.offline.measured import Measured
from mastering_rt.offline.render import RenderReport, ceiling_of
from mastering_rt.session import edits
from mastering_rt.session.model import Slot

KEPT = 3
PATIENCE_S = 5.0


@dataclass
class Run:
    """One file: what was asked, the job that writes it, how long it took."""

    path: Path
    asked: Asked
    job: Job[RenderReport]
    began_s: float = field(default_factory=time.monotonic)
    took_s: float = 0.0

    @property
    def name(self) -> str:
        """ "WAV 24-bit, 44.1 kHz"."""
        return f"{self.path.suffix[1:].upper()} {bits_text(self.asked.options.bits)}, {rate_text(self.asked.rate_hz)}"


class Rendering(Part):
    """`open` the dialog; runs are kept, newest first, so that it shows them when it is opened again."""

    dialog: RenderDialog | None = None
    _shown = 0
    _known: Measured | None = None           # what the plan that is shown was made of

    def __init__(self, acts: object) -> None:
        super().__init__(acts)  # type: ignore[arg-type]
        self.runs: list[Run] = []
        self._row_widgets: list[FileRow] = []

    @property
    def busy(self) -> bool:
        """Whether a file is being written."""
        return any(not run.job.done for run in self.runs)

    def open(self) -> None:
        """The dialog, for the song as it is."""
        song = self.desk.song
        if song is None or self.dialog is not None:
            return
        loop = self.desk.session.loop
        self.dialog = kept_on(self.window, RenderDialog, self._make)
        self.dialog.form.fill(song.sample_rate_hz, str(self._suggested()), has_loop=loop is not None,
                              has_ceiling=ceiling_of(self.desk.session.chain) is not None)
        self.dialog.aside.show_words(f"{self._what()}, monitor and match left out")
        self._list_runs()
        if self.busy:
            self._show_run(0)
        else:
            self._show_plan()
        self.dialog.open()
        self.dialog.render_key.setFocus()

    def _make(self) -> RenderDialog:
        dialog = RenderDialog(self.window)
        dialog.render_asked.connect(self.ask)
        dialog.cancel_asked.connect(self.cancel)
        dialog.row_chosen.connect(self._show_run)
        dialog.edited.connect(self._show_plan)
        dialog.back.remedy_asked.connect(self.remedy)
        dialog.answered.connect(lambda _answer: self._closed())
        return dialog

    def _what(self) -> str:
        """What will be in the file, beside what is heard now."""
        left_out = next((slot.title for slot in self.desk.session.chain if slot.name == self.desk.without), "")
        if left_out:
            return f"the whole chain with {left_out}"
        return "chain as heard" if self.desk.heard == "master" else "the master"

    def _closed(self) -> None:
        self.dialog, self._row_widgets = None, []

    def _suggested(self) -> Path:
        return self.folder_for("render") / f"{self.acts.files.session_name()} master.wav"

    # asking

    def asked(self, wish: RenderWish) -> Asked:
        """What the file will be held to."""
        song, loop = self.desk.song, self.desk.session.loop
        if song is None:
            raise UsageProblem("There is no mix to render; open one first.")
        options = wish.options
        rate = options.sample_rate_hz or song.sample_rate_hz
        span = (0, song.frames)
        if wish.loop and loop is not None:
            span = (loop.start_frame, loop.stop_frame)
            options = replace(options, range_s=(span[0] / song.sample_rate_hz, span[1] / song.sample_rate_hz))
        return Asked(options, rate, (span[1] - span[0]) / song.sample_rate_hz, ceiling_of(self.desk.session.chain))

    def ask(self, wish: RenderWish) -> None:
        """Write it; a file that is there already only after a question."""
        path = Path(wish.path)
        if not path.exists():
            self.start(wish)
            return
        ask(self.window, f"{short(path.name)} exists already.", f"It lies in {path.parent}. The new master would take its place.",
            (("replace", "Replace it"), ("keep", "Keep it")), "keep",
            lambda answer: self.start(replace(wish, options=replace(wish.options, overwrite=True))) if answer == "replace" else None)

    def start(self, wish: RenderWish) -> None:
        """Write it in the background."""
        asked = self.asked(wish)
        path = Path(wish.path)
        self.acts.settings.keep_folder("render", str(path.parent))
        run = Run(path, asked, self.desk.render_job(wish.path, asked.options))
        self.runs = [run, *self.runs][:KEPT]
        self.acts.background.add(run.job, partial(self._done, run))
        self._list_runs()
        self._show_run(0)
        self.changed()

    def cancel(self) -> None:
        """Stop what is being written; nothing of it is left."""
        for run in self.runs:
            run.job.cancel()

    def cancel_and_wait(self) -> None:
        """The program ends: no half-written file is left behind."""
        self.cancel()
        for run in self.runs:
            run.job.wait(PATIENCE_S)

    def _done(self, run: Run, job: Job[RenderReport]) -> None:
        run.took_s = time.monotonic() - run.began_s
        if self.dialog is not None:
            self._show_run(self.runs.index(run) if run in self.runs else 0)
        elif job.result is not None:
            self.tell(f"{short(run.path.name)} is written. It was read back and measured.", [("Show", self.open_last)])
        elif not job.cancelled:
            self.tell(job.problem, fault=True)
        if job.result is not None:
            self.window.steps.tick("render")
        self.changed()

    def open_last(self) -> None:
        """The dialog with what was read back last."""
        self.open()
        self._show_run(0)

    # showing

    def poll(self) -> None:
        """How far it is, some times a second."""
        if self.dialog is None:
            return
        if self._shown == -1 and self._known is not self._measured():
            self._show_plan()
        for run, row in zip(self.runs, self._row_widgets, strict=False):
            show_row(row, run)

    def _list_runs(self) -> None:
        if self.dialog is None:
            return
        self._row_widgets = self.dialog.show_jobs([run.name for run in self.runs])
        self.dialog.show_busy(self.busy)
        self.poll()

    def _show_plan(self) -> None:
        """What would be written now."""
        if self.dialog is None or self.desk.song is None:
            return
        self._known = self._measured()
        self._select(-1)
        wish = self.dialog.form.wish()
        asked, known = self.asked(wish), self._expected(wish)
        says = warning(asked, known)
        aside = "The whole song is still being measured" if self._known is None else ""
        self.dialog.back.show_plan(plan_rows(asked, known), f"It will be {wish.path}", aside=aside, figures=headline(known.levels) if known else (),
                                   warning=says, remedies=self._remedies(known) if says else {})

    def _measured(self) -> Measured | None:
        """The whole song behind the chain as it is, when that is known."""
        known = self.desk.measured
        return known if known is not None and known.chain == self.desk.session.chain else None

    def _expected(self, wish: RenderWish) -> Expected | None:
        """What will be in the file. A loudness that is still to be reached changes all of it."""
        loop = self.desk.session.loop
        if self._known is None or wish.options.target_lufs is not None:
            return None
        span = (loop.start_frame, loop.stop_frame) if wish.loop and loop is not None else None
        return expected(self._known, wish.options.bits, span)

    def _remedies(self, known: Expected | None) -> dict[str, str]:
        """What can be done about a file that will clip, in words for its keys."""
        found = {"limiter": "Put the limiter last" if self._limiter() is not None else "Add a limiter"}
        if known is not None and known.clipped_samples and self.dialog is not None and "32f" in bits_of(self.dialog.form.suffix):
            found["float"] = "32-bit float"
        return found

    def _limiter(self) -> Slot | None:
        """One that would keep its ceiling if it stood last."""
        return next((slot for slot in reversed(self.desk.session.chain) if slot.kind == "limiter" and ceiling_of((slot,)) is not None), None)

    def remedy(self, key: str) -> None:
        """Put a limiter at the end, the one there is or a new one; or write floats."""
        if key == "limiter":
            limiter, last = self._limiter(), len(self.desk.session.chain)
            self.attempt(lambda: self.desk.edit(lambda s: edits.add_stage(s, "limiter", last) if limiter is None else
                                                edits.move_stage(s, limiter.name, last - 1)))
        elif self.dialog is not None:
            self.dialog.form.choose_bits("32f")
        if self.dialog is not None:
            self.dialog.form.show_ceiling(ceiling_of(self.desk.session.chain) is not None)
            self.dialog.render_key.setFocus()
        self._show_plan()

    def _show_run(self, index: int) -> None:
        if self.dialog is None or not 0 <= index < len(self.runs):
            return
        self._select(index)
        run, back = self.runs[index], self.dialog.back
        report = run.job.result
        if report is not None:
            back.show_found(speed_words(report.file.duration_s, run.took_s), headline(report.file), rows(run.asked, report),
                            report.notices, report.sha256)
        elif run.job.done:
            back.show_problem("Written, but not read back" if isinstance(run.job.error, NotReadBack) else "Nothing was written", run.job.problem)
        else:
            back.show_plan(rows(run.asked, None), "")

    def _select(self, index: int) -> None:
        self._shown = index
        if self.dialog is not None:
            self.dialog.show_busy(self.busy)
        for place, row in enumerate(self._row_widgets):
            row.show_selected(place == index)
        self.poll()


def speed_words(duration_s: float, took_s: float) -> str:
    """How long writing and reading back took together, and how many times faster than listening that is."""
    took = numbers.quantity(took_s, "s", 2 if took_s < 10 else 0)
    return f"{numbers.clock(duration_s, 1)} done in {took}, {duration_s / max(took_s, 0.001):.0f} × real time"


def show_row(row: FileRow, run: Run) -> None:
    """State, file and progress of a run."""
    job = run.job
    if job.result is not None:
        size = run.path.stat().st_size / 1e6 if run.path.exists() else 0.0
        row.show_state("Read back", f"{short(run.path.name)}, {size:.1f} MB", share=1.0, mark="tick")
    elif job.done:
        row.show_state("Not read back" if isinstance(job.error, NotReadBack) else "Stopped" if job.cancelled else "Failed", short(run.path.name), mark="" if job.cancelled else "warning")
    else:
        row.show_state(f"{100 * job.share:.0f} %", f"{short(run.path.name)}: {job.doing.lower()}", share=job.share)
