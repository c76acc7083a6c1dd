"""Versions of the same song are found to the sample; other songs are said to be others."""
import numpy as np
import pytest
import soundfile
from scipy.signal import correlate, resample_poly

from dsp_core.engine.chain import Chain
from mastering_rt.demo import demo_mix
from mastering_rt.measure.alignment import align
from mastering_rt.offline.run import build_stages
from mastering_rt.session.model import Slot

pytestmark = pytest.mark.slow

RATE = 44100
SHIFTS = (0, 1, -1, 1105, -1105, 44100, -22050)


@pytest.fixture(scope="module")
def song():
    """40 s from the middle of the demo mix, so that its ends are no landmarks."""
    return np.ascontiguousarray(demo_mix(RATE)[:, 20 * RATE:60 * RATE])


@pytest.fixture(scope="module")
def another(song):
    """As like it as another song can be: the same spectrum and loudness, played backwards."""
    return np.ascontiguousarray(song[:, ::-1])


def shifted(x, frames):
    """The same sound `frames` later, with silence before it; earlier, it begins in the middle."""
    return np.concatenate([np.zeros((2, frames)), x], axis=1) if frames >= 0 else x[:, -frames:]


def through(x, *slots):
    """As another master of it: behind a chain, its latency taken off."""
    master = np.concatenate([x, np.zeros((2, 48000))], axis=1)
    chain = Chain(RATE, build_stages([Slot(kind, kind, values) for kind, values in slots], RATE))
    chain.process(master)
    return master[:, chain.latency_frames:chain.latency_frames + x.shape[1]].copy()


BRIGHT = ("eq", {"band1_freq": 120.0, "band1_gain": 6.0, "band2_freq": 900.0, "band2_gain": -6.0, "band3_freq": 6000.0, "band3_gain": 6.0})
LOUD = ("compressor", {"threshold": -30.0, "ratio": 4.0, "attack": 5.0, "makeup": 6.0})
HOT = ("limiter", {"gain": 12.0})
VERSIONS = {
    "as it is": lambda x: x,
    "softer": lambda x: 0.05 * x,
    "inverted": lambda x: -0.8 * x,
    "equalised": lambda x: through(x, BRIGHT),
    "compressed and limited": lambda x: through(x, BRIGHT, LOUD, HOT),
    "without its lows": lambda x: through(x, ("eq", {"band1_type": 3, "band1_freq": 150.0})),
    "mono": lambda x: np.broadcast_to(x.mean(axis=0), x.shape),
    "noisy": lambda x: x + 0.02 * np.random.default_rng(1).standard_normal(x.shape),
}


@pytest.mark.parametrize("version", VERSIONS)
def test_versions_are_found_to_the_sample(song, version):
    other = VERSIONS[version](song)
    for shift in SHIFTS:
        found = align(song, shifted(other, shift), RATE)
        assert (found.offset_frames, found.same) == (shift, True), (version, found)
        assert found.inverted == (version == "inverted")
        assert "The same song" in found.sentence(RATE)


@pytest.mark.parametrize(("name", "subtype"), [("a.mp3", "MPEG_LAYER_III"), ("a.ogg", "VORBIS")])
def test_encodings_are_found_wherever_their_decoder_puts_them(song, tmp_path, name, subtype):
    """The truth is where the waveforms agree best, looked for sample by sample."""
    path = tmp_path / name
    soundfile.write(path, shifted(0.7 * song, 777).T, RATE, subtype=subtype)
    decoded = np.ascontiguousarray(soundfile.read(path)[0].T)
    found = align(song, decoded, RATE)
    middle = song[0, 10 * RATE:12 * RATE]
    agreement = correlate(decoded[0, 10 * RATE - 2000:12 * RATE + 5000], middle, "valid")
    assert found.same
    assert found.offset_frames == int(agreement.argmax()) - 2000


def test_another_song_is_another_song(song, another):
    found = align(song, another, RATE)
    assert not found.same
    assert "not the same song" in found.sentence(RATE)


@pytest.mark.parametrize("other", [np.zeros((2, 10 * RATE)), np.random.default_rng(2).standard_normal((2, 20 * RATE)), np.ones((2, 100))])
def test_what_is_no_music_at_all(song, other):
    assert not align(song, other, RATE).same


def test_another_speed_is_said(song):
    found = align(song, resample_poly(song, 1001, 1000, axis=1), RATE)
    assert not found.same
    assert "another speed" in found.sentence(RATE) or found.coherence < 0.35


def test_part_of_the_song_is_enough(song):
    found = align(song, 0.5 * song[:, 12 * RATE + 17:24 * RATE], RATE)
    assert (found.offset_frames, found.same) == (-12 * RATE - 17, True)


def test_it_can_be_stopped(song):
    def stop():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        align(song, song, RATE, stop)
