"""What is worked out about references behind the window: a new one, its place beside the song, the counterpart of a passage."""
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mastering_rt.audio.files import open_audio
from mastering_rt.audio.mix import LongSong, open_source, stereo_blocks
from mastering_rt.audio.resample import resample
from mastering_rt.audio.song import Song
from mastering_rt.desk.jobs import Job, Progress
from mastering_rt.errors import Cancelled, UsageProblem
from mastering_rt.measure.alignment import Alignment, align
from mastering_rt.measure.sections import Suggestion, sketch, suggest
from mastering_rt.offline.hands import step_back
from mastering_rt.session import comparing
from mastering_rt.session.model import Reference, Section, Source

if TYPE_CHECKING:
    from mastering_rt.desk.desk import Desk

LONGEST_S = 1200.0               # of a song that is aligned as a whole
STOPPED = "Stopped; the references are as before."


@dataclass(frozen=True)
class Found:
    """Where a reference lies: for which one, and for which song and file."""

    id: str
    song: Source
    reference: Source
    alignment: Alignment


@dataclass(frozen=True)
class Counterpart:
    """A passage of a reference for a passage of the song. None where nothing was found."""

    id: str
    song_start: int
    song_stop: int
    suggestion: Suggestion | None


def source_job(path: str, channels: tuple[int, ...] | None = None) -> Job[Source]:
    """Look at a file that is to become a reference; give its result to `add_reference`."""
    def work(progress: Progress, cancelled: Callable[[], bool]) -> Source:
        with open_audio(path, channels=channels) as file:
            return file.source()
    return Job(f"Opening {Path(path).name}", work)


def add_reference(desk: "Desk", source: Source) -> Reference:
    """One more reference, as one step; it is read and measured in the background. UsageProblem over 20, or when it is one already."""
    desk.edit(lambda session: comparing.add_reference(session, source))
    return desk.session.references[-1]


def align_job(desk: "Desk", id: str) -> Job[Found]:
    """Find where a reference lies against the song, as a version of it; give its result to `lock`. UsageProblem without a song."""
    reference, song = comparing.find_reference(desk.session, id), desk.song
    if song is None:
        raise UsageProblem("There is no song to align a reference with; open one first.")
    for what, seconds in (("The song", song.frames / song.sample_rate_hz), (reference.title, reference.source.frames / reference.source.sample_rate_hz)):
        if seconds > LONGEST_S:
            raise UsageProblem(f"{what} is {seconds / 60:.0f} minutes long; up to {LONGEST_S / 60:.0f} minutes can be aligned. "
                               "Set the offset by hand.")

    def work(progress: Progress, cancelled: Callable[[], bool]) -> Found:
        step_back()

        def check() -> None:
            if cancelled():
                raise Cancelled(STOPPED)

        def tell(share: float) -> None:
            check()
            progress(f"Reading {reference.title}", 0.5 * share)
        other = _planes(open_source(reference.source, tell), song.sample_rate_hz, check)
        progress("Aligning", 0.6)
        return Found(id, song.source, reference.source, align(_planes(song, song.sample_rate_hz, check), other, song.sample_rate_hz, check))
    return Job("Aligning", work)


def lock(desk: "Desk", found: Found) -> str:
    """Lock a reference to where it was found. UsageProblem, with the reason, where it is not the same song, or not as it was any more."""
    reference = comparing.find_reference(desk.session, found.id)
    if desk.session.source != found.song or reference.source != found.reference:
        raise UsageProblem("Song or reference were exchanged while they were being aligned. Align them again.")
    sentence = found.alignment.sentence(found.song.sample_rate_hz)
    if not found.alignment.same:
        raise UsageProblem(sentence)
    desk.edit(lambda session: comparing.lock_reference(session, found.id, found.alignment.offset_frames))
    return sentence


def suggest_job(desk: "Desk", id: str) -> Job[Counterpart]:
    """Find the counterpart of the song's loop in a reference; give its result to `take_counterpart`. UsageProblem without a loop."""
    reference, song, loop = comparing.find_reference(desk.session, id), desk.song, desk.session.loop
    if song is None or loop is None:
        raise UsageProblem("Loop the passage of the song whose counterpart is to be found.")

    def work(progress: Progress, cancelled: Callable[[], bool]) -> Counterpart:
        step_back()

        def check() -> None:
            if cancelled():
                raise Cancelled(STOPPED)
        progress("Listening to the song", 0.0)
        own = sketch(stereo_blocks(song), song.sample_rate_hz, check)
        progress(f"Listening to {reference.title}", 0.5)
        other = sketch(stereo_blocks(LongSong(reference.source)), reference.source.sample_rate_hz, check)
        return Counterpart(id, loop.start_frame, loop.stop_frame, suggest(own, loop.start_frame, loop.stop_frame, other))
    return Job("Looking for the counterpart", work)


def take_counterpart(desk: "Desk", found: Counterpart) -> str:
    """Loop what was found, and remember that it belongs to that passage of the song. UsageProblem where nothing was."""
    reference, suggestion = comparing.find_reference(desk.session, found.id), found.suggestion
    if suggestion is None:
        raise UsageProblem(f"{reference.title} has no passage that could be set beside this one.")
    desk.edit(lambda session: comparing.pair_section(session, found.id, Section(found.song_start, found.song_stop, suggestion.start_frame,
                                                                                suggestion.stop_frame)))
    desk.compare.seek_reference(found.id, suggestion.start_frame)
    return f"{reference.title} goes round in the passage that is {suggestion.words} the counterpart of the loop."


def _planes(song: Song | LongSong, rate_hz: int, check: Callable[[], None]) -> NDArray[np.floating]:
    """All of it, at a rate."""
    if isinstance(song, Song):
        samples: NDArray[np.floating] = song.samples
    else:
        pieces = []
        for block in stereo_blocks(song):
            check()
            pieces.append(block.astype(np.float32))
        samples = np.concatenate(pieces, axis=1)
    if song.sample_rate_hz == rate_hz:
        return samples
    check()
    return resample(samples.astype(np.float64), song.sample_rate_hz, rate_hz)

