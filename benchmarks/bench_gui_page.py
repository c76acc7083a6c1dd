"""What the whole window costs while it plays: everything that moves at 60 Hz, beside a bare widget that is filled as often in the same run.

    python -m benchmarks gui_page [--seconds 10] [--json OUT.json] [--platform offscreen]

"window thread" is the processor time of the thread that polls, measures the spectrum and paints, as a share of one core; "process" adds
the native sound and everything else. Limit: 10 % for the window thread at 1280x720.
"""
import argparse
import json
import os
import tempfile
import time
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QApplication, QWidget

from gui.app import make_application, open_window
from gui.window.settings import Settings
from mastering_rt.desk.desk import Desk
from mastering_rt.playback.device import CLOCK
from tests.mastering_rt.helpers import RATE, write_song
from tests.signals import programme

SIZES = {"compact": (1280, 720), "comfortable": (1920, 1080)}
STAGES = ("eq", "compressor", "limiter")
SONG_S = 60.0
FRAME_MS = 16
LIMIT_PERCENT = 10.0


class Bare(QWidget):
    """One fill of the whole window per frame, and nothing else."""

    def __init__(self):
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.frames = 0
        self.timer = QTimer(self)
        self.timer.setTimerType(Qt.TimerType.PreciseTimer)
        self.timer.setInterval(FRAME_MS)
        self.timer.timeout.connect(self.update)

    def paintEvent(self, event):
        self.frames += 1
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(20, 20, (self.frames * 3) % 255))
        painter.end()


def wait_until(app, condition):
    while not condition():
        app.processEvents()
        time.sleep(0.005)


def spend(app, seconds):
    """(window thread, process) in percent of one core over some seconds of the event loop."""
    QTimer.singleShot(round(1000 * seconds), app.exit)
    thread, process, wall = time.thread_time(), time.process_time(), time.perf_counter()
    app.exec()
    wall = time.perf_counter() - wall
    return 100 * (time.thread_time() - thread) / wall, 100 * (time.process_time() - process) / wall


def bare(app, size, seconds):
    widget = Bare()
    widget.resize(*size)
    widget.show()
    widget.timer.start()
    shares = spend(app, seconds)
    widget.timer.stop()
    widget.close()
    return row("bare widget, one fill", size, widget.frames / seconds, shares)


def row(what, size, frames_per_s, shares):
    return {"what": what, "window": f"{size[0]}x{size[1]}", "frames per s": round(frames_per_s, 1),
            "window thread %": round(shares[0], 1), "process %": round(shares[1], 1)}


def playing(app, program, stage, size, seconds):
    """The window playing with this stage open."""
    program.acts.shaping.select(stage)
    program.acts.shaping.changed()
    shown, motion = [0], program.bridge.motion
    show = motion.show
    motion.show = lambda *now: (shown.__setitem__(0, shown[0] + 1), show(*now))
    spend(app, 1.0)
    shown[0] = 0
    shares = spend(app, seconds)
    del motion.show
    return row(f"window, {stage} open", size, shown[0] / seconds, shares)


def measure(app, seconds, mix):
    desk = Desk(CLOCK, autosave=False)
    desk.open(mix)
    desk.load_preset("demo")
    program = open_window(app, desk, Settings())
    rows = []
    for size in SIZES.values():
        program.window.resize(*size)
        wait_until(app, lambda: not desk.measuring and not program.acts.background.busy)
        rows.append(row("window, nothing plays", size, 0.0, spend(app, min(seconds, 5.0))))
        desk.player.seek(0)
        desk.play_or_stop()
        rows += [playing(app, program, stage, size, seconds) for stage in STAGES]
        desk.player.stop()
        spend(app, 0.2)
        program.bridge.stop()
        rows.append(bare(app, size, seconds))
        program.bridge.start()
    program.acts.recovery.leaving = True
    program.window.close()
    program.end()
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--platform", default="offscreen")
    options = parser.parse_args()
    os.environ["QT_QPA_PLATFORM"] = options.platform
    with tempfile.TemporaryDirectory() as folder:
        os.environ["MASTERING_RT_HOME"] = folder
        mix = write_song(Path(folder) / "mix.wav", 0.5 * programme(int(SONG_S * RATE), RATE), RATE, "24")
        app = make_application()
        assert isinstance(app, QApplication)
        rows = measure(app, options.seconds, mix)
    columns = list(rows[0])
    widths = [max(len(column), *(len(str(line[column])) for line in rows)) for column in columns]
    print("  ".join(column.ljust(width) for column, width in zip(columns, widths)))
    for line in rows:
        print("  ".join(str(line[column]).ljust(width) for column, width in zip(columns, widths)))
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1) + "\n")
    return 0 if all(line["window thread %"] <= LIMIT_PERCENT for line in rows if line["window"] == "1280x720") else 1


if __name__ == "__main__":
    raise SystemExit(main())
