"""What the song view shows: range and zoom, series over song time, where sentences stand."""
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.plots.song_data import Series, SongScene, View, loudness_range, parts_of, place_sentences, reduction_range, runs


def view(total=1_000_000):
    made = View()
    made.set_total(total)
    return made


@pytest.mark.slow
@given(st.lists(st.tuples(st.floats(0.01, 50), st.floats(-100, 1_000_100)), max_size=20), st.integers(1, 10 ** 10))
def test_zoom_never_leaves_the_song(steps, total):
    shown = view(total)
    for factor, at in steps:
        shown.zoom(factor, at)
        assert shown.first >= 0
        assert shown.last <= total * (1 + 1e-12)
        assert shown.span > 0


def test_zoom_keeps_the_frame_under_the_pointer():
    shown = view()
    shown.show(200_000, 600_000)
    for factor in (0.8, 0.8, 1.25, 0.5):
        before = (300_000 - shown.first) / shown.span
        shown.zoom(factor, 300_000)
        assert (300_000 - shown.first) / shown.span == pytest.approx(before)


def test_pan_stops_at_the_ends():
    shown = view()
    shown.show(0, 100_000)
    assert not shown.pan(-5000)
    assert shown.pan(5e6)
    assert (shown.first, shown.last) == (900_000, 1_000_000)


def test_the_page_turns_after_the_playhead():
    shown = view()
    shown.show(0, 100_000)
    assert not shown.follow(99_999)
    assert shown.follow(100_000)
    assert shown.first == 100_000
    assert shown.follow(20_000)
    assert shown.first == 20_000
    whole = view()
    assert not whole.follow(500_000)


def test_a_series_shows_its_extremes_per_column():
    series = Series(np.array([1.0, 5.0, 2.0, np.nan, 3.0, -np.inf]), 100)
    edges = np.array([0.0, 200.0, 400.0, 600.0, 800.0])
    assert np.array_equal(series.largest(edges), [5, 2, 3, np.nan], equal_nan=True)
    assert np.array_equal(series.smallest(edges), [1, 2, -np.inf, np.nan], equal_nan=True)


def test_a_series_finer_than_its_hop_repeats_its_values():
    series = Series(np.array([1.0, 2.0]), 100)
    assert np.array_equal(series.largest(np.arange(0, 201, 25.0)), [1, 1, 1, 1, 2, 2, 2, 2])


def test_an_empty_series_knows_nothing():
    assert np.isnan(Series(np.empty(0), 100).largest(np.array([0.0, 10.0]))).all()


def test_lane_ranges_follow_the_song():
    assert loudness_range() == (-32, -4)
    assert loudness_range(Series(np.array([-9.0, np.nan]), 1), None) == (-32, -4)
    assert loudness_range(Series(np.array([-26.0]), 1)) == (-50, -22)
    assert reduction_range(None) == 6
    assert reduction_range(Series(np.array([7.5, np.nan]), 1)) == 9
    assert reduction_range(Series(np.array([60.0]), 1)) == 24


def test_runs_of_known_values():
    assert runs(np.array([False, True, True, False, True])) == [slice(1, 3), slice(4, 5)]
    assert runs(np.zeros(3, dtype=bool)) == []


def test_frames_and_pixels_agree():
    scene = SongScene(rate=48000)
    scene.view.set_total(480_000)
    scene.view.show(120_000, 360_000)
    assert scene.frame_at(500, 1000) == 240_000
    assert scene.px_of(240_000, 1000) == 500
    assert scene.frame_at(-50, 1000) == 108_000
    assert scene.seconds(1000).px(5.0) == 500


def test_the_wave_takes_what_height_there_is():
    assert parts_of(1000, 230, 26, 116, 48, 40, 38).wave == 142
    assert parts_of(1000, 330, 26, 116, 48, 40, 38).wave == 242
    assert parts_of(1000, 60, 26, 116, 48, 40, 38).wave == 50


def test_a_sentence_stands_where_there_is_room():
    starts, hidden = place_sentences([(100, 50)], [], 0, 500, 10)
    assert (starts, hidden) == ([110], set())
    starts, hidden = place_sentences([(100, 50)], [(120, 150)], 0, 500, 10)
    assert (starts, hidden) == ([40], set())
    starts, hidden = place_sentences([(100, 50)], [(120, 150), (60, 80)], 0, 500, 10)
    assert (starts, hidden) == ([110], {0})
    starts, hidden = place_sentences([(100, 500)], [], 0, 500, 10)
    assert starts == [None]


def test_no_sentence_stands_under_the_plate_of_a_marker():
    assert place_sentences([(100, 50)], [], 0, 500, 10, [(130, 170)])[0] == [40]
    assert place_sentences([(100, 50)], [], 0, 500, 10, [(130, 170), (60, 70)])[0] == [None]


@pytest.mark.slow
@given(st.lists(st.tuples(st.floats(0, 1000), st.floats(10, 300)), min_size=1, max_size=8))
def test_sentences_never_overlap(flags):
    starts, _ = place_sentences(flags, [], 0, 1000, 12)
    spans = [(s, s + w) for s, (_, w) in zip(starts, flags, strict=True) if s is not None]
    for i, a in enumerate(spans):
        assert a[0] >= 0
        assert a[1] <= 1000
        assert all(a[1] <= b[0] or b[1] <= a[0] for b in spans[i + 1:])
