"""What the running stage of the open editor says of itself, brought to the editor; nobody is asked while no editor wants it."""
import numpy as np

from gui.acts.acts import Acts
from gui.editors.editor import StageEditor
from gui.meters.ballistics import Pace

LOOKS_PER_S = 30.0
SILENT_AFTER_S = 0.2             # longer than any stage takes to its next word while it runs


class InsideLook:
    """`show` once per picture."""

    def __init__(self, acts: Acts) -> None:
        self._acts = acts
        self._looking: StageEditor | None = None
        self._pace = Pace(LOOKS_PER_S)
        self._width = 0
        self._heard_s = 0.0

    def show(self, time_s: float) -> None:
        """Hand on what came since the last picture; a stage that has stopped is shown as silence leaves it."""
        if not self._pace.due(time_s):
            return
        player, zone = self._acts.desk.player, self._acts.window.stage
        frame = zone.frame
        editor = frame.editor if frame is not None and frame.editor.looks_inside and frame.editor.isVisible() else None
        rows = player.look_inside(zone.slot if editor is not None else "")
        if editor is None:
            self._looking = None
        elif editor is not self._looking:
            self._looking, self._width = editor, 0
        elif len(rows):
            self._width, self._heard_s = rows.shape[1], time_s
            editor.show_inside(rows, time_s)
        elif self._width and time_s - self._heard_s > SILENT_AFTER_S:
            editor.show_inside(np.zeros((1, self._width), np.float32), time_s)
