"""The whole window at every size it is made for: no text cut, none over another, nothing outside its parent, every key large enough."""
from contextlib import contextmanager
from unittest import mock

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QRectF
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from gui.controls.buttons import Key
from gui.controls.panel import StagePanel
from gui.theme import paint, theme
from gui.theme.palettes import PALETTES
from gui.window.settings import Looks
from tests.gui.hands import picture, rgb

pytestmark = pytest.mark.slow

SIZES = {"smallest": (1100, 640, 1.0), "compact": (1280, 720, 1.0), "comfortable": (1600, 900, 1.0), "large": (1920, 1080, 1.0),
         "scale 2": (2560, 1440, 2.0), "4K": (3840, 2160, 2.0)}
STAGES = ("eq", "compressor", "limiter")
LEAST_TARGET = 24
GROUNDS = ("bg", "panel", "well", "raised")
UNPAINTED = 0xFF00FF


class Said:
    """One line of text on the window: where it stands, and whether all of it was written."""

    def __init__(self, widget, words, rect, whole):
        self.widget, self.words, self.rect, self.whole = widget, words, rect, whole

    def __repr__(self):
        return f"{self.words!r} of {type(self.widget).__name__} in {self.rect.getRect()}"


@contextmanager
def listening():
    """Every line of text that is painted on a widget in this block."""
    said = []
    text, with_unit, figure = paint.text, paint.with_unit, paint.figure

    def note(painter, area, words, role, align, weight, width):
        widget = painter.device()
        if not words.strip() or not isinstance(widget, QWidget):
            return
        x = area.x() + (area.width() - width if align == paint.RIGHT else (area.width() - width) / 2 if align == paint.CENTER else 0)
        line = theme.metrics(role, weight).capHeight()
        rect = QRectF(x, area.y() + (area.height() - line) / 2, width, line)
        corner = widget.mapTo(widget.window(), QPoint())
        said.append(Said(widget, words, rect.translated(corner.x(), corner.y()), width <= area.width() + 0.5))

    def noted_text(painter, area, words, role, color, align=paint.LEFT, weight=None):
        note(painter, area, words, role, align, weight, theme.metrics(role, weight).horizontalAdvance(words))
        return text(painter, area, words, role, color, align, weight)

    def noted_with_unit(painter, area, value, unit, role, color, unit_color="text3", align=paint.LEFT, unit_role="scale", gap=4):
        room = paint.text_width(value, role) + (theme.px(gap) + paint.text_width(unit, unit_role) if unit else 0)
        note(painter, area, f"{value} {unit}", role, align, None, room)
        return with_unit(painter, area, value, unit, role, color, unit_color, align, unit_role, gap)

    def noted_figure(painter, area, words, role, color, align=paint.LEFT, weight=None, first=0):
        if set(words) <= set(paint.SIGNS):
            note(painter, area, words, role, align, weight, theme.metrics(role, weight).horizontalAdvance(words))
        return figure(painter, area, words, role, color, align, weight, first)
    with mock.patch.object(paint, "text", noted_text), mock.patch.object(paint, "with_unit", noted_with_unit), \
            mock.patch.object(paint, "figure", noted_figure):
        yield said


def lay_out(rig, size, name="dark"):
    """The window in this size, scale and theme."""
    width, height, scale = SIZES[size]
    rig.window.resize(width, height)
    rig.window.apply_looks(Looks(theme=name, scale=scale, reduce_motion=True))
    rig.window.resize(width, height)
    rig.frames(2)
    assert (rig.window.width(), rig.window.height()) == (width, height)


def read(root):
    """All text of a widget and its children, painted anew when what has changed its size just now has found its place."""
    QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
    with listening() as said:
        root.grab()
    return said


def trouble(said):
    """Text that is cut, and pairs of lines that stand on each other."""
    cut = [f"cut: {line}" for line in said if not line.whole]
    over = [f"over: {one} and {other}" for index, one in enumerate(said) for other in said[index + 1:]
            if one.rect.adjusted(1, 1, -1, -1).intersects(other.rect.adjusted(1, 1, -1, -1))]
    return cut + over


def outside(root):
    """Visible widgets that reach out of what holds them, apart from what scrolls and from strips that show their first row."""
    return [f"{type(widget).__name__} {widget.accessibleName()}" for widget in root.findChildren(QWidget)
            if widget.isVisible() and widget.parentWidget() is not None and not widget.parentWidget().rect().contains(widget.geometry())
            and not any(isinstance(up, QScrollArea) for up in parents(widget)) and not isinstance(widget, StagePanel) and not widget.isWindow()]


def parents(widget):
    while (widget := widget.parentWidget()) is not None:
        yield widget


@pytest.fixture
def played(working):
    """Measured, playing in a loop, with the first steps shown."""
    working.wait_for_facts()
    working.acts.hearing.draw_loop(48000, 96000)
    working.key("Space")
    working.window.show_first_minute(True)
    working.until(lambda: working.playing)
    return working


def test_nothing_is_cut_and_nothing_overlaps(played):
    found = []
    for size in SIZES:
        lay_out(played, size)
        for stage, source in zip(STAGES, ("1", "2", "2"), strict=True):
            played.acts.shaping.select(stage)
            played.key(source)
            played.frames(2)
            found += [f"{size}, {stage}: {words}" for words in (*trouble(read(played.window)), *outside(played.window))]
    assert not found, "\n".join(dict.fromkeys(found))


DIALOGS = {"render": "Ctrl+R", "device": "Ctrl+,", "shortcuts": "?"}


@pytest.mark.parametrize("size", ["compact", "comfortable", "scale 2"])
def test_dialogs_are_whole(played, size):
    lay_out(played, size)
    for which, key in DIALOGS.items():
        played.key(key)
        played.frames(8)
        assert not trouble(read(played.dialog)), which
        assert not outside(played.dialog), which
        assert played.window.rect().contains(played.dialog.geometry()), which
        played.key("Escape")


def test_a_read_back_is_whole(played, tmp_path):
    lay_out(played, "compact")
    played.key("Ctrl+R")
    played.dialog.form.show_folder(tmp_path)
    played.dialog.form.loudness._chosen(1)
    played.answer("Render")
    played.until(lambda: played.dialog.back.sha256)
    assert not [words for words in trouble(read(played.dialog)) if played.dialog.back.sha256 not in words]


def test_every_key_can_be_hit(played):
    for size in ("smallest", "compact", "comfortable", "scale 2"):
        lay_out(played, size)
        small = [f"{type(key).__name__} {key.accessibleName()} {key.width()} x {key.height()}" for key in played.window.findChildren(Key)
                 if key.isVisible() and min(key.width(), key.height()) < LEAST_TARGET]
        assert not small, (size, small)


@pytest.mark.parametrize("name", PALETTES)
def test_both_themes_paint_the_whole_window_in_their_own_colours(played, name):
    """The grounds of one palette make up most of the window, those of the other none of it, and every pixel is painted."""
    lay_out(played, "compact", name)
    other = next(palette for palette in PALETTES if palette != name)
    image = picture(played.window)
    pixels = np.frombuffer(image.constBits(), np.uint32) & 0xFFFFFF
    share = {palette: np.isin(pixels, [rgb(PALETTES[palette][token]) for token in GROUNDS]).mean() for palette in PALETTES}
    assert share[name] > 0.5 and share[other] < 0.03, share
    assert not (pixels == UNPAINTED).any()


def test_a_toast_is_whole(played):
    lay_out(played, "compact")
    played.acts.viewing.tell("The audio device of this machine no longer answers; the song waits. Choose another one or go on with the next.",
                             [("Devices", lambda: None), ("Go on", lambda: None)], fault=True)
    played.acts.viewing.tell("One short thing.")
    for toast in played.window.toasts.shown:
        assert not trouble(read(toast)), toast.title
