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
    from scipy.fft import irfft, rfft

    channels = len(sound)
    points = np.empty((AT_ONCE, channels, 4, WINDOW), np.float32)
    for window in range(AT_ONCE):
        np.multiply(sound[:, window * READ:window * READ + WINDOW], _fade(), out=points[window, :, 0], casting="same_kind")
    spectrum = rfft(points[:, :, 0], axis=2)
    for quarter, shift in enumerate(_shifts(), 1):
        points[:, :, quarter] = irfft(spectrum * shift, n=WINDOW, axis=2, overwrite_x=True)
    peaks = np.zeros((AT_ONCE, WINDOW))
    for window, channel in np.ndindex(AT_ONCE, channels):
        find_peaks(points[window, channel], EDGE, EDGE + READ, near, peaks[window])
    return peaks[:, EDGE:EDGE + READ].reshape(-1), DOUBT * _rms_at_nyquist(spectrum)


def _rms_at_nyquist(spectrum: NDArray[np.complex64]) -> float:
    """Of the louder channel in the louder window."""
    top = np.abs(spectrum[:, :, round(NYQUIST * WINDOW):]).astype(np.float64)
    return float(np.sqrt(2.0 * (top ** 2).sum(axis=2).max() / (WINDOW * (READ + EDGE))))


@cache
def _fade() -> NDArray[np.float64]:
    ramp = 0.5 - 0.5 * np.cos(np.pi * (np.arange(EDGE) + 0.5) / EDGE)
    return np.concatenate([ramp, np.ones(READ), ramp[::-1]])


@cache
def _shifts() -> NDArray[np.complex64]:
    """Spectra of a quarter, a half and three quarters of a frame ahead."""
    turns = np.arange(WINDOW // 2 + 1) / WINDOW * np.array([[0.25], [0.5], [0.75]])
    shifts: NDArray[np.complex64] = np.exp(2j * np.pi * turns).astype(np.complex64)
    return shifts
