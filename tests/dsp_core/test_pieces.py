"""Parts of a picture that hold something: nothing is left out, nothing is laid over twice, and near ones are one."""
import numpy as np
import pytest

from dsp_core.meters.pieces import filled_tiles, put_together


@pytest.mark.parametrize("shape", [(64, 96), (70, 100), (5, 7), (16, 33)])
def test_tiles_hold_all_that_is_there_and_nothing_twice(shape):
    rng, wide, high = np.random.default_rng(9), 32, 16
    for share in (0.0, 0.0005, 0.01, 1.0):
        pixels = np.where(rng.random(shape) < share, 0x80000000, 0).astype(np.uint32)
        seen = np.zeros(shape, int)
        for x, y, width, height in filled_tiles(pixels, wide, high):
            assert x % wide == 0 and y % high == 0 and width > 0 and x + width <= shape[1] and y + height <= shape[0]
            seen[y:y + height, x:x + width] += 1
        wanted = np.zeros(shape, int)
        for y in range(0, shape[0], high):
            for x in range(0, shape[1], wide):
                wanted[y:y + high, x:x + wide] = pixels[y:y + high, x:x + wide].any()
        assert np.array_equal(seen, wanted)


def test_neighbouring_tiles_are_one_piece():
    pixels = np.zeros((64, 128), np.uint32)
    pixels[:48, 32:96] = 1
    assert filled_tiles(pixels, 32, 16) == [(32, 0, 64, 48)]
    with pytest.raises(ValueError, match="tiles of 0 x 16"):
        filled_tiles(pixels, 0, 16)


def covered(shape, places):
    """How many of some areas lie over each pixel."""
    seen = np.zeros(shape, int)
    for x, y, width, height in places:
        seen[y:y + height, x:x + width] += 1
    return seen


@pytest.mark.parametrize("spare", [0, 300, 4096])
@pytest.mark.parametrize("share", [0.0, 0.0002, 0.001, 0.01])
def test_areas_put_together_hold_what_they_held_and_nothing_twice(spare, share):
    pixels = np.where(np.random.default_rng(9).random((200, 600)) < share, 0x80000000, 0).astype(np.uint32)
    before = filled_tiles(pixels, 32, 16)
    after = put_together(before, spare)
    seen = covered(pixels.shape, after)
    assert seen.max(initial=0) <= 1 and (seen[covered(pixels.shape, before) > 0] == 1).all()
    assert seen.sum() - covered(pixels.shape, before).sum() <= spare * (len(before) - len(after))


def test_areas_are_one_where_little_lies_between_them():
    near, apart = [(0, 0, 32, 16), (32, 16, 32, 16)], [(0, 0, 32, 16), (300, 100, 32, 16)]
    assert put_together(near, 1025) == [(0, 0, 64, 32)]
    assert put_together(near, 1024) == near
    assert put_together(apart, 4096) == apart
    assert put_together([], 4096) == []


def test_an_area_between_two_goes_with_them():
    """It would lie over the one around them."""
    assert put_together([(0, 0, 10, 100), (20, 0, 10, 100), (12, 40, 5, 5)], 500) == [(0, 0, 30, 100)]
    assert put_together([(0, 0, 10, 100), (20, 0, 10, 100), (12, 40, 5, 5)], 487) == [(0, 0, 10, 100), (20, 0, 10, 100), (12, 40, 5, 5)]


def test_hundreds_of_areas_in_a_row_are_put_together():
    """As the tiles under a curve on a large screen."""
    steps = [(32 * k, 16 * int(30 + 29 * np.sin(k / 9)), 32, 16) for k in range(400)]
    after = put_together(steps, 4096)
    seen = covered((1000, 400 * 32), after)
    assert seen.max() == 1 and (seen[covered(seen.shape, steps) > 0] == 1).all()
    assert len(after) < 200
