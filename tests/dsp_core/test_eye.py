"""Pictures that move are worked out in one call each: held against the same in numpy."""
import numpy as np
import pytest

from dsp_core.meters.eye import LineLevels, moved, write_line

UNSEEN = 0.1


def expected(y, painted):
    """First, last, highest and lowest of what has to be painted."""
    found = np.flatnonzero(np.abs(y - painted) > UNSEEN)
    if not len(found):
        return None
    first, last = max(found[0] - 1, 0), min(found[-1] + 1, len(y) - 1)
    both = np.concatenate([y[first:last + 1], painted[first:last + 1]])
    return first, last, both.min(), both.max()


def test_what_moved_is_told_with_its_neighbours_and_only_once():
    rng = np.random.default_rng(3)
    painted = rng.uniform(0, 300, 100)
    for _ in range(200):
        y = painted.copy()
        first, last = sorted(rng.integers(0, 100, 2))
        y[first:last + 1] += rng.choice([0.0, 0.05, 3.0, -20.0], last + 1 - first)
        before, wanted = painted.copy(), expected(y, painted)
        assert moved(y, painted, UNSEEN) == wanted
        assert moved(y, painted, UNSEEN) is None
        assert np.abs(y - painted).max() <= UNSEEN
        if wanted is not None:
            assert np.array_equal(painted[:wanted[0]], before[:wanted[0]])


def test_heights_become_points_of_a_line_and_of_the_area_under_it():
    line, area = np.full((3, 2), 7.0), np.full((5, 2), 7.0)
    write_line(np.array([1.0, 2.0, 3.0]), line, area)
    assert line.tolist() == [[7, 1], [7, 2], [7, 3]]
    assert area.tolist() == [[7, 7], [7, 1], [7, 2], [7, 3], [7, 7]]
    with pytest.raises(ValueError, match="do not go into"):
        write_line(np.zeros(4), line, area)


def test_points_read_as_noise_as_a_line_or_between():
    rng = np.random.default_rng(5)
    points, floor, low, high = 60, 1e-20, 0.35, 0.8
    loss, noise, line, slope = rng.uniform(0, 9, points), rng.uniform(0.02, 0.1, points), rng.uniform(0.8, 1, points), rng.uniform(-3, 3, points)
    power = 10 ** rng.uniform(-24, 0, points)
    top = power * rng.uniform(0, 1, points)
    hold, before = np.linspace(-200, 0, points), np.linspace(-200, 0, points)
    levels = np.empty(points)
    LineLevels(loss, noise, line, slope, floor, low, high).read(power, top, levels, hold)
    mean = np.maximum(power, floor)
    share = np.clip(((top / mean - noise) / (line - noise) - low) / (high - low), 0, 1)
    assert {0.0, 1.0} < set(share.tolist())
    wanted = 10 * np.log10(mean) + loss * share * share * (3 - 2 * share) + slope
    assert levels == pytest.approx(wanted, abs=1e-9)
    assert np.array_equal(hold, np.maximum(before, levels))
