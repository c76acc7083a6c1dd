"""True peaks by Fourier transforms: exact for any content, at eight times the cost of the detector that runs live."""
from functools import cache

import numpy as np
from numpy.typing import NDArray

from dsp_core.offline.peaks import find_peaks

Planes = NDArray[np.float64]

WINDOW = 32768                   # frames of one transform
EDGE = 8192                      # of them faded at either end and not read
READ = WINDOW - 2 * EDGE
AT_ONCE = 2                      # windows, because four transforms side by side take half the time
STEP = AT_ONCE * READ            # frames that are read together
NYQUIST = 0.49                   # of the rate; how much sound there is from here to half of it
DOUBT = 0.1                      # of its rms: so much may two readings of a peak differ, for its tails reach as far as a window


def true_peaks(sound: Planes, near: float) -> tuple[NDArray[np.float64], float]:
    """True peak around each frame of the step in the middle of (channels, EDGE + STEP + EDGE), the higher of the channels; 0 where
    it is under `near`.

    And how far another reading of them may differ: in proportion to the sound right under half the sample rate.
    """
    channels = len(sound)
    windows = np.stack([sound[:, window * READ:window * READ + WINDOW] for window in range(AT_ONCE)])
    points, spectrum = interpolated(windows.reshape(AT_ONCE * channels, WINDOW), EDGE)
    peaks = np.zeros((AT_ONCE, WINDOW))
    for window, channel in np.ndindex(AT_ONCE, channels):
        find_peaks(points[window * channels + channel], EDGE, EDGE + READ, near, peaks[window])
    return peaks[:, EDGE:EDGE + READ].reshape(-1), DOUBT * _rms_at_nyquist(spectrum)


def interpolated(windows: NDArray[np.floating], edge: int) -> tuple[NDArray[np.float32], NDArray[np.complex64]]:
    """Four points per frame of (n, frames), `edge` frames at both ends of each faded: (n, 4, frames); and their spectra."""
    count, frames = windows.shape
    points = np.empty((count, 4, frames), np.float32)
    np.multiply(windows, _fade(frames, edge), out=points[:, 0], casting="same_kind")
    spectrum: NDArray[np.complex64] = np.fft.rfft(points[:, 0], axis=1).astype(np.complex64, copy=False)
    for quarter, shift in enumerate(_shifts(frames), 1):
        points[:, quarter] = np.fft.irfft(spectrum * shift, n=frames, axis=1)
    return points, spectrum


def _rms_at_nyquist(spectrum: NDArray[np.complex64]) -> float:
    """Of the loudest window."""
    top = np.abs(spectrum[:, round(NYQUIST * WINDOW):]).astype(np.float64)
    return float(np.sqrt(2.0 * (top ** 2).sum(axis=1).max() / (WINDOW * (READ + EDGE))))


@cache
def _fade(frames: int, edge: int) -> NDArray[np.float64]:
    ramp = 0.5 - 0.5 * np.cos(np.pi * (np.arange(edge) + 0.5) / edge)
    return np.concatenate([ramp, np.ones(frames - 2 * edge), ramp[::-1]])


@cache
def _shifts(frames: int) -> NDArray[np.complex64]:
    """Spectra of a quarter, a half and three quarters of a frame ahead."""
    turns = np.arange(frames // 2 + 1) / frames * np.array([[0.25], [0.5], [0.75]])
    shifts: NDArray[np.complex64] = np.exp(2j * np.pi * turns).astype(np.complex64)
    return shifts
