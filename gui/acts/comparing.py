"""References and snapshots: added, heard, trimmed, looped, aligned, taken back."""
from collections import deque
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QFileDialog

from gui.acts.files import ONLY_MIXES
from gui.acts.part import Part, short
from gui.controls.menu import Menu, menu_on
from gui.dialogs.dialog import Dialog, Form
from gui.dialogs.entry import Entry
from gui.theme import numbers
from mastering_rt.desk.jobs import Job
from mastering_rt.desk.reference_jobs import (
    add_reference,
    align_job,
    lock,
    source_job,
    suggest_job,
    take_counterpart,
)
from mastering_rt.desk.sides import Side
from mastering_rt.errors import MasteringError, TooManyChannels, UsageProblem, clock
from mastering_rt.session import comparing
from mastering_rt.session.model import Reference, Section, Session, Source

if TYPE_CHECKING:
    from gui.acts.acts import Acts

TRIM_STEP_DB = 0.5
MODES = (("loop", "Over the loop"), ("song", "Over the whole song"), ("recent", "Since the last change"))


class Comparing(Part):
    """What stands in the compare bar beside mix and master."""

    def __init__(self, acts: "Acts") -> None:
        super().__init__(acts)
        self._coming: deque[tuple[str, tuple[int, ...] | None]] = deque()
        self._look: Job[Source] | None = None

    # hearing

    def hear(self, side: Side) -> None:
        """Hear anything; what cannot be heard says why."""
        self.attempt(lambda: self.desk.hear_side(side))
        self.window.steps.tick("compare")

    def hear_reference(self, id: str) -> None:
        """One whose file was missing is looked for again first."""
        entry = self.desk.compare.references[id]
        if entry.problem:
            self.desk.compare.references.retry(id)
            self.changed()
            if self.desk.compare.references.under_way is not None:
                self.tell(f"{self._reference(id).title}: looking for its file again.")
                return
        self.hear(Side("reference", id))

    def hear_reference_at(self, index: int) -> None:
        """By its place, 0 first."""
        references = self.desk.session.references
        if index < len(references):
            self.hear_reference(references[index].id)
        else:
            self.ask_add()

    def has_reference_at(self, index: int) -> bool:
        return index < len(self.desk.session.references)

    def _reference(self, id: str) -> Reference:
        return comparing.find_reference(self.desk.session, id)

    # adding

    def ask_add(self) -> None:
        """The system's dialog for files."""
        paths, _ = QFileDialog.getOpenFileNames(self.window, "Add references", str(self.folder_for("reference")), ONLY_MIXES)
        if paths:
            self.acts.settings.keep_folder("reference", str(Path(paths[0]).parent))
        for path in paths:
            self.add(path)

    def add(self, path: str, channels: tuple[int, ...] | None = None) -> None:
        """A file, looked at behind the window. Files come in the order in which they were chosen."""
        self._coming.append((path, channels))
        if self._look is None or self._look.done:
            self._look_at_next()

    def _look_at_next(self) -> None:
        path, channels = self._coming.popleft()
        self._look = source_job(path, channels)
        self.acts.background.add(self._look, partial(self._looked_at, path))

    def _looked_at(self, path: str, job: Job[Source]) -> None:
        if job is self._look and self._coming:
            self._look_at_next()
        source = job.result
        if source is not None:
            self.attempt(lambda: add_reference(self.desk, source))
        elif isinstance(job.error, TooManyChannels):
            self.acts.files.choose_channels(job.error, lambda pair: self.add(path, pair))
        elif job.problem:
            self.tell(job.problem, fault=True)

    # the menu of a reference

    def open_menu(self, id: str, at: QPoint) -> Menu:
        """Everything that can be done with one."""
        reference, menu = self._reference(id), menu_on(self.window)
        menu.add("Hear it", lambda: self.hear_reference(id))
        menu.add("Locked to the song", lambda: self.toggle_lock(id), checked=reference.locked)
        menu.add("Align with the song", lambda: self.align(id), enabled=self.has_song)
        menu.addSeparator()
        menu.add(f"Trim {numbers.quantity(reference.trim_db, 'dB', plus=True)}...", lambda: self.ask_trim(id))
        menu.add("Name...", lambda: self.ask_label(id))
        self._add_places(menu, reference)
        menu.addSeparator()
        menu.add("Another file...", lambda: self.ask_file(id))
        menu.add("Remove", lambda: self._edit(lambda s: comparing.remove_reference(s, id)))
        menu.open_at(at)
        return menu

    def _add_places(self, menu: Menu, reference: Reference) -> None:
        id, free = reference.id, not reference.locked
        here = self.desk.compare.reference_frame(id)
        menu.addSeparator()
        loop = reference.loop
        menu.add("Loop", lambda: self.switch_loop(id), enabled=free and loop is not None, checked=loop is not None and loop.on)
        menu.add("Loop from here", lambda: self.loop_from(id, here), enabled=free)
        menu.add("Loop to here", lambda: self.loop_to(id, here), enabled=free)
        menu.add("Counterpart of the song's loop", lambda: self.suggest(id), enabled=free and self.desk.session.loop is not None)
        menu.add("Its loop belongs to the song's loop", lambda: self.pair_loops(id), enabled=free and loop is not None and self.desk.session.loop is not None)
        menu.add("Cue here", lambda: self._edit(lambda s: comparing.set_cues(s, id, (*reference.cues, here))), enabled=free)
        for cue in reference.cues:
            menu.add(f"Go to {clock(cue / reference.source.sample_rate_hz)}", partial(self.go, id, cue), enabled=free)
        if reference.cues:
            menu.add("Forget the cues", lambda: self._edit(lambda s: comparing.set_cues(s, id, ())))

    def _edit(self, change: Callable[[Session], Session], key: str = "") -> bool:
        return self.attempt(lambda: self.desk.edit(change, key))

    def go(self, id: str, frame: int) -> None:
        """To a frame of its file."""
        self.attempt(lambda: self.desk.compare.seek_reference(id, frame))

    @property
    def _heard(self) -> Reference | None:
        """The reference that is heard."""
        side = self.desk.compare.side
        return self._reference(side.name) if side.kind == "reference" else None

    def go_heard(self, frame: int) -> None:
        """To a frame of the reference that is heard; with one that is locked the song goes along."""
        reference = self._heard
        if reference is None:
            return
        if reference.locked:
            ratio = self.desk.player.song_rate_hz / reference.source.sample_rate_hz
            self.acts.hearing.seek(round(frame * ratio) - reference.offset_frames)
        else:
            self.go(reference.id, frame)

    def loop_heard(self, start: int, stop: int) -> None:
        """A loop in the reference that is heard; a locked one goes round with the song."""
        reference = self._heard
        if reference is None:
            return
        if reference.locked:
            self.tell(f"{reference.title} is locked to the song and goes round with it; draw the loop in the song, or free the reference.")
            self.changed()
        else:
            self._edit(lambda s: comparing.set_reference_loop(s, reference.id, start, stop))

    def switch_loop_heard(self) -> None:
        if self._heard is not None:
            self.switch_loop(self._heard.id)

    def switch_loop(self, id: str) -> None:
        loop = self._reference(id).loop
        if loop is not None:
            self._edit(lambda s: comparing.set_reference_loop(s, id, loop.start_frame, loop.stop_frame, not loop.on))

    def loop_from(self, id: str, frame: int) -> None:
        """From here to where it ended, or to the end."""
        reference = self._reference(id)
        stop = reference.loop.stop_frame if reference.loop is not None and reference.loop.stop_frame > frame else reference.source.frames
        self._edit(lambda s: comparing.set_reference_loop(s, id, frame, stop))

    def loop_to(self, id: str, frame: int) -> None:
        """From where it began, or from the start, to here."""
        loop = self._reference(id).loop
        start = loop.start_frame if loop is not None and loop.start_frame < frame else 0
        self._edit(lambda s: comparing.set_reference_loop(s, id, start, frame))

    def pair_loops(self, id: str) -> None:
        """By hand: the passage it goes round in stands for the one the song goes round in."""
        own, loop = self._reference(id).loop, self.desk.session.loop
        if own is not None and loop is not None:
            section = Section(loop.start_frame, loop.stop_frame, own.start_frame, own.stop_frame)
            self._edit(lambda s: comparing.pair_section(s, id, section))

    # alignment

    def toggle_lock(self, id: str) -> None:
        """Free, or at the offset it has; one that was never aligned is aligned first."""
        reference = self._reference(id)
        if reference.locked:
            self._edit(lambda s: comparing.free_reference(s, id))
        elif reference.offset_frames:
            self._edit(lambda s: comparing.lock_reference(s, id, reference.offset_frames))
        else:
            self.align(id)

    def align(self, id: str) -> None:
        """Find where it lies against the song, behind the window."""
        self._begin(lambda: align_job(self.desk, id), lambda found: lock(self.desk, found))

    def suggest(self, id: str) -> None:
        """Find the counterpart of the song's loop, behind the window."""
        self._begin(lambda: suggest_job(self.desk, id), lambda found: take_counterpart(self.desk, found))

    def _begin(self, start: Callable[[], Job], take: Callable) -> None:  # type: ignore[type-arg]
        try:
            job = start()
        except MasteringError as problem:
            self.tell(str(problem))
            return
        self.acts.background.add(job, partial(self._done, take))

    def _done(self, take: Callable[[object], str], job: Job[object]) -> None:
        if job.result is None:
            if job.problem and not job.cancelled:
                self.tell(job.problem, fault=True)
            return
        said: list[str] = []
        if self.attempt(lambda: said.append(take(job.result))):
            self.tell(said[0], [("Undo", self.acts.shaping.undo)])

    # values

    def ask_trim(self, id: str) -> None:
        """Decibels on top of the match."""
        self._ask(id, "Trim", numbers.number(self._reference(id).trim_db), lambda text: comparing_trim(id, text))

    def ask_label(self, id: str) -> None:
        """Its name on the key."""
        self._ask(id, "Name", self._reference(id).title, lambda text: lambda s: comparing.label_reference(s, id, text))

    def _ask(self, id: str, what: str, now: str, change: Callable[[str], Callable[[Session], Session]]) -> None:
        dialog = Dialog(self.window, f"{what} of {short(self._reference(id).title)}", "")
        form, entry = Form(), Entry(what)
        entry.setText(now)
        form.add(what, entry)
        dialog.body.addWidget(form)
        dialog.add_answer("cancel", "Cancel")
        dialog.add_answer("set", "Set", safe=True)
        dialog.answered.connect(lambda answer: self.attempt(lambda: self.desk.edit(change(entry.text()))) if answer == "set" else None)
        dialog.open()
        entry.setFocus()
        entry.selectAll()

    def ask_file(self, id: str) -> None:
        """The same reference from another file."""
        path, _ = QFileDialog.getOpenFileName(self.window, "Another file for this reference", str(self.folder_for("reference")), ONLY_MIXES)
        if path:
            self.acts.background.add(source_job(path), partial(self._replace, id))

    def _replace(self, id: str, job: Job[Source]) -> None:
        source = job.result
        if source is not None:
            self._edit(lambda s: comparing.replace_file(s, id, source))
        elif job.problem:
            self.tell(job.problem, fault=True)

    # snapshots

    def hear_snapshot(self, letter: str) -> None:
        """Hear it; an empty one says how it is filled."""
        if comparing.find_snapshot(self.desk.session, letter) is None:
            self.tell(f"Snapshot {letter} is empty. Shift+F{1 + 'ABCD'.index(letter)} stores the chain in it.")
        else:
            self.hear(Side("snapshot", letter))

    def store(self, letter: str) -> None:
        """The chain as it is."""
        self.desk.settle()
        if self._edit(lambda s: comparing.store_snapshot(s, letter)):
            self.tell(f"Snapshot {letter} stored.", [("Undo", self.acts.shaping.undo)])

    def recall(self, letter: str) -> None:
        """Its chain in place of the one there is."""
        if self._edit(lambda s: comparing.recall_snapshot(s, letter)):
            self.attempt(lambda: self.desk.hear("master"))

    def open_snapshot_menu(self, letter: str, at: QPoint) -> Menu:
        """Everything that can be done with one."""
        menu, there = menu_on(self.window), comparing.find_snapshot(self.desk.session, letter) is not None
        place = 1 + "ABCD".index(letter)
        menu.add("Hear it", lambda: self.hear_snapshot(letter), f"F{place}", enabled=there)
        menu.add("Store the chain here", lambda: self.store(letter), f"Shift+F{place}")
        menu.add("Take it as the chain", lambda: self.recall(letter), enabled=there)
        menu.add("Clear", lambda: self._edit(lambda s: comparing.clear_snapshot(s, letter)), enabled=there)
        menu.open_at(at)
        return menu

    # the match

    def open_match_menu(self, at: QPoint) -> Menu:
        """What the match goes by, with what it finds there."""
        menu = menu_on(self.window)
        for words in filter(None, self.window.compare.matched.why):
            menu.say(words)
        menu.addSeparator()
        for mode, words in MODES:
            menu.add(words, partial(self._set_mode, mode), checked=self.desk.compare.mode == mode)
        menu.open_at(at)
        return menu

    def _set_mode(self, mode: str) -> None:
        self.attempt(lambda: self.desk.set_match_mode(mode))  # type: ignore[arg-type]


def comparing_trim(id: str, text: str) -> Callable[[Session], Session]:
    """The edit for a trim as it was typed. UsageProblem for what is no number."""
    plain = text.replace("\N{MINUS SIGN}", "-").lower().removesuffix("db").strip()
    try:
        value = float(plain)
    except ValueError:
        raise UsageProblem(f"{text!r} is no trim; type decibels, such as -1.5.") from None
    return lambda session: comparing.set_trim(session, id, value)
