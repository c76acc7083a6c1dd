"""The render form offers what can be had, and wishes for what stands in it."""
import pytest

from gui.dialogs.render import RenderForm
from gui.window.read_back import Asked, rows
from mastering_rt.offline.render import RenderOptions
from tests.gui.hands import shown


@pytest.fixture
def form(qtbot):
    def make(rate_hz=44100, **how):
        made = RenderForm(rate_hz, "/tmp/master.wav", **{"has_loop": False, "has_ceiling": True, **how})
        qtbot.addWidget(made)
        return shown(made, 420, 400) or made
    return make


def pick(choice, words):
    choice.choose(choice.choices.index(words))


def test_it_begins_with_24_bits_and_the_habit_of_mastering(form):
    options = form().wish().options
    assert options == RenderOptions()


@pytest.mark.parametrize(("bits", "dithers"), [
    ("8-bit", 7), ("16-bit", 7), ("20-bit", 7), ("24-bit", 3), ("32-bit", 3), ("32-bit float", 2), ("64-bit float", 2)])
def test_only_dithers_that_fit_the_word_length_are_offered(form, bits, dithers):
    made = form()
    pick(made.bits, bits)
    assert len(made.dither.choices) == dithers
    assert made.dither.choices[0] == "Automatic"


def test_a_chosen_dither_stays_while_it_fits(form):
    made = form()
    pick(made.bits, "16-bit")
    pick(made.dither, "Shaped, strong")
    assert made.wish().options.dither == "strong"
    pick(made.bits, "20-bit")
    assert (made.wish().options.bits, made.wish().options.dither) == ("20", "strong")
    pick(made.bits, "24-bit")
    assert made.wish().options.dither == "auto"


def test_noise_is_not_shaped_at_rates_without_room_for_it(form):
    made = form(32000)
    pick(made.bits, "16-bit")
    assert "Shaped, light" not in made.dither.choices
    pick(made.rate, "96 kHz")
    assert "Shaped, light" in made.dither.choices


def test_the_exact_mode_is_asked_for_where_there_is_a_ceiling(form):
    made = form()
    made.ceiling.segments[1].click()
    assert made.wish().options.exact
    refused = form(has_ceiling=False)
    refused.ceiling.segments[1].click()
    assert not refused.wish().options.exact


def test_the_plan_names_the_exact_mode_only_where_it_was_asked_for():
    for exact in (False, True):
        asked = Asked(RenderOptions(exact=exact), 44100, 10.0, -1.0)
        assert ("Exact mode" in [row.name for row in rows(asked, None)]) == exact
