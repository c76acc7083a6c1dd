"""How long sound takes from the program through a device and back: a known noise is played, recorded, and found in the recording.

The noise is a maximum length sequence (Rife and Vanderkooy, JAES 37(6), 1989): its correlation with itself is one peak, so that the delay
is found to the frame even far below other sound, whatever level, polarity or tone the way back has.
"""
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mastering_rt.errors import DeviceProblem
from mastering_rt.measure.later import fft, signal
from mastering_rt.playback.device import DeviceInfo, play_and_record

SEQUENCE_BITS = 13               # 8191 frames
LEVEL = 0.1                      # -20 dBFS
LONGEST_S = 1.0
SILENT = 1e-5                    # -100 dBFS: nothing is connected
SURE = 12.0                      # the peak over the mean of all else; chance reaches 5
BESIDE = 64                      # frames around the peak that belong to it: converters ring

Floats = NDArray[np.float32]
Exchange = Callable[[DeviceInfo, int, int, Floats], tuple[Floats, float]]
CABLE = "Connect an output of the device to its input, by a cable or in its mixer, and measure again."


@dataclass(frozen=True)
class RoundTrip:
    """What lies between a frame that is given to the device and the same one that comes back from it. reported_ms: what the driver says of
    the same way, in and out."""

    frames: int
    rate_hz: int
    reported_ms: float

    @property
    def ms(self) -> float:
        return 1000 * self.frames / self.rate_hz


def measure_round_trip(device: DeviceInfo, rate_hz: int, block_frames: int = 0, exchange: Exchange = play_and_record) -> RoundTrip:
    """Plays for about a second and a quarter; nothing else may use the device meanwhile. DeviceProblem says what is missing."""
    if device.is_clock:
        raise DeviceProblem("The clock device makes no sound, so that nothing can be measured. Choose a device with an output and an input.")
    if device.inputs < 1:
        raise DeviceProblem(f"'{device.title}' has no input to record with. Choose a device with an output and an input.")
    sent = probe(rate_hz)
    recorded, reported_ms = exchange(device, rate_hz, block_frames, sent)
    return RoundTrip(delay_of(sent, recorded, rate_hz, device.title), rate_hz, reported_ms)


def probe(rate_hz: int) -> Floats:
    """The noise, and as long a silence as the longest way that is found."""
    noise = LEVEL * (2.0 * signal.max_len_seq(SEQUENCE_BITS)[0] - 1.0)
    return np.concatenate([noise, np.zeros(round(LONGEST_S * rate_hz))]).astype(np.float32)


def delay_of(sent: Floats, recorded: Floats, rate_hz: int, title: str = "the device") -> int:
    """By how many frames `recorded` (inputs, frames) is later than `sent`; by the input that has it most clearly. DeviceProblem."""
    if not recorded.size or float(np.abs(recorded).max(initial=0.0)) < SILENT:
        raise DeviceProblem(f"Nothing came back to the input of '{title}'. {CABLE}")
    found = [correlated(sent, one, rate_hz) for one in recorded]
    clearness, delay = max(found)
    if clearness < SURE:
        raise DeviceProblem(f"What the input of '{title}' has is not what was played. {CABLE}")
    return delay


def correlated(sent: Floats, recorded: Floats, rate_hz: int) -> tuple[float, int]:
    """(how far the peak stands out, its place in frames) of the correlation within the longest way."""
    size = fft.next_fast_len(len(sent) + len(recorded), real=True)
    spectrum = fft.rfft(recorded, size) * np.conj(fft.rfft(sent, size))
    shape = np.abs(fft.irfft(spectrum, size)[:round(LONGEST_S * rate_hz)])
    place = int(shape.argmax())
    beside = np.concatenate([shape[:max(0, place - BESIDE)], shape[place + BESIDE + 1:]])
    rest = float(np.sqrt(np.mean(np.square(beside, dtype=np.float64))))
    return float(shape[place]) / max(rest, 1e-30) if shape[place] > 0 else 0.0, place
