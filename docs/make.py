"""Makes what can be made of the documentation: docs/parameters.md, docs/measurements.md by running tests, and the pictures in docs/images
from the running program, the real engine on the clock device with the demo mix playing.

    python docs/make.py [NAME ...] [--out FOLDER] [--platform offscreen]

Needs no screen. Without names everything is made; pictures differ from run to run only in where the meters stand.
"""
import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

PLACE = Path(__file__).resolve().parent / "images"
PAGE = Path(__file__).resolve().parent / "parameters.md"
FIGURES = "measurements"
PATIENCE_S = 120.0
LOOP_S = (36.0, 47.0)
LISTEN_S = 8.5                   # until every history and mean is full
LARGE, MEDIUM, SMALL = (1920, 1080), (1600, 900), (1280, 720)
MOST_BYTES = 250_000


class Studio:
    """The program on the demo mix, in a folder of its own, with what a picture needs done to it."""

    def __init__(self, folder: Path) -> None:
        from gui.app import make_application, open_window
        from mastering_rt.demo.cached import cached_demo
        from mastering_rt.desk.desk import Desk
        from mastering_rt.playback.device import CLOCK

        mix = str(cached_demo())
        os.environ["MASTERING_RT_HOME"] = str(folder / "own")
        os.environ["HOME"] = str(folder)
        self.masters = folder / "Masters"
        self.masters.mkdir()
        self.app = make_application()
        self.desk = Desk(CLOCK, autosave=False)
        self.program = open_window(self.app, self.desk)
        self.window, self.acts = self.program.window, self.program.acts
        self.window.resize(*LARGE)
        self.acts.files.start(mix, self.acts.recovery._take_demo)
        self.until(lambda: self.desk.song is not None and not self.desk.measuring and not self.acts.background.busy)
        self.window.activateWindow()

    def until(self, condition: Callable[[], bool]) -> None:
        """Let the program run until then."""
        began = time.monotonic()
        while not condition():
            if time.monotonic() - began > PATIENCE_S:
                raise SystemExit("The picture did not come about within two minutes; is the machine very busy?")
            self.app.processEvents()
            time.sleep(0.002)

    def run(self, seconds: float) -> None:
        """Let the program run for a while."""
        end = time.monotonic() + seconds
        self.until(lambda: time.monotonic() >= end)

    def show(self, size: tuple[int, int] = LARGE, theme: str = "dark", stage: str = "eq", first_steps: bool = False) -> None:
        """The window in this size and theme with this stage open, nothing in focus and no pointer."""
        from gui.window.settings import Looks

        self.window.resize(*size)
        self.window.apply_looks(Looks(theme=theme, reduce_motion=True))
        self.window.show_first_minute(first_steps)
        self.acts.shaping.select(stage)
        self.acts.shaping.changed()
        self.window.title.menu_key.show_hover(False)
        self.window.status.show_help("")
        self.window.setFocus()

    def play(self) -> None:
        """In a loop over the chorus, until the meters have settled."""
        rate = self.desk.player.song_rate_hz
        self.acts.hearing.draw_loop(round(LOOP_S[0] * rate), round(LOOP_S[1] * rate))
        self.desk.save(str(self.masters / "Tidewater.mrt"))
        self.until(lambda: not self.desk.measuring and not self.acts.background.busy)
        self.acts.hearing.seek(round(LOOP_S[0] * rate))
        self.desk.play_or_stop()
        self.run(LISTEN_S)

    def close(self) -> None:
        self.acts.recovery.leaving = True
        self.window.close()
        self.program.end()


def window_1920(studio: Studio) -> None:
    """The equaliser, playing."""
    studio.show()
    studio.window.stage.frame.editor.plot.focus_band(6)
    studio.run(1.5)


def window_1280(studio: Studio) -> None:
    """The smaller density."""
    studio.show(SMALL)
    studio.window.stage.frame.editor.plot.choose(3)
    studio.run(1.5)


def compressor_1920(studio: Studio) -> None:
    studio.show(stage="compressor")
    studio.run(LISTEN_S)


def limiter_1920(studio: Studio) -> None:
    studio.show(stage="limiter")
    studio.run(LISTEN_S)


def light_1920(studio: Studio) -> None:
    """The light theme."""
    studio.show(theme="light", stage="compressor")
    studio.run(LISTEN_S)


def first_minute(studio: Studio) -> None:
    """What somebody sees who opens the program for the first time."""
    studio.show(MEDIUM, first_steps=True)
    studio.run(1.0)


def render(studio: Studio) -> None:
    """A master that was written and read back."""
    studio.show(LARGE)
    studio.acts.rendering.open()
    dialog = studio.acts.rendering.dialog
    dialog.form.show_folder(studio.masters)
    dialog.form.edited.emit()
    dialog.render_key.click()
    studio.until(lambda: bool(dialog.back.sha256))
    studio.run(0.5)


def device(studio: Studio) -> None:
    """Where the sound goes."""
    if studio.acts.rendering.dialog is not None:
        studio.acts.rendering.dialog.answer("close")
    studio.show(MEDIUM)
    studio.acts.viewing.open_device()
    studio.run(0.5)


PICTURES: dict[str, Callable[[Studio], None]] = {
    "first-minute": first_minute, "window-1920": window_1920, "window-1280": window_1280, "compressor-1920": compressor_1920,
    "limiter-1920": limiter_1920, "light-1920": light_1920, "render": render, "device": device,
}
PLAYING = ("window-1920", "window-1280", "compressor-1920", "limiter-1920", "light-1920")


def take(studio: Studio, path: Path) -> int:
    """The window as it is into a file; gives its size in bytes."""
    from docs.small_png import save_small

    return save_small(studio.window.grab().toImage(), path)


def write_parameters() -> None:
    """The page of all parameters, out of their table."""
    from mastering_rt.session.schema import reference_page

    PAGE.write_text(reference_page(), encoding="utf-8")
    print(PAGE.name, flush=True)


def write_measurements() -> None:
    """The page of all figures, out of the tests that reach them."""
    from docs.measurements import write

    write()


def main() -> int:
    """Makes what was asked for; 1 where a picture became too large."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    names = (PAGE.stem, FIGURES, *PICTURES)
    parser.add_argument("names", nargs="*", choices=[*names, []], metavar="NAME", help=", ".join(names))
    parser.add_argument("--out", type=Path, default=PLACE)
    parser.add_argument("--platform", default="offscreen")
    asked = parser.parse_args()
    os.environ["QT_QPA_PLATFORM"] = asked.platform
    if not asked.names or PAGE.stem in asked.names:
        write_parameters()
    if not asked.names or FIGURES in asked.names:
        write_measurements()
    wanted = [name for name in PICTURES if not asked.names or name in asked.names]
    return 0 if not wanted or take_all(wanted, asked.out) <= MOST_BYTES else 1


def take_all(names: list[str], place: Path) -> int:
    """These pictures, in their order; gives the size of the largest."""
    place.mkdir(parents=True, exist_ok=True)
    largest = 0
    with tempfile.TemporaryDirectory(prefix="mastering-rt-") as folder:
        studio = Studio(Path(folder))
        for name in names:
            if name in PLAYING and not studio.desk.player.status.playing:
                studio.play()
            PICTURES[name](studio)
            size = take(studio, place / f"{name}.png")
            largest = max(largest, size)
            print(f"{name}.png, {size / 1000:.0f} kB", flush=True)
        studio.close()
    return largest


if __name__ == "__main__":
    sys.exit(main())
