"""Quality control: every fault that is planted is found where it is, and clean music is left alone."""
import numpy as np
import pytest
from scipy.signal import butter, firwin, lfilter, sosfilt

from mastering_rt.demo.cached import cached_demo
from mastering_rt.qc.inspect import KINDS, inspect_blocks, inspect_file
from tests import signals

pytestmark = pytest.mark.slow

RATE = 48000


def music(seconds=12, rate=RATE, seed=3):
    """Clean, with fades at both ends, nothing under 20 Hz, and noise up to half the rate."""
    frames = round(seconds * rate)
    x = 0.5 * signals.programme(frames, rate, seed=seed) + 0.003 * np.random.default_rng(seed).standard_normal((2, frames))
    x = sosfilt(butter(2, 20, "highpass", fs=rate, output="sos"), x)
    fade = np.minimum(1.0, np.minimum(np.arange(frames), np.arange(frames)[::-1]) / (0.5 * rate))
    return x * fade


def found(x, kind=None, rate=RATE, cut=10007):
    blocks = (np.ascontiguousarray(x[:, start:start + cut]) for start in range(0, x.shape[1], cut))
    findings = inspect_blocks(blocks, rate, len(x))
    return [f for f in findings if f.kind == kind] if kind else list(findings)


def near(finding, time_s, within_s=0.05):
    return abs(finding.time_s - time_s) <= within_s


@pytest.mark.parametrize("rate", [44100, 48000, 96000])
def test_clean_music_has_no_findings(rate):
    assert found(music(rate=rate), rate=rate) == []


def test_the_demo_mix_has_no_findings():
    assert inspect_file(cached_demo()) == ()


@pytest.mark.parametrize("cut", [997, 48000, 10 ** 9])
def test_the_cut_of_the_stream_finds_the_same(cut):
    x = music(6)
    x[0, 100000:100005] = 0.0
    x = np.clip(x, -0.1, 0.1) * 9.5
    x[1, 200000] += 0.7
    wanted = found(x, cut=10007)
    assert {"flat_top", "limited_source"} <= {finding.kind for finding in wanted} <= set(KINDS)
    assert found(x, cut=cut) == wanted


def test_clipping_at_full_scale_with_the_headroom_it_would_take():
    """A sine 3 dB over, with music on it: the parabola through its sides reaches what was cut within a decibel."""
    x = music()
    x[:, 240000:264000] += 10 ** (3 / 20) * np.sin(2 * np.pi * 500 * np.arange(24000) / RATE)
    finding, = found(np.clip(x, -1, 1), "clipped")
    assert near(finding, 5.0)
    assert finding.duration_s == pytest.approx(0.5, abs=0.02)
    assert finding.severity == "act"
    assert told_db(finding) == pytest.approx(20 * np.log10(np.abs(x).max()), abs=1.0)


def told_db(place):
    """How much headroom it says would hold what is missing."""
    return float(place.text.split("about ")[1].split(" dB")[0])


def test_the_headroom_to_restore_is_that_of_each_place():
    """Two cut sines, one 1 dB over, one 7 dB: one finding that names the worse one, and a figure for each."""
    x = 0.3 * music(12)
    for at, over_db in ((3, 1), (8, 7)):
        part = slice(at * RATE, (at + 1) * RATE)
        x[:, part] = 10 ** (over_db / 20) * np.sin(2 * np.pi * 400 * np.arange(RATE) / RATE) * np.hanning(RATE) ** 0.05
    finding, = found(np.clip(x, -1, 1), "clipped")
    mild, hard = finding.places
    assert (round(mild.time_s), round(hard.time_s), round(finding.time_s)) == (3, 8, 8)
    assert told_db(mild) == pytest.approx(1.0, abs=0.4) and told_db(hard) == pytest.approx(7.0, abs=1.0)
    assert told_db(finding) == told_db(hard)
    assert "The worst of 2 places: 0:03." in finding.text and "0:08." in finding.text


def test_one_condition_at_many_places_is_one_finding_with_its_times():
    x = 0.3 * music(60)
    at = [3 * k + 2 for k in range(18)]
    for k, second in enumerate(at):
        part = slice(second * RATE, second * RATE + 4800)
        x[:, part] += (1.05 + 0.2 * (k == 11)) * np.hanning(4800) ** 0.25 * np.sin(np.pi / 2 * np.arange(4800))
    finding, = found(x, "true_peak_over")
    assert [round(place.time_s) for place in finding.places] == at
    assert near(finding, at[11], 0.2) and finding.size == max(place.size for place in finding.places)
    assert finding.text.count("0:") == 5 and finding.text.endswith("and 13 more.") and "The worst of 18 places: 0:02." in finding.text


def test_what_is_in_both_channels_is_counted_once():
    x = music()
    x[:, 200000] += 0.7
    click, = found(x, "click")
    assert (click.text.split(",")[0], click.channel) == ("1 click", "both")
    y = music()
    y[:, 240000:243000] = 0.0
    hole, = found(y, "dropout")
    assert (hole.text.split(" in ")[0], hole.channel) == ("1 hole", "both")
    z = music()
    z[:, 240000:240480] = 1.3 * np.sin(2 * np.pi * 100 * np.arange(480) / RATE)
    cut, = found(np.clip(z, -1, 1), "clipped")
    assert cut.text.startswith("2 clipped peaks")


@pytest.mark.parametrize("seconds", [0.6, 1.0, 8.0])
@pytest.mark.parametrize("level", [0.0, 1e-6])
@pytest.mark.parametrize("cut", [10007, 200000])
def test_a_dead_gap_is_told_however_long_it_lasts(seconds, level, cut):
    """Exact silence, or sound at -120 dBFS: what stops and goes on without a fade is no rest."""
    x = music(14)
    x[:, 200000:200000 + round(seconds * RATE)] *= level
    gap, = (finding for finding in found(x, cut=cut) if finding.kind in ("dropout", "click"))
    assert (gap.kind, gap.severity) == ("dropout", "act") and near(gap, 200000 / RATE, 0.001)
    assert gap.duration_s == pytest.approx(seconds, abs=0.01) and f"{seconds:.2f} s" in gap.text


def test_a_long_rest_with_fades_is_no_hole():
    x = music(14)
    gap = np.ones(x.shape[1])
    gap[200000:400000] = 0
    x *= np.convolve(gap, np.hanning(9600) / np.hanning(9600).sum(), "same")
    assert found(x, "dropout") == []


def test_flat_tops_below_full_scale_are_seen_and_round_ones_are_not():
    x = music()
    x[0, 240000:264000] += 0.8 * np.sin(2 * np.pi * 300 * np.arange(24000) / RATE)
    assert found(x, "flat_top") == []
    x[0] = np.clip(x[0], -0.5, 0.5)
    finding, = found(x, "flat_top")
    assert (near(finding, 5.0), finding.channel) == (True, "left")
    slow = np.round(np.stack([0.7 * np.sin(2 * np.pi * 20 * np.arange(RATE) / RATE)] * 2) * 32768) / 32768
    assert found(slow, "flat_top") == []


def test_planted_clicks_are_found_and_drums_are_not():
    """A click every half second or so, of 0.1 to 2 ms and -20 to -3 dBFS: at least 95 % are found, with no false one."""
    rng, x = np.random.default_rng(2), music(40)
    planted = np.sort(rng.integers(RATE, 39 * RATE, 60))
    planted = planted[np.diff(planted, append=40 * RATE) > 0.2 * RATE]
    for at in planted:
        n = int(rng.integers(2, round(0.002 * RATE)))
        x[:, at:at + n] += 10 ** (rng.uniform(-20, -3) / 20) * rng.uniform(-1, 1, n) / 0.6
    findings = found(x, "click")
    hits = [at for at in planted if any(f.time_s - 0.01 <= at / RATE <= f.end_s + 0.01 for f in findings)]
    assert len(hits) >= 0.95 * len(planted)
    assert found(music(40, seed=8), "click") == []


@pytest.mark.parametrize("channel", [0, 1, slice(None)])
def test_a_hole_is_a_dropout_and_a_rest_is_not(channel):
    x = music()
    x[channel, 200000:200300] = 0.0
    finding, = found(x, "dropout")
    assert near(finding, 200000 / RATE, 0.001)
    assert finding.size == pytest.approx(6.25, abs=0.1)
    assert finding.channel == {0: "left", 1: "right"}.get(channel if isinstance(channel, int) else None, "both")
    rest = music()
    gap = np.ones(rest.shape[1])
    gap[200000:215000] = 0
    rest *= np.convolve(gap, np.hanning(4800) / np.hanning(4800).sum(), "same")
    assert found(rest, "dropout") == []


def test_overs_between_the_samples_and_of_the_samples():
    x = music()
    n = np.arange(4800)
    x[:, 240000:244800] = 1.3 * np.sin(np.pi / 2 * n + np.pi / 4)[None] * np.hanning(4800) ** 0.25
    finding, = found(x, "inter_sample_over")
    assert near(finding, 5.0, 0.1)
    assert finding.size == pytest.approx(20 * np.log10(1.3), abs=0.2)
    assert found(x, "true_peak_over") == []
    assert found(1.5 * x, "true_peak_over")[0].severity == "act"


@pytest.mark.parametrize(("heights", "count"), [((0.3, 0.3, 0.302), 1), ((0.3, 0.26, 0.33), 0)])
def test_short_flat_tops_are_cut_where_they_share_a_height(heights, count):
    """Four equal samples at the top of a wave happen by chance, now here, now there; a ceiling makes them at one height."""
    x = music()
    ramp = 0.004 * np.maximum(np.abs(np.arange(60) - 29.5) - 1.5, 0.0)
    for height, start in zip(heights, (200000, 220000, 240000)):
        x[0, start:start + 60] = height - ramp
    assert len(found(x, "flat_top")) == count


def test_offset_silence_and_cut_ends():
    finding, = found(music() + 0.01, "dc_offset")
    assert finding.size == pytest.approx(-40, abs=0.5)
    padded = np.concatenate([np.zeros((2, 2 * RATE)), music(), np.zeros((2, 7 * RATE))], axis=1)
    assert [(f.kind, round(f.size)) for f in found(padded)] == [("head_silence", 2), ("tail_silence", 7)]
    assert {f.kind for f in found(music()[:, 48400:480400])} == {"head_cut", "tail_cut"}
    assert [f.kind for f in found(np.zeros((2, RATE)))] == ["silence"]


def test_channels_that_are_missing_soft_inverted_or_lost_in_mono():
    x = music()
    kinds = {}
    for name, right in (("missing", 0 * x[0]), ("soft", 0.4 * x[0]), ("inverted", -x[0]), ("equal", x[0])):
        kinds[name] = {f.kind for f in found(np.stack([x[0], right]))}
    assert "missing_channel" in kinds["missing"]
    assert kinds["soft"] == {"one_sided"}
    assert "phase_inverted" in kinds["inverted"]
    assert kinds["equal"] == set()
    wide = np.stack([x[0], 0.4 * x[1] - 0.6 * x[0]])
    finding, = found(np.concatenate([np.stack([x[0]] * 2), wide, np.stack([x[0]] * 2)], axis=1), "mono_loss")
    assert finding.time_s == pytest.approx(12, abs=3)
    assert finding.end_s == pytest.approx(24, abs=3)
    assert len(found(x[:1])) == 0


def test_lows_out_of_phase_under_highs_in_phase():
    x = np.stack([music()[0]] * 2)
    bass = 0.3 * np.sin(2 * np.pi * 60 * np.arange(4 * RATE) / RATE) * np.hanning(4 * RATE) ** 0.1
    x[0, 3 * RATE:7 * RATE] += bass
    x[1, 3 * RATE:7 * RATE] -= bass
    finding, = found(x, "lows_out_of_phase")
    assert finding.time_s == pytest.approx(3, abs=1)
    assert finding.end_s == pytest.approx(7, abs=1)


@pytest.mark.parametrize("mains_hz", [50, 60])
def test_hum_in_the_soft_parts(mains_hz):
    x = music(30)
    x *= np.repeat(np.where(np.arange(30) % 10 < 4, 0.02, 1.0), RATE)
    t = np.arange(x.shape[1]) / RATE
    hum = sum(10 ** (-66 / 20) / k * np.sin(2 * np.pi * mains_hz * k * t) for k in (1, 2, 3, 4, 5))
    finding, = found(x + hum, "hum")
    assert finding.text.startswith(f"Hum of {mains_hz} Hz")
    assert finding.size == pytest.approx(-66, abs=4)
    assert found(x, "hum") == []


def test_soft_notes_beside_the_mains_are_no_hum():
    """Their flanks lie on multiples of 50 Hz, but not their tops."""
    x = music(30)
    x *= np.repeat(np.where(np.arange(30) % 10 < 4, 0.02, 1.0), RATE)
    t = np.arange(x.shape[1]) / RATE
    notes = sum(10 ** (-66 / 20) * np.sin(2 * np.pi * hz * t) for hz in (50.6, 101.1, 149.0, 201.5))
    assert found(x + notes, "hum") == []


@pytest.mark.parametrize("start_s", [0, 9])
def test_hum_is_heard_where_it_lies_bare(start_s):
    """Two lines of the mains, and 1.4 s in which nothing else sounds: before the song, or in a rest."""
    x = music(20)
    t = np.arange(x.shape[1]) / RATE
    x[:, start_s * RATE:start_s * RATE + round(1.4 * RATE)] = 0.0
    hum = 10 ** (-45 / 20) * np.sin(2 * np.pi * 50 * t) + 10 ** (-50 / 20) * np.sin(2 * np.pi * 150 * t)
    finding, = found(x + hum, "hum")
    assert finding.text.startswith("Hum of 50 Hz") and finding.size == pytest.approx(-45, abs=0.5)
    assert near(finding, start_s, 0.4) and 0.9 < finding.duration_s < 1.6


@pytest.mark.parametrize("hz", [49.0, 58.27, 61.74])
def test_a_low_note_that_stands_alone_is_no_hum(hz):
    x = music(20)
    x[:, :2 * RATE] = 10 ** (-45 / 20) * sum(np.sin(2 * np.pi * k * hz * np.arange(2 * RATE) / RATE) / k for k in (1, 2, 3))
    assert found(x, "hum") == []


def test_an_upper_end_cut_by_a_codec_but_not_one_that_falls_gently():
    x = music(20) + 0.01 * np.random.default_rng(4).standard_normal((2, 20 * RATE))
    finding, = found(lfilter(firwin(801, 16000, fs=RATE), 1.0, x), "upper_band_cut")
    assert finding.size == pytest.approx(16000, abs=300)
    assert found(sosfilt(butter(4, 12000, fs=RATE, output="sos"), x), "upper_band_cut") == []
    assert found(x, "upper_band_cut") == []


def test_a_mix_that_was_limited_before():
    finding, = found(np.tanh(40 * music()) * 0.9, "limited_source")
    assert finding.severity == "look"
    assert 0 < finding.size < 9
