"""The figures on the meters while it plays, for mix and master alike, from the audio thread's 10 ms records."""
from math import inf, log10
from typing import NamedTuple

from dsp_core.engine.glance import aside_of, tops_of
from dsp_core.meters.recent import Recent
from mastering_rt.measure.bins import Bins
from mastering_rt.measure.loudness import LiveLoudness
from mastering_rt.playback.telemetry import RECORD, Bytes, Records, bytes_of, joined

STEP_BINS = 100                  # a second, for integrated loudness and range (Tech 3341 asks for one reading a second)


def db(gain: float) -> float:
    """Decibels of a linear level; minus infinity for silence."""
    return 20 * log10(gain) if gain > 0 else -inf


class Peaks(NamedTuple):
    """Of one source, as `Levels` has them."""

    peak_db: tuple[float, float]
    true_peak_db: tuple[float, float]
    rms_db: tuple[float, float]


class Levels(NamedTuple):
    """Of one source, now. Peaks are the largest since the last reading; loudness None while it cannot be measured."""

    peak_db: tuple[float, float] = (-inf, -inf)
    true_peak_db: tuple[float, float] = (-inf, -inf)
    rms_db: tuple[float, float] = (-inf, -inf)
    top_true_peak_db: float = -inf
    momentary_lufs: float | None = None
    short_term_lufs: float | None = None
    integrated_lufs: float | None = None
    range_lu: float | None = None
    correlation: float | None = None
    balance_db: float | None = None          # left over right
    side_mid_db: float | None = None
    psr_db: float | None = None              # largest true peak of the last 3 s less their loudness
    clipped: int = 0


UNHEARD = Levels()


class SourceMeter:
    """Running figures of one source, "mix" or "master" of the records. `reset` begins the integrated ones anew."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._recent = Recent(RECORD.itemsize, RECORD.fields[source][1])             # type: ignore[index]
        self.reset()

    def reset(self) -> None:
        self._recent.reset()
        self._loudness = LiveLoudness()
        self._top_db, self._clipped = -inf, 0

    def look_back(self, records: Records) -> None:
        """Take the next records into what looks back over everything."""
        bins: Bins = records[self._source]
        self._loudness.feed(bins)
        self._clipped += int(bins["clipped"].sum())

    def take(self, raw: Bytes) -> None:
        """Take the next records, as bytes, before the next `feed` or `glance`."""
        self._recent.feed(raw)

    def glance(self, raw: Bytes) -> Peaks:
        """Take the next records, as bytes; gives what moves fastest, peaks of these. The next `feed` counts them too."""
        self._recent.feed(raw)
        return Peaks._make(self._recent.peaks(len(raw) // RECORD.itemsize))

    def feed(self, raw: Bytes, count: int) -> Levels:
        """Take the next records, as bytes; gives the figures now, peaks of the last `count`."""
        self._recent.feed(raw)
        peak, true_peak, rms, momentary, short_term, correlation, balance, side_mid, psr = self._recent.levels(count)
        self._top_db = max(self._top_db, *true_peak)
        return Levels(peak, true_peak, rms, self._top_db, momentary, short_term, self._loudness.integrated_lufs, self._loudness.range_lu, correlation,
                      balance, side_mid, psr, self._clipped)


class StageLevels(NamedTuple):
    """Of one slot since the last reading; levels linear."""

    in_peak: float = 0.0
    out_peak: float = 0.0
    reduction_db: float = 0.0
    measure: float = 0.0         # what MEASURES (dsp_core.params) says of the slot's kind
    out_rms: float = 0.0         # of both channels over 10 ms, the largest

    @property
    def in_peak_db(self) -> float:
        return db(self.in_peak)

    @property
    def out_peak_db(self) -> float:
        return db(self.out_peak)

    @property
    def out_rms_db(self) -> float:
        return db(self.out_rms)


class Readings(NamedTuple):
    """Everything the meters show at one moment."""

    mix: Levels = Levels()
    master: Levels = Levels()
    aside: Levels = Levels()                 # of what else is heard, a reference or another chain
    stages: tuple[StageLevels, ...] = ()

    @property
    def reduction_db(self) -> float:
        return sum([stage.reduction_db for stage in self.stages])


class LevelMeters:
    """Turns records into readings. Peaks are of the records of one call. What looks back over everything follows in larger steps, because
    it costs the same for one bin as for many."""

    def __init__(self) -> None:
        self._mix, self._master, self._aside = SourceMeter("mix"), SourceMeter("master"), SourceMeter("aside")
        self._aside_of = self._aside_now = -1
        self._waiting: list[Records] = []
        self._waiting_bins = 0
        self.readings = Readings()

    def reset(self) -> None:
        """Begin integrated loudness, range and largest peak anew."""
        self._forget_waiting()
        self._mix.reset()
        self._master.reset()
        self._aside.reset()

    def glance(self, raw: Bytes, source: str) -> Peaks:
        """The next records, as bytes, of which everything but the peaks of "mix" or "master" can wait for the next `feed`."""
        heard, other = (self._mix, self._master) if source == "mix" else (self._master, self._mix)
        other.take(raw)
        return heard.glance(raw)

    def feed(self, records: Records, glanced: int = 0) -> Readings:
        """Take what came since the last call; `glance` has had the first `glanced` of it."""
        stages: tuple[StageLevels, ...] = ()
        raw, count = bytes_of(records), len(records)
        if count:
            stages = tuple(tops_of(raw, StageLevels))
            self._waiting.append(records)
            self._waiting_bins += count
            self._look_back()
            self._aside_now = aside_of(raw)
        fresh = raw[glanced * RECORD.itemsize:]
        self.readings = Readings(self._mix.feed(fresh, count), self._master.feed(fresh, count), self._feed_aside(records), stages)
        return self.readings

    def _feed_aside(self, records: Records) -> Levels:
        """What else is heard; another source begins anew."""
        newest = self._aside_now
        if newest != self._aside_of:
            self._aside_of = newest
            self._aside.reset()
        if newest < 0:
            return UNHEARD
        its = records["aside_of"] == newest
        own = records if its.all() else records[its]         # to pick some of them out takes many times as long
        if len(own):
            self._aside.look_back(own)
        return self._aside.feed(bytes_of(own), len(own))

    def _forget_waiting(self) -> None:
        self._waiting.clear()
        self._waiting_bins = 0

    def _look_back(self) -> None:
        if self._waiting_bins >= STEP_BINS:
            records = joined(self._waiting)
            self._forget_waiting()
            self._mix.look_back(records)
            self._master.look_back(records)
