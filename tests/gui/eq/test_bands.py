"""Bands as numbers: widths, nodes, which band is free, which curves are drawn."""
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsp_core.params.eq import EQ_BANDS, EQ_SLOPES, EQ_TYPES
from gui.editors.eq_bands import (
    ALL_PASS,
    BAND_DEFAULTS,
    BAND_PASS,
    BELL,
    HIGH_SHELF,
    LEFT,
    LOW_CUT,
    LOW_SHELF,
    MID,
    NOTCH,
    RIGHT,
    SIDE,
    STANDING,
    TILT,
    band_of,
    bands_of,
    channels_shown,
    curves_of,
    free_band,
    new_band,
    octaves_of,
    q_for_edge,
    q_of,
    shown_bands,
    solo_wish,
    type_for,
)
from gui.plots_data import AnalogResponse

HZ = np.geomspace(20, 20000, 400)


def test_bandwidths_of_known_qs():
    assert octaves_of(np.sqrt(2)) == pytest.approx(1.0)
    assert octaves_of(0.7071) == pytest.approx(1.9, abs=0.01)
    assert q_of(1.0) == pytest.approx(np.sqrt(2))


@given(st.floats(0.03, 39))
def test_q_and_width_are_each_others_inverse(q):
    assert q_of(octaves_of(q)) == pytest.approx(q, rel=1e-9)


@given(st.floats(20, 20000), st.floats(10, 40000))
def test_a_dragged_edge_gives_a_q_in_range(freq, edge):
    q = q_for_edge(freq, edge)
    assert 0.025 <= q <= 40


def test_edges_are_where_a_bell_has_half_its_gain():
    values = {"band3_freq": 1000, "band3_gain": 8.0, "band3_q": 1.7}
    band = band_of(values, 3)
    levels = AnalogResponse().band_db(3, values, np.array([band.edges_hz[0], 1000.0, band.edges_hz[1]]))
    assert levels == pytest.approx([4.0, 8.0, 4.0], abs=0.05)


def test_nodes_stand_at_gain_at_minus_3_for_cuts_and_on_zero_for_notches():
    def node(**values):
        return band_of({f"band1_{k}": v for k, v in values.items()}, 1).node_db
    assert node(gain=4.5) == 4.5
    assert node(type=LOW_CUT, gain=4.5) == -3
    assert node(type=NOTCH, gain=4.5) == 0
    assert node(type=TILT, gain=-2) == -2
    assert node(type=BAND_PASS, gain=3) == node(type=ALL_PASS, gain=3) == 0


def test_q_means_nothing_for_a_tilt_and_a_first_order_cut():
    def has_q(**values):
        return band_of({f"band1_{k}": v for k, v in values.items()}, 1).has_q
    assert has_q()
    assert not has_q(type=TILT)
    assert not has_q(type=LOW_CUT, slope=0)
    assert has_q(type=LOW_CUT, slope=1)
    assert not has_q(type=LOW_SHELF, slope=0)
    assert has_q(slope=0)


def test_new_bands_are_shelves_at_the_ends():
    assert [type_for(hz) for hz in (59, 61, 9999, 10001)] == [LOW_SHELF, BELL, BELL, HIGH_SHELF]


def test_a_free_band_is_one_that_is_not_used_then_one_that_does_nothing_then_one_that_is_off():
    busy = {f"band{n}_gain": 1.0 for n in range(1, EQ_BANDS + 1)}
    idle = {"band6_gain": 0, "band6_freq": 99.0}
    assert free_band(bands_of(busy)) is None
    assert free_band(bands_of(busy | {"band4_on": 0})).number == 4
    assert free_band(bands_of(busy | {"band4_on": 0} | idle)).number == 6
    assert free_band(bands_of(busy | {"band4_on": 0, "band17_gain": 0} | idle)).number == 17
    assert free_band(bands_of(busy | {"band2_type": LOW_CUT, "band2_gain": 0})) is None
    assert free_band(bands_of({})).number == 1


def test_the_first_eight_bands_are_shown_and_the_others_when_they_are_used_or_selected():
    def numbers(values, selected=1):
        return [b.number for b in shown_bands(bands_of(values), selected)]
    standing = list(range(1, STANDING + 1))
    assert numbers({}) == standing
    assert numbers({"band9_gain": 0.0, "band20_freq": 6000.0}) == [*standing, 20]
    assert numbers({"band12_on": 0}) == [*standing, 12]
    assert numbers({}, selected=15) == [*standing, 15]
    assert numbers({f"band{n}_gain": 1.0 for n in range(1, EQ_BANDS + 1)}) == list(range(1, EQ_BANDS + 1))
    assert not band_of(BAND_DEFAULTS[20], 20).used


def test_one_band_is_heard_alone_at_a_time():
    bands = bands_of({"band3_solo": 1.0})
    assert solo_wish(bands, 3) == {"band3_solo": 0.0}
    assert solo_wish(bands, 5) == {"band3_solo": 0.0, "band5_solo": 1.0}


def test_a_new_band_is_fresh_whatever_the_old_one_was():
    old = band_of({"band2_on": 0, "band2_type": NOTCH, "band2_q": 9, "band2_slope": 4, "band2_channel": SIDE}, 2)
    band = band_of(new_band(old, 3000.0, -2.0), 2)
    assert (band.on, band.type, band.freq_hz, band.gain_db, band.q, band.slope, band.channel) == (True, BELL, 3000, -2, 0.71, 1, 0)


def test_which_curves_are_drawn():
    assert channels_shown({}) == (MID, ())
    assert channels_shown({"band1_gain": 2, "band1_channel": MID}) == (MID, (SIDE,))
    assert channels_shown({"band1_gain": 2, "band1_channel": LEFT}) == (LEFT, (RIGHT,))
    assert channels_shown({"band1_gain": 2, "band1_channel": LEFT, "band2_gain": 1, "band2_channel": SIDE}) == (MID, (SIDE, LEFT, RIGHT))
    assert channels_shown({"band1_gain": 2, "band1_channel": LEFT, "band1_on": 0}) == (MID, ())
    assert channels_shown({"placement": SIDE, "band1_gain": 2, "band1_channel": LEFT}) == (SIDE, ())


def test_curves_are_what_the_response_says():
    values = {"band1_gain": 3.0, "band1_freq": 100, "band2_gain": 2.0, "band2_freq": 5000, "band2_channel": SIDE}
    curves = curves_of(values, HZ, AnalogResponse(), 2)
    assert curves.others == (SIDE,)
    assert np.allclose(curves.of(MID), AnalogResponse().band_db(1, values, HZ))
    assert np.allclose(curves.of(SIDE) - curves.of(MID), curves.own)
    assert curves.of(LEFT) is curves.of(MID)


def test_a_solo_leaves_the_curve():
    values = {"band1_gain": 3.0, "band2_solo": 1.0}

    class Honest(AnalogResponse):
        def whole_db(self, values, hz):
            assert not any("solo" in param_id for param_id in values)
            return super().whole_db(values, hz)
    assert curves_of(values, HZ, Honest(), 1).of(MID).max() == pytest.approx(3.0, abs=0.01)


def test_curves_end_where_there_is_no_sound():
    class Low(AnalogResponse):
        def band_db(self, number, values, hz):
            return np.where(hz < 4000, super().band_db(number, values, hz), np.nan)
    curves = curves_of({"band1_gain": 3.0}, HZ, Low(), 1)
    assert curves.hz[-1] < 4000
    assert len(curves.own) == len(curves.hz) == len(curves.of(MID))


def test_the_demo_prototypes_have_their_textbook_values():
    def at(hz, **values):
        return float(AnalogResponse().band_db(1, {f"band1_{k}": v for k, v in values.items()}, np.array([float(hz)]))[0])
    assert at(1000, freq=1000, gain=6) == pytest.approx(6)
    assert at(10, type=LOW_SHELF, freq=1000, gain=6) == pytest.approx(6, abs=0.01)
    assert at(1000, type=LOW_SHELF, freq=1000, gain=6) == pytest.approx(3, abs=0.01)
    assert at(1e5, type=HIGH_SHELF, freq=1000, gain=6) == pytest.approx(6, abs=0.01)
    for slope, name in enumerate(EQ_SLOPES):
        assert at(1000, type=LOW_CUT, freq=1000, slope=slope, q=0.7071) == pytest.approx(-3.01, abs=0.01)
        assert at(62.5, type=LOW_CUT, freq=1000, slope=slope, q=0.7071) == pytest.approx(-24.08 * int(name.split()[0]) / 6, abs=0.1)
        for kind, hz in ((LOW_SHELF, 1e-2), (HIGH_SHELF, 1e8)):
            assert at(1000, type=kind, freq=1000, gain=6, slope=slope) == pytest.approx(3, abs=0.01)
            assert at(hz, type=kind, freq=1000, gain=6, slope=slope) == pytest.approx(6, abs=0.01)
    assert at(1000, type=BAND_PASS, freq=1000, q=3) == pytest.approx(0)
    assert at(500, type=BAND_PASS, freq=1000, q=3) == pytest.approx(-10 * np.log10(1 + (3 * 1.5) ** 2))
    assert at(321, type=ALL_PASS, freq=1000, q=3) == 0
    assert at(1e5, type=TILT, freq=1000, gain=6) == pytest.approx(3, abs=0.05)
    assert at(10, type=TILT, freq=1000, gain=6) == pytest.approx(-3, abs=0.05)
    assert len(EQ_TYPES) == 9
