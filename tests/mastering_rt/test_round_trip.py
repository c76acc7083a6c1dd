"""The measured latency: found to the frame through whatever a way back does to sound, and refused with a sentence where nothing or something else comes back."""
import numpy as np
import pytest
from scipy import signal

from mastering_rt.errors import DeviceProblem
from mastering_rt.playback.device import CLOCK, DeviceInfo
from mastering_rt.playback.round_trip import LONGEST_S, measure_round_trip, probe

INTERFACE = DeviceInfo("ALSA", "Interface", 2, 2, 48000.0)


def looped(frames, ways, reported_ms=10.0):
    """A device whose inputs have what was played, that many frames later; each of `ways` is what happens to it on the way to one input."""
    def exchange(info, rate_hz, block_frames, sound):
        late = np.concatenate([np.zeros(frames, np.float32), sound])[:len(sound)]
        return np.stack([way(late) for way in ways]).astype(np.float32), reported_ms
    return exchange


def noise(level, seed=3):
    return lambda sound: level * np.random.default_rng(seed).standard_normal(len(sound))


WAYS = {
    "straight": lambda sound: sound,
    "40 dB down": lambda sound: 0.01 * sound,
    "inverted": lambda sound: -sound,
    "through a loudspeaker": lambda sound: signal.lfilter(*signal.butter(2, (0.01, 0.3), "bandpass"), sound),
    "in noise as loud as itself": lambda sound: sound + noise(0.1)(sound),
    "clipped": lambda sound: np.clip(sound, -0.02, 0.02),
    "at 16 bits": lambda sound: np.rint(sound * 32768) / 32768,
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("frames", [0, 1, 543, 20011])
def test_the_delay_is_found_to_the_frame(way, frames):
    for rate in (44100, 96000):
        found = measure_round_trip(INTERFACE, rate, 256, looped(frames, [WAYS[way]]))
        late = found.frames - frames
        assert 0 <= late <= (3 if way == "through a loudspeaker" else 0), found
        assert found.ms == pytest.approx(1000 * found.frames / rate) and found.reported_ms == 10.0


def test_the_input_that_has_it_is_taken():
    for ways in ([noise(0.2), WAYS["straight"]], [WAYS["40 dB down"], noise(0.3)]):
        assert measure_round_trip(INTERFACE, 48000, 0, looped(700, ways)).frames == 700


def silence(sound):
    return np.zeros_like(sound)


@pytest.mark.parametrize(("ways", "words"), [([silence, silence], "Nothing came back"), ([noise(1e-7)], "Nothing came back"),
                                             ([noise(0.1)], "not what was played"), ([lambda sound: np.sin(np.arange(len(sound)) / 9)], "not what was played"),
                                             ([lambda sound: 1e-4 * sound + noise(0.3)(sound)], "not what was played")])
def test_what_is_not_its_own_noise_is_refused(ways, words):
    with pytest.raises(DeviceProblem, match=words) as refused:
        measure_round_trip(INTERFACE, 48000, 0, looped(500, ways))
    assert "Connect an output" in str(refused.value)


def test_later_than_the_longest_way_is_not_found():
    with pytest.raises(DeviceProblem):
        measure_round_trip(INTERFACE, 48000, 0, looped(round(1.2 * LONGEST_S * 48000), [WAYS["straight"]]))


def test_a_device_that_cannot_is_not_even_asked():
    def never(*_):
        raise AssertionError
    for device, words in ((CLOCK, "makes no sound"), (DeviceInfo("ALSA", "Headphones", 2, 0, 48000.0), "has no input")):
        with pytest.raises(DeviceProblem, match=words):
            measure_round_trip(device, 48000, 0, never)


def test_the_noise_is_short_and_not_loud():
    sound = probe(48000)
    assert np.abs(sound).max() <= 0.1 and len(sound) <= 1.3 * 48000 and not sound[-48000:].any()
