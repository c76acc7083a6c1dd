"""What opens a menu has an arrow, everywhere the same; a value has a line under it, and so the two are told apart without a try."""
import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from dsp_core.params import STAGES
from gui.controls.choice import Choice
from gui.editors.eq_table import TypeKey
from gui.editors.eq_value import HeaderValue
from gui.theme import icons, theme
from tests.gui.hands import LEFT, picture, rgb

pytestmark = pytest.mark.slow


def inked(widget, left, right):
    """Whether anything is drawn over the ground between two columns, in the middle rows."""
    image = picture(widget)
    rows = range(widget.height() // 2 - 4, widget.height() // 2 + 4)
    ground = image.pixel(widget.width() - 1, widget.height() // 2)
    return sum(image.pixel(x, y) != ground for x in range(left, right) for y in rows)


def opened_by(widget):
    """The menu that a click opens, if it opens one."""
    QTest.mouseClick(widget, LEFT)
    popup = QApplication.activePopupWidget()
    if popup is not None:
        popup.close()
    return popup


@pytest.mark.parametrize("kind", STAGES)
def test_every_choice_of_an_editor_has_its_arrow(working, kind):
    if kind not in working.chain:
        working.acts.shaping.add(kind)
    working.acts.shaping.select(working.chain[[slot.kind for slot in working.desk.session.chain].index(kind)])
    working.acts.shaping.changed()
    header = working.window.stage.frame.header
    found = [part for part in header.findChildren(Choice) if part.isVisible()]
    assert found
    for part in found:
        arrow = theme.px(icons.GRID)
        assert inked(part, part.width() - part._pad() - arrow, part.width() - part._pad()) > 4, part.accessibleName()
        assert opened_by(part) is not None, part.accessibleName()


@pytest.mark.parametrize("size", [(1280, 720), (1600, 900), (1920, 1080)])
def test_the_type_of_a_band_opens_a_menu_and_says_so(working, size):
    working.window.resize(*size)
    working.frames(2)
    keys = [key for key in working.window.stage.frame.findChildren(TypeKey) if key.isVisible()]
    assert keys and all(key.arrowed for key in keys)
    assert all(key.worded for key in keys) == (size != (1280, 720))
    assert inked(keys[2], keys[2].width() - theme.px(9), keys[2].width() - 1)
    assert opened_by(keys[2]) is not None


def test_a_value_of_the_header_has_a_line_and_no_arrow(working):
    values = [value for value in working.window.stage.frame.findChildren(HeaderValue) if value.isVisible()]
    assert values
    for value in values:
        image, y = picture(value), value.height() - 2
        across = {image.pixel(x, y) & 0xFFFFFF for x in range(theme.px(4), value.width() - theme.px(4))}
        assert {rgb(theme.color("text2")), rgb(theme.color("select"))} <= across
        assert opened_by(value) is None


def test_the_line_follows_the_value(working):
    value = next(value for value in working.window.stage.frame.findChildren(HeaderValue) if value.isVisible())
    ends = []
    for wanted in (20.0, 100.0, 180.0):
        value.show_value(wanted)
        image = picture(value)
        ends.append(int(np.mean([x for x in range(value.width()) if image.pixelColor(QPoint(x, value.height() - 4)) == theme.color("select")])))
    assert ends == sorted(ends) and ends[0] < ends[1] < ends[2]
