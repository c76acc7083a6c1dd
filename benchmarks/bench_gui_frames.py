"""How long the window's frames take while it plays: alone, while the whole song is measured again and again, while an equaliser's node is dragged.

    python -m benchmarks gui_frames [--turns 20] [--drag 60] [--song 240] [--json OUT.json] [--platform offscreen]

Time from the end of one frame to the end of the next, as a histogram; limit: none over 33 ms. Of every late frame it is told where the time
went: on a processor ("cpu"), in the kernel's queue for one ("queued"), held up by a lock, mostly the interpreter's ("blocked"), and how
long meanwhile any other thread that may hold the interpreter was queued ("starved"), and what a virtual machine was kept back of its
processors ("stolen", in steps of 10 ms). What is over the limit even without queued and starved time is "ours"; the rest the machine owes
to others who use it. Time stolen from the window is among what is "ours", because nobody can tell it apart.
"""
import argparse
import json
import time
from math import cos, pi, sin
from pathlib import Path

from PySide6.QtCore import QEvent, QPointF, QTimer

from benchmarks.page import SIZES, Frames, page, settle, spend, table
from tests.gui.hands import mouse, press, release

LIMIT_MS = 33.0
EDGES_MS = (0, 12, 17, 20, 25, 33, 50, 100, 1e9)
PATIENCE_S = 30.0
HAND_MS = 8                      # a mouse tells its place 125 times a second
CIRCLE_S, CIRCLE_PX = 2.0, 40
MOST_TOLD = 12


def histogram(gaps_s):
    """Frames by duration, "17-20": count."""
    found = {}
    for low, high in zip(EDGES_MS, EDGES_MS[1:], strict=False):
        name = f"{low:g}-{high:g}" if high < 1e9 else f"over {low:g}"
        found[name] = sum(low <= 1000 * gap < high for gap in gaps_s)
    return found


def turn(program, number):
    """Another value of a knob at the chain's beginning."""
    slot = next(slot for slot in program.desk.session.chain if slot.kind == "eq")
    program.acts.shaping.set_value(slot.name, "band2_gain", 1.0 + 0.1 * (number % 10))


def measured(app, program, turns):
    """Frames while the song is measured, and how long each measurement took from the turn to its numbers in the window."""
    found, waits = [], []
    for number in range(turns):
        facts = program.bridge.song.facts
        with Frames(program) as frames:
            began = time.perf_counter()
            turn(program, number)
            while program.bridge.song.facts is facts and time.perf_counter() - began < PATIENCE_S:
                spend(app, 0.05)
            waits.append(time.perf_counter() - began)
            spend(app, 0.3)
        found += frames.found
    return found, waits


def dragged(app, program, seconds):
    """Frames while a node of the equaliser goes round in circles under the mouse."""
    program.acts.shaping.select(next(slot.name for slot in program.desk.session.chain if slot.kind == "eq"))
    program.acts.shaping.changed()
    spend(app, 1.0)
    plot = program.window.stage.frame.editor.plot
    band = next(band for band in plot.bands if band.on and band.gained)
    node = plot.frame.node_at(band)
    middle, began = QPointF(node.x(), min(max(node.y(), CIRCLE_PX), plot.height() - CIRCLE_PX)), time.perf_counter()

    def move():
        angle = 2 * pi * (time.perf_counter() - began) / CIRCLE_S
        mouse(plot, QEvent.Type.MouseMove, (middle + QPointF(CIRCLE_PX * sin(angle), CIRCLE_PX / 2 * (1 - cos(angle)))).toPoint())
    hand = QTimer()
    hand.timeout.connect(move)
    press(plot, node.toPoint())
    hand.start(HAND_MS)
    with Frames(program) as frames:
        spend(app, seconds)
    hand.stop()
    release(plot, node.toPoint())
    return frames.found


def row(what, frames):
    gaps_ms = sorted(1000 * frame.gap_s for frame in frames)
    return {"what": what, "frames": len(frames), **histogram([frame.gap_s for frame in frames]), "median ms": round(gaps_ms[len(gaps_ms) // 2], 1),
            "longest ms": round(gaps_ms[-1], 1), "most cpu ms": round(1000 * max(frame.cpu_s for frame in frames), 1),
            f"over {LIMIT_MS:g}, ours": sum(1000 * frame.own_s > LIMIT_MS for frame in frames)}


def late(what, frames):
    """Where the time of the latest frames went."""
    over = sorted((frame for frame in frames if 1000 * frame.gap_s > LIMIT_MS), key=lambda frame: -frame.gap_s)
    return [{"late frames": what, **{name: round(1000 * getattr(frame, f"{name}_s"), 1) for name in ("gap", "idle", "cpu", "queued", "blocked", "starved", "stolen", "own")}}
            for frame in over[:MOST_TOLD]]


def run(app, program, options):
    program.window.resize(*SIZES["compact"])
    settle(app, program)
    program.desk.play_or_stop()
    spend(app, 1.0)
    with Frames(program) as frames:
        spend(app, 8.0)
    found, waits = {"playing": frames.found}, []
    if options.turns:
        found["song measured"], waits = measured(app, program, options.turns)
    if options.drag:
        settle(app, program)
        found["node dragged"] = dragged(app, program, options.drag)
    return found, waits


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--turns", type=int, default=20)
    parser.add_argument("--drag", type=float, default=60.0, help="seconds")
    parser.add_argument("--song", type=float, default=240.0, help="seconds")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--platform", default="offscreen")
    options = parser.parse_args()
    with page(options.platform, options.song) as (app, program):
        found, waits = run(app, program, options)
    rows = [row(what, frames) for what, frames in found.items()]
    told = [line for what, frames in found.items() for line in late(what, frames)]
    print("\n\n".join(table(lines) for lines in (rows, told) if lines))
    if waits:
        print(f"\nfrom a turn to its numbers: median {sorted(waits)[len(waits) // 2]:.2f} s, longest {max(waits):.2f} s")
    if options.json:
        options.json.write_text(json.dumps({"rows": rows, "late": told, "waits_s": waits}, indent=1) + "\n")
    return 1 if any(frame.own_s > LIMIT_MS / 1000 for frames in found.values() for frame in frames) else 0


if __name__ == "__main__":
    raise SystemExit(main())
