"""The first start: while the demo mix is made the window says so where the song will be, and how far it is."""
import threading
from unittest import mock

import pytest

from gui.theme import paint, theme
from mastering_rt.errors import FileProblem
from tests.gui.rig import Rig
from tests.gui.test_window_layout import lay_out, read, trouble

pytestmark = pytest.mark.slow


class Making:
    """A demo mix that is made as slowly as the test wants."""

    def __init__(self, mix):
        self.go_on, self.fails = threading.Event(), False
        self._mix = mix

    def __call__(self, progress):
        progress(0.4)
        assert self.go_on.wait(30)
        if self.fails:
            raise FileProblem("The demo mix cannot be kept in a folder.")
        return self._mix


@pytest.fixture
def making(monkeypatch, mix):
    made = Making(mix)
    monkeypatch.setattr("gui.acts.recovery.cached_demo", made)
    yield made
    made.go_on.set()


@pytest.fixture
def starting(qtbot, home, making):
    """The program as it starts with nothing."""
    made = Rig(home)
    made.acts.recovery.begin(None)
    made.until(lambda: made.window.song.view.scene.coming == ("Making the demo mix, this once", 0.4))
    yield made
    making.go_on.set()
    made.close()


def words_of(view):
    """What a plot, which is painted as a picture, writes, and whether all of it has room."""
    said, text = [], paint.text

    def noted(painter, area, words, role, color, align=paint.LEFT, weight=None):
        said.append((words, paint.text_width(words, role, weight) <= area.width()))
        return text(painter, area, words, role, color, align, weight)
    with mock.patch.object(paint, "text", noted):
        view.renew()
        view.grab()
    return said


@pytest.mark.parametrize("size", ["smallest", "compact", "large", "scale 2"])
def test_what_is_made_stands_in_the_place_of_the_song(starting, size):
    lay_out(starting, size)
    view, empty = starting.window.song.view, starting.window.stage.empty
    assert words_of(view) == [("Making the demo mix, this once: 40 %", True)]
    assert [line.words for line in read(empty)] == ["The chain comes with the song. Another song can be opened meanwhile."]
    assert not trouble(read(empty))
    assert view.spoken_value() == "Making the demo mix, this once"


def test_a_key_that_wants_a_song_says_that_one_is_coming(starting, making):
    starting.key("Space")
    assert starting.window.status.help == "Play or stop: Making the demo mix, this once; wait for it, or open another song."
    making.fails = True
    making.go_on.set()
    starting.until(lambda: starting.window.song.view.scene.coming is None)
    starting.key("Space")
    assert starting.window.status.help == "Play or stop: No song is open."


def test_the_bar_is_as_long_as_it_is_far(starting):
    view, bright = starting.window.song.view, theme.color("select").rgb()

    def length():
        image = view.grab().toImage()
        return max(sum(image.pixel(x, y) == bright for x in range(image.width())) for y in range(image.height()))
    before = length()
    view.set_coming(("Making the demo mix, this once", 0.8))
    assert (before, length()) == (112, 224)


def test_then_it_is_the_song(starting, making):
    assert not starting.window.stage.empty.add_key.isVisible()
    making.go_on.set()
    starting.until(lambda: starting.desk.song is not None)
    starting.until(lambda: starting.window.stage.frame is not None)
    assert starting.window.song.view.scene.coming is None
    assert starting.window.stage.empty.add_key.isVisibleTo(starting.window.stage.empty)


def test_a_demo_that_cannot_be_made_leaves_no_word_behind(starting, making):
    making.fails = True
    making.go_on.set()
    starting.until(lambda: starting.window.song.view.scene.coming is None)
    assert "cannot be kept" in starting.told
    assert words_of(starting.window.song.view) == [("No song is open", True)]
    assert starting.window.stage.empty.add_key.isVisible()
