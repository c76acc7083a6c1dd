"""What the running stage of the open editor says of itself, brought to the editor; nobody is asked while no editor wants it."""
from gui.acts.acts import Acts
from gui.editors.editor import StageEditor


class InsideLook:
    """`show` once per picture."""

    def __init__(self, acts: Acts) -> None:
        self._acts = acts
        self._looking: StageEditor | None = None

    def show(self, time_s: float) -> None:
        """Hand on what came since the last picture."""
        player, zone = self._acts.desk.player, self._acts.window.stage
        editor = zone.frame.editor if zone.frame is not None else None
        wanted = editor is not None and editor.looks_inside and editor.isVisible()
        rows = player.look_inside(zone.slot if wanted else "")
        if editor is None or not wanted:
            self._looking = None
            return
        if editor is not self._looking:
            self._looking = editor
            return
        if len(rows):
            editor.show_inside(rows, time_s)
