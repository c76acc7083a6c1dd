"""The whole window for the benchmarks: a desk on the clock device, a song, what the window's thread spends and on which part of it."""
import os
import tempfile
import time
from collections import Counter
from contextlib import contextmanager
from functools import cache, wraps
from pathlib import Path
from typing import NamedTuple
from unittest import mock

from PySide6.QtCore import QTimer

from benchmarks import thread_times
from gui.app import make_application, open_window
from gui.controls.base import Painted
from gui.meters.column import MeterColumn
from gui.plots.layers import LayeredPlot
from gui.window.settings import Settings
from mastering_rt.desk.desk import Desk
from mastering_rt.desk.levels import LevelMeters
from mastering_rt.desk.matching import Matcher
from mastering_rt.measure.spectrum import SpectrumMeter
from mastering_rt.playback.device import CLOCK
from mastering_rt.playback.player import Player
from tests.mastering_rt.helpers import RATE, write_song
from tests.signals import programme

SIZES = {"compact": (1280, 720), "comfortable": (1920, 1080)}
STAGES = ("eq", "compressor", "limiter")
PATIENCE_S = 120.0
SOUND_THREAD = "mrt clock"       # stands for the thread of a sound card's driver


@contextmanager
def page(platform, song_s, preset="demo"):
    """(application, program) with a programme of this length open and measured; settings and recovery files in a folder of its own."""
    os.environ["QT_QPA_PLATFORM"] = platform
    with tempfile.TemporaryDirectory() as folder, mock.patch.dict(os.environ, MASTERING_RT_HOME=folder):
        mix = write_song(Path(folder) / "mix.wav", 0.5 * programme(int(song_s * RATE), RATE), RATE, "24")
        app = make_application()
        desk = Desk(CLOCK, autosave=False)
        desk.open(mix)
        desk.load_preset(preset)
        program = open_window(app, desk, Settings())
        try:
            yield app, program
        finally:
            program.acts.recovery.leaving = True
            program.window.close()
            program.end()


def settle(app, program):
    """Until the song is measured and looked through, and the window shows it."""
    began = time.monotonic()
    while works(program.desk) or program.desk.measuring or program.acts.background.busy or program.desk.findings is None:
        if time.monotonic() - began > PATIENCE_S:
            raise TimeoutError("the song was never measured")
        app.processEvents()
        time.sleep(0.005)
    spend(app, 0.5)


def works(desk):
    """Whether anything is worked out, or will be, or is on its way to the engine."""
    measurements = desk._measurements
    return measurements._under_way is not None or bool(measurements._missing()) or desk.player.busy or desk.spectra is None or desk.master_findings is None


@cache
def enough(app):
    """The timer that ends `spend`, always the same: PySide6 takes references of None for every object that is made and lives through an event."""
    timer = QTimer(app)
    timer.setSingleShot(True)
    timer.timeout.connect(app.exit)
    return timer


class Spent(NamedTuple):
    """Percent of one core: of the window's thread, of the whole process, and of the thread that calls the engine."""

    window: float
    process: float
    sound: float


def spend(app, seconds):
    """`Spent` over some seconds of the event loop."""
    timer = enough(app)
    timer.start(round(1000 * seconds))
    sounding = thread_times.named(SOUND_THREAD)
    wall, before = time.perf_counter(), used(sounding)
    app.exec()
    wall, after = time.perf_counter() - wall, used(sounding)
    for times in sounding:
        times.close()
    return Spent(*[100 * (now - then) / wall for then, now in zip(before, after, strict=True)])


def used(sounding):
    """Seconds on a processor until now: of this thread, of the process, of these threads."""
    return time.thread_time(), time.process_time(), sum(times.read()[0] for times in sounding)


class Frame(NamedTuple):
    """One picture, in seconds. gap_s: from the end of the one before to its own end. Of that the window's thread was on a processor for
    cpu_s, waited for one for queued_s, and slept for idle_s until it was due; starved_s is the longest that another thread which may hold
    the interpreter waited for a processor meanwhile, stolen_s what the machine under this one, if it is a virtual one, has kept back of all
    processors. What of that was the window's cannot be told, nor does the kernel tell it to the step."""

    gap_s: float
    cpu_s: float
    queued_s: float
    idle_s: float
    starved_s: float
    stolen_s: float

    @property
    def blocked_s(self):
        """Neither working nor waiting for a processor nor idle: held up by a lock, mostly the interpreter's."""
        return max(0.0, self.gap_s - self.cpu_s - self.queued_s - self.idle_s)

    @property
    def own_s(self):
        """As long as it would have been on processors that nobody else uses: without the waiting for one of the window's thread, and of
        the thread it was held up by."""
        return self.gap_s - self.queued_s - min(self.blocked_s, self.starved_s)


class Frames:
    """Watches the window's timer while it is entered: `found` is a `Frame` for each but the first."""

    def __init__(self, program):
        self._bridge = program.bridge
        self.found = []
        self._end = None

    def __enter__(self):
        self._tick = self._bridge.tick
        self._own, self._others, self._stolen = thread_times.own(), thread_times.others(), thread_times.Stolen()
        self._bridge._timer.timeout.disconnect()
        self._bridge._timer.timeout.connect(self._watched)
        return self

    def _watched(self):
        began = time.perf_counter()
        due = began if self._end is None else self._began + self._bridge._timer.interval() / 1000
        self._began = began
        self._tick()
        QTimer.singleShot(0, lambda: self._take(due))

    def _take(self, due):
        """The pictures of a frame are painted before a timer of no time is asked."""
        if self._own is None:
            return
        end, cpu, queued = time.perf_counter(), *self._own.read()
        starved, stolen = [times.read()[1] for times in self._others], self._stolen.read()
        if self._end is not None:
            before, cpu_before, queued_before, starved_before, stolen_before = self._end
            self.found.append(Frame(end - before, cpu - cpu_before, queued - queued_before, max(0.0, due - before),
                                    max((now - then for now, then in zip(starved, starved_before, strict=True)), default=0.0), stolen - stolen_before))
        self._end = (end, cpu, queued, starved, stolen)

    def __exit__(self, *error):
        self._bridge._timer.timeout.disconnect()
        self._bridge._timer.timeout.connect(self._bridge.tick)
        for times in (self._own, self._stolen, *self._others):
            times.close()
        self._own = None

    @property
    def gaps_s(self):
        return [frame.gap_s for frame in self.found]


PARTS = (                        # owner, its verb, the name in the table
    (Player, "poll", "player: rings, status"),
    (LevelMeters, "feed", "levels: records to readings"),
    (Matcher, "heard", "match"),
    (SpectrumMeter, "push", "spectrum: windows"),
    (SpectrumMeter, "read", "spectrum: points"),
    (MeterColumn, "show_reading", "meters: what moved"))
OWN_PARTS = ("_show_place", "_show_slots", "_take", "_show_histogram", "_show_spectrum", "_reading")


class Clock:
    """Processor seconds of this thread by part, each part without those inside it. Counts while `spent` is there."""

    def __init__(self):
        self.spent = None
        self._inside = []

    def counted(self, name, verb):
        """The verb with its time counted under a name, or under what `name` makes of its first argument."""
        @wraps(verb)
        def call(*args, **kwargs):
            if self.spent is None:
                return verb(*args, **kwargs)
            began = time.thread_time()
            self._inside.append(0.0)
            try:
                return verb(*args, **kwargs)
            finally:
                whole = time.thread_time() - began
                self.spent[name(args[0]) if callable(name) else name] += whole - self._inside.pop()
                if self._inside:
                    self._inside[-1] += whole
        return call


clock = Clock()


def watch_paints():
    """Lets `shares` know what each widget's painting takes. Before the first widget is made: Qt looks an event's function up only once."""
    for painted in (Painted, LayeredPlot):
        painted.paintEvent = clock.counted(lambda widget: f"paint {type(widget).__name__}", painted.paintEvent)


@contextmanager
def shares(program):
    """Entered, counts processor seconds of the window's thread by part into the Counter it gives."""
    motion, timer, tick = program.bridge.motion, program.bridge._timer, program.bridge.tick
    patches = [mock.patch.object(owner, verb, clock.counted(name, getattr(owner, verb))) for owner, verb, name in PARTS]
    patches += [mock.patch.object(motion, verb, clock.counted(f"bridge: {verb[1:].replace('_', ' ')}", getattr(motion, verb))) for verb in OWN_PARTS]
    patches += [mock.patch.object(program.bridge.model, "show", clock.counted("bridge: what was set", program.bridge.model.show))]
    timer.timeout.disconnect()
    timer.timeout.connect(clock.counted("bridge: the rest", tick))
    for patch in patches:
        patch.start()
    clock.spent = Counter()
    try:
        yield clock.spent
    finally:
        clock.spent = None
        for patch in patches:
            patch.stop()
        timer.timeout.disconnect()
        timer.timeout.connect(program.bridge.tick)


def table(rows):
    """Rows (dicts with the same keys) as lines of text."""
    columns = list(rows[0])
    widths = [max(len(column), *(len(str(row[column])) for row in rows)) for column in columns]
    lines = ["  ".join(column.ljust(width) for column, width in zip(columns, widths, strict=True))]
    lines += ["  ".join(str(row[column]).ljust(width) for column, width in zip(columns, widths, strict=True)) for row in rows]
    return "\n".join(line.rstrip() for line in lines)
