"""Makes what can be made of the documentation: docs/parameters.md, docs/measurements.md by running tests, docs/guide/shortcuts.md, and the
pictures of every view from the running program, the real engine on the clock device with the demo mix playing. A NAME is a page or a view.

    python docs/make.py [NAME ...] [--platform offscreen] [--into FOLDER]

Needs no screen. Without names everything is made. `--into` puts the pictures of the named views, or of all, into a folder and not into
docs/pictures. Pictures differ from run to run only in where the meters stand.
"""
import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

PAGE = Path(__file__).resolve().parent / "parameters.md"
FIGURES, SHORTCUTS = "measurements", "shortcuts"
PATIENCE_S = 600.0
LOOP_S = (36.0, 47.0)
FAULTS_S, FLAT_AT = ((22.4, 0.009), (50.5, 1.2)), 0.82
LISTEN_S = 8.5                   # until every history and mean is full
LARGE = (1920, 1080)


class Studio:
    """The program on the demo mix, in a folder of its own, with what a picture needs done to it."""

    def __init__(self, folder: Path) -> None:
        from gui.app import make_application, open_window
        from mastering_rt.demo.cached import cached_demo
        from mastering_rt.desk.desk import Desk
        from mastering_rt.playback.device import CLOCK

        mix = str(mix_with_faults(cached_demo(), folder / "Tidewater mix.wav"))
        os.environ["MASTERING_RT_HOME"] = str(folder / "own")
        os.environ["HOME"] = str(folder)
        self.masters = folder / "Masters"
        self.plugins = folder / "plugins"
        self.masters.mkdir()
        self.plugins.mkdir()
        self.app = make_application()
        self.desk = Desk(CLOCK, autosave=False)
        self.program = open_window(self.app, self.desk)
        self.window, self.acts = self.program.window, self.program.acts
        self.window.resize(*LARGE)
        self.usual: tuple[str, ...] = ()
        self.acts.files.start(mix, self.acts.recovery._take_demo)
        self.until(lambda: self.desk.song is not None and not self.desk.measuring and not self.acts.background.busy)
        self.usual = tuple(slot.name for slot in self.desk.session.chain)
        self.window.activateWindow()

    def until(self, condition: Callable[[], bool]) -> None:
        """Let the program run until then."""
        began = time.monotonic()
        while not condition():
            if time.monotonic() - began > PATIENCE_S:
                raise SystemExit("The picture did not come about within ten minutes; is the machine very busy?")
            self.app.processEvents()
            time.sleep(0.002)

    def run(self, seconds: float) -> None:
        """Let the program run for a while."""
        end = time.monotonic() + seconds
        self.until(lambda: time.monotonic() >= end)

    def show(self, size: tuple[int, int] = LARGE, theme: str = "dark", stage: str = "eq", first_steps: bool = False, scale: float = 1.0) -> None:
        """The window in this size and theme with this stage open, nothing in focus and no pointer."""
        from gui.window.settings import Looks

        looks = Looks(theme=theme, scale=scale, reduce_motion=True)
        self.acts.settings.keep_looks(looks)
        self.window.resize(*size)
        self.window.apply_looks(looks)
        self.window.resize(*size)
        self.window.show_first_minute(first_steps)
        if stage:
            self.acts.shaping.select(stage)
        self.acts.shaping.changed()
        for toast in list(self.window.toasts.shown):
            toast.leave()
        self.window.title.menu_key.show_hover(False)
        self.window.status.show_help("")
        self.window.setFocus()

    def take_in(self, kind: str, values: Mapping[str, float]) -> None:
        """A stage with these values behind the equaliser, unless it is in the chain already; and until its measurement is there."""
        if not kind or kind in [slot.name for slot in self.desk.session.chain]:
            return
        self.keep_only(self.usual)
        self.acts.shaping.add(kind, 1)
        for id, value in values.items():
            self.acts.shaping.set_value(kind, id, value)
        self.until(lambda: not self.desk.measuring)
        self.run(LISTEN_S)

    def keep_only(self, names: Sequence[str]) -> None:
        """The chain without what a view put into it."""
        for slot in [slot.name for slot in self.desk.session.chain if slot.name not in names]:
            self.acts.shaping.remove_at([slot.name for slot in self.desk.session.chain].index(slot))
        self.until(lambda: not self.desk.measuring)

    def only_plugin(self, bundle: str) -> None:
        """The one plugin that a scan of `plugins` finds."""
        self.keep_only(self.usual)
        link = self.plugins / Path(bundle).name
        if not link.exists():
            link.symlink_to(bundle)

    def compact(self, on: bool) -> None:
        """In and out of compact mode; as large as it is at first, or twice that at scale 2."""
        from gui.theme import theme
        from gui.theme.sizes import COMPACT_WINDOW

        self.acts.viewing.set_compact_mode(on)
        if on:
            self.window.resize(*(theme.px(side) for side in COMPACT_WINDOW))

    def play(self) -> None:
        """In a loop over the chorus, until the meters have settled."""
        rate = self.desk.player.song_rate_hz
        self.acts.hearing.draw_loop(round(LOOP_S[0] * rate), round(LOOP_S[1] * rate))
        self.desk.save(str(self.masters / "Tidewater.mrt"))
        self.until(lambda: not self.desk.measuring and not self.acts.background.busy)
        self.acts.hearing.seek(round(LOOP_S[0] * rate))
        self.desk.play_or_stop()
        self.until(lambda: not self.desk.looking.under_way)
        self.run(LISTEN_S)

    def close(self) -> None:
        self.acts.recovery.leaving = True
        self.window.close()
        self.program.end()


def mix_with_faults(source: Path, path: Path) -> Path:
    """The demo mix as somebody may deliver it: with a hole, and with a passage cut flat."""
    import numpy as np
    import soundfile as sf

    sound, rate = sf.read(source)
    hole, flat = (slice(round(start * rate), round((start + length) * rate)) for start, length in FAULTS_S)
    sound[hole] = 0.0
    sound[flat] = np.clip(sound[flat], *(np.abs(sound[flat]).max() * np.array([-FLAT_AT, FLAT_AT])))
    sf.write(path, sound, rate, subtype="PCM_24")
    return path


def write_parameters() -> None:
    """The page of all parameters, out of their table."""
    from mastering_rt.session.schema import reference_page

    PAGE.write_text(reference_page(), encoding="utf-8")
    print(PAGE.name, flush=True)


def write_measurements() -> None:
    """The page of all figures, out of the tests that reach them."""
    from docs.measurements import write

    write()


def write_shortcuts() -> None:
    """The page of all commands, out of their table."""
    from docs.shortcuts import PLACE, write

    write()
    print(PLACE.name, flush=True)


def main() -> int:
    """Makes what was asked for; 1 where pictures became too large."""
    from docs.views import VIEWS

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    names = (PAGE.stem, FIGURES, SHORTCUTS, *VIEWS)
    parser.add_argument("names", nargs="*", choices=[*names, []], metavar="NAME", help=", ".join(names))
    parser.add_argument("--platform", default="offscreen")
    parser.add_argument("--into", type=Path, metavar="FOLDER")
    asked = parser.parse_args()
    os.environ["QT_QPA_PLATFORM"] = asked.platform
    for name, make in ((PAGE.stem, write_parameters), (FIGURES, write_measurements), (SHORTCUTS, write_shortcuts)):
        if name in asked.names or (not asked.names and asked.into is None):
            make()
    wanted = [name for name in VIEWS if not asked.names or name in asked.names]
    return 1 if wanted and not take_pictures(wanted, asked.into) else 0


def take_pictures(views: list[str], place: Path | None = None) -> bool:
    """All pictures of these views, for docs/pictures or another folder; False where those of docs are too large."""
    from docs.take_pictures import MOST_BYTES, MOST_BYTES_IN_ALL, PAGE, PLACE, page, take_views

    with tempfile.TemporaryDirectory(prefix="mastering-rt-") as folder:
        studio = Studio(Path(folder))
        largest = take_views(studio, place or PLACE, views)
        studio.close()
    PAGE.write_text(page(), encoding="utf-8")
    total = sum(path.stat().st_size for path in PLACE.glob("*.webp"))
    print(f"{total / 1e6:.1f} MB in all", flush=True)
    return place is not None or (largest <= MOST_BYTES and total <= MOST_BYTES_IN_ALL)


if __name__ == "__main__":
    sys.exit(main())
