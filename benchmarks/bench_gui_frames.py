"""How long the window's frames take while the whole song is measured again and again: a histogram of the time from one frame to the next.

    python -m benchmarks gui_frames [--turns 20] [--song 240] [--json OUT.json] [--platform offscreen]

The song plays, and a knob of the chain is turned each time its numbers have come; every frame in between is counted. Limit: no frame over
33 ms. On a machine that others use too the same is counted while nothing is measured, to tell what the machine itself holds up.
"""
import argparse
import json
import time
from pathlib import Path

from benchmarks.page import SIZES, Frames, page, settle, spend, table

LIMIT_MS = 33.0
EDGES_MS = (0, 12, 17, 20, 25, 33, 50, 100, 1e9)
PATIENCE_S = 30.0


def histogram(gaps_s):
    """Frames by duration, "17-20 ms": count."""
    found = {}
    for low, high in zip(EDGES_MS, EDGES_MS[1:], strict=False):
        name = f"{low:g}-{high:g} ms" if high < 1e9 else f"over {low:g} ms"
        found[name] = sum(low <= 1000 * gap < high for gap in gaps_s)
    return found


def turn(program, number):
    """Another value of the first knob of the chain that has one that is worth measuring."""
    slot = next(slot for slot in program.desk.session.chain if slot.kind == "eq")
    program.acts.shaping.set_value(slot.name, "band2_gain", 1.0 + 0.1 * (number % 10))


def measured(app, program, turns):
    """Frames while the song is measured, and how long each measurement took from the turn to its numbers in the window."""
    gaps, waits = [], []
    for number in range(turns):
        facts = program.bridge.song.facts
        with Frames(program) as frames:
            began = time.perf_counter()
            turn(program, number)
            while program.bridge.song.facts is facts and time.perf_counter() - began < PATIENCE_S:
                spend(app, 0.05)
            waits.append(time.perf_counter() - began)
            spend(app, 0.3)
        gaps += frames.gaps_s
    return gaps, waits


def row(what, gaps_s):
    return {"what": what, "frames": len(gaps_s), **histogram(gaps_s), "median ms": round(1000 * sorted(gaps_s)[len(gaps_s) // 2], 1),
            "longest ms": round(1000 * max(gaps_s), 1)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--turns", type=int, default=20)
    parser.add_argument("--song", type=float, default=240.0, help="seconds")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--platform", default="offscreen")
    options = parser.parse_args()
    with page(options.platform, options.song) as (app, program):
        program.window.resize(*SIZES["compact"])
        settle(app, program)
        program.desk.play_or_stop()
        spend(app, 1.0)
        with Frames(program) as frames:
            spend(app, 8.0)
        rows = [row("playing, nothing measured", frames.gaps_s)]
        gaps, waits = measured(app, program, options.turns)
        rows.append(row("playing, song measured", gaps))
    print(table(rows))
    print(f"\nfrom a turn to its numbers: median {sorted(waits)[len(waits) // 2]:.2f} s, longest {max(waits):.2f} s")
    if options.json:
        options.json.write_text(json.dumps({"rows": rows, "waits_s": waits}, indent=1) + "\n")
    return 0 if rows[1]["longest ms"] <= LIMIT_MS else 1


if __name__ == "__main__":
    raise SystemExit(main())
