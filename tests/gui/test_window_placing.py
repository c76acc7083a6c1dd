"""A new stage stands where it makes sense, however it is asked for, and a ceiling is not lost without a word."""
import pytest
from PySide6.QtCore import QPoint

from mastering_rt.offline.render import ceiling_of
from mastering_rt.session.edits import add_stage
from mastering_rt.session.model import Session
from mastering_rt.session.placing import place_behind
from tests.gui.hands import drag


def chain(*kinds):
    session = Session()
    for kind in kinds:
        session = add_stage(session, kind, len(session.chain))
    return session.chain


@pytest.mark.parametrize(("kinds", "kind", "behind", "place"), [
    (("eq", "compressor", "limiter"), "trim", 0, 1),
    (("eq", "compressor", "limiter"), "trim", 2, 2),
    (("eq", "clipper", "limiter"), "saturation", 2, 1),
    (("eq", "clipper", "limiter"), "saturation", 1, 1),
    (("eq", "limiter", "trim"), "saturation", 1, 2),
    (("eq", "limiter"), "clipper", 1, 1),
    (("eq", "clipper", "limiter"), "clipper", 1, 2),
    (("eq", "compressor", "clipper"), "limiter", 0, 3),
    (("eq", "compressor", "limiter"), "limiter", 0, 1),
    (("eq", "limiter"), "limiter", 1, 1),
    (("limiter",), "plugin", 0, 0),
])
def test_before_what_closes_the_chain(kinds, kind, behind, place):
    assert place_behind(chain(*kinds), kind, behind) == place


def choose(rig, title):
    next(row for row in rig.menu.actions() if row.text() == title).trigger()
    rig.menu.close()


@pytest.mark.slow
@pytest.mark.parametrize("by", ["the add key", "Insert in the window", "Insert on the slot", "the palette"])
@pytest.mark.parametrize(("opened", "place"), [("eq", 1), ("limiter", 2)])
def test_every_way_leads_to_the_same_place(working, by, opened, place):
    working.acts.shaping.select(opened)
    working.frames(1)
    strip = working.window.chain
    if by == "the add key":
        working.click(strip.add_key)
    elif by == "the palette":
        working.key("Ctrl+K")
        working.type("add trim")
        working.key("Return")
    else:
        slot = next(slot for slot in strip.slots if slot.state.id == opened)
        (working.window if by == "Insert in the window" else slot).setFocus()
        working.key("Insert")
    if by != "the palette":
        choose(working, "Trim")
    expected = ["eq", "compressor", "limiter"]
    expected.insert(place, "trim")
    working.until(lambda: working.chain == expected)
    assert working.acts.shaping.selected == "trim"
    assert ceiling_of(working.desk.session.chain) == -1


@pytest.mark.slow
def test_a_stage_that_is_dragged_behind_the_limiter_takes_the_ceiling_and_says_so(working):
    working.frames(1)
    slots = working.window.chain.slots
    drag(slots[0], slots[0].rect().center(), QPoint(slots[2].x() + slots[2].width() - slots[0].x(), 0), steps=20)
    working.until(lambda: working.chain == ["compressor", "limiter", "eq"])
    assert "no longer holds" in working.told and "\N{MINUS SIGN}1.00 dBTP" in working.told
    working.key("Ctrl+Z")
    assert working.chain == ["eq", "compressor", "limiter"]


@pytest.mark.slow
def test_a_move_that_keeps_the_ceiling_says_nothing(working):
    working.acts.shaping.select("eq")
    working.key("Ctrl+Right")
    assert working.chain == ["compressor", "eq", "limiter"]
    assert "ceiling" not in working.told
