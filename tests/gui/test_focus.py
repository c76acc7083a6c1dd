"""The focus ring goes where the focus goes, lies 2 px outside, follows what moves, and stands in nobody's way."""
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from dsp_core.params import params_of
from gui.controls.buttons import Toggle
from gui.controls.focus import FocusFollower
from gui.controls.plane import Plane
from gui.controls.value import ValueControl
from gui.theme import theme
from tests.gui.hands import key, shown


@pytest.fixture
def follower(dressed):
    made = FocusFollower(dressed)
    yield made
    made.ring.surround(None)
    made.deleteLater()


@pytest.fixture
def window(qtbot, follower):
    made = Plane()
    page = QVBoxLayout(made)
    made.toggle, made.value = Toggle("Loop"), ValueControl(params_of("compressor")[3])
    for widget in (made.toggle, made.value):
        page.addWidget(widget)
    qtbot.addWidget(made)
    shown(made, 400, 300)
    made.activateWindow()
    return made


def test_the_ring_is_2_px_outside(window, follower):
    window.toggle.setFocus()
    assert follower.ring.isVisible()
    assert follower.ring.geometry() == window.toggle.geometry().adjusted(-4, -4, 4, 4)
    image = window.grab().toImage()
    place = window.toggle.geometry().topLeft() + QPoint(20, -3)
    assert image.pixelColor(place) == theme.color("select")
    assert image.pixelColor(place + QPoint(0, 2)) == theme.color("panel")


def test_around_a_value_it_is_6_px_outside(window, follower):
    window.value.setFocus()
    assert follower.ring.geometry() == window.value.geometry()
    body = window.value.body().translated(window.value.pos())
    assert body.x() - follower.ring.x() == 6 + 2


def test_tab_moves_it_and_leaving_hides_it(window, follower):
    window.toggle.setFocus()
    key(window.toggle, Qt.Key.Key_Tab)
    assert window.focusWidget() is window.value
    assert follower.ring.geometry() == window.value.geometry()
    window.value.clearFocus()
    assert not follower.ring.isVisible()


def test_it_follows_what_moves_and_hides_with_what_is_hidden(window, follower):
    window.toggle.setFocus()
    window.toggle.move(window.toggle.pos() + QPoint(30, 5))
    assert follower.ring.geometry() == window.toggle.geometry().adjusted(-4, -4, 4, 4)
    window.toggle.hide()
    QApplication.processEvents()
    assert not follower.ring.isVisible() or follower.ring.geometry() == window.value.geometry()


def test_it_lets_the_mouse_through(window, follower):
    window.value.setFocus()
    assert window.childAt(window.value.geometry().topLeft() + QPoint(1, 40)) is window.value


def test_a_text_field_draws_its_own(window, follower):
    field = QLineEdit(window)
    field.show()
    field.setFocus()
    assert not follower.ring.isVisible()


def test_inside_a_scrolled_page_it_is_cut_with_the_page(window, follower, qtbot):
    area = QScrollArea(window)
    page = QWidget()
    page.resize(300, 900)
    toggle = Toggle("Deep", page)
    toggle.move(20, 50)
    area.setWidget(page)
    area.setGeometry(0, 0, 200, 100)
    area.show()
    QApplication.processEvents()
    toggle.setFocus()
    assert follower.ring.parentWidget() is area.viewport()
    area.verticalScrollBar().setValue(40)
    assert follower.ring.geometry() == toggle.geometry().translated(0, -40).adjusted(-4, -4, 4, 4)


def test_it_survives_the_window_it_was_in(dressed, follower, qtbot):
    window = Plane()
    toggle = Toggle("Loop", window)
    shown(window, 200, 100)
    window.activateWindow()
    toggle.setFocus()
    window.close()
    window.deleteLater()
    del window, toggle
    qtbot.wait(1)
    other = Plane()
    second = Toggle("Again", other)
    qtbot.addWidget(other)
    shown(other, 200, 100)
    other.activateWindow()
    second.setFocus()
    assert follower.ring.isVisible()
