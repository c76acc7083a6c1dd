"""What the desk tells once per picture."""
from typing import NamedTuple

from mastering_rt.desk.levels import Readings
from mastering_rt.offline.measured import Measured
from mastering_rt.playback.match import Match
from mastering_rt.playback.player import Status
from mastering_rt.playback.telemetry import Frames, Records


class Pulse(NamedTuple):
    """What one `poll` brought for those who show it."""

    status: Status
    readings: Readings
    records: Records
    frames: Frames
    aside: Frames                            # of what is heard beside mix and master, (n, 2)
    match: Match
    measured: Measured | None = None         # only when it has just become known for the chain as it is
    sentences: tuple[str, ...] = ()
