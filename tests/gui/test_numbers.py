"""Numbers read as an engineer writes them."""
from math import inf, nan

import pytest

from gui.theme import numbers

MINUS = "\N{MINUS SIGN}"


@pytest.mark.parametrize(("value", "decimals", "plus", "text"), [
    (-12.06, 1, False, f"{MINUS}12.1"), (5.4, 1, True, "+5.4"), (5.4, 1, False, "5.4"), (-0.04, 1, True, "0.0"), (0.04, 1, True, "0.0"),
    (-inf, 1, True, f"{MINUS}\N{INFINITY}"), (None, 1, True, "\N{EN DASH}"), (nan, 2, True, "\N{EN DASH}"), (-1, 2, False, f"{MINUS}1.00"), (-60, 0, False, f"{MINUS}60")])
def test_number(value, decimals, plus, text):
    assert numbers.number(value, decimals, plus=plus) == text


def test_no_hyphen_stands_for_a_minus():
    assert "-" not in "".join(numbers.number(v) for v in (-1.0, -0.01, -inf, -1e9))


def test_quantity_has_a_space_before_its_unit_and_none_when_unknown():
    assert numbers.quantity(-12.06, "LUFS") == f"{MINUS}12.1 LUFS"
    assert numbers.quantity(None, "LUFS") == "\N{EN DASH}"


def test_about_says_whole_numbers():
    assert numbers.about(-12.3, "LUFS") == f"about {MINUS}12 LUFS"
    assert numbers.about(None, "LUFS") == "\N{EN DASH}"


@pytest.mark.parametrize(("seconds", "decimals", "text"), [(133.709, 3, "2:13.709"), (0, 3, "0:00.000"), (227.9, 0, "3:47"), (3725.5, 1, "1:02:05.5"),
                                                           (59.9996, 3, "0:59.999"), (-1.5, 1, f"{MINUS}0:01.5"), (-0.00001, 3, "0:00.000")])
def test_clock(seconds, decimals, text):
    assert numbers.clock(seconds, decimals) == text


def test_balance_names_the_side():
    assert [numbers.balance(db) for db in (-1.9, 0.4, 0.01, None)] == ["L 1.9", "R 0.4", "0.0", "\N{EN DASH}"]


def test_span_has_an_en_dash():
    assert numbers.span("2:05", "2:26") == "2:05\N{EN DASH}2:26"
