"""Files that become what is worked on: read in the background, taken by the desk when they are there."""
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from dsp_core.engine.source import MemorySong
from mastering_rt.audio.mix import LongSong, open_mix, open_source
from mastering_rt.audio.song import Song, state_of
from mastering_rt.desk.jobs import Job, Progress
from mastering_rt.errors import Cancelled, FileProblem
from mastering_rt.playback.sources import memory_song
from mastering_rt.session.autosave import Recoverable
from mastering_rt.session.journal import Entries
from mastering_rt.session.model import Session
from mastering_rt.session.store import load_session


@dataclass(frozen=True)
class Opened:
    """What a file held. song None: the mix of this session is missing, or could not be read; a notice says so."""

    song: Song | LongSong | None
    session: Session | None = None
    notices: tuple[str, ...] = ()
    journal: Entries = ()


def open_job(path: str, channels: Sequence[int] | None = None, partial: bool = False) -> Job[Opened]:
    """Read a mix or a session (.mrt). channels, partial: as in `open_mix`, for a mix that was refused without them."""
    def work(progress: Progress, cancelled: Callable[[], bool]) -> Opened:
        tell = _teller(progress, cancelled)
        if not is_session(path):
            return Opened(open_mix(path, tell, channels=channels, partial=partial))
        loaded = load_session(path)
        song, notices = _mix_of(loaded.session, tell)
        return Opened(song, loaded.session, (*loaded.notices, *notices), loaded.journal)
    return Job(f"Opening {Path(path).name}", work)


def recover_job(left: Recoverable) -> Job[Opened]:
    """Read the mix of what a crash left behind."""
    def work(progress: Progress, cancelled: Callable[[], bool]) -> Opened:
        song, notices = _mix_of(left.session, _teller(progress, cancelled))
        return Opened(song, left.session, notices, left.journal)
    return Job("Opening what was recovered", work)


def is_session(path: str) -> bool:
    """True for a session file by its name."""
    return Path(path).suffix.lower() == ".mrt"


def _mix_of(session: Session, tell: Callable[[float], None]) -> tuple[Song | LongSong | None, tuple[str, ...]]:
    """The mix of a session; a session whose mix cannot be read can still be looked at."""
    if session.source is None or state_of(session.source) == "missing":
        return None, ()
    try:
        return open_source(session.source, tell), ()
    except FileProblem as problem:
        return None, (str(problem),)


def _teller(progress: Progress, cancelled: Callable[[], bool]) -> Callable[[float], None]:
    def tell(share: float) -> None:
        if cancelled():
            raise Cancelled("Opening was stopped; everything is as before.")
        progress("Opening", share)
    return tell


def conversion_job(song: Song, rate_hz: int) -> Job[MemorySong] | None:
    """Convert a song for a device that runs at this rate; None when it has it."""
    if rate_hz == song.sample_rate_hz:
        return None
    return Job(f"Converting to {rate_hz / 1000:g} kHz for listening", lambda progress, cancelled: memory_song(song, rate_hz))
