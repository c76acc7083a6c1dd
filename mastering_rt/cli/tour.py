"""The whole way without a window: hear it live, compare at the same loudness, render, read back."""
import time
from functools import partial
from itertools import chain, count
from pathlib import Path

from mastering_rt.cli.meters import match_text
from mastering_rt.cli.play import PICTURES_PER_S, open_in, play
from mastering_rt.cli.render import report_text
from mastering_rt.cli.terminal import progress_bar, stop_when_terminated, tell, waited
from mastering_rt.demo.cached import cached_demo, interesting_s
from mastering_rt.desk.desk import Desk, Pulse, is_session
from mastering_rt.errors import SessionProblem, clock, shown
from mastering_rt.measure.loudness import integrated_lufs, weighted_energy
from mastering_rt.measure.report import figure
from mastering_rt.offline.render import RenderOptions
from mastering_rt.playback.device import DeviceInfo
from mastering_rt.session.presets import FOR_NEW_MIX

SECONDS = 20.0
SWITCH_EVERY_S = 5.0
PATIENCE_S = 120.0               # for the numbers of a very long song
START_SHARE = 0.4                # of a song: past the intro, so that there is something to hear

say = partial(print, flush=True)


def take(path: str | None, device: DeviceInfo | None = None) -> int:
    """Play `path` (a mix or a session), or the demo mix, for a while; then write the master beside it. MasteringError.

    A file that is there is never replaced, but for the master of the demo mix, which lies with it in the cache.
    """
    stop_when_terminated()
    say("Mastering RT in the terminal. (Where there is a display, a window opens instead.)")
    mix = path or _demo()
    with Desk(device, autosave=False) as desk:
        _open(desk, mix, FOR_NEW_MIX if path else "demo")
        start_s = _start_s(desk) if path else interesting_s()
        _listen(desk, start_s)
        _compare(desk)
        out = Path(mix).with_name(f"{Path(mix).stem} master.wav")
        _render(desk, _free_name(out) if path else out, overwrite=path is None)
    return 0


def _demo() -> str:
    say("Making the demo mix; this takes a few seconds the first time.")
    return str(cached_demo())


def _open(desk: Desk, path: str, preset: str) -> None:
    """A session keeps its own chain, a mix gets that of the preset."""
    with progress_bar() as progress:
        open_in(desk, path, progress)
    if desk.song is None:
        for sentence in desk.poll().sentences:
            tell(sentence)
        raise SessionProblem(f"There is nothing to play: the mix of the session {shown(path)} is not there. Open the mix itself.")
    if not is_session(path):
        desk.load_preset(preset)


def _start_s(desk: Desk) -> float:
    """The session's loop, or well into the song, with as much left to play as there can be."""
    loop, rate = desk.session.loop, desk.player.song_rate_hz
    if loop is not None and loop.on:
        return loop.start_frame / rate
    duration_s = desk.song.frames / rate if desk.song else 0.0
    return max(0.0, min(START_SHARE * duration_s, duration_s - SECONDS))


def _listen(desk: Desk, start_s: float) -> None:
    """Mix and master in turns."""
    _announce(desk, start_s)
    desk.player.seek(round(start_s * desk.player.song_rate_hz))
    desk.play_or_stop()
    switches = 0

    def alternate(elapsed_s: float) -> None:
        nonlocal switches
        if elapsed_s >= (switches + 1) * SWITCH_EVERY_S:
            switches += 1
            desk.swap_heard()

    play(desk, SECONDS, alternate)
    desk.player.stop()


def _announce(desk: Desk, start_s: float) -> None:
    name = Path(desk.session.source.path).name if desk.session.source else "the mix"
    stages = ", ".join(slot.title for slot in desk.session.chain if not slot.bypassed) or "an empty chain"
    device = desk.player.device.info if desk.player.device else None
    say(f"Playing {shown(name)} from {clock(start_s)} through {stages} on {device.title if device else 'no device'} "
        f"at {desk.player.rate_hz} Hz, for {SECONDS:g} s.")
    if device is not None and device.is_clock:
        say("(The clock device runs everything in real time, but nothing is heard: no sound device was found or chosen.)")
    say(f"Every {SWITCH_EVERY_S:g} s it switches between master and mix, at the same loudness. q goes on to the render, Ctrl-C ends it all.")


def _compare(desk: Desk) -> None:
    """Say the loudness of mix and master, measured over the whole song."""
    pulse = _measured(desk)
    if desk.measured is not None:
        mix, master = (" ".join(figure(integrated_lufs(weighted_energy(bins), bins["frames"]), 1, "LUFS"))
                       for bins in (desk.measured.mix_bins, desk.measured.master_bins))
        say(f"Loudness of the whole song: mix {mix}, master {master}.")
    say(f"The comparison was {match_text(desk, pulse)}.")


def _measured(desk: Desk) -> Pulse:
    """Poll until the whole song has been measured with the chain as it is."""
    began = time.monotonic()
    pulse = desk.poll()
    while desk.measuring and time.monotonic() - began < PATIENCE_S:
        time.sleep(1 / PICTURES_PER_S)
        pulse = desk.poll()
    return pulse


def _free_name(wanted: Path) -> Path:
    """`wanted`, or with the first number behind its name that no file has."""
    numbered = (wanted.with_stem(f"{wanted.stem} {n}") for n in count(2))
    return next(path for path in chain([wanted], numbered) if not path.exists())


def _render(desk: Desk, out: Path, overwrite: bool) -> None:
    say("Rendering the master.")
    with progress_bar() as progress:
        report = waited(desk.render_job(str(out), RenderOptions(overwrite=overwrite)), progress)
    for notice in report.notices:
        tell(notice)
    say(f"The master, read back from the disk:\n{report_text(report)}")
