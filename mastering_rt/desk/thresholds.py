"""Thresholds from the song, found in the background and taken as one edit."""
from collections.abc import Callable, Sequence

from mastering_rt.desk.desk import Desk
from mastering_rt.desk.jobs import Job, Progress
from mastering_rt.errors import Cancelled, UsageProblem
from mastering_rt.offline.band_thresholds import Thresholds, thresholds_of_song, with_thresholds


def thresholds_job(desk: Desk, slot: str, percentile: float, bands: Sequence[int] | None = None) -> Job[Thresholds]:
    """Let the bands of a dynamic equaliser hear the whole song, behind the chain as it is now. UsageProblem without a mix."""
    song, session = desk.song, desk.session
    if song is None:
        raise UsageProblem("There is no song to listen to; open a mix first.")

    def work(progress: Progress, cancelled: Callable[[], bool]) -> Thresholds:
        def check() -> None:
            if cancelled():
                raise Cancelled("Listening was stopped; every threshold is as before.")

        def tell(what: str, share: float) -> None:
            check()
            progress(what, share)
        return thresholds_of_song(session, slot, song, percentile, bands, tell, check)
    return Job("Listening to the bands", work)


def take_thresholds(desk: Desk, found: Thresholds) -> None:
    """Set what was found, as one step that can be undone. UsageProblem if the slot has gone meanwhile."""
    desk.edit(lambda session: with_thresholds(session, found), sentence=f"Thresholds from the song, {found.percentile:g} %")
