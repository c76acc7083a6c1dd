"""`mastering-rt play`: live monitoring in the terminal."""
import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from mastering_rt.cli.chains import wanted
from mastering_rt.cli.keys import terminal_keys
from mastering_rt.cli.meters import lines, one_line
from mastering_rt.cli.terminal import progress_bar, range_of, seconds_of, stop_when_terminated, tell, waited
from mastering_rt.desk.desk import Desk, Pulse
from mastering_rt.playback.device import CLOCK, DeviceInfo, find_device
from mastering_rt.session import edits

PICTURES_PER_S = 30
HELP = "Space play/stop   1 mix   2 master   ` other   m matched   , . back/on 1 s   Home start   l loop   M S L R W P D monitor   U unity   q quit"
MONITOR_KEYS = {"M": "mono", "S": "side", "L": "left", "R": "right", "W": "swap", "P": "polarity", "D": "dim", "U": "unity"}


def device_of(name: str | None) -> DeviceInfo | None:
    """The device of --device; None is the system's default."""
    if name is None:
        return None
    return CLOCK if name.lower() == "clock" else find_device(name)


def run(arguments: argparse.Namespace) -> int:
    """Plays until the end, --seconds, q or Ctrl-C."""
    stop_when_terminated()
    path, loaded = wanted(arguments)
    desk = Desk(device_of(arguments.device), arguments.blocksize, autosave=False)
    try:
        with progress_bar() as progress:
            open_in(desk, path, progress)
        desk.edit(lambda _: edits.replace_chain(desk.session, loaded.session.chain))
        if arguments.loop:
            start, stop = range_of(arguments.loop)
            rate = desk.player.song_rate_hz
            desk.edit(lambda s: edits.set_loop(s, round(start * rate), round(stop * rate) if stop is not None else 2**40))
        desk.set_matched(not arguments.unmatched)
        desk.hear("mix" if arguments.mix else "master")
        desk.player.seek(round(seconds_of(arguments.start) * desk.player.song_rate_hz))
        desk.play_or_stop()
        play(desk, arguments.seconds)
    finally:
        desk.close()
    return 0


def open_in(desk: Desk, path: str, progress: Callable[[str, float], None]) -> None:
    """Open a mix with progress; MasteringError when it cannot be."""
    desk.take_opened(path, waited(desk.open_job(path), progress))


def play(desk: Desk, seconds: float | None = None, act: Callable[[float], None] = lambda elapsed: None) -> Pulse:
    """Show the meters until the song ends or `seconds` have passed; `act` is called with the time elapsed. Gives the last pulse."""
    with terminal_keys() as keys, _Screen() as show:
        began = time.monotonic()
        heard_once = False
        while True:
            pulse = desk.poll()
            elapsed = time.monotonic() - began
            act(elapsed)
            for key in keys.read():
                if key == "q":
                    return pulse
                press(desk, key)
            for sentence in pulse.sentences:
                show.say(sentence)
            show.picture(desk, pulse, elapsed)
            heard_once = heard_once or pulse.status.playing
            if (seconds is not None and elapsed >= seconds) or (pulse.status.ended and heard_once):
                return pulse
            time.sleep(1 / PICTURES_PER_S)


def press(desk: Desk, key: str) -> None:
    """What a key does."""
    rate = desk.player.song_rate_hz
    if key == " ":
        desk.play_or_stop()
    elif key in ("1", "2"):
        desk.hear("mix" if key == "1" else "master")
    elif key in ("`", "\t"):
        desk.swap_heard()
    elif key == "m":
        desk.set_matched(not desk.matched)
    elif key in (",", "left", ".", "right"):
        desk.player.seek(desk.player.status.frame + (rate if key in (".", "right") else -rate))
    elif key == "home":
        desk.player.seek(0)
    elif key == "l":
        desk.edit(lambda s: edits.switch_loop(s, not (s.loop is not None and s.loop.on)))
    elif key in MONITOR_KEYS:
        flag = MONITOR_KEYS[key]
        desk.set_monitor(replace(desk.monitor, **{flag: not getattr(desk.monitor, flag)}))


class _Lines:
    """For a pipe: one line a second."""

    def __init__(self) -> None:
        self._due = 0.0

    def say(self, sentence: str) -> None:
        tell(sentence)

    def picture(self, desk: Desk, pulse: Pulse, elapsed: float) -> None:
        if elapsed >= self._due and pulse.status.playing:
            self._due += 1.0
            print(one_line(desk, pulse), flush=True)


class _Live:
    """For a terminal: meters that stay in place."""

    def __init__(self, live: Any) -> None:
        self._live = live

    def say(self, sentence: str) -> None:
        self._live.console.print(sentence, highlight=False, markup=False)

    def picture(self, desk: Desk, pulse: Pulse, elapsed: float) -> None:
        from rich.text import Text

        self._live.update(Text("\n".join([*lines(desk, pulse), HELP]), no_wrap=True, overflow="ellipsis"))


class _Screen:
    """Lines in a pipe, a live picture on a terminal."""

    def __enter__(self) -> "_Lines | _Live":
        self._live: Any = None
        if not sys.stdout.isatty():
            return _Lines()
        from rich.live import Live

        self._live = Live(refresh_per_second=PICTURES_PER_S)
        self._live.__enter__()
        return _Live(self._live)

    def __exit__(self, *error: object) -> None:
        if self._live is not None:
            self._live.__exit__(*error)
