"""The desk as a blind test sees it: two sides measured, matched, and played through one and the same switch."""
from typing import TYPE_CHECKING

from mastering_rt.blind.stand import Paired
from mastering_rt.desk.matching import bins_of
from mastering_rt.desk.sides import MASTER, MIX, Side
from mastering_rt.errors import UsageProblem
from mastering_rt.measure.bins import Bins
from mastering_rt.measure.matched import matched_difference_lu
from mastering_rt.playback.monitor import MonitorSettings

if TYPE_CHECKING:
    from mastering_rt.desk.desk import Desk

MEASURING = "The whole song is still being measured; the match is certain in a moment."
BLIND = "blind"                  # what the desk says is heard while nobody may know


class BlindStand:
    """See `mastering_rt.blind.stand.Stand`."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._before = "master"
        self._level_db = 0.0

    def pair(self, first: Side, second: Side) -> Paired | str:
        """How mix and master stand."""
        desk = self._desk
        if {first, second} != {MIX, MASTER}:
            raise UsageProblem(f"A blind test of {first.kind} and {second.kind} is not possible; it takes the mix and the master.")
        if desk.song is None:
            raise UsageProblem("There is no mix to compare blindly; open one first.")
        if desk.player.device is None or desk.player.wishes.live_input:
            raise UsageProblem("A blind test plays the song on a device; choose one, without live input.")
        waits, measured = self._waits(), desk.measured
        if waits:
            return waits
        if desk.measuring or measured is None:
            return MEASURING
        loop = desk.session.loop if desk.session.loop is not None and desk.session.loop.on else None
        span = bins_of(loop, measured) if loop is not None else None
        difference = matched_difference_lu(measured.mix_bins, measured.master_bins, *(span or (0, None)))
        if difference is None:
            raise UsageProblem("There is nothing to be heard in this passage, so it cannot be matched. Loop another one.")
        if not desk.match.certain:
            return MEASURING
        if desk.player.busy or desk.player.matching:
            return "The chain and its level are still moving; they rest in a moment."
        match, level = desk.match, 10 ** (desk.monitor.gain_db / 20)
        peaks = {MIX: level * gained(measured.mix_bins, match.mix_gain_db), MASTER: level * gained(measured.master_bins, match.master_gain_db)}
        return Paired(difference + match.master_gain_db - match.mix_gain_db, (peaks[first], peaks[second]), 0,
                      "over loop" if span is not None else "over the whole song")

    def _waits(self) -> str:
        desk = self._desk
        if desk.without or desk.heard == "delta":
            return "One stage is listened to by itself or left out; hear the whole chain first."
        if not desk.matched or desk.monitor.unity:
            return "The two are not matched in loudness; turn the match on first."
        return ""

    def begin(self, first: Side, second: Side) -> None:
        """From now on nobody is told what plays."""
        self._before, self._level_db = self._desk.heard, self._desk.monitor.gain_db
        self._desk.heard = BLIND

    def play(self, side: Side) -> None:
        """One command to the engine, whichever side it is."""
        self._desk.player.hear(side.kind, blind=True)

    def end(self) -> None:
        """What was heard before is heard again."""
        self._desk.heard = self._before
        self._desk.compare.hear(self._desk.compare.side)

    def allow(self, monitor: MonitorSettings, paired: Paired | None) -> None:
        """Whether the room may be heard like this during a test; UsageProblem."""
        if monitor.unity != self._desk.monitor.unity:
            raise UsageProblem("A blind test is heard at equal loudness, so unity gain has to wait until it is over.")
        louder = 10 ** ((monitor.gain_db - self._level_db) / 20)
        if paired is not None and max(paired.peaks) * louder > 1.0:
            raise UsageProblem("At this level one of the two would clip, and the clipping would tell. Leave the monitor softer.")


def gained(bins: Bins, gain_db: float) -> float:
    """Largest sample after a gain, linear."""
    return float(bins["peak"].max(initial=0.0)) * 10 ** (gain_db / 20)
