"""Axes map both ways, choose few and round ticks, and label them as engineers write them."""
import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.plots.axes import Axis, clock_text, db_label, db_ticks, frequency_label, frequency_ticks, time_label, time_ticks

FREQUENCY = Axis(20, 20000, 0, 1568, log=True)
GAIN = Axis(-6, 6, 400, 0)


@given(st.floats(20, 20000), st.floats(100, 4000))
def test_log_axis_goes_there_and_back(hz, width):
    axis = Axis(20, 20000, 7, 7 + width, log=True)
    assert axis.value(axis.px(hz)) == pytest.approx(hz, rel=1e-9)


@given(st.floats(-6, 6))
def test_linear_axis_goes_there_and_back(db):
    assert GAIN.value(GAIN.px(db)) == pytest.approx(db, abs=1e-9)


def test_equal_ratios_are_equal_distances():
    assert FREQUENCY.px(200.0) == pytest.approx(1568 / 3)
    assert FREQUENCY.px(2000.0) == pytest.approx(2 * 1568 / 3)
    assert (GAIN.px(6.0), GAIN.px(0.0), GAIN.px(-6.0)) == (0, 200, 400)


def test_arrays_map_like_numbers():
    hz = np.geomspace(20, 20000, 50)
    assert np.allclose(FREQUENCY.px(hz), [FREQUENCY.px(float(v)) for v in hz])


def test_no_value_leaves_the_axis_when_clipped():
    px = GAIN.clipped_px(np.array([np.nan, -np.inf, np.inf, -100.0, 100.0, 3.0]))
    assert np.allclose(px, [400, 400, 0, 400, 0, 100])


def test_axes_without_sense_are_refused():
    for low, high, log in ((5.0, 5.0, False), (1.0, -1.0, False), (0.0, 10.0, True), (np.nan, 1.0, False)):
        with pytest.raises(ValueError, match="axis cannot"):
            Axis(low, high, 0, 100, log)


def test_frequency_labels_of_the_wide_plot():
    labels = [t.label for t in frequency_ticks(FREQUENCY) if t.label]
    assert labels == ["30", "50", "100", "200", "500", "1k", "2k", "5k", "10k", "16k"]
    assert [t.value for t in frequency_ticks(FREQUENCY) if t.major] == [100, 1000, 10000]


@given(st.floats(60, 3000))
def test_frequency_labels_never_touch(width):
    ticks = [t for t in frequency_ticks(Axis(20, 20000, 0, width, log=True), min_gap_px=44) if t.label]
    assert all(b.px - a.px >= 44 - 1e-6 for a, b in itertools.pairwise(ticks))


@given(st.floats(-120, 0), st.floats(1, 120), st.floats(40, 1000))
def test_db_ticks_are_multiples_that_stand_apart(low, span, height):
    axis = Axis(low, low + span, height, 0)
    ticks = db_ticks(axis, min_gap_px=20)
    gaps = [a.px - b.px for a, b in itertools.pairwise(ticks)]
    assert all(axis.covers(t.value) for t in ticks)
    assert all(g >= 20 - 1e-6 for g in gaps)
    assert len({round(g, 6) for g in gaps}) <= 1


def test_db_labels():
    assert [t.label for t in db_ticks(GAIN, step=3.0, unit="dB")] == ["−6", "−3", "0", "+3", "+6 dB"]
    assert [db_label(v) for v in (-0.0, 0.5, -1.5, 12.0)] == ["0", "+0.5", "−1.5", "+12"]
    assert db_label(12.0, plus=False) == "12"
    assert [t.major for t in db_ticks(GAIN, step=3.0)] == [False, False, True, False, False]


def test_frequencies_as_text():
    assert [frequency_label(v) for v in (20, 50.0, 1000, 2500, 16000)] == ["20", "50", "1k", "2.5k", "16k"]


def test_times_as_text():
    assert [time_label(v, 30) for v in (0, 30, 90, 3600, 3723)] == ["0:00", "0:30", "1:30", "1:00:00", "1:02:03"]
    assert time_label(61.5, 0.5) == "1:01.5"
    assert time_label(0.05, 0.01) == "0:00.05"
    assert time_label(-1.0, 1) == "−0:01"
    assert clock_text(133.709) == "2:13.709"
    assert clock_text(59.9996) == "1:00.000"


def test_a_song_of_under_four_minutes_is_labelled_every_half_minute():
    ticks = time_ticks(Axis(0, 227, 0, 1530))
    assert [t.label for t in ticks if t.label] == ["0:00", "0:30", "1:00", "1:30", "2:00", "2:30", "3:00", "3:30"]
    assert [t.value for t in ticks][:4] == [0, 10, 20, 30]


@given(st.floats(0, 80000), st.floats(0.02, 90000), st.floats(200, 3000))
def test_time_labels_are_round_and_stand_apart(start, length, width):
    axis = Axis(start, start + length, 0, width)
    labelled = [t for t in time_ticks(axis, min_gap_px=90) if t.label]
    assert all(b.px - a.px >= 90 - 1e-3 for a, b in itertools.pairwise(labelled))
    assert len({t.label for t in labelled}) == len(labelled)
