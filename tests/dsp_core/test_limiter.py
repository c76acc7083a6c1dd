"""What only the limiter promises of its gain: what needs no limiting is untouched, and it moves as its numbers say."""
import numpy as np
import pytest

from dsp_core.kernels.guard_check import BUILDS, DELAY, band_guard
from tests import signals
from tests.checks import db, delayed, run
from tests.hot import hot
from tests.limiter_twin import limited
from tests.limiting import (
    CHARACTERS,
    CLEAN,
    LOUD,
    LOW_LATENCY,
    NAMES,
    PUNCHY,
    RATE,
    SAFE,
    TRANSPARENT,
    both,
    gain_of,
    limiter,
    tone,
)

HELD = "Limiter: harmonics of a held note, 6 dB over, a second after it began"


@pytest.mark.parametrize("values", [{}, {"auto_release": 0}, {"lookahead": 0.25}, {"lookahead": 5, "hold": 30, "release": 40},
                                    {"hold": 0}, {"auto_release": 0, "hold": 1, "release": 5}])
@pytest.mark.parametrize("rate", [44100, 96000])
def test_gain_equals_its_plain_twin(rate, values):
    x = hot("drums", rate, 0.4) + 0.2 * hot("white", rate, 0.4)
    y = run(limiter(rate, gain=8, **values), x)
    twin = limited(x, rate, 8, release_ms=values.get("release", 150), automatic=values.get("auto_release", 1) == 1,
                   hold_ms=values.get("hold", 15), lookahead_ms=values.get("lookahead", 1.5))
    assert np.max(np.abs(y - twin)) < 1e-8


@pytest.mark.parametrize("character", CHARACTERS)
@pytest.mark.parametrize(("transient_link", "release_link"), [(100, 100), (0, 100), (100, 0), (75, 40)])
def test_characters_and_links_equal_their_plain_twin(character, transient_link, release_link):
    x = hot("drums", RATE, 0.3) + 0.2 * hot("white", RATE, 0.3)
    x[1] *= 0.6
    y = run(limiter(gain=8, character=character, transient_link=transient_link, release_link=release_link), x)
    twin = limited(x, RATE, 8, character=character, transient_link=transient_link / 100, release_link=release_link / 100)
    assert np.max(np.abs(y - twin)) < 1e-8


def test_link_means_what_it_meant_before_it_had_shares():
    x = hot("drums", RATE, 0.3) * [[1.0], [0.5]]
    assert np.array_equal(run(limiter(gain=8, link=40), x), run(limiter(gain=8, link=40, transient_link=100, release_link=100), x))
    y, twin = run(limiter(gain=8, link=40), x), limited(x, RATE, 8, transient_link=0.4, release_link=0.4)
    assert np.max(np.abs(y - twin)) < 1e-8
    assert np.array_equal(run(limiter(gain=8, link=50, transient_link=60, release_link=20), x),
                          run(limiter(gain=8, transient_link=30, release_link=10), x))


@pytest.mark.parametrize("placement", [0, 1, 3])
@pytest.mark.parametrize("character", CHARACTERS)
def test_below_the_ceiling_nothing_changes(placement, character):
    x = hot("white", RATE, 0.5) * 10 ** (-2.6 / 20)
    stage = limiter(placement=placement, character=character)
    assert np.array_equal(run(stage, x), delayed(x, stage.latency_frames))


@pytest.mark.parametrize("values", [{}, {"auto_release": 0, "release": 40}, {"character": LOUD}, {"character": LOW_LATENCY}])
def test_after_a_peak_it_is_transparent_to_the_bit_again(values):
    x = signals.programme(8 * RATE) * 0.5
    x[:, 1000:1400] *= 20
    stage = limiter(**values)
    y, want = run(stage, x), delayed(x, stage.latency_frames)
    assert not np.array_equal(y[:, :RATE], want[:, :RATE])
    assert np.array_equal(y[:, -RATE:], want[:, -RATE:])


def distortion_db(wave, hz):
    """Harmonics 2 to 15 over the fundamental, by least squares over whole cycles."""
    n = int(len(wave) * hz / RATE) * RATE // hz
    t = np.arange(n) / RATE
    parts = np.stack([f(2 * np.pi * k * hz * t) for k in range(1, 16) for f in (np.sin, np.cos)] + [np.ones(n)], axis=1)
    power = np.sum(np.linalg.lstsq(parts, wave[:n], rcond=None)[0][:-1].reshape(-1, 2) ** 2, axis=1)
    return 10 * np.log10(np.sum(power[1:]) / power[0])


@pytest.mark.parametrize("auto", [0, 1])
@pytest.mark.parametrize(("hz", "hold"), [(40, 15), (100, 15), (100, 5), (1000, 15), (1000, 0)])
def test_a_held_note_is_limited_without_distortion(hz, hold, auto, reached):
    y = run(limiter(gain=6, ceiling=0, hold=hold, auto_release=auto), both(tone(hz, 2)))
    reached(HELD, f"Transparent, {hz} Hz, hold {hold} ms", distortion_db(y[0, RATE:], hz), -150)


@pytest.mark.parametrize("hz", [40, 100, 1000])
@pytest.mark.parametrize("character", CLEAN[1:])
def test_a_held_note_is_clean_in_every_clean_character(character, hz, reached):
    y = run(limiter(gain=6, ceiling=0, character=character), both(tone(hz, 2)))
    reached(HELD, f"{NAMES[character]}, {hz} Hz", distortion_db(y[0, RATE:], hz), -100)


@pytest.mark.slow
def test_loud_distorts_bass_less_than_a_release_of_50_ms_without_hold():
    loud, plain = (distortion_db(run(limiter(gain=6, ceiling=0, **values), both(tone(40, 3)))[0, 2 * RATE:], 40)
                   for values in ({"character": LOUD}, {"auto_release": 0, "release": 50, "hold": 0}))
    assert loud < -45 and plain > -35


def test_a_bass_note_is_clean_soon_after_it_begins():
    x = tone(40, 1.5)
    x[:RATE // 2] = 0
    y = run(limiter(gain=6, ceiling=0), both(x))[0]
    assert distortion_db(y[RATE // 2 + 2400:RATE // 2 + 9600], 40) < -90
    assert distortion_db(y[RATE // 2 + 9600:], 40) < -150


@pytest.mark.parametrize(("hold", "release", "percent"), [(0, 10, 7.2), (0, 50, 2.5), (0, 200, 0.77),
                                                          (5, 10, 1.55), (5, 50, 0.41), (5, 200, 0.11)])
def test_a_short_hold_distorts_bass_by_what_is_known(hold, release, percent):
    y = run(limiter(gain=6, ceiling=0, hold=hold, release=release, auto_release=0), both(tone(40, 3)))
    assert 100 * 10 ** (distortion_db(y[0, 2 * RATE:], 40) / 20) < 1.15 * percent


def click_over_a_bed():
    n = np.arange(480)
    x = 0.3 * tone(1000)
    x[RATE // 2:RATE // 2 + 480] += 2.0 * np.exp(-n / 40) * np.cos(2 * np.pi * 3000 * n / RATE)
    return both(x)


def reduction_after_click(ms, **values):
    gain = gain_of(limiter(ceiling=0, **values), click_over_a_bed())[0]
    at = RATE // 2 + int(ms * RATE / 1000)
    return -db(np.nanmean(gain[at - 48:at + 48]))


@pytest.mark.parametrize(("character", "at_50_ms", "at_100_ms"), [(TRANSPARENT, 1.3, 0.5), (PUNCHY, 0.2, 0.1), (LOUD, 0.1, 0.05),
                                                                  (SAFE, 3.5, 2.0), (LOW_LATENCY, 1.3, 0.5)])
def test_two_releases_forget_a_click_that_one_long_hold_does_not(character, at_50_ms, at_100_ms):
    assert reduction_after_click(0, character=character) > 3.5
    assert reduction_after_click(50, character=character) < at_50_ms
    assert reduction_after_click(100, character=character) < at_100_ms
    assert reduction_after_click(50, character=character, auto_release=0) > 4.5


def test_a_release_link_alone_leaves_the_other_side_of_a_drum_standing():
    """A click on the left: the right gives way by the transient link, and by neither once that is 0."""
    x = np.stack([click_over_a_bed()[0], 0.3 * tone(1000)])
    at = slice(RATE // 2 - 24, RATE // 2 + 96)

    def right(**values):
        return -db(np.nanmin(gain_of(limiter(ceiling=0, **values), x)[1, at]))

    assert right() > 5 and right(transient_link=0, release_link=0) == 0
    assert right(transient_link=0) < 0.25 * right()
    assert right(transient_link=50) == pytest.approx(-db(1 - 0.5 * (1 - 10 ** (-right() / 20))), abs=0.2)


def test_a_transient_link_alone_leaves_the_image_of_a_held_chord_to_each_side():
    x = np.stack([tone(100, 2), 0.5 * tone(150, 2)])
    values = {"gain": 6, "ceiling": 0}
    linked, apart = (gain_of(limiter(release_link=link, transient_link=0, **values), x)[:, -RATE // 2:] for link in (100, 0))
    assert np.nanmax(np.abs(linked[0] - linked[1])) < 1e-6
    assert np.nanmin(apart[1]) == pytest.approx(2 * 10 ** (-0.05 / 20), rel=1e-4)


def test_automatic_release_remembers_a_dense_passage():
    rng = np.random.default_rng(4)
    x = 0.1 * tone(1000, 1.5)
    x[:RATE] += 0.5 * rng.standard_normal(RATE)
    for at_ms in (50, 150):
        at = RATE + int(at_ms * RATE / 1000)
        slow, fixed = (np.nanmean(gain_of(limiter(ceiling=0, auto_release=auto), both(x))[0, at - 96:at + 96]) for auto in (1, 0))
        assert abs(db(slow / fixed)) < 0.3


@pytest.mark.parametrize("release", [10, 50, 150, 600])
def test_release_gives_back_63_percent_in_its_time(release):
    x = 0.25 * np.ones(2 * RATE)
    x[:RATE // 2] = 2.0
    gain = gain_of(limiter(ceiling=0, auto_release=0, release=release, hold=5), both(x))[0]
    low, after = gain[RATE // 4], gain[RATE // 2 + 200:]
    start = np.argmax(after > low + 1e-6)
    reached = np.argmax(after > 1 - (1 - low) * np.exp(-1)) - start
    assert reached == pytest.approx(release * 1e-3 * RATE, rel=0.02, abs=48)


@pytest.mark.parametrize("hold", [0, 5, 15, 30])
def test_hold_keeps_the_gain_down_for_its_time(hold):
    x = 0.25 * np.ones(RATE)
    x[20000:20010] = 2.0
    gain = gain_of(limiter(ceiling=0, auto_release=0, release=20, hold=hold), both(x))[0]
    down = np.flatnonzero(gain < np.min(gain) * 1.0001)
    assert down[-1] - 20010 == pytest.approx(hold * RATE / 1000, abs=24)


@pytest.mark.parametrize("character", CHARACTERS)
@pytest.mark.parametrize("auto", [0, 1])
def test_gain_has_no_overshoot(auto, character):
    x = 0.25 * np.ones(2 * RATE)
    x[RATE // 2:RATE] = 2.0
    gain = gain_of(limiter(ceiling=0, auto_release=auto, character=character), both(x))[0]
    down, up = gain[RATE // 4:RATE // 2 + 4], gain[RATE + 4:-400]
    assert np.all(np.diff(down) < 1e-9)
    assert np.all(np.diff(up) > -1e-9)
    assert np.all(gain[RATE // 2 + 4:RATE - 4] <= 0.5)


def test_gain_moves_within_the_look_ahead():
    x = 0.25 * np.ones(RATE)
    x[20000:] = 2.0
    gain = gain_of(limiter(ceiling=0, lookahead=5), both(x))[0]
    assert np.all(gain[:20000 - 240 - 60] == 1)
    assert np.all(gain[20000:21000] < 10 ** (-6 / 20))


@pytest.mark.parametrize("link", [0, 50, 100])
def test_link_shares_the_larger_reduction(link):
    x = np.stack([tone(1000), 0.5 * tone(700)])
    gain = gain_of(limiter(gain=6, ceiling=0, link=link), x)[:, RATE // 2:]
    left, right = np.nanmin(gain[0]), np.nanmin(gain[1])
    drive = 10 ** (6 / 20)
    assert left == pytest.approx(10 ** (-0.05 / 20), rel=1e-3)
    alone = min(drive, left / 0.5)
    assert right == pytest.approx(alone + link / 100 * (left - alone), rel=1e-3)


def test_linked_channels_get_one_gain():
    x = np.stack([hot("drums")[0], 0.3 * hot("white")[1]])
    gain = gain_of(limiter(gain=9), x)
    known = ~np.isnan(gain).any(axis=0)
    assert np.allclose(gain[0, known], gain[1, known], rtol=1e-12)


def test_reduction_meter_shows_the_gain():
    stage = limiter(gain=6, ceiling=0)
    run(stage, both(tone(1000)))
    assert stage.meters()[2] == pytest.approx(6.05, abs=0.002)
    quiet = limiter()
    run(quiet, 0.1 * both(tone(1000)))
    assert str(quiet.meters()[2]) == "0.0"
    run(quiet, 1e30 * both(tone(1000)))
    assert 100 < quiet.meters()[2] <= 400


def test_latency_is_look_ahead_and_detector():
    for rate, lookahead in ((44100, 1.5), (48000, 0.25), (96000, 10)):
        stage = limiter(rate, lookahead=lookahead)
        y = run(stage, signals.impulse(9000, 1000, 0.5))
        assert int(np.argmax(y[0])) - 1000 == stage.latency_frames == 35 + round(lookahead * rate / 1000 + 1e-9)


@pytest.mark.parametrize(("rate", "frames"), [(44100, 38), (48000, 40), (96000, 61)])
def test_low_latency_is_about_forty_samples(rate, frames):
    for values in ({}, {"lookahead": 10}):
        stage = limiter(rate, character=LOW_LATENCY, **values)
        y = run(stage, signals.impulse(9000, 1000, 0.5))
        assert int(np.argmax(y[0])) - 1000 == stage.latency_frames == frames
    assert limiter(rate, character=LOW_LATENCY, lookahead=0.25).latency_frames == 19 + round(0.25 * rate / 1000)


def test_the_guard_is_flat_to_its_edge_and_ends_the_band():
    x = np.zeros(4096)
    x[0] = 1.0
    band_guard("plain", x, lambda: 100)
    response = np.abs(np.fft.rfft(x))
    share = np.fft.rfftfreq(len(x))
    assert int(np.argmax(x)) == DELAY and np.array_equal(x[:DELAY], x[2 * DELAY:DELAY:-1])
    assert np.max(np.abs(db(response[share <= 0.4535]))) < 0.001
    assert db(response[-1]) < -80


@pytest.mark.parametrize("build", BUILDS)
def test_every_form_of_the_guard_gives_the_same_bits_at_any_cut(build):
    rng, x = np.random.default_rng(3), signals.noise(9000)[0].copy()
    whole = x.copy()
    band_guard("plain", whole, lambda: 256)
    band_guard(build, x, lambda: int(rng.integers(1, 257)))
    assert np.array_equal(x, whole)


@pytest.mark.parametrize(("character", "more"), [(TRANSPARENT, DELAY), (LOW_LATENCY, DELAY + 16)])
def test_the_guard_delays_by_what_it_says(character, more):
    stage = limiter(character=character, band_guard=1)
    y = run(stage, signals.impulse(9000, 1000, 0.5))
    assert int(np.argmax(y[0])) - 1000 == stage.latency_frames == limiter(character=character).latency_frames + more


@pytest.mark.parametrize("values", [{}, {"character": LOUD}, {"character": LOW_LATENCY}, {"band_guard": 1}, {"transient_link": 50}])
def test_every_vector_unit_gives_the_same_bits(monkeypatch, values):
    x, found = hot("drums", RATE, 0.3) + 0.3 * hot("white", RATE, 0.3), []
    for units in ("portable", "avx2", "best"):
        monkeypatch.setenv("MRT_CPU", units)
        found.append(run(limiter(gain=9, **values), x))
    assert np.array_equal(found[0], found[1]) and np.array_equal(found[0], found[2])
