"""What the worker's process does besides hosting: its threads, and that it ends when its host does."""
import contextlib
import ctypes
import gc
import mmap
import os
import queue
import signal
import sys
import threading
import time
from collections.abc import Callable, Collection, Iterator
from functools import partial
from typing import Any, BinaryIO, NoReturn

import numpy as np

from dsp_core.foreign.server import Server, flush_denormals_here
from mastering_rt.plugins import wire
from mastering_rt.plugins.passing import receive
from mastering_rt.plugins.texts import comes_back
from mastering_rt.plugins.window_title import name_window
from mastering_rt.plugins.worker import CannotHost, Hosted, NotThere

PR_SET_PDEATHSIG = 1
AHEAD = -11
IDLE_LOOKS = 25                  # so many in vain, and a plugin that was set otherwise is run on silence, to learn what became of it
LOOK_US = 2000                   # how often a worker that nobody rings looks for a block
SLOW_LOOK_US = 5000              # and when none has come for SLOW_LOOKS: a first block may be so late, and half as late again
SLOW_LOOKS = 500
WATCH_S = 0.05                   # how often it looks for parameters that moved by themselves
SELF_TEST_BLOCKS = 40


def main(passage: str, parent: int) -> None:
    """Serve until the host says so or is gone."""
    end_with_parent(parent)
    source, sink = private_streams()
    signal.signal(signal.SIGINT, signal.SIG_IGN)         # Ctrl+C in the terminal is for the host, who ends this in order
    order = wire.read_order(source)
    if not isinstance(order, wire.Load):
        return
    if order.live:
        hurry()
    Worker(order, receive(passage, order.memory, order.memory_bytes), source, sink).work()


def end_with_parent(parent: int) -> None:
    """The kernel ends this process when the host dies, however it dies; elsewhere the end of its standard input does."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)


def hurry() -> None:
    """Before what is not heard, as far as the system lets this user. No real-time class: a plugin that hangs would take a core with it.

    Linux shares the processor between sessions first, and this process leads one: there its own priority counts for nothing, that of the session does.
    """
    with contextlib.suppress(AttributeError, OSError):
        os.setpriority(os.PRIO_PROCESS, 0, AHEAD)
    with contextlib.suppress(OSError), open("/proc/self/autogroup", "w") as session:
        session.write(str(AHEAD))


def private_streams() -> tuple[BinaryIO, BinaryIO]:
    """The streams to the host. What a plugin prints goes where errors go."""
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    return source, sink


class Worker:
    """One plugin. The main thread answers blocks and follows orders, one after another as they were given; another listens to the host. While
    the main thread shows the plugin's window, a third answers blocks and follows orders."""

    def __init__(self, load: wire.Load, memory: mmap.mmap, source: BinaryIO, sink: BinaryIO) -> None:
        self._load, self._memory, self._source, self._sink = load, memory, source, sink
        self._telling = threading.Lock()
        self._orders: queue.SimpleQueue[wire.Order] = queue.SimpleQueue()
        self._jobs: dict[type, Callable[[Any], None]] = {
            wire.Set: self._set, wire.SetState: self._set_state, wire.AskState: self._tell_state, wire.Test: self._test,
            wire.OpenEditor: self._show_editor, wire.CloseEditor: lambda order: self._close_editor.set(), wire.Ping: lambda order: self._tell(wire.Pong())}
        self._close_editor = threading.Event()
        self._showing = self._stirred = False
        self._states_due: list[wire.AskState] = []
        self._idle = 0
        self._known: dict[int, float] = {}       # values as the host knows them
        self._knowing = threading.Lock()
        self._latency = -1

    def work(self) -> None:
        """Main thread."""
        load = self._load
        try:
            self.hosted = Hosted(load.path, load.name, load.rate_hz, load.block_frames, load.state, load.values, load.live, load.identifier)
            self._server = Server(self._memory, load.block_frames)
        except CannotHost as problem:
            self._tell(wire.Failed(str(problem), missing=isinstance(problem, NotThere)))
            return
        facts = self.hosted.facts()
        self._known, self._latency = self.hosted.values(), facts.latency
        gc.freeze()
        gc.disable()
        flush_denormals_here()
        self._server.begin()
        self._tell(wire.Ready(facts, self.hosted.state(), *self.hosted.as_it_comes))
        threading.Thread(target=self._listen, name="host", daemon=True).start()
        with self._failing_aloud():
            self._follow_on()

    def _follow_on(self) -> NoReturn:
        watched_at = time.monotonic()
        while True:
            self._serve()
            self._obey()
            if time.monotonic() - watched_at > WATCH_S:
                self._watch()
                watched_at = time.monotonic()

    def _leave(self) -> NoReturn:
        """Without the plugin's own farewell, in which some hang or crash; what is being told is told to its end."""
        with self._telling:
            os._exit(0)

    def _tell(self, news: wire.News) -> None:
        with self._telling:
            try:
                wire.send(self._sink, news)
            except (OSError, ValueError):
                os._exit(1)

    # the sound

    def _serve(self) -> None:
        """Answer one block, if one comes soon. On the main thread, because there alone a plugin that tells of another latency is heard."""
        server, hosted, memory = self._server, self.hosted, self._memory
        ordered = not (self._orders.empty() or self._states_due)
        look_us = LOOK_US if self._idle < SLOW_LOOKS else SLOW_LOOK_US
        if not server.wait(0 if ordered else look_us):
            if not ordered:
                self._rest()
            return
        self._idle = 0
        if server.fresh and (hosted.renews_anywhere or not self._showing):
            hosted.renew()
        shape, count = (2, server.frames), 2 * server.frames
        sound = np.frombuffer(memory, np.float32, count, server.input_at).reshape(shape)
        np.frombuffer(memory, np.float32, count, server.output_at).reshape(shape)[:] = hosted.process(sound)
        server.answer()
        self._settled()

    def _rest(self) -> None:
        """There was no block for the time of a look."""
        self._idle += 1
        if self._idle > IDLE_LOOKS and self._stirred:
            self.hosted.process(self.hosted.silence)
            self._settled()

    def _settled(self) -> None:
        """All that was set before has reached the plugin, by a block."""
        self._stirred = False
        for order in self._states_due:
            self._tell(wire.State(order.ask, self.hosted.state(), self.hosted.preset()))
        self._states_due.clear()

    def _serve_beside(self) -> None:
        """While the main thread shows the plugin's window. That thread is told of another latency then."""
        flush_denormals_here()
        with self._failing_aloud():
            while self._showing:
                self._serve()
                self._obey()

    @contextlib.contextmanager
    def _failing_aloud(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            self._tell(wire.Failed(f"stopped: {type(error).__name__}: {str(error)[:200]}", lasting=False))
            os._exit(1)

    # the host

    def _listen(self) -> None:
        """What changes the plugin is done in the order in which it was asked for. Texts of values change nothing, and some plugins take long
        to write them: they are asked for here."""
        order = wire.read_order(self._source)
        while order is not None and not isinstance(order, wire.Quit):
            if isinstance(order, wire.AskText):
                self._tell_text(order)
            else:
                self._orders.put(order)
            order = wire.read_order(self._source)
        self._leave()

    def _obey(self) -> None:
        """The next order, if there is one, and all before it were followed."""
        if self._states_due:
            return
        with contextlib.suppress(queue.Empty):
            order = self._orders.get_nowait()
            self._jobs[type(order)](order)

    def _set(self, order: wire.Set) -> None:
        self.hosted.set_values(order.values)
        if not order.as_by_hand:
            self._tell_moved(order.values)
        self._stirred = True

    def _set_state(self, order: wire.SetState) -> None:
        self.hosted.set_state(order.state)
        self.hosted.set_values(order.values)
        self._tell_moved(self._known)
        self._stirred = True

    def _tell_state(self, order: wire.AskState) -> None:
        """Behind the next block: what has been moved since the last one, here or in the plugin's window, is in no state before."""
        self._states_due.append(order)
        self._stirred = True

    def _tell_text(self, order: wire.AskText) -> None:
        try:
            if order.text is not None and order.otherwise is not None:
                self._tell(self._meant(order, (order.text, order.otherwise)))
                return
            value = order.value if order.text is None else self.hosted.value_of(order.index, order.text)
            self._tell(wire.Text(order.ask, order.index, value, self.hosted.text(order.index, value)))
        except (IndexError, RuntimeError, ValueError) as error:
            self._tell(wire.Text(order.ask, order.index, order.value, "", str(error)))

    def _meant(self, order: wire.AskText, given: tuple[str, ...]) -> wire.Text:
        """What can be meant is what the plugin has room for."""
        index, unit = order.index, self.hosted.unit(order.index)
        read = [(value := self.hosted.value_of(index, text), self.hosted.text(index, value)) for text in given]
        possible = [(value, answer) for text, (value, answer) in zip(given, read) if comes_back(text, answer, unit)]
        if len(possible) == 1:
            return wire.Text(order.ask, index, *possible[0])
        return wire.Text(order.ask, index, order.value, "", meanings=given)

    def _show_editor(self, order: wire.OpenEditor) -> None:
        if self._showing:
            self._tell(wire.Editor(True))
            return
        self._close_editor.clear()
        self._showing, closed = True, threading.Event()
        beside = [threading.Thread(target=target, daemon=True)
                  for target in (self._serve_beside, self._watch_while_shown, partial(name_window, order.title, closed))]
        self._tell(wire.Editor(True))
        for thread in beside:
            thread.start()
        problem = ""
        try:
            self.hosted.show_editor(self._close_editor)
        except Exception as error:
            problem = str(error)[:200]
        self._showing = False
        closed.set()
        for thread in beside:
            thread.join()
        self._watch()
        self.hosted.match_all()
        self._tell(wire.Editor(False, problem))

    def _watch_while_shown(self) -> None:
        while self._showing:
            self._close_editor.wait(WATCH_S)
            self._watch()

    def _watch(self) -> None:
        """Parameters and latency that are other than the host knows."""
        with self._knowing:
            moved, latency = self._take_moved(), self.hosted.latency
            self.hosted.match(moved)
            if moved or latency != self._latency:
                self._latency = latency
                self._tell(wire.Moved(moved, latency))

    def _tell_moved(self, indices: Collection[int]) -> None:
        """What became of these, which the host has set."""
        with self._knowing:
            moved = self._take_moved(indices)
            if moved:
                self._tell(wire.Moved(moved, self._latency, asked=True))

    def _take_moved(self, indices: Collection[int] | None = None) -> dict[int, tuple[float, str]]:
        """Values that are other than the host knows, of these parameters or of all; it knows them from now on."""
        moved = {index: (value, self.hosted.text_now(index)) for index, value in self.hosted.values().items()
                 if value != self._known.get(index) and (indices is None or index in indices)}
        self._known.update({index: value for index, (value, _) in moved.items()})
        return moved

    def _test(self, order: wire.Test) -> None:
        self._tell(wire.Verdicts(order.ask, tuple(self_test(self.hosted))))


def self_test(hosted: Hosted) -> list[str]:
    """Noise through the plugin, twice: what a user should know before trusting it."""
    rng = np.random.default_rng(1)
    blocks = [(0.1 * rng.standard_normal((2, hosted.block_frames))).astype(np.float32) for _ in range(SELF_TEST_BLOCKS)]
    first, second = (_passed(hosted, blocks) for _ in range(2))
    noise = np.concatenate(blocks, axis=1)
    found = []
    if not np.isfinite(first).all():
        found.append("NaN")
    elif not first.any():
        found.append("silent")
    elif hosted.latency < noise.shape[1] and np.array_equal(first[:, hosted.latency:], noise[:, :noise.shape[1] - hosted.latency]):
        found.append("identical")
    if not np.array_equal(first, second, equal_nan=True):
        found.append("not repeatable")
    return found


def _passed(hosted: Hosted, blocks: list[np.ndarray]) -> np.ndarray:
    hosted.renew()
    return np.concatenate([hosted.process(block) for block in blocks], axis=1)
