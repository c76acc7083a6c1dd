"""Magnitudes of the analog filters that an equaliser band stands for, straight from their formulas, in dB."""
import numpy as np

BUTTERWORTH_Q = float(np.sqrt(0.5))
TYPES = ("bell", "low shelf", "high shelf", "low cut", "high cut", "notch", "tilt", "band-pass", "all-pass")
ORDERS = (1, 2, 3, 4, 6, 8, 10, 12, 14, 16)


def ratio_db(s, numerator, denominator):
    """|n0 + n1 s + n2 s^2| / |d0 + d1 s + d2 s^2| in dB, floor at -400."""
    n, d = (np.abs(c[0] + c[1] * s + c[2] * s * s) for c in (numerator, denominator))
    return 20 * np.log10(np.maximum(n / d, 1e-20))


def butterworth_db(x, order, q):
    """Butterworth of `order` at |s| = x over its corner, low pass; q is the level at the corner from order 2 on."""
    db = -10 * np.log10(1 + x ** (2.0 * order))
    if order == 1:
        return db
    sharpest = sharpest_q(order)
    return db + ratio_db(1j * x, (1, 1 / sharpest, 1), (1, 1 / (sharpest * q * np.sqrt(2)), 1))


def sharpest_q(order):
    """Of a Butterworth cascade."""
    return 1 / (2 * np.sin(np.pi / (2 * order)))


def shelf_db(s, order, gain_db, q):
    """High shelf of `order` over its middle: zeros and poles on circles of gain^(-1/2n) and gain^(1/2n), the sharpest pair by q."""
    gain, x = 10 ** (gain_db / 20), np.abs(s) ** (2.0 * order)
    db = 10 * np.log10(gain * gain * (x + 1 / gain) / (x + gain))
    if order == 1:
        return db
    pair_db, butterworth = 2 * gain_db / order, sharpest_q(order)
    return db + high_shelf_db(s, pair_db, butterworth * q * np.sqrt(2)) - high_shelf_db(s, pair_db, butterworth)


def high_shelf_db(s, gain_db, q):
    a = 10 ** (gain_db / 40)
    root = np.sqrt(a) / q
    return ratio_db(s, (a, a * root, a * a), (a, root, 1))


def band_db(kind, hz, f0, gain_db=0.0, q=BUTTERWORTH_Q, order=2):
    """`kind` is one of TYPES; Q as in the RBJ cookbook."""
    s = 1j * np.asarray(hz) / f0
    a = 10 ** (gain_db / 40)
    if kind == "bell":
        return ratio_db(s, (1, a / q, 1), (1, 1 / (a * q), 1))
    if kind in ("low shelf", "high shelf"):
        return shelf_db(s if kind == "high shelf" else 1 / s, order, gain_db, q)
    if kind == "notch":
        return ratio_db(s, (1, 0, 1), (1, 1 / q, 1))
    if kind == "tilt":
        return ratio_db(s, (1, a, 0), (a, 1, 0))
    if kind == "band-pass":
        return ratio_db(s, (0, 1 / q, 0), (1, 1 / q, 1))
    if kind == "all-pass":
        return np.zeros(len(s))
    x = np.abs(s)
    return butterworth_db(x if kind == "high cut" else 1 / x, order, q)
