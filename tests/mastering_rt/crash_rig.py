"""Kills editing processes at random moments and tells what was left. Run by test_autosave.py: crash_rig.py FOLDER ROUNDS SEED.

Each round forks a process that edits in gestures, saves every fourth and reports every finished gesture and save through a
pipe, while a thread of it renders one master after the other under one name; some gestures later, at a random moment between
two of them, it is killed: in turn wherever its masters are, once one is whole, and while one is being written. One line of JSON
per round: gestures finished, last save, what can be recovered and opened, the master.
"""
import json
import os
import random
import signal
import sys
import threading
import time
from pathlib import Path

import numpy as np

from mastering_rt.atomic import parts_of
from mastering_rt.audio.song import load_song
from mastering_rt.errors import SessionProblem
from mastering_rt.offline.render import RenderOptions, render
from mastering_rt.session import edits
from mastering_rt.session.autosave import Autosave, find_recoverable
from mastering_rt.session.history import History
from mastering_rt.session.model import Session, Slot
from mastering_rt.session.store import load_session, save_session
from tests.mastering_rt.helpers import programme_file

MIX_SECONDS = 1.0
SAVE_EVERY = 4
MOST_GESTURES = 15
MOMENTS = ("any", "whole", "written")


def edit_for_ever(folder, report):
    """Notes hold the number of the gesture, the gain a value that belongs to it."""
    autosave = Autosave()
    threading.Thread(target=render_for_ever, args=(folder,), daemon=True).start()
    history = History(Session(chain=(Slot("eq", "eq"), Slot("limiter", "limiter"))), on_step=autosave.note)
    number = 0
    while True:
        number += 1
        history.begin_gesture()
        for part in (0.3, 0.7, 1.0):
            history.edit(edits.set_value(edits.set_notes(history.session, str(number)), "limiter", "gain", (number % 20) * part))
        history.end_gesture()
        os.write(report, f"gesture {number}\n".encode())
        if number % SAVE_EVERY == 0:
            path = save_session(history.session, folder / "song")
            history.mark_saved()
            autosave.saved(path)
            os.write(report, f"saved {number}\n".encode())


def render_for_ever(folder):
    """Every master is the mix a whole number of decibels down."""
    while True:
        for gain_db in range(20):
            trim = Session(chain=(Slot("trim", "trim", values={"gain": -gain_db}),))
            render(str(folder.parent / "mix.wav"), str(folder / "master.wav"), trim, RenderOptions(bits="32f", overwrite=True))


def master_of(folder):
    """ "none", "whole" when all of it is one and the same master, else what is wrong with it."""
    if not (folder / "master.wav").exists():
        return "none"
    master, mix = load_song(folder / "master.wav").samples, load_song(folder.parent / "mix.wav").samples
    if master.shape != mix.shape:
        return f"{master.shape[1]} of {mix.shape[1]} frames"
    steps = -20 * np.log10(np.linalg.norm(master) / np.linalg.norm(mix))
    return "whole" if np.allclose(master, mix * 10 ** (-round(steps) / 20), rtol=1e-5, atol=1e-7) else f"{steps} dB, in pieces"


def number_of(session):
    number = int(session.notes)
    assert edits.find_slot(session, "limiter").value("gain") == number % 20, "half a gesture"
    return number


def killed_round(folder, moment, rng):
    folder.mkdir()
    os.environ["MASTERING_RT_HOME"] = str(folder / "home")
    here, there = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(here)
        edit_for_ever(folder, there)
    os.close(there)
    with os.fdopen(here, "rb") as pipe:
        lines = wait_and_kill(pipe, child, rng, lambda: has_come(moment, folder))
    last = {
        word: max((int(line.split()[1]) for line in lines if line.startswith(word)), default=0) for word in ("gesture", "saved")
    }
    return {"moment": moment, **last, **left_behind(folder)}


def has_come(moment, folder):
    """Has the moment to kill at come? The child stands still while this looks."""
    return {"any": True, "whole": (folder / "master.wav").exists(), "written": unfinished(folder) > 0}[moment]


def unfinished(folder):
    return len(parts_of(folder / "master.wav"))


def wait_and_kill(pipe, child, rng, come):
    """Let some reports come, wait for up to one and a half times what a report takes on this disk, then until `come`."""
    wanted, start = rng.randrange(MOST_GESTURES), time.monotonic()
    lines = [pipe.readline() for _ in range(1 + wanted)]
    time.sleep(rng.random() * 1.5 * (time.monotonic() - start) / len(lines))
    stop(child)
    while not come():
        os.kill(child, signal.SIGCONT)
        lines.append(pipe.readline())
        time.sleep(rng.random() * 0.01)
        stop(child)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return [line.decode() for line in [*lines, *pipe]]


def stop(child):
    os.kill(child, signal.SIGSTOP)
    os.waitpid(child, os.WUNTRACED)


def left_behind(folder):
    left = find_recoverable()
    try:
        opened = number_of(load_session(folder / "song.mrt").session) if (folder / "song.mrt").exists() else 0
        problem = ""
    except SessionProblem as error:
        opened, problem = -1, str(error)
    return {
        "recovered": [number_of(found.session) for found in left.sessions],
        "broken": [sentence for _, sentence in left.broken],
        "opened": opened,
        "problem": problem,
        "master": master_of(folder),
        "unfinished": unfinished(folder),
        "sentences": [found.sentence for found in left.sessions],
    }


def main():
    folder, rounds, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    rng = random.Random(seed)
    programme_file(folder, MIX_SECONDS)
    for number in range(rounds):
        print(json.dumps(killed_round(folder / str(number), MOMENTS[number % len(MOMENTS)], rng)), flush=True)


if __name__ == "__main__":
    main()
