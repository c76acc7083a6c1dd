"""The equaliser's editor with some bands, and what is wished of it."""
import pytest

from gui.editors.eq import EqEditor
from gui.plots_data import DEMO_EQ, AnalogResponse
from tests.gui.eq.by_hand import HEIGHT, WIDTH
from tests.gui.hands import Log, shown


@pytest.fixture
def eq(qtbot):
    editor = EqEditor(AnalogResponse())
    qtbot.addWidget(editor)
    editor.show_values(DEMO_EQ)
    return shown(editor, WIDTH, HEIGHT)


@pytest.fixture
def log(eq):
    return Log(("start", eq.gesture_started), ("wish", eq.value_wished), ("wish", eq.values_wished), ("end", eq.gesture_ended))
