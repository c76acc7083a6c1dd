"""What the equaliser promises in linear and natural phase: the analog curve, its phase, and FIRs that change while they sound."""
import numpy as np
import pytest
from scipy import signal

from dsp_core.design.response import band_response_db, response_db
from dsp_core.engine.chain import Chain
from dsp_core.param import UnknownParameter
from dsp_core.params import index_of
from dsp_core.params.eq import EQ_LENGTHS, EQ_PHASES
from dsp_core.stages import make
from tests import signals
from tests.analog import BUTTERWORTH_Q, ORDERS, TYPES, band_db
from tests.checks import ACTIVE, db, delayed, run
from tests.dsp_core.dynamics import residue_dbfs

MINIMUM, NATURAL, LINEAR = range(3)
BELL, LOW_SHELF, HIGH_SHELF, LOW_CUT, HIGH_CUT, NOTCH, TILT, BAND_PASS, ALL_PASS = range(9)
STEREO, MID, SIDE, LEFT, RIGHT = range(5)
RATE = 48000
AUDIBLE_HZ = np.geomspace(20, 20000, 1000)
BUSY = {**ACTIVE["eq"], "band5_type": ALL_PASS, "band3_channel": MID, "band6_channel": LEFT}


def eq(phase, rate=RATE, **values):
    return make("eq", rate, {"phase": phase, **values})


def one(phase, kind, hz, gain_db=0.0, q=BUTTERWORTH_Q, slope=1, rate=RATE, **more):
    return eq(phase, rate, band1_type=kind, band1_freq=hz, band1_gain=gain_db, band1_q=q, band1_slope=slope, **more)


def response(stage, frames=1 << 17, hz=AUDIBLE_HZ):
    """Complex, of the left channel, without the latency."""
    x = np.zeros((2, frames))
    x[:, 0] = 1
    y = run(stage, x)[0]
    bins = np.round(hz * frames / stage.rate).astype(int)
    return np.fft.rfft(y)[bins] * np.exp(2j * np.pi * bins / frames * stage.latency_frames), bins * stage.rate / frames


def error_db(stage, kind, hz, gain_db=0.0, q=BUTTERWORTH_Q, slope=1, down_to=-60.0):
    h, at_hz = response(stage)
    want = band_db(TYPES[kind], at_hz, hz, gain_db, q, ORDERS[slope])
    return np.max(np.abs(db(h) - want)[want > down_to])


LIMITS = [     # of 8193 / 16385 / 32769 / 65537 taps; an even Kaiser window of 16385 leaves 0.14, 1.16, 0.18, 0.10 and 0.47 dB
    (BELL, 30, 6, 1, 1, -60, (0.06, 0.0015, 1e-4, 1e-4)),
    (BELL, 30, 6, 4, 1, -60, (1.5, 0.45, 0.05, 0.001)),
    (BELL, 100, 6, 4, 1, -60, (0.1, 0.004, 1e-4, 1e-4)),
    (LOW_CUT, 20, 0, BUTTERWORTH_Q, 1, -30, (0.015, 2e-4, 1e-4, 1e-4)),
    (LOW_CUT, 30, 0, BUTTERWORTH_Q, 3, -30, (0.11, 0.003, 1e-4, 1e-4)),
]


@pytest.mark.parametrize("length", range(len(EQ_LENGTHS)))
@pytest.mark.parametrize(("kind", "hz", "gain_db", "q", "slope", "down_to", "limits"), LIMITS)
def test_linear_phase_follows_the_analog_magnitude_at_low_frequencies(reached, kind, hz, gain_db, q, slope, down_to, limits, length):
    stage = one(LINEAR, kind, hz, gain_db, q, slope, length=length)
    reached(f"Linear phase of {(8192 << length) + 1} taps against the analog magnitude, 48 kHz", f"{TYPES[kind]} {hz} Hz, Q {q:.2g}, order {ORDERS[slope]}",
            error_db(stage, kind, hz, gain_db, q, slope, down_to), limits[length])
    assert stage.latency_frames == (8192 << length) // 2 + 128


@pytest.mark.parametrize("rate", [44100, 48000, 96000])
@pytest.mark.parametrize("kind", [BELL, LOW_SHELF, HIGH_SHELF, HIGH_CUT, LOW_CUT, TILT, NOTCH, BAND_PASS, ALL_PASS])
def test_linear_phase_has_no_cramping(reached, kind, rate):
    for hz, gain_db, q in ((4000, -12, 0.71), (10000, 12, 1), (16000, 6, 0.5), (18000, -6, 1.4)):
        slope = 4 if kind in (HIGH_SHELF, HIGH_CUT) else 1
        stage = one(LINEAR, kind, hz, gain_db, q, slope, rate=rate)
        reached("Linear phase against the analog magnitude, 4 to 18 kHz", f"{rate} Hz", error_db(stage, kind, hz, gain_db, q, slope, -40), 0.001)


def test_linear_phase_is_linear(reached):
    h, _ = response(eq(LINEAR, **ACTIVE["eq"]))
    reached("Linear phase", "imaginary part of the response without the delay", np.max(np.abs(h.imag)), 1e-10, "")
    x = signals.impulse(40000, at=15000)
    stage = eq(LINEAR, **{k: v for k, v in ACTIVE["eq"].items() if "channel" not in k})
    y, center = run(stage, x)[0], 15000 + stage.latency_frames
    assert np.max(np.abs(y[center - 8000:center] - y[center + 8000:center:-1])) < 1e-15


def analog(kind, hz, f0, gain_db, q, order):
    """Complex, straight from the formulas; Butterworth from scipy."""
    s, a = 1j * hz / f0, 10 ** (gain_db / 40)
    root = np.sqrt(a) / q
    if kind == BELL:
        return (s * s + s * a / q + 1) / (s * s + s / (a * q) + 1)
    if kind == LOW_SHELF:
        return a * (s * s + root * s + a) / (a * s * s + root * s + 1)
    if kind == HIGH_SHELF:
        return a * (a * s * s + root * s + 1) / (s * s + root * s + a)
    if kind == TILT:
        return (1 + a * s) / (a + s)
    if kind == NOTCH:
        return (s * s + 1) / (s * s + s / q + 1)
    if kind == BAND_PASS:
        return (s / q) / (s * s + s / q + 1)
    if kind == ALL_PASS:
        return (s * s - s / q + 1) / (s * s + s / q + 1)
    b, poles = signal.butter(order, 1, "high" if kind == LOW_CUT else "low", analog=True)
    return np.polyval(b, s) / np.polyval(poles, s)


@pytest.mark.parametrize("rate", [44100, 48000, 96000, 192000])
@pytest.mark.parametrize("kind", [BELL, LOW_SHELF, HIGH_SHELF, LOW_CUT, HIGH_CUT, TILT, NOTCH, BAND_PASS, ALL_PASS])
def test_natural_phase_follows_the_analog_magnitude_and_phase(reached, kind, rate):
    for hz, gain_db, q, slope in ((40, 6, 1, 1), (1000, 12, 4, 1), (10000, 12, 1, 0), (16000, -12, 0.5, 5), (18000, 6, 2, 1)):
        if kind in (LOW_CUT, HIGH_CUT):
            q = BUTTERWORTH_Q
        elif kind != ALL_PASS:
            slope = 1
        h, at_hz = response(one(NATURAL, kind, hz, gain_db, q, slope, rate=rate))
        want = analog(kind, at_hz, hz, gain_db, q, ORDERS[slope])
        heard = np.abs(want) > 0.01
        off = (h / want)[heard]
        reached("Natural phase against the analog phase, 20 Hz to 20 kHz", f"{rate} Hz", np.max(np.abs(np.angle(off, deg=True))), 0.02, "degrees")
        reached("Natural phase against the analog magnitude, 20 Hz to 20 kHz", f"{rate} Hz", np.max(np.abs(db(off))), 0.01)


@pytest.mark.parametrize("phase", [NATURAL, LINEAR])
@pytest.mark.parametrize("rate", [8000, 44100, 96000, 192000])
def test_latency_found_by_impulse(phase, rate):
    stage = one(phase, BELL, 1000, 3, rate=rate)
    y = run(stage, signals.impulse(stage.latency_frames + 2000, at=100))
    assert int(np.argmax(np.abs(y[0]))) == 100 + stage.latency_frames


@pytest.mark.parametrize("phase", [NATURAL, LINEAR])
@pytest.mark.parametrize("values", [{}, {"band1_gain": 6, "gain_scale": 0}, {"band1_channel": SIDE, "band2_channel": LEFT}, {"placement": MID},
                                    {"band2_type": HIGH_CUT, "band2_freq": 30000}, {"auto_gain": 1}])
def test_neutral_is_the_input_to_the_bit(phase, values):
    x, stage = signals.programme(30000), eq(phase, **values)
    assert np.array_equal(run(stage, x), delayed(x, stage.latency_frames))


def test_an_all_pass_changes_nothing_in_linear_phase():
    x, stage = signals.programme(30000), one(LINEAR, ALL_PASS, 1000)
    assert np.array_equal(run(stage, x), delayed(x, stage.latency_frames))


@pytest.mark.parametrize("phase", [NATURAL, LINEAR])
@pytest.mark.parametrize("values", [ACTIVE["eq"], BUSY, {**BUSY, "auto_gain": 1, "band2_solo": 1}, {**BUSY, "placement": SIDE, "mix": 70}])
def test_any_cut_of_the_stream_gives_the_same_bits(phase, values):
    x, rng = signals.programme(30000), np.random.default_rng(7)
    whole = run(eq(phase, **values), x)
    assert np.array_equal(whole, run(eq(phase, **values), x, lambda: int(rng.integers(1, 700))))


@pytest.mark.parametrize("phase", [NATURAL, LINEAR])
def test_the_contract_holds_for_firs_too(phase):
    """Restart, checkpoint, successor, bypass, silence, equal channels."""
    x, values = signals.programme(40000), {**BUSY, "phase": phase}
    whole, used = run(make("eq", RATE, values), x), make("eq", RATE, values)
    run(used, signals.noise(9001))
    used.restart_now()
    first = run(used, x[:, :17123])
    assert np.array_equal(first, whole[:, :17123])
    state, other, heir = used.save(), make("eq", RATE, values), make("eq", RATE, values)
    run(other, signals.noise(5000, seed=9))
    other.load(state)
    heir.take_from(used)
    for stage in (other, heir):
        assert np.array_equal(run(stage, x[:, 17123:], when=17123), whole[:, 17123:])
    bypassed = make("eq", RATE, {**values, "bypass": 1})
    assert np.array_equal(run(bypassed, x), delayed(x, bypassed.latency_frames))
    assert not run(make("eq", RATE, values), np.zeros((2, 20000))).any()
    x[1] = x[0]
    alike = run(eq(phase, **{**ACTIVE["eq"], "band4_channel": SIDE}), x)
    assert np.array_equal(alike[0], alike[1])


@pytest.mark.parametrize("phase", [NATURAL, LINEAR])
@pytest.mark.parametrize("values", [
    {"band1_gain": 6, "band1_channel": MID}, {"band1_gain": 6, "band1_channel": SIDE}, {"band1_gain": -6, "band1_channel": LEFT},
    {"band1_gain": 6, "band1_channel": RIGHT, "band2_gain": 3},
    {"band1_gain": 6, "band1_channel": MID, "band2_gain": 5, "band2_channel": LEFT, "band3_gain": -4, "band3_channel": SIDE, "band4_gain": 2}])
def test_channels_in_their_order(phase, values):
    """Beside bands that are run one after the other, each on its channel, by separate stages without channels."""
    frames, freq = 40000, {"band1_freq": 300, "band2_freq": 1000, "band3_freq": 500, "band4_freq": 2000}
    x = signal.sosfilt(signal.butter(8, 15000, fs=RATE, output="sos"), signals.noise(frames))
    got = run(eq(phase, **values, **freq), x)
    y, latency = x.copy(), 0
    for band in range(1, 5):
        gain = values.get(f"band{band}_gain", 0)
        stage = one(phase, BELL, freq[f"band{band}_freq"], gain, 0.71, placement=values.get(f"band{band}_channel", STEREO))
        if gain:
            y, latency = run(stage, y), latency + stage.latency_frames
    shift = latency - stage.latency_frames
    assert np.max(np.abs(y[:, shift:] - got[:, :frames - shift])) < 2e-4


@pytest.mark.parametrize("phase", [NATURAL, LINEAR])
def test_solo_listens_to_the_same_part_as_minimum_phase_does(phase):
    x, values = signals.programme(40000), {"band2_solo": 1, "band2_gain": 6, "band3_gain": 3}
    stage = eq(phase, **values)
    want = delayed(run(eq(MINIMUM, **values), x), stage.latency_frames)
    assert np.max(np.abs(run(stage, x) - want)) < 1e-12


@pytest.mark.parametrize("phase", [NATURAL, LINEAR])
def test_auto_gain_keeps_the_level(phase):
    x = signals.noise(6 * RATE, level=0.05)
    loud, even = (run(one(phase, HIGH_SHELF, 1000, 9, auto_gain=on), x)[:, 4 * RATE:] for on in (0, 1))
    level = [10 * np.log10(np.mean(y ** 2) / np.mean(x ** 2)) for y in (loud, even)]
    assert level[0] > 6 and abs(level[1]) < 1.5


def drag(stage, x, moves, every=800):
    """Play in pieces of a screen frame while a hand moves; gives the sound. Settled at the end."""
    y, waiting = [], False
    for k, start in enumerate(range(0, x.shape[1], every)):
        if k < len(moves):
            for name, value in moves[k].items():
                stage.set(index_of("eq", name), value)
            waiting = True
        waiting = waiting and not stage.settle()
        y.append(run(stage, x[:, start:start + every], when=start))
    assert not waiting
    return np.concatenate(y, axis=1)


SWEEPS = [
    {"band1_gain": np.linspace(-12, 12, 40)}, {"band1_freq": np.geomspace(60, 2000, 40)}, {"band1_q": np.geomspace(0.3, 8, 40)},
    {"band1_gain": [0.0, 12.0, 0.0, -12.0, 0.0]}, {"gain_scale": [0.0, 200.0]},
]


@pytest.mark.parametrize("phase", [NATURAL, LINEAR])
@pytest.mark.parametrize("sweep", SWEEPS)
@pytest.mark.parametrize("kind", [BELL, HIGH_SHELF])
def test_no_move_clicks_and_every_one_ends_on_what_a_render_gives(reached, kind, sweep, phase):
    x = signals.sine(3 * RATE, RATE, 100, -6)
    values = {"band1_type": kind, "band1_freq": 100, "band1_gain": 6, "band1_q": 1, "band2_gain": 3, "band2_channel": LEFT}
    stage = eq(phase, **values)
    moves = [{name: float(v)} for name, seq in sweep.items() for v in seq]
    y = drag(stage, x, moves)
    reached("A band dragged under 100 Hz at -6 dBFS: residue over 3 kHz", EQ_PHASES[phase], residue_dbfs(y[0, RATE // 2:]), -120, "dBFS")
    fresh = run(eq(phase, **{**values, **moves[-1]}), x)
    assert np.array_equal(y[:, -RATE // 2:], fresh[:, -RATE // 2:])


def test_a_moved_band_is_heard_while_the_hand_moves():
    x, stage = signals.sine(2 * RATE, RATE, 1000, -20), one(NATURAL, BELL, 1000, 0)
    y = drag(stage, x, [{"band1_gain": float(v)} for v in np.linspace(0, 12, 100)])
    level = [float(np.max(np.abs(y[0, start:start + 1600]))) for start in range(8000, 84000, 8000)]
    assert all(later > earlier for earlier, later in zip(level, level[1:]))


@pytest.mark.parametrize("changes", [{"band1_type": LOW_SHELF}, {"band1_channel": MID}, {"phase": MINIMUM}, {"phase": NATURAL}, {"phase": LINEAR},
                                     {"length": 0}, {"length": 2}, {"band2_on": 0}])
@pytest.mark.parametrize("phase", [NATURAL, LINEAR])
def test_no_swap_clicks(reached, phase, changes):
    """As the engine does it, with a tone whose phase does not jump where the latency does."""
    values = {"phase": phase, "band1_gain": 6, "band1_freq": 200, "band2_gain": 6, "band2_type": HIGH_SHELF, "band2_freq": 3000}
    before, after = make("eq", RATE, values), make("eq", RATE, {**values, **changes})
    chain, x = Chain(RATE, [before]), signals.sine(4 * RATE, RATE, 100, -6)
    y, mix = x.copy(), np.zeros_like(x)
    for start in range(0, x.shape[1], 800):
        if start == 2 * RATE:
            chain.publish([after], {after: before})
        piece, beside = (np.ascontiguousarray(a[:, start:start + 800]) for a in (y, mix))
        chain.process(piece, beside, start)
        y[:, start:start + 800] = piece
    assert not chain.busy
    reached("A choice of the equaliser changed under 100 Hz at -6 dBFS: residue over 3 kHz", EQ_PHASES[phase], residue_dbfs(y[0, RATE:]), -85, "dBFS")


def test_sixty_five_thousand_taps_fit_into_a_chain():
    stage = one(LINEAR, BELL, 30, 6, 4, length=3)
    assert Chain(RATE, [stage]).latency_frames == 32768 + 128


def test_the_names_are_those_of_the_native_code():
    assert EQ_PHASES == ("Minimum", "Natural", "Linear")
    with pytest.raises(UnknownParameter):
        make("eq", RATE, {"phases": 1})


@pytest.mark.parametrize("phase", [NATURAL, LINEAR])
def test_the_drawn_curve_is_what_comes_out(phase):
    values = {**BUSY, "phase": phase, "band1_freq": 60, "mix": 70, "length": 2}
    hz = np.geomspace(60, 20000, 60)
    drawn = response_db(values, RATE, hz)
    for channel, (left, right) in {"mid": (1, 1), "side": (1, -1), "left": (1, 0), "right": (0, 1)}.items():
        x = np.zeros((2, 1 << 17))
        x[:, 0] = left, right
        y = run(make("eq", RATE, values), x)
        heard = {"mid": (y[0] + y[1]) / 2, "side": (y[0] - y[1]) / 2, "left": y[0], "right": y[1]}[channel]
        got = np.interp(hz, np.fft.rfftfreq(1 << 17, 1 / RATE), db(np.fft.rfft(heard)))
        assert np.max(np.abs(got - drawn[channel])) < 0.05, channel
    (alone,) = band_response_db(6, values, RATE, [3000.0])
    assert abs(alone - band_db("bell", [3000.0], 3000, 4, 2.0)[0]) < 1e-9
