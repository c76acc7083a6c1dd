"""The compare bar in a small window: nothing is cut, and the offset of the match stands on the key that is turned down."""
import pytest

from gui.controls.keys import MatchedKey, SnapshotKey, SourceKey
from gui.theme import paint, theme
from tests import signals
from tests.mastering_rt.helpers import RATE, write_song

pytestmark = pytest.mark.slow

MINUS = "\N{MINUS SIGN}"


@pytest.fixture
def small(working, tmp_path):
    """1280 x 720 with three loud references."""
    rig = working
    rig.window.resize(1280, 720)
    for name in ("Bright", "Wide", "Very long name of a record"):
        rig.acts.comparing.add(write_song(tmp_path / f"{name}.wav", 0.9 * signals.programme(3 * RATE, seed=21)))
    rig.until(lambda: len(rig.desk.session.references) == 3 and all(rig.desk.compare.references[r.id].ready for r in rig.desk.session.references))
    rig.wait_for_facts()
    return rig


def test_three_references_have_name_and_loudness_at_1280(small):
    keys = small.window.compare.references.keys
    small.until(lambda: all(key.loudness_lufs is not None for key in keys))
    for key in keys:
        assert key.isVisible() and not key.narrow
        assert paint.text_width(key.loudness_text(""), "text") <= key.line(1).width()
    assert keys[-1].geometry().right() <= small.window.compare.references.width()
    monitor = small.window.compare.monitor
    assert monitor.geometry().right() < small.window.compare.width()
    assert small.window.compare.blind.geometry().right() < monitor.x()


def test_a_reference_that_is_turned_down_says_by_how_much_at_1280(small):
    small.key("3")
    key = small.window.compare.references.keys[0]
    small.until(lambda: key.heard and key.turned_down_db < 0)
    assert any(paint.text_width(form, "text_medium") <= key.line(1).width() for form in key.match_forms())
    key.show_width(theme.px(40))
    assert key.narrow
    assert paint.text_width(key.match_forms()[-1], "scale") <= 40


def test_a_heard_snapshot_says_what_is_taken_off_it(small):
    own = small.value(small.chain[-1], "gain")
    small.desk.set_value(small.chain[-1], "gain", 14.0)
    small.key("Shift+F1")
    small.desk.set_value(small.chain[-1], "gain", own)
    small.key("F1")
    key = small.window.compare.snapshots.keys["A"]
    small.until(lambda: key.current and key.down_db < 0)
    assert f"plays {MINUS}" in key.accessibleDescription()
    assert any(form and paint.text_width(form, "scale") <= key.width() for form in key.forms())


def test_a_letter_shows_its_number_in_both_densities(same_theme, qtbot):
    for density in ("comfortable", "compact"):
        theme.use(density=density)
        key = SnapshotKey("A")
        qtbot.addWidget(key)
        key.show_state(f"{MINUS}2.9 LU")
        assert next(form for form in key.forms() if paint.text_width(form, "scale") <= key.width()).startswith(f"{MINUS}2.9")


@pytest.mark.parametrize(("basis", "brief"), [("whole song", "song"), ("since the last change", "last change"), ("over loop", "loop")])
def test_the_match_says_what_is_left_of_the_difference(same_theme, qtbot, basis, brief):
    for density in ("comfortable", "compact"):
        theme.use(density=density)
        key = MatchedKey()
        qtbot.addWidget(key)
        key.show_match(True, basis, brief=brief, residual_lu=0.0)
        assert key.spoken_value() == f"{basis}, ±0.0 LU"
        shown = next(form for form in key.forms if paint.text_width(form, "text") <= key.line(1).width())
        assert "±0.0" in shown


def test_a_trim_is_left_of_the_difference(small):
    small.key("3")
    small.acts.comparing.ask_trim("reference")
    small.type("-1.5")
    small.answer("Set")
    small.until(lambda: f"{MINUS}1.5 LU" in small.window.compare.matched.basis)


def test_a_locked_reference_has_a_lock(qtbot):
    key = SourceKey("ref", "Record", "3")
    qtbot.addWidget(key)
    key.show_loudness(-12.0)
    before = key.grab().toImage()
    key.show_locked(True)
    assert key.grab().toImage() != before
    assert "locked to the song" in key.spoken_value()
