"""The five hues and the selection stay apart for colour-blind eyes: Machado, Oliveira, Fernandes 2009 at full severity, CIEDE2000."""
from itertools import combinations
from math import atan2, cos, degrees, exp, hypot, radians, sin, sqrt

import numpy as np
import pytest

from gui.theme.palettes import PALETTES

NAMES = ("mix", "master", "ref", "gr", "danger", "select")
SMALLEST = 15
MACHADO = {
    "normal": np.eye(3),
    "protanopia": np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]),
    "deuteranopia": np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]),
    "tritanopia": np.array([[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]),
}
WORST = {
    ("dark", "normal"): (28, {"ref", "select"}), ("dark", "deuteranopia"): (18, {"master", "danger"}), ("dark", "protanopia"): (19, {"master", "ref"}),
    ("light", "normal"): (29, {"gr", "select"}), ("light", "deuteranopia"): (16, {"mix", "gr"}), ("light", "protanopia"): (19, {"master", "ref"}),
}
TRITANOPIA = {"dark": 9, "light": 12}
SRGB_TO_XYZ = np.array([[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]])
WHITE = SRGB_TO_XYZ.sum(axis=1)


def linear(color):
    parts = np.array([int(color[i:i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def lab(rgb):
    t = SRGB_TO_XYZ @ np.clip(rgb, 0, 1) / WHITE
    f = np.where(t > (6 / 29) ** 3, np.cbrt(t), t / (3 * (6 / 29) ** 2) + 4 / 29)
    return 116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])


def ciede2000(one, other):
    """Difference of two Lab colours after Sharma, Wu, Dalal 2005."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    mean_c = (hypot(a1, b1) + hypot(a2, b2)) / 2
    g = 0.5 * (1 - sqrt(mean_c ** 7 / (mean_c ** 7 + 25 ** 7)))
    a1, a2 = a1 * (1 + g), a2 * (1 + g)
    c1, c2 = hypot(a1, b1), hypot(a2, b2)
    h1, h2 = degrees(atan2(b1, a1)) % 360, degrees(atan2(b2, a2)) % 360
    dh = 0.0 if c1 * c2 == 0 else (h2 - h1 + 180) % 360 - 180 if abs(h2 - h1) != 180 else h2 - h1
    dl, dc, big_dh = l2 - l1, c2 - c1, 2 * sqrt(c1 * c2) * sin(radians(dh / 2))
    ml, mc = (l1 + l2) / 2, (c1 + c2) / 2
    mh = h1 + h2 if c1 * c2 == 0 else (h1 + h2) / 2 if abs(h1 - h2) <= 180 else (h1 + h2 + (360 if h1 + h2 < 360 else -360)) / 2
    t = 1 - 0.17 * cos(radians(mh - 30)) + 0.24 * cos(radians(2 * mh)) + 0.32 * cos(radians(3 * mh + 6)) - 0.20 * cos(radians(4 * mh - 63))
    sl, sc, sh = 1 + 0.015 * (ml - 50) ** 2 / sqrt(20 + (ml - 50) ** 2), 1 + 0.045 * mc, 1 + 0.015 * mc * t
    rt = -2 * sqrt(mc ** 7 / (mc ** 7 + 25 ** 7)) * sin(radians(60 * exp(-((mh - 275) / 25) ** 2)))
    return sqrt((dl / sl) ** 2 + (dc / sc) ** 2 + (big_dh / sh) ** 2 + rt * dc / sc * big_dh / sh)


@pytest.mark.slow
@pytest.mark.parametrize(("one", "other", "difference"), [
    ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425), ((50, 0, 0), (50, -1, 2), 2.3669), ((50, 2.49, -0.001), (50, -2.49, 0.0009), 7.1792),
    ((50, 2.5, 0), (73, 25, -18), 27.1492), ((50, 2.5, 0), (56, -27, -3), 31.9030), ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373), ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082)])
def test_ciede2000_agrees_with_its_authors(one, other, difference):
    assert ciede2000(one, other) == pytest.approx(difference, abs=5e-5)


def worst(palette, eyes):
    seen = {name: lab(MACHADO[eyes] @ linear(PALETTES[palette][name])) for name in NAMES}
    return min((ciede2000(seen[one], seen[other]), {one, other}) for one, other in combinations(NAMES, 2))


@pytest.mark.parametrize(("palette", "eyes"), WORST)
def test_hues_stay_apart(palette, eyes):
    difference, pair = worst(palette, eyes)
    assert difference >= SMALLEST, f"{pair} are {difference:.1f} apart for {eyes} on the {palette} palette"
    assert (round(difference), pair) == WORST[palette, eyes]


@pytest.mark.parametrize("palette", PALETTES)
def test_the_one_weak_case_is_known(palette):
    """Tritanopia confuses mix and reference, which is why the heard source is filled and the others are lines."""
    difference, pair = worst(palette, "tritanopia")
    assert (round(difference), pair) == (TRITANOPIA[palette], {"mix", "ref"})
