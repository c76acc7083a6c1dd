"""What the window says is so: numbers are weak only while they are old, and what was not measured has no number."""
from gui.bridge import song as whole_song


def hold_measuring(rig, monkeypatch):
    """From now on no measurement of the whole song is started."""
    monkeypatch.setattr(rig.desk._measurements, "_start_due", lambda: None)


def test_numbers_are_strong_again_when_a_change_is_taken_back_before_it_was_measured(working, monkeypatch):
    working.wait_for_facts()
    hold_measuring(working, monkeypatch)
    monkeypatch.setattr(whole_song, "STALE_AFTER_S", 0.0)
    meters, scene = working.window.meters, working.window.song.view.scene
    for change, back in (("Delete", "Ctrl+Z"), ("B", "B")):
        working.key(change)
        working.until(lambda: "master" in scene.stale)
        assert meters.table._songs["master"].stale and meters.integrated.stale
        working.key(back)
        working.frames(3)
        assert not working.desk.measuring
        assert not meters.table._songs["master"].stale and not meters.integrated.stale and not scene.stale


def test_matched_says_what_it_is_matched_over_and_no_number_that_nobody_measured(working, monkeypatch):
    """The gain of the match is the measured difference itself, so what the two would still differ by is not known."""
    matched = working.window.compare.matched
    working.wait_for_facts()
    working.until(lambda: matched.spoken_value() == "whole song")
    hold_measuring(working, monkeypatch)
    working.key("B")
    working.frames(2)
    assert matched.spoken_value() == "estimate, still measuring"
