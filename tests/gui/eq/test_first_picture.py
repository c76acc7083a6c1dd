"""The first picture of the equaliser comes as soon as the others."""
import os
import subprocess
import sys


def test_the_first_picture_loads_no_library():
    """In a program of its own: numpy's masked arrays took 36 ms in the middle of the first picture of an equaliser."""
    code = ("import sys\n"
            "from PySide6.QtWidgets import QApplication\n"
            "from gui.editors.eq_hand import EqHand\n"
            "from gui.plots_data import AnalogResponse\n"
            "from gui.theme import theme\n"
            "app = QApplication([])\n"
            "theme.start(app)\n"
            "plot = EqHand(AnalogResponse())\n"
            "plot.resize(700, 300)\n"
            "before = set(sys.modules)\n"
            "plot.grab()\n"
            "print(sorted(set(sys.modules) - before))\n")
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=100,
                           env={**os.environ, "QT_QPA_PLATFORM": "offscreen"})
    assert found.stdout.strip() == "[]"
