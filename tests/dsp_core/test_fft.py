"""The Fourier transform: as exact as doubles allow, its own inverse, and the same bits from every kernel."""
import numpy as np
import pytest

from dsp_core.kernels.fft_check import VARIANTS, SingleTransform, Transform

SIZES = [1 << k for k in range(6, 20)]
SMALL = [64, 128, 256, 4096]


def sound(points, seed=1):
    return np.random.default_rng(seed).standard_normal(points)


def forward(x, variant=None):
    """Real and imaginary planes, as the kernel lays them out; what is padding is NaN."""
    t = Transform(len(x), variant)
    spectrum = np.full((2, t.plane), np.nan)
    t.forward(x, spectrum)
    return spectrum


def backward(spectrum, points, variant=None):
    x = np.full(points, np.nan)
    Transform(points, variant).backward(spectrum, x)
    return x


def bins(spectrum, points):
    return spectrum[0, :points // 2 + 1] + 1j * spectrum[1, :points // 2 + 1]


def rms(x):
    return np.sqrt(np.mean(np.abs(x) ** 2))


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("points", SIZES)
def test_it_is_numpys_transform(points, variant):
    x = sound(points)
    want = np.fft.rfft(x)
    assert rms(bins(forward(x, variant), points) - want) < 1e-15 * np.log2(points) * rms(want)


@pytest.mark.parametrize("points", SMALL)
def test_every_single_point_is_a_turn(points):
    """Against cos and sin of whole fractions of a turn, not against another transform."""
    k = np.arange(points // 2 + 1)
    for at in {0, 1, 2, 3, points // 2, points // 4 + 1, points - 1}:
        x = np.zeros(points)
        x[at] = 1.0
        angle = 2 * np.pi * ((at * k) % points) / points
        assert np.max(np.abs(bins(forward(x), points) - np.exp(-1j * angle))) < 1e-15 * np.log2(points)


@pytest.mark.parametrize("points", SIZES)
def test_there_and_back(points):
    x = sound(points)
    assert rms(backward(forward(x), points) - x) < 1e-15 * np.log2(points)


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("points", SIZES)
def test_back_is_numpys_inverse(points, variant):
    rng = np.random.default_rng(2)
    wanted = rng.standard_normal(points // 2 + 1) + 1j * rng.standard_normal(points // 2 + 1)
    spectrum = np.full((2, Transform(points).plane), np.nan)
    spectrum[0, :points // 2 + 1], spectrum[1, :points // 2 + 1] = wanted.real, wanted.imag
    want = np.fft.irfft(wanted)
    assert rms(backward(spectrum, points, variant) - want) < 1e-15 * np.log2(points) * rms(want)


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("points", SIZES)
def test_any_kernel_gives_the_bits_of_the_plain_twin(points, variant):
    x = sound(points)
    spectrum = forward(x, "plain")
    assert forward(x, variant).tobytes() == spectrum.tobytes()
    assert backward(spectrum, points, variant).tobytes() == backward(spectrum, points, "plain").tobytes()


@pytest.mark.parametrize("points", SMALL)
def test_what_is_read_is_left_alone(points):
    x = sound(points)
    kept = x.copy()
    spectrum = forward(x)
    kept_spectrum = spectrum.copy()
    backward(spectrum, points)
    assert np.array_equal(x, kept)
    assert spectrum.tobytes() == kept_spectrum.tobytes()


def spectra(points, count, seed):
    out = np.full((count, 2, Transform(points).plane), np.nan)
    for i in range(count):
        out[i] = forward(sound(points, seed + i))
    return out


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("points", SMALL)
def test_products_are_added_up_with_the_same_bits_in_any_cut(points, variant):
    a, b = spectra(points, 5, 1), spectra(points, 5, 11)
    total, cut, plain = spectra(points, 3, 31)
    start = bins(total, points).copy()
    cut[:], plain[:] = total, total
    Transform(points, variant).add_products(a, b, total)
    Transform(points, variant).add_products(a[:2], b[:2], cut)
    Transform(points, variant).add_products(a[2:], b[2:], cut)
    Transform(points, "plain").add_products(a, b, plain)
    want = start + sum(bins(a[i], points) * bins(b[i], points) for i in range(5))
    assert rms(bins(total, points) - want) < 1e-15 * rms(want)
    assert total.tobytes() == cut.tobytes() == plain.tobytes()


def test_overlap_and_save_is_the_convolution():
    """Four partitions of 128 points: the way a stage will use it."""
    t, taps, x = Transform(256), sound(512, 7), sound(4096, 8)
    filters = np.stack([forward(np.concatenate([part, np.zeros(128)])) for part in taps.reshape(4, 128)])
    past, y, block = np.zeros((4, 2, t.plane)), [], np.empty(256)
    padded = np.concatenate([np.zeros(128), x])
    for at in range(0, 4096, 128):
        past = np.roll(past, 1, axis=0)
        t.forward(padded[at:at + 256].copy(), past[0])
        total = np.zeros((2, t.plane))
        t.add_products(np.ascontiguousarray(past), filters, total)
        t.backward(total, block)
        y.append(block[128:].copy())
    assert np.max(np.abs(np.concatenate(y) - np.convolve(x, taps)[:4096])) < 1e-12


@pytest.mark.parametrize("points", [0, -64, 32, 96, 1000, 1 << 20])
def test_other_sizes_are_refused(points):
    with pytest.raises(ValueError, match="power of two"):
        Transform(points)


def test_nonsense_is_refused():
    with pytest.raises(ValueError, match="no kernel 'mmx'"):
        Transform(64, "mmx")
    with pytest.raises(ValueError, match="64 points"):
        Transform(64).forward(np.zeros(128), np.zeros((2, Transform(64).plane)))


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("points", [64, 128, 256, 1024, 2048, 16384])
def test_in_single_precision_it_is_numpys_transform_and_its_inverse(points, variant):
    x = np.random.default_rng(points).standard_normal(points).astype(np.float32)
    made = SingleTransform(points, variant)
    spectrum, back = np.empty((2, made.plane), np.float32), np.empty(points, np.float32)
    made.forward(x, spectrum)
    made.backward(spectrum, back)
    want = np.fft.rfft(x.astype(np.float64))
    found = spectrum[0, :points // 2 + 1] + 1j * spectrum[1, :points // 2 + 1].astype(np.float64)
    assert rms(found - want) < 1e-7 * np.log2(points) * rms(want)
    assert rms(back - x) < 1e-7 * np.log2(points) * rms(x)


@pytest.mark.parametrize("points", [64, 128, 512, 4096, 32768])
def test_in_single_precision_any_kernel_gives_the_bits_of_the_plain_twin(points):
    x, spectra, backs = np.random.default_rng(points).standard_normal(points).astype(np.float32), [], []
    for variant in VARIANTS:
        made = SingleTransform(points, variant)
        spectrum, back = np.zeros((2, made.plane), np.float32), np.empty(points, np.float32)
        made.forward(x, spectrum)
        made.backward(spectrum, back)
        spectra.append(spectrum[:, :points // 2 + 1].tobytes())
        backs.append(back.tobytes())
    assert len(set(spectra)) == len(set(backs)) == 1
