"""A stage's editor in its frame with something to show, and what is wished of it."""
import numpy as np
from PySide6.QtGui import QAccessible

from dsp_core.params import params_of
from gui.editors import Models, make_editor
from gui.editors.frame import StageFrame
from gui.plots_data import AnalogResponse, clip_db, demo_spectra, static_curve_db
from tests.gui.hands import Log, shown

MODELS = Models(AnalogResponse(), static_curve_db, clip_db)
MINUS = "\N{MINUS SIGN}"
COMPACT, FULL = (1024, 396), (1568, 582)
ROLE, TEXT = QAccessible.Role, QAccessible.Text


def framed(qtbot, kind, size=FULL, **values):
    frame = StageFrame(make_editor(kind, MODELS))
    qtbot.addWidget(frame)
    frame.show_values({p.id: p.default for p in params_of(kind)} | values)
    if frame.editor.spectrum is not None:
        hz, mix, master = demo_spectra()
        frame.editor.spectrum.set_spectrum("mix", hz, mix)
        frame.editor.spectrum.set_spectrum("master", hz, master)
    return shown(frame, *size)


def log_of(frame):
    return Log(("start", frame.gesture_started), ("wish", frame.value_wished), ("wish", frame.values_wished), ("end", frame.gesture_ended))


def one_gesture(log):
    names = log.names()
    return names[0] == "start" and names[-1] == "end" and names.count("start") == names.count("end") == 1 and "wish" in names


def live(levels, changes):
    return np.array([[*levels, *changes]], np.float32)
