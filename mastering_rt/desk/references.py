"""The references of a session as they can be heard: read and measured in the background, in memory as long as there is room, else streamed."""
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from dsp_core.engine.source import MemorySong
from mastering_rt.audio.mix import LongSong
from mastering_rt.audio.reference import Planes, ReferenceFacts, at_rate, measure_reference, read_reference
from mastering_rt.audio.song import Song, state_of
from mastering_rt.desk.jobs import Job, Progress
from mastering_rt.errors import Cancelled
from mastering_rt.offline.hands import step_back
from mastering_rt.playback.sources import StreamedSong
from mastering_rt.session.model import Reference, Source

MOST_BYTES = 1 << 30
NICENESS = 5
READ, CONVERTED = 0.4, 0.6       # shares of the work


@dataclass(frozen=True, eq=False)
class Read:
    """What a job brought: planes at the engine's rate, None of one that is streamed."""

    song: Song | LongSong
    planes: Planes | None
    rate_hz: int
    facts: ReferenceFacts


@dataclass(eq=False)
class Shelved:
    """One reference: what is known of it, and what it plays from."""

    source: Source
    facts: ReferenceFacts | None = None
    problem: str = ""                        # why it cannot be heard, in few words
    sentence: str = ""                       # the same as a sentence
    memory: MemorySong | None = None
    nbytes: int = 0
    long: LongSong | None = None
    heard: int = 0                           # the larger, the later

    @property
    def ready(self) -> bool:
        """Whether it can be heard."""
        return self.facts is not None and not self.problem


class References:
    """`follow` the session, `poll` often. Everything belongs to the control thread but the one job that reads.

    most_bytes: of samples kept in memory; over it the one that was heard least lately leaves, and is streamed when it is wanted again.
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._shelf: dict[str, Shelved] = {}
        self._rate_hz = 0
        self._job: Job[Read] | None = None
        self._reading = ""
        self._turn = 0
        self.kept: tuple[str, ...] = ()          # those a comparison wants, which do not leave

    # what there is

    def follow(self, references: Sequence[Reference], rate_hz: int) -> None:
        """These are the references now; they are heard at `rate_hz`."""
        self._shelf = {r.id: self._entry(r) for r in references}
        if rate_hz != self._rate_hz:
            self._rate_hz = rate_hz
            for entry in self._shelf.values():
                entry.memory, entry.nbytes = None, 0
            self._stop()
        if self._reading and (self._reading not in self._shelf or self._shelf[self._reading].facts is not None):
            self._stop()
        self._start_due()

    def _entry(self, reference: Reference) -> Shelved:
        known = self._shelf.get(reference.id)
        return known if known is not None and known.source == reference.source else Shelved(reference.source)

    def __getitem__(self, id: str) -> Shelved:
        """What is known of one; KeyError."""
        return self._shelf[id]

    def facts(self, id: str) -> ReferenceFacts | None:
        """What was measured of it, if it was."""
        entry = self._shelf.get(id)
        return entry.facts if entry is not None else None

    def retry(self, id: str) -> None:
        """Look for its file again."""
        entry = self._shelf.get(id)
        if entry is not None:
            entry.problem = entry.sentence = ""
        self._start_due()

    @property
    def under_way(self) -> tuple[str, float] | None:
        """Which is being read, and how far it is."""
        return (self._reading, self._job.share) if self._job is not None else None

    @property
    def nbytes(self) -> int:
        """Memory that all samples take."""
        return sum(entry.nbytes for entry in self._shelf.values())

    # hearing

    def source(self, id: str) -> MemorySong | LongSong | None:
        """What it plays from now, and from now on it was heard last; a LongSong is to be streamed. None while it cannot be heard."""
        entry = self._shelf.get(id)
        if entry is None or not entry.ready:
            return None
        self._turn += 1
        entry.heard = self._turn
        return entry.memory or entry.long or LongSong(entry.source)

    # the pulse

    def poll(self) -> tuple[str, ...]:
        """Take what was read, start what is due. Gives sentences about what cannot be read."""
        job = self._job
        if job is None or not job.done:
            return ()
        entry = self._shelf.get(self._reading)
        self._job, self._reading = None, ""
        said: tuple[str, ...] = ()
        if entry is not None and job.result is not None:
            self._take(entry, job.result)
        elif entry is not None and not job.cancelled:
            entry.problem, entry.sentence = self._why(entry), job.problem
            said = (job.problem,)
        self._start_due()
        return said

    def _why(self, entry: Shelved) -> str:
        return "file is missing" if state_of(entry.source) == "missing" else "cannot be read"

    def _take(self, entry: Shelved, read: Read) -> None:
        entry.facts = read.facts
        if isinstance(read.song, LongSong) or read.planes is None:
            entry.long = LongSong(read.song.source)
        elif read.rate_hz == self._rate_hz and self._make_room(read.planes.nbytes, entry):
            entry.memory, entry.nbytes = MemorySong(read.planes, read.rate_hz), read.planes.nbytes

    def _make_room(self, nbytes: int, entry: Shelved) -> bool:
        """Whether so much more fits, when those leave that were heard least lately and are not compared now."""
        leave = sorted((other for id, other in self._shelf.items() if other.memory is not None and other is not entry and id not in self.kept),
                       key=lambda other: other.heard)
        while self.nbytes + nbytes > self._most_bytes and leave:
            gone = leave.pop(0)
            gone.memory, gone.nbytes = None, 0
        return self.nbytes + nbytes <= self._most_bytes

    def _start_due(self) -> None:
        """One at a time: first those nobody knows anything of, then those a comparison wants in memory."""
        if self._job is not None or not self._rate_hz:
            return
        due = [id for id, entry in self._shelf.items() if entry.facts is None and not entry.problem]
        due += [id for id in self.kept if id in self._shelf and self._wants_memory(self._shelf[id])]
        if due:
            self._reading = due[0]
            self._job = read_job(self._shelf[due[0]].source, self._rate_hz, self._most_bytes, self._shelf[due[0]].facts)

    def _wants_memory(self, entry: Shelved) -> bool:
        return entry.ready and entry.memory is None and entry.long is None

    def keep(self, ids: Sequence[str]) -> None:
        """A comparison wants these: they come into memory and stay there."""
        self.kept = tuple(ids)
        self._start_due()

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()
        self._job, self._reading = None, ""

    def close(self) -> None:
        """Stop, and wait until it has stopped."""
        job = self._job
        self._stop()
        self._shelf = {}
        if job is not None:
            job.wait()


def read_job(source: Source, rate_hz: int, most_bytes: int, facts: ReferenceFacts | None = None) -> Job[Read]:
    """Read a reference, convert it to the engine's rate and measure it, unless its `facts` are known."""
    def work(progress: Progress, cancelled: Callable[[], bool]) -> Read:
        step_back(NICENESS)

        def check() -> None:
            if cancelled():
                raise Cancelled("Reading the reference was stopped.")

        def tell(share: float) -> None:
            check()
            progress("Reading the reference", READ * share)
        song = read_reference(source, most_bytes, tell)
        progress("Measuring the reference", READ)
        measured = facts or measure_reference(song, check)
        progress("Converting the reference", CONVERTED)
        planes = at_rate(song, rate_hz) if isinstance(song, Song) else None
        return Read(song, planes, rate_hz, measured)
    return Job("Reading the reference", work)


@dataclass(frozen=True, eq=False)
class Band:
    """Spectra of a set, per point: the lowest, the median and the highest median level, each reference at 0 LUFS; and its loudness."""

    hz: np.ndarray
    low_db: np.ndarray
    middle_db: np.ndarray
    high_db: np.ndarray
    loudness_lufs: tuple[float, ...]


def band_of(facts: Sequence[ReferenceFacts]) -> Band | None:
    """The set as a band, to be drawn at any loudness by adding it; None where nothing was measured. Points over a file's band are left out."""
    known = [(f.spectrum, f.integrated_lufs) for f in facts if f.spectrum.windows and f.integrated_lufs is not None]
    if not known:
        return None
    hz = max((spectrum.hz for spectrum, _ in known), key=len)
    rows = np.full((len(known), len(hz)), np.nan)
    for row, (spectrum, lufs) in zip(rows, known):
        row[:len(spectrum.hz)] = spectrum.levels_db[MEDIAN] - lufs
    ordered = np.sort([lufs for _, lufs in known])
    return Band(hz, np.nanmin(rows, axis=0), np.nanmedian(rows, axis=0), np.nanmax(rows, axis=0), tuple(float(lufs) for lufs in ordered))


MEDIAN = 3                       # row of Percentiles.levels_db: 100, 98, 83, 50 ...


def streamed(song: LongSong, rate_hz: int) -> StreamedSong:
    """A reference on the disk, read ahead of its own playhead."""
    return StreamedSong(song.open, rate_hz)
