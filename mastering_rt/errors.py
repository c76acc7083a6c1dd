"""What can go wrong, as sentences that name the thing, the value and the remedy. Never shown as a traceback."""
import errno
import os
from collections.abc import Callable, Iterable, Iterator

from dsp_core.params import LABELS

THIN_SPACE = "\N{NARROW NO-BREAK SPACE}"


class MasteringError(Exception):
    """Something a user can be told in one sentence; the command line prints it and leaves with `exit_status`."""

    exit_status = 1


class UsageProblem(MasteringError):
    """What was asked for cannot be asked for: an unknown name, a value out of range, options that exclude each other."""

    exit_status = 2


class FileProblem(MasteringError):
    """A sound file that cannot be read or written."""


class TooManyChannels(FileProblem):
    """A file with more than two channels, of which two have to be chosen. `path` and how many `channels` it has."""

    def __init__(self, message: str, path: str, channels: int) -> None:
        super().__init__(message)
        self.path, self.channels = path, channels


class CutShort(FileProblem):
    """A file that ends before it should. `fact` is the sentence without the remedy; what is there can be opened."""

    def __init__(self, fact: str, remedy: str, path: str) -> None:
        super().__init__(f"{fact}. {remedy}")
        self.path, self.fact = path, f"{fact}."


class SessionProblem(MasteringError):
    """A session, preset or recovery file that cannot be read or written.

    `last_good` is a copy of the last save of the same session that can be opened instead, if there is one.
    """

    def __init__(self, message: str, last_good: "os.PathLike[str] | None" = None) -> None:
        super().__init__(message)
        self.last_good = last_good


class DeviceProblem(MasteringError):
    """An audio device that is missing, busy or cannot do what was asked."""


class RenderProblem(MasteringError):
    """A render that could not be finished; nothing was left under the final name."""


class Cancelled(MasteringError):
    """The user stopped the work; everything half-made has been removed."""


Check = Callable[[], None]       # raises where the work that asks is not wanted any more


def go_on() -> None:
    """The Check of work that nobody stops."""


class NotReadBack(Cancelled):
    """The user stopped a render when its file was written already: it is whole, but was not measured."""


REASONS = {
    errno.ENOENT: "it does not exist",
    errno.EACCES: "you have no permission for it",
    errno.EPERM: "you have no permission for it",
    errno.EEXIST: "it exists already",
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "your disk quota is used up",
    errno.EFBIG: "the file would be larger than this system allows",
    errno.EROFS: "the disk is read-only",
    errno.EISDIR: "it is a folder",
    errno.ENOTDIR: "a part of its path is not a folder",
    errno.ENAMETOOLONG: "its name is too long",
    errno.ELOOP: "its links go in a circle",
    errno.EIO: "the disk reported an error",
    errno.EMFILE: "too many files are open",
}


def reason(error: OSError) -> str:
    """Why the system refused, in words that fit after "because" or a colon."""
    known = REASONS.get(error.errno or 0)
    return known or (error.strerror or str(error) or "the system gives no reason").lower()


def shown(path: "str | bytes | os.PathLike[str]") -> str:
    """A path in quotes as it can be printed anywhere: control characters and undecodable bytes are escaped."""
    text = os.fsdecode(path)
    return "'" + "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text) + "'"


def grouped(count: int) -> str:
    """A count as it is read: "10 026 039", with narrow spaces at which no line ends."""
    return f"{count:,}".replace(",", THIN_SPACE)


def clock(seconds: float) -> str:
    """A time in a song as m:ss.mmm, with hours when there are any."""
    thousandths = round(seconds * 1000)
    minutes, rest = divmod(thousandths, 60_000)
    hours, minutes = divmod(minutes, 60)
    tail = f"{rest // 1000:02d}.{rest % 1000:03d}"
    return f"{hours}:{minutes:02d}:{tail}" if hours else f"{minutes}:{tail}"


def fault_sentence(kind: str, count: int) -> str:
    """What happened in a stage of this kind, how often, and what became of it."""
    times = "once" if count == 1 else f"{count} times"
    return (f"{LABELS[kind]} met samples that are no numbers (NaN or infinity) {times}. They were silenced, and the stage began anew; "
            "look for the stage or the plugin before it that makes them.")


def fault_sentences(kinds_and_counts: Iterable[tuple[str, int]]) -> Iterator[str]:
    """One sentence for each stage that met any."""
    yield from (fault_sentence(kind, count) for kind, count in kinds_and_counts if count)
