"""A window system without a screen, the bundled font, and a garbage collector that never runs in the middle of Qt."""
import gc
import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from gui.theme import theme
from tests.conftest import much_to_look_through, set_aside
from tests.gui.rig import Rig
from tests.mastering_rt.helpers import programme_file


@pytest.fixture(scope="session", autouse=True)
def dressed(qapp):
    """The application as the program starts it."""
    theme.start(qapp)
    return qapp


@pytest.fixture(autouse=True)
def same_theme(dressed):
    """Dark, comfortable, unscaled and without motion before each test; everything closed after it.

    A window that ends gives all there is back to the garbage collector: what lasts is set aside again, when nothing of its test does.
    """
    gc.disable()
    if much_to_look_through():
        set_aside()
    theme.use(name="dark", density="comfortable", scale=1.0, reduce_motion=True)
    yield theme
    let_the_mouse_go()
    for widget in QApplication.topLevelWidgets():
        widget.close()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    theme.use(name="dark", density="comfortable", scale=1.0, reduce_motion=True)
    if not much_to_look_through():
        gc.collect()


def let_the_mouse_go():
    """Qt remembers a button that a test has pressed and not released, and the window of the next test would believe that a hand holds it."""
    if QApplication.mouseButtons():
        nowhere = QWidget()
        for button in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton):
            QTest.mouseRelease(nowhere, button)
        nowhere.deleteLater()
    assert not QApplication.mouseButtons()


@pytest.fixture
def home(tmp_path, monkeypatch):
    """Settings, recovery files and caches of the program under test."""
    monkeypatch.setenv("MASTERING_RT_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def mix(tmp_path):
    """A mix of four seconds."""
    return programme_file(tmp_path, 4.0)


@pytest.fixture
def rig(qtbot, home):
    """The program with nothing open. qtbot fails the test when an exception is caught in the event loop."""
    made = Rig(home)
    yield made
    made.close()


@pytest.fixture
def working(rig, mix):
    """The program with a mix and the usual chain."""
    rig.open(mix)
    return rig
