"""What the whole window costs while it plays: everything that moves at 60 Hz, beside a bare widget that is filled as often in the same run.

    python -m benchmarks gui_page [--seconds 10] [--parts] [--json OUT.json] [--platform offscreen]
    xvfb-run -a -s "-screen 0 1920x1080x24" python -m benchmarks gui_page --platform xcb

"window %" is the processor time of the thread that polls, measures the spectrum and paints, as a share of one core; "sound %" that of the
thread that calls the engine, its waking included; "page %" the whole process without that thread. Limit: 10 % for "page %" at 1280x720. With the trim
open there is no plot, and what moves are the meters, the slots, the song and the time. "longest ms" is the longest time
from one frame to the next. `--parts` prints what the window's thread spends on which part, measured in a run of its own.
"""
import argparse
import json
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QWidget

from benchmarks.page import SIZES, STAGES, Frames, page, settle, shares, spend, table, watch_paints
from mastering_rt.session import edits

SONG_S = 120.0
FRAME_MS = 16
LIMIT_PERCENT = 10.0
METERS_ALONE = "trim"            # its editor has no plot: what moves are meters, slots, song and time
LEAST_SHOWN_PERCENT = 0.05


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


def bare(app, size, seconds):
    widget = Bare()
    widget.resize(*size)
    widget.show()
    widget.timer.start()
    found = spend(app, seconds)
    widget.timer.stop()
    widget.close()
    return row("bare widget, one fill", size, found, frames_per_s=widget.frames / seconds)


def row(what, size, found, frames_per_s=0.0, gaps_s=()):
    return {"what": what, "window": f"{size[0]}x{size[1]}", "frames per s": round(frames_per_s, 1),
            "longest ms": round(1000 * max(gaps_s, default=0.0), 1), "window %": round(found.window, 1), "sound %": round(found.sound, 1),
            "page %": round(found.process - found.sound, 1)}


def playing(app, program, stage, size, seconds):
    """The window playing with this stage open."""
    program.acts.shaping.select(stage)
    program.acts.shaping.changed()
    spend(app, 1.5)
    found = spend(app, seconds)                  # before the frames are watched, because watching costs too
    with Frames(program) as frames:
        spend(app, seconds)
    gaps = frames.gaps_s
    return row(f"window, {stage} open", size, found, len(gaps) / sum(gaps), gaps)


def parts_of(app, program, stage, seconds):
    """Percent of a core by part, the largest first."""
    program.acts.shaping.select(stage)
    program.acts.shaping.changed()
    spend(app, 1.0)
    with shares(program) as spent:
        whole = spend(app, seconds).window
    found = [(name, 100 * took / seconds) for name, took in spent.most_common()]
    rest = whole - sum(share for _, share in found)
    return [*found, ("Qt and the event loop", rest)]


def measure(app, program, seconds, sizes, parts):
    desk = program.desk
    rows, details = [], {}
    for size in sizes:
        program.window.resize(*size)
        settle(app, program)
        rows.append(row("window, nothing plays", size, spend(app, min(seconds, 5.0))))
        desk.player.seek(0)
        desk.play_or_stop()
        for stage in STAGES:
            rows.append(playing(app, program, stage, size, seconds))
            if parts:
                details[f"{size[0]}x{size[1]}, {stage}"] = parts_of(app, program, stage, seconds)
        if METERS_ALONE not in [slot.name for slot in desk.session.chain]:
            desk.edit(lambda session: edits.add_stage(session, METERS_ALONE))
            settle(app, program)
        rows.append(playing(app, program, METERS_ALONE, size, seconds))
        desk.player.stop()
        spend(app, 0.2)
        program.bridge.stop()
        rows.append(bare(app, size, seconds))
        program.bridge.start()
    return rows, details


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--platform", default="offscreen")
    parser.add_argument("--parts", action="store_true", help="also what each part takes")
    parser.add_argument("--compact", action="store_true", help="1280x720 only")
    options = parser.parse_args()
    sizes = [SIZES["compact"]] if options.compact else list(SIZES.values())
    if options.parts:
        watch_paints()
    with page(options.platform, SONG_S) as (app, program):
        rows, details = measure(app, program, options.seconds, sizes, options.parts)
    print(table(rows))
    for where, parts in details.items():
        print(f"\n{where}, window's thread, % of a core")
        print("\n".join(f"{share:6.2f}  {name}" for name, share in parts if abs(share) >= LEAST_SHOWN_PERCENT))
    if options.json:
        options.json.write_text(json.dumps({"rows": rows, "parts": details}, indent=1) + "\n")
    return 0 if all(line["page %"] <= LIMIT_PERCENT for line in rows if line["window"] == "1280x720") else 1


if __name__ == "__main__":
    raise SystemExit(main())
