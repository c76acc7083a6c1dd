"""One finding of the quality control, and how events of one kind that lie close together become one place."""
import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, Protocol, TypeVar

from msgspec import Struct

from mastering_rt.measure.bins import Floats

Severity = Literal["note", "look", "act"]
CHANNELS = ("left", "right")
TOGETHER_S = 2.0                 # events closer than this are one place to look at


class Place(Struct, frozen=True, kw_only=True):
    """Where something is wrong. size: how bad, in the finding's unit. channel: left, right, or both.

    severity: note (know it), look (listen to it), act (the master should not leave like this).
    """

    time_s: float
    duration_s: float
    size: float
    severity: Severity
    channel: str
    text: str

    @property
    def end_s(self) -> float:
        return self.time_s + self.duration_s


class Finding(Place, frozen=True, kw_only=True):
    """Something wrong, as it is at its worst place. kind: a plain word of `qc.inspect.KINDS`.

    places: all of them in the order of the song, the worst too, each with a sentence of its own; empty where there is only one.
    """

    kind: str
    unit: str
    places: tuple[Place, ...] = ()

    @property
    def everywhere(self) -> tuple[Place, ...]:
        """The places, also where there is only one."""
        return self.places or (self,)


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


Some = TypeVar("Some", bound=Event)


def places(events: Sequence[Some], rate_hz: int) -> Iterator[list[Some]]:
    """Events in groups without a gap of two seconds between them."""
    group: list[Some] = []
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


def moments(group: Sequence[Event], slack_frames: int = 0) -> int:
    """How many things happened: what both channels have at the same time is one. slack_frames: what lies that close is the same time."""
    count, end = 0, -math.inf
    for event in sorted(group, key=lambda event: event.start):
        count += event.start >= end + slack_frames
        end = max(end, event.start + event.frames)
    return count


def times(count: int, one: str, many: str) -> str:
    """ "1 click", "12 clicks"."""
    return f"{count} {one if count == 1 else many}"
