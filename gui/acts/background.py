"""Jobs that run behind the window: watched from the GUI thread, told in the status line, ended with a call."""
from collections.abc import Callable
from typing import Any

from mastering_rt.desk.jobs import Job


class Background:
    """`add` a job and what to do when it is done; `poll` from the one timer of the window."""

    def __init__(self) -> None:
        self._jobs: list[tuple[Job[Any], Callable[[Any], object], bool]] = []
        self._for_song: Job[Any] | None = None

    def add(self, job: Job[Any], then: Callable[[Any], object], *, quiet: bool = False, for_song: bool = False) -> None:
        """`then(job)` is called on the GUI thread when it is done. A quiet job is not told; one `for_song` brings a song nearer."""
        self._jobs.append((job, then, quiet))
        if for_song:
            self._for_song = job

    def poll(self) -> None:
        """Ends what is done."""
        if not self._jobs:
            return
        done = [entry for entry in self._jobs if entry[0].done]
        self._jobs = [entry for entry in self._jobs if entry not in done]
        for job, then, _ in done:
            then(job)

    def stop_told(self) -> None:
        """The newest job that is told is asked to stop; what it had begun to write is removed."""
        shown = [job for job, _, quiet in self._jobs if not quiet]
        if shown:
            shown[-1].cancel()

    def cancel_all(self) -> None:
        """Nobody waits for them any more."""
        for job, _, _ in self._jobs:
            job.cancel()
        self._jobs = []

    @property
    def busy(self) -> bool:
        """Whether anything is under way."""
        return bool(self._jobs)

    @property
    def told(self) -> tuple[str, float | None] | None:
        """What the newest job that is told does, and how far it is where it knows."""
        shown = [job for job, _, quiet in self._jobs if not quiet]
        return said(shown[-1]) if shown else None

    @property
    def song_coming(self) -> tuple[str, float | None] | None:
        """The same of the newest job that brings a song nearer, while it runs."""
        jobs = [job for job, _, _ in self._jobs if job is self._for_song]
        return said(jobs[0]) if jobs else None


def said(job: Job[Any]) -> tuple[str, float | None]:
    """What it does, and how far it is where it knows."""
    return job.doing, job.share or None
