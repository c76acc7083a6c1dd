"""Every variant of the SVF kernel against its plain twin, to the bit, and the structure against its own equations."""
import numpy as np
import pytest

from dsp_core.kernels.svf_check import VARIANTS, Cascade
from tests import signals


def section(g, k, low, band, high):
    """The six numbers of dsp_core/kernels/svf.h."""
    a = 1 / (1 + g * (g + k))
    return [2 * a - 1, 2 * g * a, 2 * g * g * a, a * (high + g * (band + g * low)), a * (band - k * high + g * (low - high)), low]


def random_coefficients(sections, seed):
    """(sections, 6, 2): another filter for each lane."""
    rng = np.random.default_rng(seed)
    c = np.empty((sections, 6, 2))
    for k in range(sections):
        for lane in range(2):
            g, damping = np.tan(np.pi * np.exp(rng.uniform(np.log(0.0002), np.log(0.49)))), np.exp(rng.uniform(-3, 1))
            low, band, high = np.exp(rng.uniform(-0.7, 0.7, 3))
            c[k, :, lane] = section(g, damping, low, band * damping, high)
    return c


def cut_randomly(cascade, variant, x, rng, longest):
    y, done = x.copy(), 0
    while done < y.shape[1]:
        n = min(int(rng.integers(1, longest + 1)), y.shape[1] - done)
        piece = np.ascontiguousarray(y[:, done:done + n])
        cascade.run(variant, piece)
        y[:, done:done + n] = piece
        done += n
    return y


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("sections", [*range(1, 20), 24, 25, 32])
def test_any_variant_and_any_cut_give_the_bits_of_the_plain_twin(variant, sections):
    c, x, rng = random_coefficients(sections, sections), signals.noise(1500, seed=sections), np.random.default_rng(sections)
    plain, want = Cascade(c), x.copy()
    plain.run("plain", want)
    for longest in (3, 40, 700):
        other = Cascade(c)
        assert cut_randomly(other, variant, x, rng, longest).tobytes() == want.tobytes()
        assert other.state() == plain.state()


def test_the_structure_is_the_trapezoidal_svf():
    g, k, low, band, high = 0.31, 0.8, 1.0, 1.7, 0.6
    x, y = signals.noise(400), np.empty((2, 400))
    a1 = 1 / (1 + g * (g + k))
    ic1, ic2 = np.zeros(2), np.zeros(2)
    for i in range(400):
        v3 = x[:, i] - ic2
        v1 = a1 * ic1 + g * a1 * v3
        v2 = ic2 + g * a1 * ic1 + g * g * a1 * v3
        ic1, ic2 = 2 * v1 - ic1, 2 * v2 - ic2
        y[:, i] = high * x[:, i] + (band - k * high) * v1 + (low - high) * v2
    got = x.copy()
    Cascade(np.repeat(np.array([section(g, k, low, band, high)])[:, :, None], 2, axis=2)).run("plain", got)
    assert np.allclose(got, y, rtol=0, atol=1e-14)


def test_a_lane_that_passes_through_keeps_every_bit():
    c = random_coefficients(5, 3)
    c[:, :, 1] = [0.0, 0.0, 0.0, 1.0, -0.0, -0.0]
    x = signals.noise(300)
    x[1, ::7] = -0.0
    for variant in VARIANTS:
        y = x.copy()
        Cascade(c).run(variant, y)
        assert y[1].tobytes() == x[1].tobytes()
        assert not np.array_equal(y[0], x[0])


def test_a_ramp_that_stands_still_is_the_steady_filter():
    c, x = random_coefficients(1, 8), signals.noise(500)
    steady, ramped, still = x.copy(), x.copy(), np.zeros((6, 2))
    Cascade(c).run("plain", steady)
    Cascade(c).ramp(0, np.zeros((6, 2)), still, ramped)
    assert steady.tobytes() == ramped.tobytes()


def test_a_ramp_gives_the_bits_of_its_plain_twin():
    c, rng = random_coefficients(1, 5), np.random.default_rng(5)
    for frames in (1, 2, 31, 200):
        both = [(Cascade(c), *moves, signals.noise(frames)) for moves in [rng.standard_normal((2, 6, 2)) * 1e-5] for _ in range(2)]
        (fast, speed, bend, x), (twin, twin_speed, twin_bend, z) = ((k, d.copy(), e, x) for k, d, e, x in both)
        fast.ramp(0, speed, bend, x)
        twin.ramp(0, twin_speed, twin_bend, z, plain=True)
        assert x.tobytes() == z.tobytes()
        assert speed.tobytes() == twin_speed.tobytes()
        assert (fast.state(), fast.coefficients()) == (twin.state(), twin.coefficients())


def test_a_ramp_moves_the_coefficients_as_it_says():
    c = random_coefficients(1, 8)
    cascade, speed, bend = Cascade(c), np.full((6, 2), 1e-4), np.full((6, 2), -1e-6)
    cascade.ramp(0, speed, bend, signals.noise(32))
    assert np.allclose(np.array(cascade.coefficients())[0] - c[0], 32 * 1e-4 - 31 * 16 * 1e-6, atol=1e-15)
    assert np.allclose(speed, 1e-4 - 32e-6, atol=1e-18)


@pytest.mark.slow
def test_any_jump_from_sample_to_sample_stays_bounded():
    """A low pass of Q 10 whose corner jumps over the whole range at every sample: a direct form explodes within 100 samples."""
    frames, rng = 1_000_000, np.random.default_rng(4)
    g = np.tan(np.pi * np.exp(rng.uniform(np.log(20 / 48000), np.log(20000 / 48000), frames)))
    a = 1 / (1 + g * (g + 0.1))
    numbers = np.stack([2 * a - 1, 2 * g * a, 2 * g * g * a, a * g * g, a * g, np.ones(frames)], axis=1)
    x = signals.noise(frames)
    moves = np.repeat(np.diff(numbers, axis=0, prepend=numbers[:1])[:, :, None], 2, axis=2)
    cascade, still = Cascade(np.repeat(numbers[:1, :, None], 2, axis=2)), np.zeros((6, 2))
    loudest = 0.0
    for i in range(frames):
        piece = x[:, i:i + 1].copy()
        cascade.ramp(0, moves[i], still, piece)
        loudest = max(loudest, abs(piece[0, 0]), abs(piece[1, 0]))
    assert loudest < 100 * np.max(np.abs(x))


def test_the_door_is_checked():
    with pytest.raises(ValueError, match="no kernel 'mmx'"):
        Cascade(random_coefficients(1, 1)).run("mmx", np.zeros((2, 4)))
    with pytest.raises(ValueError, match="up to 32"):
        Cascade(np.zeros((33, 6, 2)))
