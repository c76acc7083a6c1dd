"""The drive that makes the whole song a wished loudness, found behind the window."""
from collections.abc import Callable

from mastering_rt.audio.mix import LongSong, stereo_blocks
from mastering_rt.audio.song import Song
from mastering_rt.desk.jobs import Job, Progress
from mastering_rt.errors import Cancelled, UsageProblem
from mastering_rt.offline.loudness_target import Reached, reach_loudness
from mastering_rt.session.model import Slot


def loudness_job(song: Song | LongSong, chain: tuple[Slot, ...], target_lufs: float) -> Job[Reached]:
    """Runs the song through the chain as often as it takes; the chain that plays is not touched."""
    def work(progress: Progress, cancelled: Callable[[], bool]) -> Reached:
        def check() -> None:
            if cancelled():
                raise Cancelled("Finding the drive was stopped; nothing was changed.")

        def tell(what: str, share: float) -> None:
            check()
            progress(what, share)
        try:
            return reach_loudness(chain, target_lufs, lambda: stereo_blocks(song), song.frames, song.sample_rate_hz, tell, check)
        except ValueError as error:
            raise UsageProblem(f"The chain cannot run: {error}.") from None
    return Job("Finding the loudness", work)
