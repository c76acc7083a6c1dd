"""Milliseconds of processor time per painted frame of every plot, back to back, at the sizes it has in a window of 1280x720 and of 1920x1080.

    python benchmarks/bench_gui_plots.py [--frames 200] [--seconds 4] [--json FILE]

After that the share of a core that song and one stage take while a 16 ms timer drives them as the window does: histories and playhead
60 times a second, spectra 60 in a compact window and 30 in a comfortable one. Cold caches and wake-ups make it more than the first table says.
"""
import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from gui import plots_data, plots_demo
from gui.editors.compressor import CompressorEditor
from gui.editors.eq import EqEditor
from gui.editors.limiter import LimiterEditor
from gui.theme import theme
from gui.theme.sizes import density_for
from mastering_rt.measure.overview import Overview
from mastering_rt.measure.spectrum import SpectrumMeter

SIZES = ((1280, 720), (1920, 1080))
FRAME_S = 1 / 60
RECORD_S = 0.01


def timed(step: Callable[[int], object], frames: int) -> float:
    """Median milliseconds of processor time of a step, after a few to warm up."""
    for index in range(5):
        step(index)
    spent = []
    for index in range(frames):
        start = time.process_time()
        step(index)
        spent.append((time.process_time() - start) * 1000)
    return statistics.median(spent)


def blit() -> Callable[[int], object]:
    """One opaque blit, to tell how fast the machine is at the moment."""
    source, target = QPixmap(1568, 418), QPixmap(1568, 418)
    source.fill(QColor("#123456"))
    target.fill(QColor("#000000"))

    def step(_index: int) -> None:
        painter = QPainter(target)
        painter.drawPixmap(0, 0, source)
        painter.end()
    return step


def painted(widget: QWidget, change: Callable[[int], object]) -> Callable[[int], object]:
    """A step that changes something and paints what that asked for, at once."""
    def step(index: int) -> None:
        change(index)
        QApplication.processEvents()
    return step


def spectrum_steps(eq: EqEditor) -> dict[str, Callable[[int], object]]:
    hz, mix, master = plots_data.demo_spectra()
    rng = np.random.default_rng(1)
    moving = [(mix + rng.standard_normal(len(hz)), master + rng.standard_normal(len(hz))) for _ in range(16)]

    def spectra(index: int) -> None:
        a, b = moving[index % 16]
        eq.plot.set_spectrum("mix", hz, a)
        eq.plot.set_spectrum("master", hz, b)
    return {"spectrum under the EQ, new data": painted(eq, spectra),
            "EQ band dragged, curve and table": painted(eq, lambda i: eq.show_value("band3_gain", -2.0 + 0.1 * (i % 20))),
            "EQ node pointed at": painted(eq, lambda i: eq.plot.renew_overlay())}


def song_steps() -> tuple[QWidget, dict[str, Callable[[int], object]]]:
    song = plots_demo.make_song()
    total = song.scene.view.total

    def zoomed(index: int) -> None:
        song.show_range(0.0, total * (1.0 - 0.5 * ((index % 10) / 10)))
    return song, {"song, playhead by one pixel": painted(song, lambda i: song.set_position(round((i % 1000) / 1000 * total))),
                  "song, loop dragged": painted(song, lambda i: song.set_loop((0, 1000 + i * 1000), True)),
                  "song, zoom or other source heard": painted(song, zoomed)}


def history_steps(editor: CompressorEditor | LimiterEditor, records: np.ndarray) -> Callable[[int], object]:
    """16 ms of records per frame, as the telemetry brings them."""
    carry = [0.0, 0]

    def push(_index: int) -> None:
        carry[0] += FRAME_S / RECORD_S
        count = int(carry[0])
        carry[0] -= count
        start = int(carry[1]) % (len(records) - 8)
        carry[1] += count
        editor.push(records[start:start + count], RECORD_S)
    return painted(editor, push)


def page_steps(width: int, height: int) -> dict[str, Callable[[int], object]]:
    """Every step at the sizes of one window."""
    theme.use(density=density_for(width, height))
    page_width, page_height = plots_demo.page_size(width, height)
    song, steps = song_steps()
    song.resize(page_width, song.sizeHint().height())
    stage_height = page_height - song.height() - theme.px(4) - theme.px(theme.sizes.stage_header)
    editors = {name: plots_demo.make_stage(name) for name in plots_demo.STAGES}
    for widget in KEPT:
        widget.hide()
    for widget in (song, *editors.values()):
        widget.resize(page_width, widget.height() if widget is song else stage_height)
        widget.show()
        KEPT.append(widget)
    QApplication.processEvents()
    eq, compressor, limiter = editors["eq"], editors["compressor"], editors["limiter"]
    assert isinstance(eq, EqEditor)
    assert isinstance(compressor, CompressorEditor)
    assert isinstance(limiter, LimiterEditor)
    eq.show_values(plots_data.DEMO_EQ)
    steps |= spectrum_steps(eq)
    steps["compressor, 16 ms of history and the dot"] = history_steps(compressor, plots_data.demo_compressor(20, RECORD_S)[0])
    steps["limiter, 16 ms of history"] = history_steps(limiter, plots_data.demo_limiter(20, RECORD_S))
    return steps


def paced(width: int, seconds: float) -> dict[str, float]:
    """Share of a core for song and each stage, driven by a precise timer; only these two are shown."""
    shares = {}
    for stage, match in (("EQ", "spectrum"), ("compressor", "compressor"), ("limiter", "limiter")):
        steps = page_steps(*next(size for size in SIZES if size[0] == width))
        song, editors = KEPT[-4], dict(zip(plots_demo.STAGES, KEPT[-3:], strict=True))
        for name, editor in editors.items():
            editor.setVisible(name == stage.lower())
        live = next(step for name, step in steps.items() if name.startswith(match))
        every = 2 if match == "spectrum" and width >= 1600 else 1
        shares[stage] = share_of_a_core(song, live, every, seconds)
    return shares


def share_of_a_core(song: QWidget, live: Callable[[int], object], every: int, seconds: float) -> float:
    """Processor time over time while a timer of 16 ms runs."""
    timer, loop, tick = QTimer(), QEventLoop(), [0]
    timer.setTimerType(Qt.TimerType.PreciseTimer)

    def frame() -> None:
        tick[0] += 1
        song.set_position(tick[0] * plots_data.RATE // 60)
        if tick[0] % every == 0:
            live(tick[0])
    timer.timeout.connect(frame)
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    timer.start(16)
    wall, cpu = time.perf_counter(), time.process_time()
    loop.exec()
    return (time.process_time() - cpu) / (time.perf_counter() - wall)


KEPT: list[QWidget] = []


def measured(frames: int) -> dict[str, float]:
    """What is computed for the plots, per second of music or per song."""
    rate, rng = 48000, np.random.default_rng(1)
    meter = SpectrumMeter(rate)
    block = (0.1 * rng.standard_normal((rate // 60, 4))).astype(np.float32)

    def spectrum(_index: int) -> None:
        meter.push(block)
        meter.read()
    planes = rng.standard_normal((2, 44100 * 60))
    start = time.process_time()
    Overview.of(planes, 44100)
    minute_ms = (time.process_time() - start) * 1000
    overview = Overview.of(planes, 44100)
    return {"spectrum of 16 ms of mix and master, read": timed(spectrum, frames),
            "overview of a stereo minute at 44.1 kHz": minute_ms,
            "1568 columns of it": timed(lambda i: overview.columns(i, 44100 * 60 - i, 1568), frames)}


def main() -> int:
    parser = argparse.ArgumentParser(description="Times the painting of every plot.")
    parser.add_argument("--frames", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=4.0, help="of each paced run")
    parser.add_argument("--json", metavar="FILE")
    asked = parser.parse_args()
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    theme.start(app)
    results: dict[str, dict[str, float]] = {"yardstick": {"opaque blit of 1568 x 418": round(timed(blit(), asked.frames), 4)}}
    print(f"yardstick: opaque blit of 1568 x 418 {results['yardstick']['opaque blit of 1568 x 418']:.3f} ms (0.08 on an idle machine)")
    for width, height in SIZES:
        size = f"{width}x{height}"
        print(f"\n{size:46} ms a frame")
        results[size] = {}
        for name, step in page_steps(width, height).items():
            ms = results[size][name] = round(timed(step, asked.frames), 4)
            print(f"  {name:44} {ms:10.3f}")
        for stage, share in paced(width, asked.seconds).items():
            results[size][f"share of a core, song and {stage}"] = round(share, 4)
            print(f"  {'song and ' + stage + ', paced':44} {share:10.1%} of a core")
    print("\ncomputed" + " " * 39 + "ms")
    results["computed"] = {name: round(ms, 4) for name, ms in measured(asked.frames).items()}
    for name, ms in results["computed"].items():
        print(f"  {name:44} {ms:10.3f}")
    if asked.json:
        Path(asked.json).write_text(json.dumps(results, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
