"""An independent true-peak meter: interpolation to 64 times the rate. Shares no code with dsp_core.

Fourier transforms give eight points per frame, all of them; Lagrange's polynomial through sixteen of those gives the points between, where
a peak can be: what it interpolates ends at a sixteenth of its rate, so that it errs by under 1e-10.
"""
import numpy as np
from scipy.fft import irfft, rfft

WINDOW = 16384
EDGE = WINDOW // 4                       # of each window is faded and not read, so that its ends do not ring into what is
COARSE, FINE = 8, 64
COARSE_MISS_DB = 0.25                    # an 8-fold grid reads a full-band peak at most 0.17 dB low (BS.1770-5, attachment)
POINTS = 16


def true_peak(x, factor=FINE):
    """Linear true peak of x, (frames,) or (channels, frames), silence before and after it. factor: a multiple of 8."""
    waves = [interpolated(w) for w in cut(np.atleast_2d(np.asarray(x, dtype=np.float64)))]
    coarse = max(float(np.max(np.abs(wave[READ]))) for wave in waves)
    return max(finer_peak(wave, coarse, factor) for wave in waves) if coarse > 0 else 0.0


def true_peak_db(x, factor=FINE):
    """The same in dBTP."""
    return 20 * np.log10(max(true_peak(x, factor), 1e-20))


def cut(x):
    """Windows of all channels, (n, WINDOW), whose inner halves meet."""
    step = WINDOW - 2 * EDGE
    padded = np.pad(x, ((0, 0), (EDGE, EDGE + WINDOW)))
    starts = range(0, x.shape[1] + 1, step)
    return np.concatenate([padded[:, s:s + WINDOW] for s in starts]) * fade()


def fade():
    ramp = 0.5 - 0.5 * np.cos(np.pi * (np.arange(EDGE) + 0.5) / EDGE)
    return np.concatenate([ramp, np.ones(WINDOW - 2 * EDGE), ramp[::-1]])


READ = slice(EDGE * COARSE, (WINDOW - EDGE) * COARSE + 1)


def interpolated(window):
    """The window at eight times the rate."""
    return irfft(rfft(window), WINDOW * COARSE) * COARSE


def finer_peak(wave, coarse, factor):
    """The highest of all points of one window at `factor` times the rate, `coarse` being the highest of any window at eight times."""
    near = READ.start + np.flatnonzero(np.abs(wave[READ]) >= coarse * 10 ** (-COARSE_MISS_DB / 20))
    cells = np.unique(np.concatenate([near - 1, near]))
    around = wave[cells[:, None] + np.arange(1 - POINTS // 2, POINTS // 2 + 1)]
    return float(np.max(np.abs(around @ lagrange(factor // COARSE).T), initial=0.0))


def lagrange(parts):
    """(parts, POINTS): weights of the points around a cell for the places 0, 1/parts, ... in it."""
    at = np.arange(1 - POINTS // 2, POINTS // 2 + 1)
    places = np.arange(parts) / parts
    return np.stack([np.prod([(places - other) / (point - other) for other in at if other != point], axis=0) for point in at], axis=1)
