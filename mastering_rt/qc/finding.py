"""One finding of the quality control, and how findings of one kind that lie close together become one."""
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, Protocol

from msgspec import Struct

from mastering_rt.measure.bins import Floats

Severity = Literal["note", "look", "act"]
CHANNELS = ("left", "right")
TOGETHER_S = 2.0                 # events closer than this are one place to look at


class Finding(Struct, frozen=True, kw_only=True):
    """kind: a plain word of `qc.inspect.KINDS`. size: how bad, in `unit`. channel: left, right, or both.

    severity: note (know it), look (listen to it), act (the master should not leave like this).
    """

    kind: str
    time_s: float
    duration_s: float
    size: float
    unit: str
    severity: Severity
    channel: str
    text: str

    @property
    def end_s(self) -> float:
        return self.time_s + self.duration_s


class Check(Protocol):
    """Looks at a song as it comes; blocks are (channels, frames) of float64 without gaps, one or two channels."""

    def feed(self, block: Floats) -> None: ...

    def end(self) -> Iterable[Finding]: ...


class Event(Struct, frozen=True):
    """Something short in one channel: first frame, frames, how large, in whatever the check counts."""

    start: int
    frames: int
    size: float
    channel: int


def places(events: Sequence[Event], rate_hz: int) -> Iterator[list[Event]]:
    """Events in groups without a gap of two seconds between them."""
    group: list[Event] = []
    end = 0
    for event in sorted(events, key=lambda event: event.start):
        if group and event.start - end > TOGETHER_S * rate_hz:
            yield group
            group = []
        group.append(event)
        end = max(end, event.start + event.frames)
    if group:
        yield group


def span_s(group: Sequence[Event], rate_hz: int) -> tuple[float, float]:
    """(time, duration) of a group in seconds."""
    start = min(event.start for event in group)
    return start / rate_hz, (max(event.start + event.frames for event in group) - start) / rate_hz


def sides(group: Iterable[Event], channels: int) -> str:
    """Where events lie: left, right, or both."""
    found = {event.channel for event in group}
    return CHANNELS[found.pop()] if len(found) == 1 and channels == 2 else "both"


def times(count: int, one: str, many: str) -> str:
    """ "1 click", "12 clicks"."""
    return f"{count} {one if count == 1 else many}"
