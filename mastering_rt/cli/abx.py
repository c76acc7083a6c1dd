"""`mastering-rt abx`: a blind test of two files in the terminal, matched in loudness, on the audio device."""
import argparse
import sys
import time
from pathlib import Path
from typing import Any

from mastering_rt.audio.files import open_audio
from mastering_rt.blind.booth import Booth
from mastering_rt.blind.log import UNSAVED
from mastering_rt.blind.trials import Answer, Kind, Plan, Result
from mastering_rt.blind.words import QUESTIONS, explanation, p_text, score_text, stop_text, verdict
from mastering_rt.cli.keys import Keys, terminal_keys
from mastering_rt.cli.play import device_of, open_in
from mastering_rt.cli.terminal import print_json, progress_bar, range_of, stop_when_terminated, tell
from mastering_rt.desk.desk import Desk
from mastering_rt.desk.sides import MIX, Side
from mastering_rt.errors import UsageProblem, shown
from mastering_rt.offline.differences import found_place
from mastering_rt.places import state_dir
from mastering_rt.session import comparing, edits

LOOKS_PER_S = 60
LOG = "abx.blind.jsonl"
STOP_KEYS = ("q", "\x1b")
KEYS = {"abx": "a b x listen   ← X is A   → X is B   Space play/stop   q stop",
        "preference": "a b listen   ← A is better   → B is better   Space play/stop   q stop"}
ANSWERS: dict[str, Answer] = {"left": "a", "right": "b"}


def run(arguments: argparse.Namespace) -> int:
    """Until the last trial, q or Ctrl-C; what was answered counts. 0 when there is a result."""
    if not sys.stdin.isatty():
        raise UsageProblem("A blind test takes keys from a terminal, and there is none; start it in one.")
    stop_when_terminated()
    kind: Kind = "preference" if arguments.prefer else "abx"
    names = names_of(arguments.a, arguments.b)
    Plan(*names, kind, arguments.trials)                      # what cannot be planned is said before anything is opened
    desk = Desk(device_of(arguments.device), arguments.blocksize, autosave=False)
    try:
        sides = ready(desk, arguments)
        desk.blind.log.path = Path(arguments.log) if arguments.log else state_dir() / UNSAVED / LOG
        result = take(desk, sides, names, kind, arguments.trials)
    finally:
        desk.close()
    if result is None:
        tell("No test was taken.")
        return 1
    if arguments.json:
        print_json(as_json(result))
    else:
        print("\n".join(result_lines(result, desk.blind)))
    return 0


def names_of(a: str, b: str) -> tuple[str, str]:
    """What the two are called: their file names, or, where those are the same, their paths."""
    one, other = Path(a).name, Path(b).name
    return (one, other) if one != other else (a, b)


def ready(desk: Desk, arguments: argparse.Namespace) -> tuple[Side, Side]:
    """A as the song, B as a record locked to it, both going round in what they share. MasteringError."""
    with open_audio(arguments.b) as file:
        other = file.source()
    with progress_bar() as progress:
        open_in(desk, arguments.a, progress)
    if desk.song is None or desk.session.source is None:
        raise UsageProblem(f"{shown(arguments.a)} is no sound that could be compared; give two sound files.")
    desk.edit(lambda s: comparing.add_reference(s, other))
    id = desk.session.references[-1].id
    place = found_place(arguments.a, arguments.b) if arguments.offset is None else None
    offset = arguments.offset or (place.offset_frames if place is not None and place.same else 0)
    tell(place.sentence(desk.song.sample_rate_hz) if place is not None else "Both files are taken to begin as --offset says." if arguments.offset
         is not None else "Both files are taken to begin at the same moment of the song; --offset says otherwise.")
    desk.edit(lambda s: comparing.lock_reference(s, id, offset))
    rate = desk.song.sample_rate_hz
    start, stop = range_of(arguments.loop) if arguments.loop else (max(0, -offset) / rate, None)
    shared = min(desk.song.frames, round(other.frames * rate / other.sample_rate_hz) - offset)
    end = shared if stop is None else min(shared, round(stop * rate))
    desk.edit(lambda s: edits.set_loop(s, round(start * rate), end))
    return MIX, Side("reference", id)


def take(desk: Desk, sides: tuple[Side, Side], names: tuple[str, str], kind: Kind, trials: int) -> Result | None:
    """The test itself; None when it was left before it began."""
    with terminal_keys() as keys, _Line() as line:
        desk.player.seek(desk.session.loop.start_frame if desk.session.loop is not None else 0)
        if not wait(desk, sides, names, keys, line):
            return None
        test = desk.blind.start(sides, names, kind, trials)
        desk.play_or_stop()
        line.say(f"{QUESTIONS[kind]}   {names[0]} against {names[1]}, {test.plan.basis}")
        line.say(f"Sealed as {test.seal}")
        line.say(KEYS[kind])
        while not test.over:
            for sentence in desk.poll().sentences:
                line.say(sentence)
            for key in keys.read():
                if test.over or press(desk, key, line):
                    break
            line.show(state_line(desk.blind, trials))
            time.sleep(1 / LOOKS_PER_S)
        return test.result


def wait(desk: Desk, sides: tuple[Side, Side], names: tuple[str, str], keys: Keys, line: "_Line") -> bool:
    """Until the match is certain; False when somebody leaves first. UsageProblem for a pair that cannot be compared."""
    while True:
        for sentence in desk.poll().sentences:
            line.say(sentence)
        waits = waits_for(desk, sides, names)
        if not waits:
            return True
        line.show(waits)
        if any(key in STOP_KEYS for key in keys.read()):
            return False
        time.sleep(1 / LOOKS_PER_S)


def waits_for(desk: Desk, sides: tuple[Side, Side], names: tuple[str, str]) -> str:
    """What has to come first; a record that is still being read is waited for, too."""
    id = sides[1].name
    entry = desk.compare.references[id]
    return f"{names[1]} is being read." if not entry.ready and not entry.problem else desk.blind.waits_for(sides, names)


def press(desk: Desk, key: str, line: "_Line") -> bool:
    """What a key does; True when the test is over with it."""
    try:
        if key in STOP_KEYS:
            desk.blind.stop()
            return True
        if key.lower() in ("a", "b", "x"):
            desk.blind.listen(key.lower())  # type: ignore[arg-type]
        elif key in ANSWERS:
            desk.blind.answer(ANSWERS[key])
        elif key == " ":
            desk.play_or_stop()
    except UsageProblem as problem:
        line.say(str(problem))
    return not desk.blind.running


def state_line(booth: Booth, trials: int) -> str:
    """How far it is, and which letter plays. Nothing else may be known."""
    done = booth.test.answered if booth.test is not None else 0
    return f"Trial {min(done + 1, trials)} of {trials}   playing {booth.playing.upper()}"


def result_lines(result: Result, booth: Booth) -> list[str]:
    """The result for people."""
    lines = [f"{score_text(result)}   p = {p_text(result.p)}", verdict(result), explanation(result), stop_text(result), f"Log: {booth.log.path}"]
    return [line for line in lines if line]


def as_json(result: Result) -> dict[str, Any]:
    """The result for machines."""
    plan = result.plan
    return {"kind": plan.kind, "a": plan.first, "b": plan.second, "trials": plan.trials, "answered": result.answered, "hits": result.hits,
            "p": result.p, "stopped": result.stopped, "verdict": verdict(result), "answers": result.answers, "order": result.order,
            "salt": result.salt, "seal": result.seal}


class _Line:
    """One line that stays in place under what was said; in a pipe only what was said, on the error stream."""

    def __init__(self) -> None:
        self._shown = ""
        self._live = sys.stderr.isatty()

    def __enter__(self) -> "_Line":
        return self

    def show(self, words: str) -> None:
        """In place of what stood there."""
        if words != self._shown:
            self._shown = words
            if self._live:
                print(f"\r\x1b[K{words}", end="", file=sys.stderr, flush=True)

    def say(self, words: str) -> None:
        """A line of its own."""
        shown_before, self._shown = self._shown, ""
        print(f"\r\x1b[K{words}" if self._live else words, file=sys.stderr, flush=True)
        if shown_before:
            self.show(shown_before)

    def __exit__(self, *error: object) -> None:
        if self._live and self._shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
