"""Noise of every dither, flat and weighted by the ear's threshold, computed and measured, and the time it takes.

    python -m benchmarks.bench_dither [--ghz 3.0] [--json FILE]

rise_db: the whole noise over that of plain TPDF; weighted_db: the same, weighted by the inverse of the threshold of hearing; peak_db:
the highest value of the noise transfer. The published sets are those of Lipshitz, Vanderkooy, Wannamaker (JAES 39(11), 1991) and
Wannamaker (JAES 40, 1992), all at 44.1 kHz; they were made for other weightings than this one.
"""
import numpy as np

from benchmarks.timing import arguments, best_ns, report
from mastering_rt.audio.noise_shaping import SHAPES, feedback, noise_transfer, threshold_db
from mastering_rt.audio.quantize import Quantizer

RATES = (44100, 48000, 88200, 96000, 176400, 192000)
FRAMES = 1 << 17
POINTS = 1 << 12
PUBLISHED = {
    "Lipshitz 5": (2.033, -2.165, 1.959, -1.590, 0.6149),
    "F-weighted 9": (2.412, -3.370, 3.937, -4.174, 3.353, -2.205, 1.281, -0.569, 0.0847),
    "modified E 9": (1.662, -1.263, 0.4827, -0.2913, 0.1268, -0.1124, 0.03252, -0.01265, -0.03524),
    "improved E 9": (2.847, -4.685, 6.214, -7.184, 6.639, -5.032, 3.263, -1.632, 0.4191)}


def figures(power, rate):
    """(rise, weighted rise, peak) in dB of a power spectrum from 0 to half the rate, 1 = plain TPDF."""
    weight = 10 ** (-threshold_db(np.linspace(0, rate / 2, len(power))) / 10)
    return [round(float(10 * np.log10(v)), 1) for v in (power.mean(), (power * weight).sum() / weight.sum(), power.max())]


def measured(quantizer, rate, x):
    """The same two rises from the noise itself."""
    error = (quantizer.process(x) - 32768.0 * x).reshape(-1, 2 * POINTS)
    power = np.mean(np.abs(np.fft.rfft(error * np.hanning(2 * POINTS), axis=1)) ** 2, axis=0) / (2 * POINTS * 0.375 * 0.25)
    return figures(power, rate)[:2]


def row(dither, rate, seconds):
    x = np.random.default_rng(1).standard_normal((2, FRAMES)) * 0.1
    quantizer = Quantizer(16, 2, rate, dither)
    transfer = noise_transfer(feedback(dither, rate)) ** 2
    if dither == "highpass":
        transfer = (2 - np.cos(np.pi * np.linspace(0, 1, len(transfer)))) * 2 / 3 - 1 / 3
    rise, weighted, peak = ("", "", "") if dither == "none" else figures(transfer, rate)
    found = measured(Quantizer(16, 2, rate, dither), rate, x)
    ns = best_ns(lambda: quantizer.process(x), seconds) / FRAMES
    return {"dither": dither, "rate_hz": rate, "rise_db": rise, "weighted_db": weighted, "peak_db": peak, "rise_measured_db": found[0],
            "weighted_measured_db": found[1], "ns_per_frame": round(ns, 1), "times_real_time": round(1e9 / (ns * rate))}


def published(name):
    rise, weighted, peak = figures(noise_transfer(PUBLISHED[name]) ** 2, 44100)
    return f"{name:13} rise {rise:+5.1f}  weighted {weighted:+6.1f}  peak {peak:+5.1f} dB"


if __name__ == "__main__":
    options = arguments(__doc__)
    flat = [row(dither, 44100, options.seconds) for dither in ("none", "tpdf", "highpass")]
    report([*flat, *(row(shape, rate, options.seconds) for rate in RATES for shape in SHAPES)], options)
    print("\nPublished sets at 44.1 kHz, for comparison:")
    print("\n".join(published(name) for name in PUBLISHED))
