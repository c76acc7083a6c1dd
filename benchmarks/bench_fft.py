"""Time of the Fourier transform beside scipy.fft (pocketfft) in the same run, and of the products of spectra.

    python -m benchmarks.bench_fft [--ghz 3.0] [--json FILE]

Transforms are compared as there and back. scipy's time holds its call from Python, about 3 microseconds; ours is called from C.
"""
import numpy as np
import scipy.fft

from benchmarks.timing import arguments, best_ns, report
from dsp_core.kernels.fft_check import VARIANTS, Transform

SIZES = [64, 256, 1024, 2048, 4096, 8192, 16384, 1 << 16, 1 << 19]
PRODUCTS = 32


def ours(points, variant, seconds):
    t, x = Transform(points, variant), np.random.default_rng(1).standard_normal(points)
    spectrum, times = np.zeros((2, t.plane)), max(1, 65536 // points)
    return (best_ns(lambda: t.forward(x, spectrum, times), seconds) / times,
            best_ns(lambda: t.backward(spectrum, x, times), seconds) / times)


def scipys(points, seconds):
    x = np.random.default_rng(1).standard_normal(points)
    spectrum = scipy.fft.rfft(x)
    return best_ns(lambda: scipy.fft.rfft(x), seconds), best_ns(lambda: scipy.fft.irfft(spectrum), seconds)


def row(points, form, there, back, reference):
    return {"points": points, "form": form, "forward_us": round(there / 1e3, 2), "backward_us": round(back / 1e3, 2),
            "ns_per_frame": round((there + back) / points, 3), "of_scipy": round((there + back) / reference, 2)}


def product_row(points, variant, seconds):
    t = Transform(points, variant)
    a, b, total = np.ones((PRODUCTS, 2, t.plane)), np.ones((PRODUCTS, 2, t.plane)), np.zeros((2, t.plane))
    times = max(1, 4096 // points)
    ns = best_ns(lambda: t.add_products(a, b, total, times), seconds) / times / PRODUCTS
    return {"points": points, "form": f"product, {variant}", "forward_us": "", "backward_us": "",
            "ns_per_frame": round(ns / points, 3), "of_scipy": ""}


if __name__ == "__main__":
    options = arguments(__doc__)
    rows = []
    for points in SIZES:
        there, back = scipys(points, options.seconds)
        rows.append(row(points, "scipy", there, back, there + back))
        rows += [row(points, variant, *ours(points, variant, options.seconds), there + back) for variant in VARIANTS]
    rows += [product_row(points, variant, options.seconds) for points in (256, 2048) for variant in VARIANTS]
    report(rows, options)
