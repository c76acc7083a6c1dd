"""The whole of what is heard where it is neither mix nor master: the song behind another chain, or a reference in its own time."""
from dataclasses import dataclass

from gui.acts.acts import Acts
from gui.meters.reading import SongNumbers
from gui.plots.song_data import Series
from gui.window.facts import SongFacts, digest, of_source
from mastering_rt.audio.reference import ReferenceFacts
from mastering_rt.desk.comparing import CHAINS
from mastering_rt.desk.desk import Desk
from mastering_rt.desk.jobs import Job
from mastering_rt.desk.sides import MASTER, Side
from mastering_rt.offline.measured import Measured
from mastering_rt.session.comparing import find_reference
from mastering_rt.session.model import Reference, Session

SHORT = {"without": "Without", "order": "Reorder"}


@dataclass(frozen=True, eq=False)
class ReferenceDigest:
    """Numbers and curves of a whole reference."""

    facts: ReferenceFacts
    numbers: SongNumbers
    loudness: Series
    psr: Series


def digest_reference(facts: ReferenceFacts) -> ReferenceDigest:
    """From its bins; some milliseconds for a song."""
    return ReferenceDigest(facts, *of_source(facts.bins, facts.rate_hz))


def short_title(side: Side) -> str:
    """What stands over a column of numbers: a snapshot's letter."""
    return side.name if side.kind == "snapshot" else SHORT.get(side.kind, "Master")


class HeardSong:
    """`follow` often: digests what has come of the side that is heard. One of the two digests is there, or None while it is not known."""

    def __init__(self, acts: Acts) -> None:
        self._acts = acts
        self._asked: object = None
        self._last: SongFacts | None = None
        self.side = MASTER
        self.chain: SongFacts | None = None
        self.reference: ReferenceDigest | None = None

    @property
    def is_chain(self) -> bool:
        """Whether another chain than the session's is heard."""
        return self.side.kind in CHAINS

    @property
    def is_reference(self) -> bool:
        return self.side.kind == "reference"

    def follow(self) -> bool:
        """Whether something is to be shown otherwise than before."""
        desk = self._acts.desk
        side = MASTER if desk.blind.running else desk.compare.side
        turned, self.side = side != self.side, side
        known: Measured | ReferenceFacts | None = None
        if self.is_chain:
            known = desk.measured_of(desk.heard_chain)
        elif self.is_reference:
            known = desk.compare.references.facts(side.name)
        if known is self._asked:
            return turned
        self._asked, self.chain, self.reference = known, None, None
        if isinstance(known, Measured):
            before = self._last
            self._acts.background.add(Job("Reading the measurement", lambda progress, cancelled: digest(known, before)), self._take_chain, quiet=True)
        elif known is not None:
            self._acts.background.add(Job("Reading the reference", lambda progress, cancelled: digest_reference(known)), self._take_reference, quiet=True)
        return True

    def _take_chain(self, job: Job[SongFacts]) -> None:
        if job.result is not None and job.result.measured is self._asked:
            self.chain = self._last = job.result
            self._acts.changed()

    def _take_reference(self, job: Job[ReferenceDigest]) -> None:
        if job.result is not None and job.result.facts is self._asked:
            self.reference = job.result
            self._acts.changed()


def reference_at(session: Session, heard: str, side: Side) -> Reference | None:
    """The reference that is heard; None for everything else, and in a blind test."""
    return find_reference(session, side.name) if heard == "reference" and side.kind == "reference" else None


def place_of(desk: Desk) -> tuple[int, int, Reference | None]:
    """The frame that is heard, its rate, and the reference whose own time that is."""
    reference = reference_at(desk.session, desk.heard, desk.compare.side) if desk.heard == "reference" else None
    if reference is None:
        return desk.player.status.frame, desk.player.song_rate_hz, None
    return desk.compare.reference_frame(reference.id), reference.source.sample_rate_hz, reference
