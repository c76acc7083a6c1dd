"""News covers no control: it stands over the song, then over the plots of the open stage."""
import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QWidget

from gui.dialogs.toast_places import places_in
from gui.dialogs.toasts import Toast
from gui.plots.layers import LayeredPlot
from gui.window.settings import Looks
from tests.gui.test_window_layout import parents

SIZES = ((1100, 640, 1.0), (1280, 720, 1.0), (1600, 900, 1.0), (1920, 1080, 1.0), (2560, 1440, 1.0), (2560, 1440, 2.0))
NEWS = ("Drive 5.9 dB.", "The audio device no longer answers; the song waits. Choose another one or go on with the next.", "Saved.")


def corners(rooms, *sizes):
    return [None if place is None else (place.x(), place.y()) for place in places_in(rooms, [QSize(*size) for size in sizes], 8)]


def test_they_stack_upward_then_in_columns_then_in_the_next_room():
    tall, low = QRect(0, 100, 900, 140), QRect(0, 300, 900, 60)
    assert corners([tall], (400, 60), (400, 60), (400, 60)) == [(0, 180), (0, 112), (408, 180)]
    assert corners([low, tall], (400, 60), (400, 60), (400, 90)) == [(0, 300), (408, 300), (0, 150)]
    assert corners([low], (400, 61)) == [None]
    assert corners([QRect(), low], (400, 60)) == [(0, 300)]
    assert corners([low], (400, 60), (400, 60), (400, 60)) == [(0, 300), (408, 300), None]
    assert corners([]) == []


def controls(window):
    """What a hand can take hold of, but for the plots and what lies in them."""
    for widget in window.findChildren(QWidget):
        of_plot = any(isinstance(up, LayeredPlot) for up in (widget, *parents(widget)))
        if widget.isVisible() and widget.focusPolicy() != Qt.FocusPolicy.NoFocus and not (of_plot or isinstance(widget.parentWidget(), Toast)):
            yield widget


def area(widget):
    return QRect(widget.mapTo(widget.window(), QPoint()), widget.size()) & widget.window().rect()


def lay_out(rig, width, height, scale):
    rig.window.resize(width, height)
    rig.window.apply_looks(Looks(scale=scale, reduce_motion=True))
    rig.window.resize(width, height)


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_no_control_lies_under_news(working, size):
    working.wait_for_facts()
    lay_out(working, *size)
    for stage in ("eq", "compressor", "limiter"):
        working.acts.shaping.select(stage)
        working.frames(3)
        for words in NEWS:
            working.acts.viewing.tell(words, [("Go on", lambda: None)], fault=words == NEWS[1])
        working.frames(3)
        shown = working.window.toasts.shown
        assert len(shown) == 3
        covered = [(toast.title, widget.accessibleName()) for toast in shown for widget in controls(working.window) if area(toast).intersects(area(widget))]
        assert not covered
        assert area(working.window.song.view).contains(area(shown[-1]))
        assert not any(area(one).intersects(area(other)) for one in shown for other in shown if one is not other)
        for toast in list(shown):
            toast.leave()


def test_the_newest_follows_the_song_when_the_window_changes(working):
    working.acts.viewing.tell("Saved.")
    for size in SIZES:
        lay_out(working, *size)
        working.frames(3)
        assert area(working.window.song.view).contains(area(working.window.toasts.shown[-1]))


def test_under_a_dialog_they_stand_where_the_dialog_does_not(working):
    working.key("Ctrl+R")
    working.acts.viewing.tell("Saved.")
    toast = working.window.toasts.shown[-1]
    assert (toast.x(), area(toast).bottom() > working.window.height() - 100) == (8, True)
    assert not area(toast).intersects(area(working.dialog))
    working.key("Esc")
