"""Bars move by the law of their ballistics, tell which lines look different, and are painted as plain rectangles are."""
from math import floor, inf, nan

import numpy as np
import pytest

from dsp_core.meters.bars import LoudnessBars, PeakBars, ReductionBar

TOP, BOTTOM, CAP, WIDE, LEFTS = 20, 140, 2, 5, (12, 30)
SECOND = LEFTS[1] - LEFTS[0]
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
    made.lay_out(ruled(), LOWEST, PER_DB, (TOP, BOTTOM), LEFTS, (WIDE, CAP))
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
    bars.paint(pixels, (ratio, 0.0, 0.0), TOP, BOTTOM - 1)
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


def test_of_the_peaks_only_the_lines_that_are_asked_for_are_painted(bars):
    """And one beside them on either side, for screens on which lines share pixels."""
    for reading in readings(20):
        bars.follow(*reading)
    whole = painted(bars)
    pixels = np.full_like(whole, GAP)
    bars.paint(pixels, (1.0, 0.0, 0.0), 60, 69)
    assert np.array_equal(pixels[59 - TOP:71 - TOP], whole[59 - TOP:71 - TOP])
    assert (pixels[:59 - TOP] == GAP).all() and (pixels[71 - TOP:] == GAP).all()


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
            bars.paint(np.zeros(shape, np.uint32), (1.0, 0.0, 0.0), TOP, BOTTOM - 1)
    with pytest.raises(ValueError, match="6 inks"):
        bars.show_inks(*INKS[:5])


def reductions(count, seed=6):
    """Decibels at uneven times, nothing among them."""
    rng, time_s = np.random.default_rng(seed), 50.0
    for _ in range(count):
        time_s += float(rng.choice([0.016, 0.017, 0.1, 0.7]))
        yield (float(rng.uniform(0, 11)) if rng.random() < 0.6 else 0.0), time_s


def test_reduction_hangs_where_the_plain_law_says_and_tells_what_looks_different():
    bar, range_db = ReductionBar(), 9.0
    bar.lay_out(range_db, TOP, BOTTOM, CAP)
    shown, past, at, before = 0.0, [], None, (TOP, TOP)
    for reduction, time_s in reductions(300):
        moved = bar.follow(reduction, time_s)
        shown, at = max(reduction, shown - (time_s - at) * 20 / 1.7 if at is not None else 0.0, 0.0), time_s
        past.append((time_s, reduction))
        held = max(value for then, value in past if time_s - then < 2.0)
        assert (max(bar.level_db, 0.0), bar.held_db) == pytest.approx((shown, held))
        after = tuple(TOP + round(min(db / range_db, 1.0) * (BOTTOM - TOP)) for db in (shown, held))
        assert (bar.level, bar.held) == after
        changed = [y for was, now in zip(before, after, strict=True) if was != now for y in (was, now)]
        assert moved == ((min(changed) - CAP, max(changed) + CAP) if changed else None)
        before = after
    bar.lay_out(18.0, TOP, BOTTOM, CAP)
    assert bar.held == TOP + round(held / 18 * (BOTTOM - TOP))
    bar.forget()
    assert (bar.level, bar.held) == (TOP, TOP)
    with pytest.raises(ValueError, match="over 0 dB, not 0"):
        bar.lay_out(0.0, TOP, BOTTOM, CAP)


LEVELS, SHARES = np.array([-3.0, -9.0, -18.0, -59.0]), np.array([0.1, 0.3, 0.6, 1.0])
ROOM = 8
LOUD_INKS = [0xFF000001, 0xFF000002, 0xFF000003, 0xFF000004]
LARGEST = (-5.0, None)


@pytest.fixture
def loudness():
    made = LoudnessBars()
    made.lay_out(LEVELS, SHARES, (TOP, BOTTOM), LEFTS, (WIDE, CAP, ROOM))
    made.show_inks(*LOUD_INKS)
    made.show_largest(*LARGEST)
    return made


def stands(level):
    """The line of a level on the scale above."""
    known = level if level is not None and level > LEVELS[-1] else LEVELS[-1]
    return TOP + round(float(np.interp(-known, -LEVELS, SHARES)) * (BOTTOM - TOP))


def bands(now):
    """(x, first line, line behind the last, ink) of both bars with their marks, painted one over the other."""
    for x, level, largest in zip(LEFTS, now, LARGEST, strict=True):
        y, mark = stands(level), stands(largest)
        yield from ((x, TOP, y, 0), (x, y, BOTTOM, 1), (x, y, min(y + CAP, BOTTOM), 2))
        if mark < BOTTOM:
            yield x, mark - CAP, mark, 3


def seen(now, others):
    """Both bars with their marks, and as 9 the rows and columns that a triangle takes."""
    picture = np.zeros((BOTTOM + ROOM, LEFTS[1] + WIDE), np.uint8)
    for x, first, last, ink in bands(now):
        picture[first:last, x:x + WIDE] = 1 + ink
    for x, other in zip(LEFTS, others, strict=True):
        if stands(other) < BOTTOM:
            picture[stands(other) - ROOM:stands(other) + ROOM, x - 1 - ROOM:x] = 9
    return picture


def filled(now, screen):
    """Pixels of both bars, from the corner of the first on; an edge lies at the nearest one."""
    ratio, *corner = screen

    def across(*xs):
        return [floor(x * ratio + corner[0] + 0.5) for x in xs]

    def down(*ys):
        return [floor(y * ratio + corner[1] + 0.5) for y in ys]
    (left, right), (top, bottom) = across(LEFTS[0], LEFTS[1] + WIDE), down(TOP, BOTTOM)
    pixels = np.full((bottom - top, right - left), GAP, np.uint32)
    for x, first, last, ink in bands(now):
        (begin, end), (high, low) = across(x, x + WIDE), down(first, last)
        pixels[high - top:low - top, begin - left:end - left] = LOUD_INKS[ink]
    return pixels


def loud(count, seed=8):
    """Both levels and both they are compared with, some unknown, silent or no number, some as before."""
    rng, now = np.random.default_rng(seed), [None] * 4
    for _ in range(count):
        for k in np.flatnonzero(rng.random(4) < 0.5):
            now[k] = rng.choice([None, -inf, nan, float(rng.uniform(-70, 2)), float(rng.uniform(-20, -8)), float(rng.uniform(-20, -8))])
        yield tuple(now[:2]), tuple(now[2:])


def test_loudness_stands_where_its_scale_says_and_tells_all_that_looks_different(loudness):
    before = seen((None, None), (None, None))
    for now, others in loud(400):
        moved, after = loudness.follow(*now, *others), seen(now, others)
        assert loudness.others_at == tuple(stands(other) for other in others)
        told = np.zeros(after.shape, bool)
        if moved is not None:
            x, y, wide, high = moved
            told[max(y, 0):y + high, x:x + wide] = True
        assert told[before != after].all()
        assert loudness.follow(*now, *others) is None
        before = after


SCREENS = [(1.0, 0.0, 0.0), (1.25, 0.0, 0.0), (1.25, 0.75, 0.25), (1.5, 0.5, 0.5), (2.0, 0.0, 0.0)]


@pytest.mark.parametrize("screen", SCREENS)
def test_bars_of_loudness_are_painted_as_plain_rectangles_are(loudness, screen):
    for now, others in loud(200):
        loudness.follow(*now, *others)
        wanted = filled(now, screen)
        pixels = np.full_like(wanted, GAP)
        loudness.paint(pixels, screen, TOP, BOTTOM - 1)
        assert np.array_equal(pixels, wanted)


@pytest.mark.parametrize("screen", SCREENS)
def test_lines_that_are_not_asked_for_are_left_alone(loudness, screen):
    """But for the one beside them, which may share a row of pixels with them."""
    rng, untouched = np.random.default_rng(9), 0x12345678
    for now, others in loud(200):
        loudness.follow(*now, *others)
        first, last = np.sort(rng.integers(0, BOTTOM + ROOM, 2))
        wanted = filled(now, screen)
        pixels = np.where(wanted == GAP, np.uint32(GAP), np.uint32(untouched))
        loudness.paint(pixels, screen, first, last)
        rows = np.arange(len(pixels)) / screen[0] + TOP
        inside, far = (rows > first - 1) & (rows < last + 1), (rows < first - 2) | (rows > last + 2)
        assert np.array_equal(pixels[inside], wanted[inside])
        assert not np.isin(pixels[far], LOUD_INKS).any()


def test_a_scale_of_loudness_has_two_levels_and_a_place_for_each(loudness):
    for levels, shares in ((LEVELS[:1], SHARES[:1]), (LEVELS, SHARES[:3])):
        with pytest.raises(ValueError, match="is none"):
            loudness.lay_out(levels, shares, (TOP, BOTTOM), LEFTS, (WIDE, CAP, ROOM))
    with pytest.raises(ValueError, match="4 inks, not 3"):
        loudness.show_inks(1, 2, 3)
    with pytest.raises(ValueError, match="bars of 23 x 120 pixels do not go into 23 x 119"):
        loudness.paint(np.empty((119, 23), np.uint32), SCREENS[0], TOP, BOTTOM)
    with pytest.raises(TypeError):
        loudness.follow("loud", None, None, None)


def test_before_it_is_laid_out_a_bar_of_loudness_has_no_place():
    bars = LoudnessBars()
    assert bars.follow(-9.0, None, -8.0, -7.0) is None
    pixels = np.full((99, 99), GAP, np.uint32)
    bars.paint(pixels, SCREENS[0], 0, 98)
    assert (pixels == GAP).all()
