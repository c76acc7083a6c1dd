"""The desk as a blind test sees it: two sides measured, matched, aligned, and played through one and the same switch."""
from typing import TYPE_CHECKING

import numpy as np

from mastering_rt.blind.stand import Paired
from mastering_rt.desk.comparing import CHAINS
from mastering_rt.desk.matching import bins_of
from mastering_rt.desk.sides import MASTER, MIX, Side
from mastering_rt.errors import UsageProblem
from mastering_rt.measure.bins import Bins
from mastering_rt.measure.matched import matched_difference_lu
from mastering_rt.offline.measured import Measured
from mastering_rt.playback.monitor import MonitorSettings
from mastering_rt.playback.player import News
from mastering_rt.session.comparing import find_reference

if TYPE_CHECKING:
    from mastering_rt.desk.desk import Desk

MEASURING = "The whole song is still being measured; the match is certain in a moment."
MOVING = "The two and their levels are still on their way; they rest in a moment."
BLIND = "blind"                  # what the desk says is heard while nobody may know


class BlindStand:
    """See `mastering_rt.blind.stand.Stand`. A pair that is asked about becomes the one that is compared."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._sides = (MIX, MASTER)
        self._level_db = 0.0

    def pair(self, first: Side, second: Side) -> Paired | str:
        """How the two stand."""
        self._check(first, second)
        desk = self._desk
        if not desk.matched or desk.monitor.unity:
            return "The two are not matched in loudness; turn the match on first."
        if set(desk.compare.pair) != {first, second}:
            desk.set_pair(first, second)
        if desk.measuring or not all(self._known(side) for side in (first, second)):
            return MEASURING
        levels = [self._level_lu(side) for side in (first, second)]
        if None in levels:
            raise UsageProblem("There is nothing to be heard in this passage, so it cannot be matched. Loop another one.")
        if desk.compare.basis() not in ("loop", "song"):
            return MEASURING if desk.compare.mode != "recent" else "The match goes by what was heard lately; let it go by the loop or the song."
        if desk.player.busy or desk.player.matching:
            return MOVING
        late = [desk.player.late_of(desk.compare.source_of(side)) for side in (first, second)]
        if late[0] is None or late[1] is None:
            return MOVING
        room = 10 ** (desk.monitor.gain_db / 20)
        one, other = (level + desk.gain_db(side) for level, side in zip(levels, (first, second)) if level is not None)
        return Paired(other - one, (room * self._peak(first), room * self._peak(second)), late[1] - late[0],
                      "over loop" if desk.compare.basis() == "loop" else "over the whole song")

    def _check(self, first: Side, second: Side) -> None:
        """UsageProblem for what waiting does not mend."""
        desk = self._desk
        if desk.song is None:
            raise UsageProblem("There is no mix to compare blindly; open one first.")
        if desk.player.device is None or desk.player.wishes.live_input:
            raise UsageProblem("A blind test plays the song on a device; choose one, without live input.")
        for side in (first, second):
            if side.kind == "delta":
                raise UsageProblem("A blind test compares whole sounds, and a delta is what lies between two.")
            if side.kind == "reference" and not find_reference(desk.session, side.name).locked:
                raise UsageProblem(f"{desk.compare.title(side)} plays at a place of its own, which would tell it. Lock it to the song first.")

    def _known(self, side: Side) -> bool:
        """Whether its whole song was measured."""
        if side.kind == "reference":
            return self._desk.compare.references.facts(side.name) is not None
        return self._measured(side) is not None

    def _measured(self, side: Side) -> Measured | None:
        """The pass through the chain of a side; of the mix that through the session's, which measured it too."""
        chain = self._desk.compare.chain(side) if side.kind in CHAINS else None
        return self._desk.measured if chain is None else self._desk.measured_of(chain)

    def _level_lu(self, side: Side) -> float | None:
        """How much louder than the mix it is in the passage, measured anew from what the gain was taken from."""
        if side == MIX:
            return 0.0
        if side.kind == "reference":
            return self._desk.compare.level_of(side).difference_lu
        measured = self._measured(side)
        if measured is None:
            return None
        loop = self._desk.session.loop
        span = bins_of(loop, measured) if loop is not None and loop.on and self._desk.compare.basis() == "loop" else None
        return matched_difference_lu(measured.mix_bins, measured.master_bins, *(span or (0, None)))

    def _peak(self, side: Side) -> float:
        """Largest sample after the match, linear."""
        return top(self._bins(side)) * 10 ** (self._desk.gain_db(side) / 20)

    def _bins(self, side: Side) -> Bins | None:
        if side.kind == "reference":
            facts = self._desk.compare.references.facts(side.name)
            return facts.bins if facts is not None else None
        measured = self._measured(side)
        return None if measured is None else measured.mix_bins if side == MIX else measured.master_bins

    def begin(self, first: Side, second: Side) -> None:
        """From now on nobody is told what plays."""
        self._level_db = self._desk.monitor.gain_db
        self._desk.heard = BLIND

    def play(self, side: Side) -> None:
        """One command to the engine, whichever side it is."""
        self._desk.player.hear(self._desk.compare.source_of(side), blind=True)

    def end(self) -> None:
        """What was heard before is heard again."""
        compare = self._desk.compare
        self._desk.heard = compare.heard
        self._desk.player.hear(compare.source_of(compare.side))

    def allow(self, monitor: MonitorSettings, paired: Paired | None) -> None:
        """Whether the room may be heard like this during a test; UsageProblem."""
        if monitor.unity != self._desk.monitor.unity:
            raise UsageProblem("A blind test is heard at equal loudness, so unity gain has to wait until it is over.")
        louder = 10 ** ((monitor.gain_db - self._level_db) / 20)
        if paired is not None and max(paired.peaks) * louder > 1.0:
            raise UsageProblem("At this level one of the two would clip, and the clipping would tell. Leave the monitor softer.")


def top(bins: Bins | None) -> float:
    """Largest sample, linear."""
    return float(bins["peak"].max(initial=0.0)) if bins is not None else 0.0


def untold(news: News) -> News:
    """What a pulse brings without what tells which source sounds: the measurements that follow what is heard."""
    records = news.records.copy()
    records["aside"] = np.zeros(1, records.dtype["aside"])
    records["aside_of"] = -1
    return News(news.status, records, news.frames, np.zeros_like(news.aside), news.problems, glanced=news.glanced)
