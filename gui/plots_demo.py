"""Song and one stage editor on made-up data, as they stand in a window of a given size, for looking at.

`python -m gui.plots_demo OUT.png [--stage eq|compressor|limiter] [--size 1920x1080] [--theme light] [--scale 2]`
--size is the window's; the page is the part of it that song and stage have. --scale is the screen's (device pixels to one logical).
"""
import argparse
import os
import sys
from collections.abc import Sequence

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QApplication, QWidget

from gui import plots_data
from gui.controls.base import Painted
from gui.editors import CompressorEditor, EqEditor, LimiterEditor, StageEditor
from gui.editors.frame import StageFrame
from gui.plots.song import SongView
from gui.theme import theme
from gui.theme.sizes import GUTTER, density_for

STAGES = ("eq", "compressor", "limiter")
GAINS_DB = {"mix": 0.0, "master": -5.4}
COMPRESSOR = {"threshold": -22.5, "ratio": 1.6, "knee": 8.0, "attack": 22.0, "release": 190.0, "detector": 1.0, "detector_low_cut": 90.0,
              "link": 80.0, "makeup": 1.0}
LIMITER = {"gain": 6.6, "ceiling": -1.0, "release": 120.0, "lookahead": 2.0}
RECORD_S = 1 / 250


class Page(Painted, QWidget):
    """Song above, stage below, parted by a gutter."""

    def __init__(self, stage: str, width: int, height: int) -> None:
        super().__init__()
        self.song = make_song(self)
        self.frame = StageFrame(make_stage(stage), self)
        self.frame.header.preset.show_value(0, {"eq": "Gentle tilt, edited", "compressor": "Glue, slow"}.get(stage, "Transparent, edited"))
        show_stage(self.frame)
        self.set_up("Page", "bg", focus=False)
        self.resize(*page_size(width, height))

    def resizeEvent(self, event: object) -> None:
        gap, song = theme.px(GUTTER), self.song.sizeHint().height()
        self.song.setGeometry(0, 0, self.width(), song)
        self.frame.setGeometry(0, song + gap, self.width(), self.height() - song - gap)

    def draw(self, painter: QPainter, area: QRect) -> None:
        """The ground is all there is."""


def page_size(width: int, height: int) -> tuple[int, int]:
    """What song lanes and stage have of a window of this size."""
    s = theme.sizes
    gap = GUTTER
    used = s.title_strip + s.compare_bar + 2 + s.song_header + s.chain + s.status + 4 * gap
    return theme.px(width - s.meters - gap), theme.px(height - used)


def make_song(parent: QWidget | None = None) -> SongView:
    """The song of 3:47 with loop, playhead and two findings."""
    song, view, rate = plots_data.demo_song(), SongView(parent), plots_data.RATE
    view.set_song(song.frames, rate)
    for name, overview, loudness in (("mix", song.mix, song.mix_lufs), ("master", song.master, song.master_lufs)):
        view.set_overview(name, overview)
        view.set_loudness(name, loudness)
    view.set_reduction(song.reduction)
    view.set_findings(song.findings)
    start, stop = plots_data.LOOP_S
    view.set_loop((round(start * rate), round(stop * rate)), True)
    view.set_position(round(plots_data.POSITION_S * rate))
    return view


def make_stage(stage: str) -> StageEditor:
    """One editor with data in it."""
    if stage == "eq":
        eq = EqEditor(plots_data.AnalogResponse())
        hz, mix, master = plots_data.demo_spectra()
        eq.plot.set_spectrum("mix", hz, mix)
        eq.plot.set_spectrum("master", hz, master + 5.4)
        eq.plot.set_matched("master", GAINS_DB["master"])
        eq.select(6)
        return eq
    if stage == "compressor":
        compressor = CompressorEditor(plots_data.static_curve_db)
        records, levels, counts = plots_data.demo_compressor()
        compressor.transfer.set_histogram(levels, counts)
        compressor.push(records, RECORD_S)
        compressor.show_facts([("Mean, loop", "−1.1 dB"), ("Most, loop", "−2.8 dB"), ("Over 1 dB", "52 %")])
        return compressor
    limiter = LimiterEditor()
    limiter.push(plots_data.demo_limiter(), RECORD_S)
    limiter.show_facts([("Over 1 dB", "14.5 %"), ("Over 3 dB", "0.9 %"), ("Most, 0:57", "−4.6 dB")])
    return limiter


def show_stage(frame: StageFrame) -> None:
    """The settings the data was made with."""
    frame.show_values({"eq": plots_data.DEMO_EQ, "compressor": COMPRESSOR, "limiter": LIMITER}[frame.editor.kind])


def main(arguments: Sequence[str] | None = None) -> int:
    """Draws the page and writes it as PNG; 1 where the file cannot be written."""
    parser = argparse.ArgumentParser(prog="python -m gui.plots_demo", description="Draws song and one stage editor on made-up data.")
    parser.add_argument("out", metavar="OUT.png")
    parser.add_argument("--stage", choices=STAGES, default="eq")
    parser.add_argument("--size", default="1920x1080", help="of the window, as 1920x1080")
    parser.add_argument("--theme", choices=("dark", "light"), default="dark")
    parser.add_argument("--scale", type=float, default=1.0, help="device pixels to one logical pixel")
    asked = parser.parse_args(arguments)
    try:
        width, height = (int(part) for part in asked.size.split("x"))
    except ValueError:
        parser.error(f"a size is written as 1920x1080, not {asked.size!r}")
    os.environ["QT_SCALE_FACTOR"] = str(asked.scale)
    if "DISPLAY" not in os.environ and "WAYLAND_DISPLAY" not in os.environ and sys.platform.startswith("linux"):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    theme.start(app)
    theme.use(name=asked.theme, density=density_for(width, height))
    page = Page(asked.stage, width, height)
    page.show()
    app.processEvents()
    if not page.grab().save(asked.out):
        print(f"The page could not be written to {asked.out}; choose a folder that exists and may be written to.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
