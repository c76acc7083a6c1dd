"""The whole way without a window: hear it live, compare at the same loudness, render, read back. `python -m mastering_rt.cli.first_run [FILE]`."""
import sys
import tempfile
from pathlib import Path

from mastering_rt.cli import guarded
from mastering_rt.cli.meters import match_text
from mastering_rt.cli.play import open_in, play
from mastering_rt.cli.render import report_text
from mastering_rt.cli.terminal import progress_bar
from mastering_rt.demo import write_demo
from mastering_rt.desk.desk import Desk, is_session
from mastering_rt.measure.report import figure
from mastering_rt.offline.render import RenderOptions

SECONDS = 20.0
SWITCH_EVERY_S = 5.0
MEASURE_PATIENCE_S = 120.0
START_SHARE = 0.4                # of the song: past the intro, so that there is something to hear


def main(path: str | None) -> int:
    """Play `path`, or the demo mix, for 20 s; then write the master beside it (the demo's: in a folder of its own)."""
    with tempfile.TemporaryDirectory(prefix="mastering-rt-") as folder:
        demo = path is None
        mix = path or str(Path(folder) / "demo mix.wav")
        if demo:
            print("There is no display, so this is the tour in the terminal. First the demo mix is synthesised.")
            write_demo(mix)
        desk = Desk(autosave=False)
        try:
            with progress_bar() as progress:
                open_in(desk, mix, progress)
            if not is_session(mix):
                desk.load_preset("demo" if demo else "default")
            _listen(desk)
            return _render(desk, Path.cwd() / "demo master.wav" if demo else Path(mix).with_name(Path(mix).stem + " master.wav"))
        finally:
            desk.close()


def _listen(desk: Desk) -> None:
    device = desk.player.device
    print(f"Playing on {device.info.title if device else 'no device'}, {desk.player.rate_hz} Hz, for {SECONDS:.0f} s; mix and master alternate every {SWITCH_EVERY_S:.0f} s.")
    desk.player.seek(round(START_SHARE * (desk.song.frames if desk.song else 0)))
    desk.play_or_stop()
    turn = [0]

    def alternate(elapsed: float) -> None:
        if int(elapsed / SWITCH_EVERY_S) > turn[0]:
            turn[0] += 1
            desk.swap_heard()

    play(desk, SECONDS, alternate)
    desk.player.stop()
    pulse = _measured(desk)
    measured = desk.measured
    if measured is not None:
        from mastering_rt.measure.loudness import integrated_lufs, weighted_energy

        mix, master = (integrated_lufs(weighted_energy(b), b["frames"]) for b in (measured.mix_bins, measured.master_bins))
        print(f"Whole song: mix {' '.join(figure(mix, 1, 'LUFS'))}, master {' '.join(figure(master, 1, 'LUFS'))}; {match_text(desk, pulse)}.")


def _measured(desk: Desk):  # type: ignore[no-untyped-def]
    """Poll until the whole song has been measured with the chain as it is."""
    import time

    began = time.monotonic()
    pulse = desk.poll()
    while desk.measuring and time.monotonic() - began < MEASURE_PATIENCE_S:
        time.sleep(0.02)
        pulse = desk.poll()
    return pulse


def _render(desk: Desk, out: Path) -> int:
    job = desk.render_job(str(out), RenderOptions(overwrite=True))
    with progress_bar() as progress:
        while not job.wait(0.05):
            progress(job.doing, job.share)
    if job.result is None:
        print(job.problem, file=sys.stderr)
        return 1
    for notice in job.result.notices:
        print(notice)
    print(f"The master, read back from the disk:\n{report_text(job.result)}")
    return 0


if __name__ == "__main__":
    sys.exit(guarded(lambda: main(sys.argv[1] if len(sys.argv) > 1 else None)))
