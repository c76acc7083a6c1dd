"""Speaking to a terminal or a pipe: progress bars for people, plain lines for pipes, JSON for machines, times as people type them."""
import json
import math
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from mastering_rt.desk.jobs import Job
from mastering_rt.errors import MasteringError, UsageProblem

Result = TypeVar("Result")
Progress = Callable[[str, float], None]


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """A function to tell (what, share). On a terminal it draws a bar on the error stream, in a pipe it stays silent."""
    if not sys.stderr.isatty():
        yield lambda what, share: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    with Bar(TextColumn("{task.description}", markup=False), BarColumn(), TextColumn("{task.percentage:>3.0f} %"), TimeRemainingColumn(),
             console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, object] = {}

        def tell(what: str, share: float) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=1.0)
            bar.update(tasks[what], completed=share)  # type: ignore[arg-type]
        yield tell


def waited(job: Job[Result], progress: Progress) -> Result:
    """What a job brings, its progress told on the way; Ctrl-C stops it and waits until it has cleaned up. MasteringError."""
    try:
        while not job.wait(0.05):
            progress(job.doing, job.share)
    except BaseException:
        job.cancel()
        job.wait()
        raise
    if job.result is None:
        raise job.error or MasteringError(job.problem)
    return job.result


def stop_when_terminated() -> None:
    """A polite kill ends the program as Ctrl-C does: what is half-made is removed, the device is let go."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def print_json(value: object) -> None:
    """Machine-readable output; not-a-number never appears, because what cannot be measured is null."""
    print(json.dumps(value, indent=2, allow_nan=False, ensure_ascii=False))


def tell(sentence: str) -> None:
    """A sentence beside the result, so that a pipe gets the result alone."""
    print(sentence, file=sys.stderr)


def seconds_of(text: str) -> float:
    """ "83.5", "1:23.5" or "1:02:03" as seconds. UsageProblem."""
    try:
        parts = [float(part) for part in text.strip().split(":")]
        if not 1 <= len(parts) <= 3 or not all(0 <= part < math.inf for part in parts):
            raise ValueError
    except ValueError:
        raise UsageProblem(f"{text!r} is not a time; type seconds (83.5) or minutes and seconds (1:23.5).") from None
    seconds = 0.0
    for part in parts:
        seconds = 60 * seconds + part
    return seconds


def range_of(text: str) -> tuple[float, float | None]:
    """ "0:30-1:45", or "0:30-" for to the end. UsageProblem."""
    start, dash, stop = text.partition("-")
    if not dash:
        raise UsageProblem(f"{text!r} is not a range; type two times with a hyphen, such as 0:30-1:45.")
    return seconds_of(start or "0"), seconds_of(stop) if stop.strip() else None
