"""The blind test in the window, worked by keys alone: what it asks, what it hides, what it says at the end."""
import random

import pytest
from PySide6.QtWidgets import QWidget

from gui.blind.cover import HIDDEN
from gui.blind.result import figures
from gui.theme import theme
from mastering_rt.blind.booth import Booth
from mastering_rt.blind.words import NOT_APART, TOO_FEW
from tests.gui.hands import colors, picture, rgb
from tests.mastering_rt.helpers import programme_file

pytestmark = pytest.mark.slow


def seeded(rig, seed):
    rig.desk.blind = Booth(rig.desk._stand, rig.desk.blind.log.path, rig.desk._blind_over, bits=random.Random(seed).getrandbits, clock=lambda: 1e9)


def opened(rig):
    """The view, ready to start."""
    rig.wait_for_facts()
    rig.key("X")
    rig.until(lambda: rig.window.blind.setup.start_key.isEnabled())
    return rig.window.blind


def started(rig, seed=1):
    seeded(rig, seed)
    view = opened(rig)
    rig.key("X")
    assert rig.acts.blind.running
    rig.until(lambda: rig.window.status.state == "The log is kept with the session")
    return view


def playing(view):
    return [letter for letter, card in view.trial.cards.items() if card.playing]


def test_a_test_from_the_first_key_to_the_result(working):
    view = started(working)
    order = working.desk.blind.test._order.open()[1]
    assert view.isVisible() and not working.window.chain.isVisible() and not working.window.stage.isVisible()
    for trial, letter in enumerate(order):
        assert view.trial.count == f"{trial + 1} of 16"
        for key in "BAX":
            working.key(key)
            assert playing(view) == [key.lower()]
        working.key("Left" if letter == "a" else "Right")
    assert not working.acts.blind.running
    said = view.result.spoken_value()
    assert "16 of 16, p = 0.00002. You can tell these apart." in said
    assert view.setup.isVisible() and not view.trial.isVisible()
    assert [figures(record)[2] for record in view.result.records] == ["Told apart"]
    assert working.desk.journal.entries[-1].kind == "blind"
    working.key("Esc")
    assert not view.isVisible() and working.window.chain.isVisible()


def test_escape_stops_counts_and_then_leaves(working):
    view = started(working)
    working.key("X")
    working.key("Right")
    working.key("Esc")
    assert not working.acts.blind.running and view.isVisible()
    assert "Stopped after 1 of 16 trials" in view.result.spoken_value()
    assert TOO_FEW in view.result.spoken_value() and NOT_APART not in view.result.spoken_value()
    assert [figures(record)[2] for record in view.result.records] == ["Too few answers"]
    working.key("Esc")
    assert not view.isVisible()
    assert working.window.meters.isVisible() and working.window.compare.mix.isVisible()


def test_an_arrow_that_is_pressed_twice_answers_once(working):
    view = started(working)
    working.key("X")
    working.key("Left")
    working.key("Left")
    assert view.trial.done == 1
    assert "Listen to X first" in working.told


def test_it_works_from_whatever_has_the_keyboard(working):
    view = started(working)
    for widget in (view.trial.cards["a"], view.trial.answers["b"], view.trial.stop_key, working.window.compare.monitor.toggles["mono"], working.window):
        widget.setFocus()
        before = view.trial.done
        working.key("X")
        working.key("Right")
        assert view.trial.done == before + 1, widget
    view.trial.cards["b"].setFocus()
    working.key("Return")
    assert playing(view) == ["b"]
    working.click(view.trial.cards["x"])
    assert playing(view) == ["x"]
    working.click(view.trial.answers["a"])
    assert view.trial.done == 6
    working.click(view.trial.stop_key)
    assert not working.acts.blind.running


def everything_said(widget):
    """Names, descriptions and tips of all that is to be seen."""
    return sorted((child.metaObject().className(), child.accessibleName(), child.accessibleDescription(), child.statusTip(), child.toolTip())
                  for child in widget.findChildren(QWidget) if child.isVisible())


def test_nothing_on_screen_tells_what_x_is(working):
    """Pictures and spoken texts of two tests with opposite orders are the same, key for key."""
    seen = []
    working.wait_for_facts()
    for seed in (1, 2):
        view = started(working, seed)
        order = working.desk.blind.test._order.open()[1]
        frames = []
        for _ in range(5):
            for key in ("X", "A", "B", "X"):
                working.key(key)
                working.frames(2)
                image = picture(working.window)
                frames.append((bytes(image.constBits()), everything_said(working.window), working.window.windowTitle(),
                               working.desk.heard, working.desk.player.status.heard, working.window.status.state))
            working.key("Left")
        seen.append((order[:5], frames))
        working.desk.blind.last = None
        working.desk.blind.log.path = working.desk.blind.log.path.with_name(f"{seed}.jsonl")
        working.key("Esc")
        working.key("Esc")
        view.result.show_result(None)
        working.desk.journal.unsaved = False
    assert seen[0][0] != seen[1][0]
    for one, other in zip(seen[0][1], seen[1][1]):
        assert one == other


def test_what_could_tell_is_covered(working):
    started(working)
    window = working.window
    for part in (window.meters, window.compare.mix, window.compare.master, window.compare.matched, window.compare.delta, window.song.legend):
        assert not part.isVisible()
    assert window.hidden.isVisible() and window.hidden.accessibleName() == HIDDEN
    assert window.song.view.scene.blind
    assert not any("ms" in words or "DSP" in words for words, _ in window.title.device.parts())
    said = " ".join(" ".join(row) for row in everything_said(window))
    for word in ("LUFS", "dBTP", "reduction of", "latency"):
        assert word not in said
    image = picture(window)
    hues = {rgb(theme.color(token)) for token in ("mix", "master", "gr", "mix_mid", "master_mid", "mix_body", "master_body", "gr_mid")}
    assert not hues & colors(image)


@pytest.mark.parametrize("keys", ["1", "2", "`", "M", "\\", "Z", "Ctrl+Z", "Ctrl+R", "Ctrl+L", "Shift+U", "Delete", "Ctrl+O", "L"])
def test_what_would_change_the_sound_waits(working, keys):
    started(working)
    before = working.desk.session, working.desk.monitor, working.desk.matched
    working.key(keys)
    assert (working.desk.session, working.desk.monitor, working.desk.matched) == before
    assert working.acts.blind.running and working.desk.heard == "blind" and working.dialog is None
    assert "blind test is under way" in working.window.status.help


def test_listening_goes_on_beside_it(working):
    started(working)
    working.key("Space")
    working.until(lambda: working.playing)
    working.key(".")
    working.key("Shift+M")
    assert working.desk.monitor.mono and working.acts.blind.running


def test_preference(working):
    seeded(working, 3)
    view = opened(working)
    working.click(view.setup.kind.segments[1])
    working.click(view.setup.trials.segments[0])
    view.setup.start_key.setFocus()
    working.key("Return")
    assert working.acts.blind.running and not view.trial.cards["x"].isVisible()
    for _ in range(10):
        working.key("B")
        working.key("A")
        first = working.desk.blind.test.side("a") == 0
        working.key("Left" if first else "Right")
    assert "You prefer Mix." in view.result.spoken_value()


def test_it_waits_for_the_match_and_says_so(working):
    working.wait_for_facts()
    working.desk.set_matched(False)
    working.key("X")
    view = working.window.blind
    assert not view.setup.start_key.isEnabled() and "not matched" in view.setup.waits.words
    working.key("X")
    assert not working.acts.blind.running
    working.desk.set_matched(True)
    working.until(lambda: view.setup.start_key.isEnabled())


def test_another_song_ends_the_test(working, tmp_path):
    started(working)
    working.acts.files.open(programme_file(tmp_path, 1.0, name="other.wav"))
    working.until(lambda: not working.acts.blind.running)
    working.until(lambda: working.window.meters.isVisible())
