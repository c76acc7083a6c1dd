"""What falls into the columns of a history."""
from math import isnan, nan

import numpy as np
import pytest

from dsp_core.meters.recording import Recording


def test_a_column_holds_the_largest_of_its_records():
    recording = Recording(8.0, ("a", "b"), lowest=("b",))
    recording.push(np.array([[1.0, 1.0], [5.0, 0.5], [2.0, np.nan], [3.0, 3.0]]), 0.01)
    columns = recording.columns(0, 2, 0.02)
    assert columns["a"] == [5, 3]
    assert columns["b"] == [0.5, 3]


def test_columns_narrower_than_records_go_from_one_to_the_next():
    recording = Recording(8.0, ("a",))
    recording.push(np.array([[0.0], [4.0], [8.0]]), 0.04)
    assert recording.complete(0.01) == 10
    assert recording.columns(2, 10, 0.01)["a"] == pytest.approx([0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5])


@pytest.mark.parametrize("column_s", [0.0031, 0.01, 0.0173, 0.25])
def test_a_complete_column_never_changes(column_s):
    rng = np.random.default_rng(3)
    recording, seen = Recording(100.0, ("a",)), {}
    for _ in range(60):
        recording.push(rng.standard_normal((rng.integers(1, 9), 1)), 0.01)
        done = recording.complete(column_s)
        values = recording.columns(0, done, column_s)["a"]
        for index, value in enumerate(values):
            assert seen.setdefault(index, value) == value
    assert len(seen) > 5


def expected(records, first, last, column_s, lowest):
    """Columns of (n, 2) records of 10 ms."""
    edges = np.arange(first, last + 1) * column_s / 0.01
    found = {}
    for name, values in zip(("a", "b"), records.T, strict=True):
        if column_s < 0.01:
            found[name] = np.interp((edges[:-1] + edges[1:]) / 2 - 0.5, np.arange(len(values)), values)
        else:
            inside = [values[int(low + 1e-9):max(int(high + 1e-9), int(low + 1e-9) + 1)] for low, high in zip(edges[:-1], edges[1:], strict=True)]
            known = [part[~np.isnan(part)] for part in inside]
            found[name] = [(part.min() if name == lowest else part.max()) if len(part) else np.nan for part in known]
    return found


@pytest.mark.parametrize("column_s", [0.0031, 0.01, 0.0173, 0.05])
@pytest.mark.parametrize("lowest", ["", "b"])
def test_columns_are_the_extremes_of_their_records_or_lie_between_two(column_s, lowest):
    rng = np.random.default_rng(5)
    recording, records = Recording(0.3, ("a", "b"), (lowest,)), np.empty((0, 2))
    for size in [*rng.integers(1, 9, 60), 200, 5, 7]:                # more than it keeps, and once more at a time than it has room for
        fresh = rng.standard_normal((size, 2))
        fresh[rng.random(fresh.shape) < 0.1] = np.nan
        recording.push(np.asfortranarray(fresh), 0.01)
        records = np.concatenate([records, fresh])
        done = recording.complete(column_s)
        for first in range(max(0, done - int(0.28 / column_s)), done):
            last = min(first + int(rng.integers(0, 12)), done)
            told, wanted = recording.columns(first, last, column_s), expected(records, first, last, column_s, lowest)
            for name in ("a", "b"):
                assert told[name] == pytest.approx(list(wanted[name]), nan_ok=True)


def test_what_is_before_the_first_record_is_unknown_unless_a_line_is_to_begin_there():
    recording = Recording(1.0, ("a",))
    assert all(map(isnan, recording.columns(-2, 3, 0.01)["a"]))
    recording.push(np.array([[4.0], [5.0], [6.0]]), 0.01)
    assert recording.columns(-2, 3, 0.01)["a"] == pytest.approx([nan, nan, 4, 5, 6], nan_ok=True)
    assert recording.columns(-1, 2, 0.01, True)["a"] == [4, 4, 5]
    assert recording.columns(0, 2, 0.01, True)["a"] == [4, 5]
    assert recording.columns(-2, 1, 0.01, True)["a"] == pytest.approx([nan, nan, 4], nan_ok=True)
    assert recording.columns(1, 1, 0.01, True)["a"] == []


def test_only_the_last_seconds_are_kept():
    recording = Recording(1.0, ("a",))
    for block in range(200):
        recording.push(np.full((10, 1), float(block)), 0.01)
        first, last = max(recording.total - 100, 0), recording.total
        assert recording.columns(first, last, 0.01)["a"] == [float(i // 10) for i in range(first, last)]
    assert recording.total == 2000
    assert np.isnan(recording.columns(0, 5, 0.01)["a"]).all()


def test_another_record_length_starts_anew():
    recording = Recording(1.0, ("a",))
    recording.push(np.ones((10, 1)), 0.01)
    recording.push(np.ones((3, 1)), 0.02)
    assert recording.total == 3


def test_wrong_records_are_refused():
    recording = Recording(1.0, ("a", "b"))
    with pytest.raises(ValueError, match="holds a, b"):
        recording.push(np.ones((10, 3)), 0.01)
    with pytest.raises(ValueError, match="cannot last 0"):
        recording.push(np.ones((10, 2)), 0.0)


