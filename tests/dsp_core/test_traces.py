"""Lines that move and the pixels they are made of: held against a disc drawn along each line, sampled 16 x 16 times a pixel."""
import numpy as np
import pytest

from dsp_core.meters.traces import LineCanvas, LiveLine

WIDE, HIGH = 60, 40
AXIS = (-HIGH, 0.0, float(HIGH), 0.0)            # the level -y stands at y
INK, FILL = 0xFFF0A020, 0xFF203040
SAMPLES = 16
NEAR = 0.05                                      # of full cover: sub-columns are an eighth of a pixel wide


def line(x, y):
    made = LiveLine()
    made.lay(np.asarray(x, float), AXIS, -np.asarray(y, float), 0.0)
    return made


def canvas(ratio=1.0, width=1.0, seed=1):
    rng = np.random.default_rng(seed)
    ground = rng.integers(0, 1 << 24, (round(HIGH * ratio), round(WIDE * ratio))).astype(np.uint32) | np.uint32(0xFF000000)
    pixels = np.zeros_like(ground)
    made = LineCanvas(pixels, ratio, width)
    made.lay_ground(ground)
    return made, pixels, ground


def channels(pixels):
    return np.stack([pixels >> shift & 0xFF for shift in (16, 8, 0)], axis=-1).astype(float)


def cover(x, y, width, shape):
    """Share of each pixel that lies within half a width of the line."""
    down, across = ((np.arange(size * SAMPLES) + 0.5) / SAMPLES for size in shape)
    px, py = np.meshgrid(across, down)
    inside = np.zeros(px.shape, bool)
    for x0, y0, x1, y1 in zip(x[:-1], y[:-1], x[1:], y[1:], strict=True):
        dx, dy = x1 - x0, y1 - y0
        at = np.clip(((px - x0) * dx + (py - y0) * dy) / (dx * dx + dy * dy), 0, 1)
        inside |= np.hypot(px - x0 - at * dx, py - y0 - at * dy) <= width / 2
    return inside.reshape(shape[0], SAMPLES, shape[1], SAMPLES).mean(axis=(1, 3))


LINES = {"level": ([0, 60], [20.3, 20.3]), "steep": ([-5, 30, 32, 34, 65], [35, 35.5, 3, 36, 34]), "upright": ([-5, 20, 20, 65], [30, 30, 5, 5]),
         "slanted": ([-5, 20, 40, 65], [30, 12.5, 33, 8]), "many": (np.linspace(-2, 62, 31), 20 + 6 * np.sin(np.arange(31) * 2.0))}


@pytest.mark.parametrize("shape", LINES)
@pytest.mark.parametrize(("ratio", "width"), [(1.0, 1.0), (1.5, 1.5), (2.0, 2.0), (1.0, 2.0)])
def test_a_stroke_covers_what_a_disc_drawn_along_the_line_covers(shape, ratio, width):
    x, y = (np.asarray(part, float) for part in LINES[shape])
    made, pixels, ground = canvas(ratio, width)
    made.paint((0.0, 0.0, WIDE, HIGH), None, 0, HIGH, [(line(x, y), INK)])
    share = cover(x * ratio, y * ratio, width, pixels.shape)[..., np.newaxis]
    wanted = channels(ground) * (1 - share) + channels(np.uint32(INK)) * share
    reach = np.abs(channels(np.uint32(INK)) - channels(ground))
    off = np.abs(channels(pixels) - wanted)
    assert (off <= 2 + NEAR * reach).all()
    assert off.mean() < 0.2


def test_a_canvas_is_filled_from_the_line_down_to_the_floor_over_its_ground():
    made, pixels, ground = canvas()
    x, y = np.array([0.0, 20.0, 40.0, 60.0]), np.array([10.2, 30.7, 8.1, 20.0])
    made.paint((0.0, 0.0, WIDE, HIGH), line(x, y), FILL, 36.0, [])
    middles = np.interp(np.arange(WIDE) + 0.5, x, y)
    rows = np.arange(HIGH)[:, np.newaxis]
    assert np.array_equal(pixels, np.where((rows + 0.5 > middles) & (rows < 36), np.uint32(FILL), ground))


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_no_column_outside_the_clip_is_touched_and_inside_it_is_as_in_the_whole(ratio):
    lines = [(line(*LINES["many"]), INK), (line(*LINES["steep"]), 0xFF00FF00)]
    made, whole, _ = canvas(ratio, ratio)
    assert made.paint((0.0, 0.0, WIDE, HIGH), lines[1][0], FILL, HIGH, lines) == (0, 0, WIDE * ratio, HIGH * ratio)
    for clip in ((13.0, 7.0, 21.0, 15.0), (0.0, 0.0, 1.0, 1.0), (31.0, 3.0, 1.0, 30.0), (50.0, 30.0, 99.0, 99.0), (-5.0, -5.0, 10.0, 10.0)):
        made, pixels, _ = canvas(ratio, ratio)
        pixels[:] = 7
        left, top, wide, high = made.paint(clip, lines[1][0], FILL, HIGH, lines)
        assert left <= max(clip[0], 0) * ratio < left + 1 and top <= max(clip[1], 0) * ratio < top + 1
        assert top + high - 1 < min(clip[1] + clip[3], HIGH) * ratio <= top + high
        assert np.array_equal(pixels[:, left:left + wide], whole[:, left:left + wide])
        pixels[:, left:left + wide] = 7
        assert (pixels == 7).all()
    assert made.paint((70.0, 0.0, 5.0, 5.0), None, 0, HIGH, lines) is None
    assert (pixels == 7).all()


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_a_canvas_painted_again_and_again_is_as_one_that_is_painted_once(ratio):
    """Lines that jump about, parts of it at a time, with and without fill, other colours, floors and grounds."""
    rng = np.random.default_rng(7)
    made, pixels, ground = canvas(ratio, ratio)
    x, expected, fill, floor_y = np.linspace(-2, 62, 41), np.zeros_like(ground), FILL, 36.0
    for turn in range(60):
        lines = [(line(x, 20 + 12 * rng.standard_normal(41)), color) for color in (INK, 0xFF00FF00)[:rng.integers(0, 3)]]
        filled = line(x, rng.uniform(-5, 45) + 5 * np.sin(x / rng.uniform(2, 9))) if rng.random() < 0.8 else None
        if turn % 10 == 9:
            fill, floor_y = int(rng.integers(1 << 24)) | 0xFF000000, float(rng.uniform(0, 45))
        if turn % 20 == 19:
            ground = np.roll(ground, 3, 0)
            made.lay_ground(ground)
        clip = (0.0, 0.0, WIDE, HIGH) if turn % 4 == 0 or turn % 10 == 9 else (float(rng.uniform(0, 50)), 0.0, float(rng.uniform(1, 60)), HIGH)
        fresh, once, _ = canvas(ratio, ratio)
        fresh.lay_ground(ground)
        fresh.paint(clip, filled, fill, floor_y, lines)
        left, _, wide, _ = made.paint(clip, filled, fill, floor_y, lines)
        expected[:, left:left + wide] = once[:, left:left + wide]
        assert np.array_equal(pixels, expected), turn


@pytest.mark.parametrize("x", [[], [5.0], [np.nan, 10, 20], [0, np.inf, 60], [-np.inf, 5, np.inf], [50, 30, 10], [5, 5, 5], [-1e300, 0, 1e300]])
@pytest.mark.parametrize("y", [[20.0] * 3, [np.nan, 3, np.inf], [-np.inf, 5, -1e300]])
def test_no_value_paints_outside_or_breaks(x, y):
    made, pixels, _ = canvas()
    strange = line(x, y[:len(x)])
    made.paint((0.0, 0.0, WIDE, HIGH), strange, FILL, np.nan, [(strange, INK)])
    made.paint((np.nan, -np.inf, np.inf, np.inf), strange, FILL, 1e300, [(strange, INK)])
    assert (pixels >> 24 == 0xFF).all()
    strange.follow(np.full(len(x), -3.0), np.nan)


def test_a_line_that_goes_back_is_left_out_there():
    made, pixels, ground = canvas()
    made.paint((0.0, 0.0, WIDE, HIGH), None, 0, HIGH, [(line([50, 30, 10], [20, 20, 20]), INK)])
    assert np.array_equal(pixels, ground)


def test_levels_stand_on_their_axis_and_never_outside():
    values = np.array([-200.0, -90.0, -45.0, 0.0, 12.0, np.nan, -np.inf, np.inf])
    made = LiveLine()
    made.lay(np.arange(8.0), (-90.0, 0.0, 300.0, 20.0), values, 3.0)
    inside = np.minimum(np.fmax(values + 3.0, -90.0), 0.0)
    assert [y for _, y in made.points] == pytest.approx(300 + (inside + 90) / 90 * -280)


def test_what_moved_is_told_with_its_neighbours_together_with_what_was_asked_for():
    x, y = np.arange(0.0, 60.0, 10.0), np.full(6, 20.0)
    made = line(x, y)
    assert made.follow(-y, 0.05) is None
    assert made.follow(-y, 0.05, (1, 2, 3, 4)) == (1, 2, 3, 4)
    y[2] = 10.0
    assert made.follow(-y, 0.0) == (10 - 2, 10 - 2, 20 + 5, 10 + 5)
    y[2] = 11.0
    assert made.follow(-y, 0.0, (50, 3, 9, 4)) == (8, 3, 51, 20)
    assert made.follow(-y, 0.0) is None
    y[:] = 40.0
    assert made.follow(-y, 0.0)[3] == 40 - 9, "nothing is asked for below the axis"


def test_what_does_not_fit_is_refused():
    made, _, ground = canvas()
    with pytest.raises(ValueError, match="3 levels do not belong to 2 places"):
        line([0, 1], [0, 0]).follow(np.zeros(3), 0.0)
    with pytest.raises(ValueError, match="does not cover"):
        made.lay_ground(ground[:-1])
    with pytest.raises(ValueError, match="over 0"):
        LineCanvas(ground, 0.0, 1.0)
    with pytest.raises(TypeError, match="no line"):
        made.paint((0.0, 0.0, 5.0, 5.0), None, 0, 0.0, [(None, INK)])
