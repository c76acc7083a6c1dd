"""The last bins as a meter shows them: sums and maxima of exactly as many as they say, however they came."""
from math import isnan

import numpy as np
import pytest

from dsp_core.meters.meter import BIN_BYTES, BIN_FIELDS
from dsp_core.meters.recent import Recent

BIN = np.dtype({"names": [name for name, _, _ in BIN_FIELDS], "formats": [kind for _, kind, _ in BIN_FIELDS],
                "offsets": [offset for _, _, offset in BIN_FIELDS], "itemsize": BIN_BYTES})
RECORD = np.dtype({"names": ["bin"], "formats": [BIN], "offsets": [16], "itemsize": BIN_BYTES + 40})


@pytest.fixture(scope="module")
def records():
    rng = np.random.default_rng(4)
    made = np.zeros(1000, RECORD)
    for name in ("k_energy", "energy", "cross", "peak", "true_peak"):
        made["bin"][name] = rng.uniform(0, 1, made["bin"][name].shape)
    made["bin"]["frames"] = rng.integers(400, 482, 1000)
    return made


def fed(records, *cuts):
    made = Recent(RECORD.itemsize, 16)
    for piece in np.split(records, cuts):
        made.feed(piece.view(np.uint8))
    return made


@pytest.mark.parametrize("count", [300, 301, 777, 1000])
def test_figures_are_those_of_the_last_bins(records, count):
    recent, bins = fed(records[:count]), records["bin"][:count]
    momentary, short_term = recent.loudness()
    for found, length in ((momentary, 40), (short_term, 300)):
        assert found == pytest.approx(bins["k_energy"][-length:].sum() / bins["frames"][-length:].sum(), rel=1e-13)
    last = bins[-30:]
    assert recent.sums() == pytest.approx((*last["energy"].sum(axis=0), last["cross"].sum(), last["frames"].sum()), rel=1e-13)
    for wide in (1, 2, 300):
        assert recent.tops(wide) == (*bins["peak"][-wide:].max(axis=0), *bins["true_peak"][-wide:].max(axis=0))


@pytest.mark.parametrize("count", [0, 1, 5, 300, 1000])
def test_peaks_are_the_first_of_all_levels(records, count):
    recent = fed(records[:count])
    for wide in (0, 1, 2, 300):
        assert recent.peaks(wide) == recent.levels(wide)[:3]


def test_the_cut_of_the_stream_does_not_matter(records):
    whole, cut = fed(records), fed(records, 1, 2, 299, 300, 640, 641, 999)
    assert (whole.tops(300), whole.loudness(), whole.sums()) == (cut.tops(300), cut.loudness(), cut.sums())


def test_too_little_is_unknown(records):
    recent = fed(records[:39])
    assert all(map(isnan, recent.loudness()))
    recent = fed(records[:299])
    assert not isnan(recent.loudness()[0])
    assert isnan(recent.loudness()[1])
    assert fed(records[:0]).tops(5) == (0, 0, 0, 0)
    assert fed(records[:0]).sums() == (0, 0, 0, 0)
    assert fed(records).tops(0) == (0, 0, 0, 0)


def test_a_loud_past_leaves_nothing_behind(records):
    quiet = records[:300].copy()
    quiet["bin"]["k_energy"] *= 1e-12
    loud = records.copy()
    loud["bin"]["k_energy"] *= 1e12
    recent = fed(loud)
    recent.feed(quiet.view(np.uint8))
    assert recent.loudness() == fed(quiet).loudness()


def test_reset_forgets(records):
    recent = fed(records)
    recent.reset()
    assert recent.tops(300) == (0, 0, 0, 0)
    assert all(map(isnan, recent.loudness()))


def test_wrong_layouts_are_refused(records):
    with pytest.raises(ValueError, match="does not lie"):
        Recent(BIN_BYTES, 8)
    with pytest.raises(ValueError, match="not whole records"):
        fed(records[:3]).feed(np.zeros(100, np.uint8))
