"""What only the de-esser promises: sibilants turned down by what is set, all else untouched, and the same at any level."""
import numpy as np
import pytest

from dsp_core.params import STAGES, index_of, params_of
from dsp_core.stages import make
from tests import signals
from tests.checks import active, db, delayed, run
from tests.dsp_core.dynamics import RATE, residue_dbfs

BAND, ABOVE, WIDE = range(3)
BURST, PAUSE = round(0.05 * RATE), round(0.2 * RATE)


def deesser(rate=RATE, **values):
    return make("deesser", rate, values)


def between(y, low, high):
    """The part of a sound between two frequencies, with straight edges."""
    spectrum = np.fft.rfft(y)
    hz = np.arange(spectrum.shape[-1]) * RATE / y.shape[-1]
    return np.fft.irfft(np.where((hz >= low) & (hz < high), spectrum, 0), y.shape[-1])


def tone(seconds=2, level_dbfs=-12):
    return signals.sine(round(seconds * RATE), RATE, 200, level_dbfs)


def bursts(seconds=2, low=5000, high=9000, level_dbfs=-10):
    """50 ms of noise every 250 ms, and where they are."""
    frames = round(seconds * RATE)
    x = between(signals.noise(frames, level=1.0), low, high)
    x *= 10 ** (level_dbfs / 20) / np.std(x)
    where = np.arange(frames) % (BURST + PAUSE) < BURST
    return x * where, where


def power_over_3k(x, where):
    """Of the second half of every whole burst, each through a window of its own."""
    starts = np.flatnonzero(np.diff(where.astype(int)) == 1)[:-1] + 1 + BURST // 2
    pieces = np.stack([x[0, start:start + BURST // 2 - 48] for start in starts])
    spectrum = np.abs(np.fft.rfft(pieces * np.hanning(pieces.shape[1]))) ** 2
    return spectrum[:, np.arange(spectrum.shape[1]) * RATE / pieces.shape[1] > 3000].sum()


def burst_change(values, low=5000, high=9000):
    """dB by which the second half of every burst changes, and what becomes of a tone between 100 and 300 Hz."""
    noise, where = bursts(low=low, high=high)
    x = tone() + noise
    y = run(deesser(**values), x)
    tone_in, tone_out = between(x, 100, 300)[0, RATE // 4:-RATE // 4], between(y, 100, 300)[0, RATE // 4:-RATE // 4]
    change = 10 * np.log10(power_over_3k(y, where) / power_over_3k(x, where))
    return change, db(np.sqrt(np.mean(tone_out ** 2) / np.mean(tone_in ** 2)))


@pytest.mark.parametrize("cut", [3, 6, 10])
@pytest.mark.parametrize(("mode", "low", "high"), [(WIDE, 5000, 9000), (BAND, 6000, 7500), (ABOVE, 10000, 15000)])
def test_a_burst_is_turned_down_by_the_range(mode, low, high, cut):
    """Within 0.5 dB in the middle of what is turned down. Split modes leave a 200 Hz tone alone to 0.05 dB."""
    change, kept = burst_change({"mode": mode, "range": cut, "threshold": -18, "to_freq": 16000 if mode == ABOVE else 9000}, low, high)
    assert change == pytest.approx(-cut, abs=0.5)
    if mode != WIDE:
        assert abs(kept) < 0.05


@pytest.mark.parametrize("cut", [3, 6, 10])
@pytest.mark.parametrize(("mode", "to_freq"), [(BAND, 18000), (ABOVE, 9000)])
def test_a_burst_of_5_to_9_khz_is_turned_down_by_the_range_in_split_modes_too(mode, to_freq, cut):
    """With the ends far enough outside that all of the burst lies where the cut is whole."""
    change, kept = burst_change({"mode": mode, "range": cut, "threshold": -18, "from_freq": 2500, "to_freq": to_freq})
    assert change == pytest.approx(-cut, abs=0.5)
    assert abs(kept) < 0.05


def test_a_split_band_has_half_its_cut_at_both_ends():
    for low, high in ((4900, 5100), (8800, 9200)):
        change, _ = burst_change({"mode": BAND, "range": 6, "threshold": -30}, low, high)
        assert change == pytest.approx(-3, abs=0.3)


@pytest.mark.parametrize("level_dbfs", [-90, -40, 0])
@pytest.mark.parametrize("mode", range(3))
def test_a_low_tone_alone_is_never_touched(mode, level_dbfs):
    x = tone(1, level_dbfs)
    x *= 0.5 - 0.5 * np.cos(np.pi * np.minimum(1, np.arange(RATE) / 9600))
    stage = deesser(mode=mode, range=12, threshold=-30)
    assert np.array_equal(run(stage, x), x)
    assert stage.meters()[2] == 0


@pytest.mark.parametrize("mode", range(3))
@pytest.mark.parametrize("gain", [0.01, 0.25, 2])
def test_it_does_the_same_at_any_level(mode, gain):
    x = tone() + bursts()[0]
    values = {"mode": mode, "range": 8, "threshold": -18}
    one, other = run(deesser(**values), x), run(deesser(**values), x * gain) / gain
    assert np.max(np.abs(one - x)) > 0.05
    assert np.max(np.abs(one - other)) < 5e-5


def test_the_threshold_is_the_level_of_the_band_below_the_whole():
    """200 Hz and, 10 dB lower, 6.7 kHz, of which the filter hears 0.8 dB less. What exceeds the threshold is taken away."""
    x = tone(1) + signals.sine(RATE, RATE, 6700, -22)
    whole = -10 * np.log10(1 + 10) - 0.8
    for threshold, want in ((-6, 0), (-14, 14 + whole), (-18, 6)):
        stage = deesser(mode=WIDE, range=6, threshold=threshold)
        y = run(stage, x)
        assert -db(y[0, -1] / x[0, -1]) == pytest.approx(want, abs=0.5)


def test_look_ahead_catches_the_start():
    def peak_of_start(lookahead):
        stage = deesser(mode=WIDE, range=12, threshold=-20, lookahead=lookahead, attack=0.5)
        y = np.roll(run(stage, x), -stage.latency_frames, axis=1)
        return np.sqrt(np.mean(y[0, RATE:RATE + 72] ** 2))
    noise, _ = bursts()
    x = tone() * 0.3
    x[:, RATE:RATE + BURST] += noise[:, RATE:RATE + BURST]
    start = np.sqrt(np.mean(x[0, RATE:RATE + 72] ** 2))
    assert peak_of_start(0) > 0.4 * start
    assert peak_of_start(3) < 0.27 * start
    assert deesser(lookahead=3).latency_frames == 144


@pytest.mark.parametrize("values", [{}, {"threshold": -40, "lookahead": 5}, {"mode": WIDE, "threshold": -40}, {"range": 12, "threshold": 0, "placement": 2}])
def test_what_has_nothing_to_do_leaves_every_bit(values):
    x = signals.programme(30000)
    stage = deesser(**values)
    assert np.array_equal(run(stage, x), delayed(x, stage.latency_frames))


def test_on_the_side_it_leaves_the_mid():
    noise, _ = bursts()
    noise[1] = -noise[0]
    x = tone() + noise
    y = run(deesser(mode=WIDE, range=6, threshold=-20, placement=2), x)
    assert np.max(np.abs(y[0] + y[1] - x[0] - x[1])) < 1e-14
    assert np.max(np.abs(y[0] - y[1] - x[0] + x[1])) > 0.1


def test_listening_gives_the_band():
    y = db(np.fft.rfft(run(deesser(listen=1), signals.impulse(1 << 15, level=1.0))[0]))
    hz = np.arange((1 << 14) + 1) * RATE / (1 << 15)
    assert abs(y[np.argmin(np.abs(hz - 6700))] + 0.5) < 0.5
    assert abs(y[np.argmin(np.abs(hz - 5000))] + 3.0) < 0.5
    assert y[np.argmin(np.abs(hz - 2500))] < -23
    assert y[np.argmin(np.abs(hz - 200))] < -100


def test_ends_that_meet_stay_a_fifth_apart():
    x = tone() + bursts()[0]
    crossed, apart = deesser(from_freq=8000, to_freq=3000, range=6), deesser(from_freq=8000, to_freq=9600, range=6)
    assert np.max(np.abs(run(crossed, x) - run(apart, x))) < 1e-12


@pytest.mark.parametrize("mode", range(3))
@pytest.mark.parametrize("param_id", [*(p.id for p in STAGES["deesser"] if p.change == "glide"), "mix", "bypass"])
def test_no_move_clicks(mode, param_id):
    """From end to end under a 100 Hz tone, with as much of 1.9 kHz that the detector has something to do."""
    base = {"mode": mode, "range": 6, "threshold": -30, "from_freq": 2000, "to_freq": 8000}
    param = params_of("deesser")[index_of("deesser", param_id)]
    x = signals.sine(4 * RATE, RATE, 100, -6) + signals.sine(4 * RATE, RATE, 1900, -20)
    stage = deesser(**{**base, param_id: param.low})
    y = [run(stage, x[:, :2 * RATE])]
    stage.set(index_of("deesser", param_id), param.high)
    y.append(run(stage, x[:, 2 * RATE:3 * RATE], when=2 * RATE))
    stage.set(index_of("deesser", param_id), param.low)
    y.append(run(stage, x[:, 3 * RATE:], when=3 * RATE))
    assert residue_dbfs(np.concatenate(y, axis=1)[0, RATE:], 6000) <= -85


@pytest.mark.parametrize("values", [{"mode": WIDE}, {"lookahead": 7}, {"placement": 1}, {"lookahead": 0}])
def test_a_successor_goes_on_without_a_gap(values):
    x = tone(3) + bursts(3)[0]
    x[1] *= 0.7
    old, always = active("deesser"), active("deesser", **values)
    run(old, x[:, :RATE])
    new = active("deesser", **values)
    new.take_from(old)
    y, want = run(new, x[:, RATE:], when=RATE), run(always, x)[:, RATE:]
    assert np.max(np.abs(y[:, RATE:] - want[:, RATE:])) < 1e-6
    known = slice(max(0, new.latency_frames - old.latency_frames), None)
    assert np.sqrt(np.mean(y[:, known][:, :96] ** 2)) > 0.3 * np.sqrt(np.mean(want[:, known][:, :96] ** 2))


def test_any_cut_while_parameters_move():
    def play(pieces):
        stage, rng, y = active("deesser"), np.random.default_rng(2), []
        x = tone(0.5) + bursts(0.5)[0]
        for start in range(0, 24000, 2400):
            for param in (params_of("deesser")[k] for k in rng.integers(0, len(params_of("deesser")), 4)):
                if param.change == "glide":
                    stage.set(index_of("deesser", param.id), param.from_norm(float(rng.uniform())))
            y.append(run(stage, x[:, start:start + 2400], pieces, when=start))
        return np.concatenate(y, axis=1)
    rng = np.random.default_rng(11)
    assert np.array_equal(play(None), play(lambda: int(rng.integers(1, 300))))
