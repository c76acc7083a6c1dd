"""Columns of a history: filled between rows, edged by a smooth line, the same however many are drawn at once."""
from math import inf, nan

import numpy as np
import pytest

from dsp_core.meters.columns import Columns, Scale

HIGH, WIDE = 60, 40
GROUND, INK = 0xFF101820, 0xFFF0C040
SCALE = Scale(-60.0, 0.0, 60.0, 0.0)             # a row for each decibel


def strip():
    pixels = np.full((HIGH, WIDE), GROUND, np.uint32)
    return pixels, Columns(pixels)


def rows(values):
    """Rows of levels, silence at the low end."""
    return [60.0 if not value > -60 else 60.0 - (min(value, 0.0) + 60.0) for value in values]


def channel(pixels, shift):
    return (pixels >> shift & 0xFF).astype(int)


def share_of(pixels):
    """How far each pixel has turned from the ground to the ink, 0 to 1."""
    return (channel(pixels, 16) - 0x10) / (0xF0 - 0x10)


def coverage(values, half=1.0):
    """By the book: 1 less the distance of a pixel's middle from the line through the middles of the columns, a piece of it at a time."""
    y = rows(values)
    found = np.zeros((HIGH, len(y) - 1))
    for column in range(1, len(y)):
        for start in (column - 1, column):
            if start + 1 < len(y) and not np.isnan(values[start]) and not np.isnan(values[start + 1]):
                a, b = np.array([start - column, y[start]]), np.array([start + 1 - column, y[start + 1]])
                for row in range(HIGH):
                    p = np.array([0.0, row + 0.5])
                    at = np.clip((p - a) @ (b - a) / ((b - a) @ (b - a)), 0, 1)
                    found[row, column - 1] = max(found[row, column - 1], half - np.linalg.norm(p - a - at * (b - a)))
    return np.clip(found, 0, 1)


def levels(count, seed=2):
    return [float(value) for value in np.random.default_rng(seed).uniform(-66, 3, count)]


@pytest.mark.parametrize("width", [1.0, 2.0])
def test_an_edge_covers_what_is_near_the_line(width):
    values = levels(21)
    values[7] = values[15] = values[17] = nan
    pixels, columns = strip()
    columns.edge(3, SCALE, values, INK, width)
    wanted = np.zeros((HIGH, WIDE))
    wanted[:, 3:23] = coverage(values, width / 2 + 0.5)
    assert share_of(pixels) == pytest.approx(wanted, abs=0.006)
    assert not wanted[:, 18].any() and not wanted[:, 9].any() and wanted[:, 10].any()   # one known value between two unknown ones is no line


def test_every_channel_turns_as_far():
    pixels, columns = strip()
    columns.edge(0, SCALE, levels(WIDE + 1), INK, 1.0)
    for shift in (0, 8, 16):
        low, high = GROUND >> shift & 0xFF, INK >> shift & 0xFF
        assert (channel(pixels, shift) - low) / (high - low) == pytest.approx(share_of(pixels), abs=1.5 / (high - low) + 0.005)
    assert (channel(pixels, 24) == 0xFF).all()


@pytest.mark.parametrize("piece", [1, 2, 5, 13])
def test_columns_look_the_same_however_many_are_drawn_at_once(piece):
    values, (whole, all_at_once), (parts, few) = levels(WIDE + 1), strip(), strip()
    ground = np.full(HIGH, GROUND, np.uint32)
    all_at_once.fill(0, SCALE, values, -60.0, 0xFF303030)
    all_at_once.edge(0, SCALE, values, INK, 1.0)
    for first in range(0, WIDE, piece):
        again = max(first - 1, 0)                # the last one did not know yet where its line goes
        few.clear(again, first + piece, ground)
        few.fill(again, SCALE, values[again:first + piece + 1], -60.0, 0xFF303030)
        few.edge(again, SCALE, values[again:first + piece + 1], INK, 1.0)
    assert np.array_equal(whole, parts)


@pytest.mark.parametrize("values", [[0.0, -10.0, -20.0, nan, inf, -inf, 5.0, -60.0, -30.5]])
def test_a_fill_reaches_from_row_to_row(values):
    y = np.rint(rows(values)).astype(int)
    for top, bottom, from_to in ((values, -60.0, lambda k: (y[k], 60)), (0.0, values, lambda k: (0, y[k])),
                                 (values, [-30.0] * len(values), lambda k: (y[k], 30))):
        pixels, columns = strip()
        columns.fill(4, SCALE, top, bottom, INK)
        wanted = np.full((HIGH, WIDE), GROUND, np.uint32)
        for k in range(1, len(values)):
            first, last = from_to(k)
            wanted[first:max(last, first), 3 + k] = INK
        assert np.array_equal(pixels, wanted)


def test_what_lies_outside_is_left_out():
    pixels, columns = strip()
    values = levels(WIDE + 11)
    for left in (-5, -1, 35, WIDE, -100):
        columns.fill(left, SCALE, values, -60.0, INK)
        columns.edge(left, SCALE, values, INK, 2.0)
        columns.clear(left, left + 10, np.full(HIGH, INK, np.uint32))
    columns.block(WIDE, 0, 5, INK)
    columns.block(-1, 0, 5, INK)
    pixels[:] = GROUND
    columns.block(2, -5, 3, INK)
    columns.block(3, 57, 99, INK)
    assert np.argwhere(pixels == INK).tolist() == [[0, 2], [1, 2], [2, 2], [57, 3], [58, 3], [59, 3]]
    columns.edge(0, SCALE, [], INK, 1.0)
    columns.fill(0, SCALE, [], -60.0, INK)
    assert (pixels == INK).sum() == 6


def test_a_cleared_column_is_its_ground():
    pixels, columns = strip()
    ground = np.arange(HIGH, dtype=np.uint32)
    columns.clear(38, 45, ground)
    assert np.array_equal(pixels[:, 38:], np.stack([ground, ground], axis=1))
    assert (pixels[:, :38] == GROUND).all()
    with pytest.raises(ValueError, match="59 rows"):
        columns.clear(0, 1, ground[:-1])


def test_a_scale_needs_a_low_end_under_its_high_one():
    with pytest.raises(ValueError, match="cannot go from"):
        Scale(0.0, 0.0, 10.0, 0.0)
    assert [SCALE.px(db) for db in (-100.0, -60.0, -45.0, 0.0, 9.0, inf, -inf, nan)] == [60, 60, 45, 0, 0, 0, 60, 60]
