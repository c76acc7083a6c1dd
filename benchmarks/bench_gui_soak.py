"""Whether a long session takes more and more: plays, edits, compares, jumps, measures, opens sheets, and counts what is left of it.

    python -m benchmarks gui_soak [--minutes 8] [--steps 4] [--anew 10] [--seed 1] [--json OUT.json] [--platform offscreen]

Every minute the window is brought back to what it was at first and at rest, garbage is collected, and what there is is counted: memory of the
process (resident, in use by malloc, what the caches of limited size hold of it, and the rest, which is what grows where something is lost), Python objects, the reference count of None, Qt objects, threads, open files. The first minutes
fill caches (undo steps, measurements, checkpoints); growth is the slope of a straight line through the counts of the second half, with
its standard error, and what it would make in an hour. Limit of the issue: 5 MB an hour, counts steady.

What a session keeps swings by tens of MB: sound between stages, states of its chains, measurements. So every `--anew` minutes the song is opened
anew, as a hand would, and what there is is counted again, in a table of its own: then nothing is kept of what was done before, and what is more
than after the time before is lost for good, but for editors: one that is shown for the first time is kept, with pictures of some MB.

The references of None are of three kinds. Each step of the history and each entry of the journal holds 2 to 6; both keep 1000 at most and are filled
first. Whatever has a field without a value holds one. And PySide6 (6.11, before Python 3.12) takes one that it never gives back for every virtual
function of every widget that is made, when Qt calls it for the first time and no Python code stands in its place: 450 for a stage with its editor, 100
for a sheet, 9 for a menu. So whatever comes and goes in the window is made once and used again (gui/controls/keeper.py).
"""
import argparse
import ctypes
import gc
import json
import os
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication

from benchmarks.page import PATIENCE_S, SIZES, page, settle, spend, table, works
from benchmarks.soaking import Session, kept_bytes
from mastering_rt.audio.song import load_song

SONG_S = 120.0
PERIOD_S = 60.0
REST_S = 2.0
MB = 1 << 20
LIMIT_MB = 5.0


class Mallinfo(ctypes.Structure):
    _fields_ = [(name, ctypes.c_size_t) for name in ("arena", "ordblks", "smblks", "hblks", "hblkhd", "usmblks", "fsmblks", "uordblks", "fordblks",
                                                     "keepcost")]


def in_use():
    """Bytes that malloc has given out, of all arenas and mappings."""
    library = ctypes.CDLL(None)
    library.mallinfo2.restype = Mallinfo
    found = library.mallinfo2()
    return found.uordblks + found.hblkhd


def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def qt_objects(app):
    """All that hang on a window or on the application."""
    tops = [widget for widget in app.topLevelWidgets() if widget.parent() is None]
    return sum(1 + len(top.findChildren(QObject)) for top in [app, *tops])


def counts(app, desk):
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    gc.collect()
    used, kept = in_use(), kept_bytes(desk)
    return {"resident MB": resident() / MB, "in use MB": used / MB, "caches MB": kept / MB, "rest MB": (used - kept) / MB,
            "objects": len(gc.get_objects()), "None": sys.getrefcount(None), "Qt objects": qt_objects(app), "threads": threading.active_count(), "files": len(os.listdir("/proc/self/fd"))}


def kinds():
    """How many objects of each type there are."""
    return Counter(f"{type(thing).__module__}.{type(thing).__qualname__}" for thing in gc.get_objects())


def growth(rows, name):
    """(per hour, its standard error) of a straight line through the second half."""
    half = rows[len(rows) // 2:]
    hours = np.array([row["minute"] for row in half]) / 60
    values = np.array([row[name] for row in half], float)
    if len(half) < 3:
        return float("nan"), float("nan")
    slope, start = np.polyfit(hours, values, 1)
    left = values - (start + slope * hours)
    return slope, np.sqrt(np.sum(left ** 2) / (len(half) - 2) / np.sum((hours - hours.mean()) ** 2))


def lived(app, session, seconds, per_s):
    """Steps at their pace, the event loop between them."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        session.step()
        spend(app, 1 / per_s)


def at_rest(app, program):
    """Until nothing works on the song any more: its spectra and faults are known, the other chains are measured, and every wish has reached the engine."""
    settle(app, program)
    began = worked = time.monotonic()
    while time.monotonic() - worked < REST_S:
        spend(app, 0.1)
        if works(program.desk):
            worked = time.monotonic()
        if worked - began > PATIENCE_S:
            raise TimeoutError("the song was never looked through")


def soak(app, program, options):
    session = Session(program, np.random.default_rng(options.seed)).begin()
    session.fill(options.fill)
    at_rest(app, program)
    program.desk.play_or_stop()
    began, rows, anew, before = time.monotonic(), [], [], None
    while not rows or rows[-1]["minute"] < options.minutes:
        lived(app, session, PERIOD_S, options.steps)
        session.rest()
        at_rest(app, program)
        rows.append({"minute": round((time.monotonic() - began) / 60, 2), **{name: round(value, 2) for name, value in counts(app, program.desk).items()},
                     "undo": len(program.desk.history.steps), "journal": len(program.desk.journal.entries)})
        print(json.dumps(rows[-1]), flush=True)
        if rows[-1]["minute"] >= options.minutes / 2 and before is None:
            before = kinds()
        if rows[-1]["minute"] >= (len(anew) + 1) * options.anew:
            anew.append(opened_anew(app, program, rows[-1]["minute"]))
            session.begin().fill(options.fill)
        program.desk.play_or_stop()
    return rows, anew, (kinds() - before).most_common(25), session.done


def opened_anew(app, program, minute):
    """What there is after the song was opened once more, with nothing done to it yet."""
    desk = program.desk
    desk.player.stop()
    desk.begin(load_song(Path(desk.song.source.path)), "demo")
    at_rest(app, program)
    found = {"minute": minute, **{name: round(value, 2) for name, value in counts(app, desk).items()}}
    print(json.dumps({"opened anew": found}), flush=True)
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=8.0)
    parser.add_argument("--steps", type=float, default=4.0, help="a second")
    parser.add_argument("--fill", type=int, default=1200, help="edits before it begins, so that history and journal are full")
    parser.add_argument("--anew", type=float, default=10.0, help="minutes, after which the song is opened once more")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--platform", default="offscreen")
    options = parser.parse_args()
    with page(options.platform, SONG_S) as (app, program):
        program.window.resize(*SIZES["compact"])
        settle(app, program)
        rows, anew, more, done = soak(app, program, options)
    print(f"\nsteps: {', '.join(f'{count} {name}' for name, count in done.items())}\n")
    print(table(rows))
    found = {name: growth(rows, name) for name in rows[0] if name != "minute"}
    print("\n" + table([{"": name, "an hour": f"{slope:+.1f}", "standard error": f"{error:.1f}"} for name, (slope, error) in found.items()]))
    if anew:
        print("\nopened anew\n" + table(anew))
        told = [(name, *growth(anew, name)) for name in anew[0] if name != "minute"]
        print("\n" + table([{"": name, "an hour": f"{slope:+.1f}", "standard error": f"{error:.1f}"} for name, slope, error in told]))
    print("\nmore of in the second half:", ", ".join(f"{count} {kind}" for kind, count in more))
    if options.json:
        options.json.write_text(json.dumps({"rows": rows, "opened anew": anew, "growth": found, "more": more}, indent=1) + "\n")
    slope, error = found["resident MB"]
    return 0 if slope - 2 * error <= LIMIT_MB else 1


if __name__ == "__main__":
    raise SystemExit(main())
