"""Which loudness difference the match uses: measured over loop or song, or, until that is known, a running estimate.

And what stands in its place for unity-gain listening: the drive of the limiters, read from the chain.
"""
from collections.abc import Iterable
from math import ceil, log10

from mastering_rt.measure.bins import BINS_PER_S, Bins
from mastering_rt.measure.matched import RunningMatch, matched_difference_lu
from mastering_rt.offline.measured import Measured
from mastering_rt.playback.match import UNKNOWN, Match, Mode
from mastering_rt.session.model import Loop, Slot

FIRST_ESTIMATE_S = 2.0


class Matcher:
    """Follows one chain, the loop and the measurements; `match` is what the player should use now for what this chain makes of the mix."""

    def __init__(self, mode: Mode = "loop") -> None:
        self.match = UNKNOWN
        self._mode: Mode = mode
        self._measured: Measured | None = None
        self._chain: tuple[Slot, ...] = ()
        self._loop: Loop | None = None
        self._running = RunningMatch()

    def song_changed(self) -> None:
        """Nothing measured so far holds any more."""
        self._measured, self._loop, self.match = None, None, UNKNOWN
        self._running = RunningMatch()

    def chain_changed(self, chain: tuple[Slot, ...]) -> None:
        """The last difference stays in use, as an estimate, until something newer is known."""
        if chain == self._chain:
            return
        self._chain = chain
        self._running = RunningMatch()
        if self._measured is not None and self._measured.chain == chain:
            self._use_measured()
        elif self.match.difference_lu is not None:
            self.match = Match(self.match.difference_lu, "estimate")

    def loop_changed(self, loop: Loop | None) -> None:
        if loop != self._loop:
            self._loop = loop
            self._use_measured()

    def set_mode(self, mode: Mode) -> None:
        """Over the loop, where one is on, over the whole song, or over what was heard since the last change."""
        self._mode = mode
        self._use_measured()

    def measured(self, measured: Measured) -> None:
        """A pass over the whole song is finished."""
        self._measured = measured
        self._use_measured()

    @property
    def hears(self) -> bool:
        """Whether what plays is of any use to it."""
        return self._mode == "recent" or not self.match.certain

    def heard(self, mix: Bins, master: Bins) -> None:
        """What just played, side by side. Used while nothing better is known, or where that is wished."""
        recent = self._mode == "recent"
        if not len(mix) or not self.hears:
            return
        self._running.feed(mix, master)
        difference = self._running.difference_lu()
        if self._running.seconds >= FIRST_ESTIMATE_S and difference is not None:
            self.match = Match(difference, "recent" if recent and self._running.trusted else "estimate")

    def _use_measured(self) -> None:
        measured = self._measured
        if measured is None or measured.chain != self._chain or (self._mode == "recent" and self._running.seconds >= FIRST_ESTIMATE_S):
            return
        loop = self._loop if self._loop and self._loop.on and self._mode != "song" else None
        span = bins_of(loop, measured) if loop else None
        in_loop = matched_difference_lu(measured.mix_bins, measured.master_bins, *span) if span else None
        if in_loop is not None:
            self.match = Match(in_loop, "loop")
            return
        in_song = matched_difference_lu(measured.mix_bins, measured.master_bins)      # a silent loop has no loudness of its own
        self.match = Match(in_song, "song") if in_song is not None else UNKNOWN


def drive_of(chain: Iterable[Slot]) -> Match:
    """What the limiters of a chain add to a sound that stays below their ceilings; taken back, a limiter is judged at equal level.

    A limiter on a part of the stereo sound (mid, side, left, right) counts for nothing: no gain takes that back.
    """
    return Match(sum(_drive_db(slot) for slot in chain if slot.kind == "limiter"), "drive")


def _drive_db(limiter: Slot) -> float:
    if limiter.value("bypass") or limiter.value("placement"):
        return 0.0
    wet = limiter.value("mix") / 100
    return limiter.value("gain") if wet == 1 else 20 * log10(1 - wet + wet * 10 ** (limiter.value("gain") / 20))


def bins_of(loop: Loop, measured: Measured) -> tuple[int, int] | None:
    """The bins that lie wholly in the loop; at least one."""
    bins = len(measured.mix_bins)
    first = min(ceil(loop.start_frame * BINS_PER_S / measured.rate_hz), bins - 1)
    last = min(loop.stop_frame * BINS_PER_S // measured.rate_hz, bins)
    return (first, max(last, first + 1)) if bins else None
