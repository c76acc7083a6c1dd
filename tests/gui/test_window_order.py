"""What a slot shows was measured in its own stage, also around the moment in which the order changes."""
import pytest

from gui.bridge.order import OrderHeard
from gui.controls.slot_face import SlotFace
from mastering_rt.session import edits
from mastering_rt.session.model import Slot

A, B = Slot("eq", "eq"), Slot("limiter", "limiter")


def test_figures_count_when_the_swap_was_over_before_they_were_measured():
    heard = OrderHeard()
    assert heard.follow((A, B), lambda: True, 4)
    told = [heard.follow((B, A), lambda swapping=swapping: swapping, records) for swapping, records in
            ((True, 2), (True, 2), (False, 2), (False, 0), (False, 1), (False, 2))]
    assert told == [False, False, False, False, False, True]


def test_another_value_is_no_other_order():
    heard = OrderHeard()
    heard.follow((A, B), lambda: False, 1)
    assert heard.follow((A, Slot("limiter", "limiter", {"ceiling": -2.0})), lambda: True, 1)


@pytest.mark.slow
def test_a_slot_never_shows_the_reduction_of_the_one_that_stood_in_its_place(working, monkeypatch):
    rig, shown = working, {"compressor": [], "limiter": []}
    show = SlotFace.show_reduction

    def noted(widget, reduction_db, *args, **kwargs):
        shown[rig.chain[rig.window.chain.slots.index(widget)]].append(reduction_db)
        show(widget, reduction_db, *args, **kwargs)
    monkeypatch.setattr(SlotFace, "show_reduction", noted)
    rig.desk.set_values("compressor", {"threshold": -50.0, "ratio": 8.0})
    rig.desk.set_values("limiter", {"gain": -10.0})
    rig.key("Space")
    for place in (1, 2, 1, 2, 1):
        rig.desk.edit(lambda s, place=place: edits.move_stage(s, "compressor", place))
        before = len(shown["compressor"])
        rig.until(lambda before=before: max(shown["compressor"][before:], default=0.0) > 6)
    assert max(shown["limiter"]) == 0
