"""Levels fall, marks hold, lamps latch and numbers run by the clock they are handed."""
from math import inf

import numpy as np
import pytest

from dsp_core.meters.ballistics import Fall, Hold, OverLamp, Pace


def test_a_bar_falls_20_db_in_1_7_s():
    fall = Fall(-60)
    assert fall.follow(-5, 10.0) == -5
    for index in range(1, 103):
        fall.follow(-100, 10 + index / 60)
    assert fall.follow(-100, 11.7) == pytest.approx(-25)
    assert fall.follow(-10, 11.7) == -10


def test_a_bar_falls_the_same_however_often_it_is_asked():
    often, seldom = Fall(-60), Fall(-60)
    often.follow(0, 0)
    seldom.follow(0, 0)
    for index in range(1, 100):
        often.follow(-90, index / 100)
    assert often.follow(-90, 1.0) == pytest.approx(seldom.follow(-90, 1.0))


def test_a_bar_under_the_scale_is_silence_and_a_clock_that_jumps_back_does_no_harm():
    fall = Fall(-60)
    fall.follow(-59, 0)
    assert fall.follow(-90, 1) == -inf
    fall.follow(-10, 2)
    assert fall.follow(-90, 1) == -10


def test_a_mark_holds_two_seconds():
    hold = Hold()
    hold.follow(-3, 0)
    assert hold.follow(-20, 1.99) == -3
    assert hold.follow(-20, 2.0) == -20
    assert hold.follow(-1, 2.1) == -1
    assert hold.follow(-1, 4.0) == -1
    assert hold.follow(-9, 5.9) == -1
    assert hold.follow(-9, 6.0) == -9


def test_a_mark_falls_to_the_largest_of_the_last_two_seconds():
    hold = Hold()
    levels = [(-3, 0.0), (-7, 0.5), (-5, 1.0), (-20, 1.5), (-30, 2.0), (-30, 2.9), (-30, 3.0), (-30, 3.5)]
    assert [hold.follow(level, at) for level, at in levels] == [-3, -3, -3, -3, -5, -5, -20, -30]


def test_a_mark_knows_when_it_was():
    hold = Hold()
    for level, at, when in ((-3, 0.0, 0.0), (-7, 0.5, 0.0), (-3, 1.0, 0.0), (-20, 1.9, 0.0), (-20, 2.5, 1.0), (-1, 2.6, 2.6)):
        hold.follow(level, at)
        assert hold.value_s == when


def test_the_lamp_counts_events_not_readings_and_only_a_hand_clears_it():
    lamp = OverLamp()
    assert [lamp.follow(over) for over in (0.2, 0.4, 0.3, 0.0, 0.1, 0.0)] == [True, True, False, False, True, False]
    assert (lamp.count, lamp.most_db, lamp.lit) == (2, 0.4, True)
    lamp.clear()
    assert (lamp.count, lamp.most_db, lamp.lit) == (0, 0.0, False)


def test_numbers_run_ten_times_a_second():
    pace = Pace(10)
    assert sum(pace.due(index / 60) for index in range(600)) == pytest.approx(100, abs=1)


def test_a_pace_takes_no_harm_from_pictures_that_come_a_little_early_or_late():
    """Thirty times a second, asked by a timer that is off by up to 2 ms: as many as were asked for, evenly."""
    rng = np.random.default_rng(3)
    for asked_per_s in (30, 60):
        pace, times = Pace(30), (np.arange(600) + 1000) / asked_per_s + rng.uniform(-0.002, 0.002, 600)
        passed = [float(time) for time in times if pace.due(float(time))]
        assert len(passed) >= 0.98 * 600 * 30 / asked_per_s
        assert np.sum(np.diff(passed) > 0.055) <= 1          # until it knows how late they come


def test_a_pace_that_was_not_asked_for_long_or_whose_clock_was_set_back_begins_anew():
    pace = Pace(10)
    assert [pace.due(time) for time in (5.0, 5.05, 5.1, 9.0, 9.05, 9.1, 2.0, 2.05, 2.1)] == [True, False, True, True, False, True, True, False, True]
