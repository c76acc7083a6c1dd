"""Keeps the journal of a desk: what played since the last entry, the entries themselves, and their numbers when they come."""
import time
from collections.abc import Callable

from msgspec.structs import replace

from mastering_rt.blind.trials import Result
from mastering_rt.blind.words import sentence
from mastering_rt.desk.jobs import Job
from mastering_rt.measure.programme import Programme
from mastering_rt.offline.whole_song import Measured
from mastering_rt.playback.player import Status
from mastering_rt.session.changes import Written, unwritten
from mastering_rt.session.journal import (
    MOST_PASSAGES,
    Entries,
    Entry,
    Kind,
    Numbers,
    Passage,
    added,
    next_number,
    version_entry,
    with_numbers,
)
from mastering_rt.session.model import Session, Slot

MOST_WAITING = 6                 # moves that were taken back before they were measured, and still get their numbers
LATEST = 8                       # entries whose words may still come
JUMP_S = 0.5                     # the playhead moved on by more than this between two looks: a seek, or a loop that went round


class Passages:
    """Where in the song sound was heard."""

    def __init__(self) -> None:
        self._found: list[Passage] = []
        self._now: Passage | None = None

    def follow(self, status: Status, rate_hz: int) -> None:
        """Call for every picture."""
        at = status.frame / rate_hz
        if not status.playing:
            self._close()
        elif self._now is not None and 0 <= at - self._now[1] <= JUMP_S:
            self._now = (self._now[0], at)
        else:
            self._close()
            self._now = (at, at)

    def _close(self) -> None:
        if self._now is not None and self._now[1] > self._now[0]:
            self._found = merged([*self._found, self._now])
        self._now = None

    def take(self) -> tuple[Passage, ...]:
        """What was heard since the last call, in the order of the song."""
        playing = self._now[1] if self._now is not None else None
        self._close()
        found, self._found = tuple(self._found[-MOST_PASSAGES:]), []
        self._now = (playing, playing) if playing is not None else None
        return found


def merged(passages: list[Passage]) -> list[Passage]:
    """In order, with what overlaps made one; a tenth of a second is as fine as it gets."""
    found: list[Passage] = []
    for start, stop in sorted((round(start, 1), round(stop, 1)) for start, stop in passages):
        if found and start <= found[-1][1] + JUMP_S:
            found[-1] = (found[-1][0], max(stop, found[-1][1]))
        else:
            found.append((start, stop))
    return found


class Journaling:
    """`entries` is the journal. `poll` for every picture; everything else when it happens."""

    def __init__(self, entries: Entries = (), clock: Callable[[], float] = time.time) -> None:
        self.entries = entries
        self.unsaved = False                     # something stands in it that no setting of the session tells
        self._clock = clock
        self._passages = Passages()
        self._settings: object = None            # of the last entry: mix and chain
        self._settings_before: object = None     # of the one before it
        self._waiting: list[tuple[tuple[Slot, ...], int]] = []               # chains, and the entries that led to them
        self._measured: list[tuple[Measured, list[int]]] = []
        self._job: tuple[Job[Numbers], list[int]] | None = None

    def begin(self, entries: Entries) -> None:
        """The journal of another session."""
        self.entries, self.unsaved, self._settings, self._waiting, self._measured, self._job = entries, False, None, [], [], None
        self._settings_before = None
        self._passages = Passages()

    def step(self, session: Session, sentence: str, *, goes_on: bool = False) -> None:
        """A gesture, undo or redo is finished. One that goes on with the step before it, as the taps of an arrow key do, is told in its entry."""
        settings = (session.source, session.chain)
        if goes_on and self.entries and self.entries[-1].kind == "step":
            entry = self._go_on(sentence, sounds=settings != self._settings_before)
        else:
            self._settings_before = self._settings
            entry = self._add("step", sentence, sounds=settings != self._settings)
        if not entry.sounds:
            self._settings = settings
            return
        if not isinstance(self._settings, tuple) or self._settings[0] != session.source:
            self._waiting = []
        self._settings = settings
        self._waiting = [*self._waiting, (session.chain, entry.number)][-MOST_WAITING:]

    def _go_on(self, sentence: str, *, sounds: bool) -> Entry:
        """The last entry anew; numbers that are on their way to it belong to settings that nobody kept."""
        last = self.entries[-1]
        self._waiting = [(chain, number) for chain, number in self._waiting if number != last.number]
        for _, numbers in (*self._measured, *([self._job] if self._job is not None else [])):
            numbers[:] = [number for number in numbers if number != last.number]
        heard = tuple(merged([*last.heard, *self._passages.take()])[-MOST_PASSAGES:])
        entry = replace(last, time=self._clock(), sentence=sentence, heard=heard, numbers=None, sounds=sounds)
        self.entries = (*self.entries[:-1], entry)
        return entry

    def reword(self, before: str, after: str) -> None:
        """A step that was just written down is called otherwise."""
        place = next((place for place in range(len(self.entries) - 1, max(-1, len(self.entries) - LATEST - 1), -1)
                      if self.entries[place].kind == "step" and self.entries[place].sentence == before), None)
        if place is not None:
            self.entries = (*self.entries[:place], replace(self.entries[place], sentence=after), *self.entries[place + 1:])

    def rebase(self, change: Callable[[tuple[Slot, ...]], tuple[Slot, ...]]) -> None:
        """What was done has led to these chains instead."""
        self._waiting = [(change(chain), number) for chain, number in self._waiting]
        self._settings, self._settings_before = (
            (known[0], change(known[1])) if isinstance(known, tuple) else known for known in (self._settings, self._settings_before))

    @property
    def unmeasured(self) -> list[tuple[Slot, ...]]:
        """Chains whose numbers an entry waits for, the latest first."""
        return [chain for chain, _ in reversed(self._waiting)]

    def note(self, words: str) -> None:
        """What the user wants to remember."""
        self._add("note", " ".join(words.split()))
        self.unsaved = True

    def blind(self, result: Result) -> None:
        """A blind test is over."""
        self._add("blind", sentence(result))
        self.unsaved = True

    def with_version(self, session: Session, written: Written = unwritten) -> Entries:
        """The journal as it is when this session is saved: with a new version, unless the last one is the same. written: the words of plugins."""
        last = next((entry for entry in reversed(self.entries) if entry.kind == "version"), None)
        entry = version_entry(self.entries, session, self._clock(), self._passages.take(), written)
        if last is not None and last.session == entry.session:
            return self.entries
        return added(self.entries, entry)

    def saved(self, entries: Entries) -> None:
        """`with_version` lies in the file."""
        self.entries, self.unsaved = entries, False

    def _add(self, kind: Kind, words: str, *, sounds: bool = False) -> Entry:
        entry = Entry(next_number(self.entries), self._clock(), words, kind, self._passages.take(), sounds=sounds)
        self.entries = added(self.entries, entry)
        return entry

    def follow(self, status: Status, rate_hz: int) -> None:
        """Where it plays."""
        self._passages.follow(status, rate_hz)

    def take(self, measured: Measured) -> None:
        """What is known of the song through some chain; its numbers go to the entries that led to it."""
        numbers = [number for chain, number in self._waiting if chain == measured.chain]
        if numbers:
            self._waiting = [(chain, number) for chain, number in self._waiting if chain != measured.chain]
            self._measured.append((measured, numbers))

    def poll(self) -> None:
        """Numbers that were read come to their entries."""
        if self._job is not None and self._job[0].done:
            job, entries = self._job
            self._job = None
            found = job.result
            if found is not None:
                for number in entries:
                    self.entries = with_numbers(self.entries, number, found)
        if self._job is None and self._measured:
            measured, entries = self._measured.pop(0)
            self._job = (Job("Reading the numbers", lambda progress, cancelled: numbers_of(measured)), entries)


def numbers_of(measured: Measured) -> Numbers:
    """What the journal keeps of a measurement."""
    programme = Programme(measured.rate_hz)
    programme.feed([measured.master_bins])
    report = programme.report()
    return Numbers(*(_kept(value) for value in (report.integrated_lufs, report.loudness_range_lu, report.true_peak_dbtp, report.plr_db,
                                                float(measured.sums.max(initial=0.0)))))


def _kept(value: float | None) -> float | None:
    return round(value, 3) if value is not None else None
