"""Opens a file in the window as `mastering-rt gui FILE` does, tells what was ready when, in seconds since it was started, and leaves.

    python -m benchmarks.opening STARTED FILE [FILE ...]

STARTED: what `time.time()` said before the process was made. More files are opened one after another in the running window, each timed from the
moment it was asked for. One JSON object a line. "playable": the song is on the device and Space plays it; "drawn": its wave is on the
screen; "measured": so are its numbers. "sounded": where it is played, the playhead has moved. With "cpu" behind it: processor seconds that the
whole process had spent by then, which others who use the machine do not change much.
"""
import json
import sys
import time

from PySide6.QtCore import QTimer

import gui.app

LOOK_MS = 2
PATIENCE_S = 120.0


class Watch:
    """Looks at the program until all is there, then plays for a moment, then opens the next file."""

    def __init__(self, program, started, files):
        self.program, self.started, self.files = program, started, list(files)
        self.before = self.said = None
        self.spent = 0.0
        self.timer = QTimer()
        self.timer.timeout.connect(self.look)
        self.begin()
        self.timer.start(LOOK_MS)

    def begin(self):
        self.said = {"file": self.files.pop(0), "shown": None, "playable": None, "drawn": None, "sounded": None, "measured": None}

    def note(self, name, condition):
        if self.said[name] is None and condition:
            self.said[name] = round(time.time() - self.started, 3)
            self.said[f"{name} cpu"] = round(time.process_time() - self.spent, 3)

    def look(self):
        desk, view = self.program.desk, self.program.window.song.view
        fresh = desk.song is not None and desk.song is not self.before
        self.note("shown", self.program.window.isVisible())
        if fresh and self.said["playable"] is None and desk.player.device is not None:
            self.note("playable", True)
            desk.play_or_stop()
        self.note("drawn", fresh and "mix" in view.scene.overviews)
        self.note("sounded", self.said["playable"] is not None and desk.player.status.frame > 0)
        self.note("measured", fresh and not desk.measuring and self.program.bridge.song.fresh is not None)
        if None not in self.said.values() or time.time() - self.started > PATIENCE_S:
            self.end()

    def end(self):
        print(json.dumps(self.said), flush=True)
        desk = self.program.desk
        desk.play_or_stop()
        if not self.files:
            self.timer.stop()
            self.program.acts.recovery.leaving = True
            self.program.window.close()
            return
        self.before, self.started, self.spent = desk.song, time.time(), time.process_time()
        self.begin()
        self.program.acts.files.start(self.said["file"])


def main():
    started, files = float(sys.argv[1]), sys.argv[2:]
    begin = gui.app.Program.begin

    def watched(program, path):
        begin(program, path)
        program.watch = Watch(program, started, files)
    gui.app.Program.begin = watched
    from mastering_rt.cli import main as cli
    return cli(["gui", files[0], "--device", "clock"])


if __name__ == "__main__":
    raise SystemExit(main())
