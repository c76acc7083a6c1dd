"""Bars move by the law of their ballistics, tell which lines look different, and are painted as plain rectangles are."""
from math import inf, nan

import numpy as np
import pytest

from dsp_core.meters.bars import PeakBars

TOP, BOTTOM, CAP, WIDE, SECOND = 20, 140, 2, 5, 8
LOWEST, PER_DB = -60.0, 2.0
WELL, WEAK, STRONG, LINE, MARK, DANGER = INKS = [0xFF000001, 0xFF000002, 0xFF000003, 0xFF000004, 0xFF000005, 0xFF000006]
GAP = 0xFF777777
SILENT = (-inf, -inf)


def ruled():
    """Lines of -60 to 0 dB in steps of half a decibel, evenly."""
    return np.rint(np.linspace(BOTTOM, TOP, 121)).astype(np.int32)


@pytest.fixture
def bars():
    made = PeakBars(LOWEST, 0.005)
    made.lay_out(ruled(), LOWEST, PER_DB, TOP, BOTTOM, CAP)
    made.show_inks(*INKS)
    return made


def line(level):
    """Where a level stands, worked out without a table."""
    return BOTTOM if not level > LOWEST else max(round(BOTTOM + (round(2 * (level - LOWEST)) / 2) / 60 * (TOP - BOTTOM)), TOP)


class Plain:
    """One channel, by the book: up at once, down 20 dB in 1.7 s, the largest of the last 2 s as a mark."""

    def __init__(self):
        self.level, self.past, self.at = -inf, [], None

    def follow(self, peak, rms, true_peak, time_s):
        fallen = self.level - (max(0.0, time_s - self.at) * 20 / 1.7 if self.at is not None else 0.0)
        self.at, self.level = time_s, max(peak, fallen)
        if self.level < LOWEST:
            self.level = -inf
        self.past.append((time_s, max(true_peak, self.level)))
        held = max(value for at, value in self.past if time_s - at < 2.0)
        return self.level, min(rms, self.level), held


def drawn(channels, ceiling=inf, ratio=1):
    """(level, RMS, mark) in dB of both bars as rectangles, painted one over the other."""
    pixels = np.full(((BOTTOM - TOP) * ratio, (SECOND + WIDE) * ratio), GAP, np.uint32)
    for x, (level, rms, held) in zip((0, SECOND), channels, strict=True):
        def band(first, last, ink, x=x):
            pixels[(first - TOP) * ratio:max(min(last, BOTTOM) - TOP, 0) * ratio, x * ratio:(x + WIDE) * ratio] = ink
        top, above = line(level), level > ceiling + 0.005
        band(TOP, top, WELL)
        band(top, line(rms), WEAK)
        band(line(rms), BOTTOM, STRONG)
        if above:
            band(top, line(ceiling), DANGER)
        band(top, top + CAP, DANGER if above else LINE)
        if line(held) < BOTTOM:
            first = max(line(held) - CAP, TOP)
            band(first, first + CAP, MARK)
    return pixels


def painted(bars, ratio=1):
    pixels = np.full(((BOTTOM - TOP) * ratio, (SECOND + WIDE) * ratio), GAP, np.uint32)
    bars.paint(pixels, ratio, WIDE, SECOND)
    return pixels


def readings(count, seed=4):
    """Peak, RMS and true peak of both channels at uneven times, silence among them."""
    rng, time_s = np.random.default_rng(seed), 100.0
    for _ in range(count):
        time_s += float(rng.choice([0.016, 0.017, 0.1, 0.7]))
        peak = np.where(rng.random(2) < 0.2, -inf, rng.uniform(-70, 1, 2))
        yield tuple(peak.tolist()), tuple((peak - 8).tolist()), tuple((peak + rng.uniform(0, 1, 2)).tolist()), time_s


def test_bars_stand_and_look_as_the_plain_law_says(bars):
    plain = [Plain(), Plain()]
    bars.show_ceiling(-6.0, line(-6.0))
    for peak, rms, true_peak, time_s in readings(300):
        bars.follow(peak, rms, true_peak, time_s)
        wanted = [channel.follow(*now, time_s) for channel, now in zip(plain, zip(peak, rms, true_peak, strict=True), strict=True)]
        got = [(bar.level_db, bar.rms_db, bar.held_db) for bar in bars.bars]
        assert got == [pytest.approx(channel) for channel in wanted]
        assert np.array_equal(painted(bars), drawn(got, -6.0))


@pytest.mark.parametrize("ratio", [2, 3])
def test_a_finer_screen_has_the_same_picture_in_more_pixels(bars, ratio):
    for reading in readings(20):
        bars.follow(*reading)
    once = painted(bars)
    assert len(np.unique(once)) > 4
    assert np.array_equal(painted(bars, ratio), once.repeat(ratio, axis=0).repeat(ratio, axis=1))


def test_what_is_told_to_have_moved_covers_all_that_looks_different(bars):
    before = painted(bars)
    for reading in readings(300):
        moved, after = bars.follow(*reading), painted(bars)
        different = np.flatnonzero((before != after).any(axis=1)) + TOP
        if moved is None:
            assert not len(different)
        else:
            first, last = moved
            assert not len(different) or (first <= different[0] and different[-1] < last)
        before = after
    assert bars.follow(*reading) is None         # the same again, at the same moment


def test_little_is_told_where_little_has_moved(bars):
    bars.follow((-20.0, -30.0), SILENT, (-10.0, -10.0), 1.0)
    first, last = bars.follow((-18.0, -30.0), SILENT, SILENT, 1.0)
    assert (first, last) == (line(-18.0) - CAP, line(-20.0) + CAP)
    assert bars.follow(SILENT, SILENT, SILENT, 1.0001) is None


def test_nothing_is_silence_and_what_is_no_number_too(bars):
    silence = drawn([(-inf, -inf, -inf)] * 2)
    assert np.array_equal(painted(bars), silence)
    bars.follow((nan, -90.0), (nan, nan), (nan, -80.0), 1.0)
    assert np.array_equal(painted(bars)[:, :WIDE], silence[:, :WIDE])
    bars.follow((-3.0, -3.0), (-9.0, -9.0), (-2.0, -2.0), 2.0)
    assert not np.array_equal(painted(bars), silence)
    bars.forget()
    assert np.array_equal(painted(bars), silence)


def test_over_the_scale_a_bar_ends_at_its_top(bars):
    bars.follow((12.0, inf), (6.0, 6.0), (12.0, inf), 1.0)
    assert painted(bars)[0].tolist() == [MARK] * WIDE + [GAP] * (SECOND - WIDE) + [MARK] * WIDE


def test_a_picture_that_is_too_small_is_refused(bars):
    for shape in ((BOTTOM - TOP - 1, SECOND + WIDE), (BOTTOM - TOP, SECOND + WIDE - 1)):
        with pytest.raises(ValueError, match="do not go into"):
            bars.paint(np.zeros(shape, np.uint32), 1.0, WIDE, SECOND)
    with pytest.raises(ValueError, match="6 inks"):
        bars.show_inks(*INKS[:5])
