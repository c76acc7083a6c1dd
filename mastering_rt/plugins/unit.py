"""One foreign plugin as the host holds it: its line, its worker, and a thread that watches the worker and brings it back.

Whatever happens to the worker, the line goes on with dry sound; nothing here is waited for by the audio thread or the control thread.
"""
import contextlib
import os
import queue
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from dsp_core.foreign.lead import block_frames_at, memory_bytes
from dsp_core.foreign.line import Line
from mastering_rt.errors import Check, go_on
from mastering_rt.identity import is_another
from mastering_rt.plugins import wire
from mastering_rt.plugins.blocked import WORDS as BLOCKED
from mastering_rt.plugins.blocked import is_blocked
from mastering_rt.plugins.health import LOOK_S, Health
from mastering_rt.plugins.memory import Shared
from mastering_rt.plugins.process import Process, how_it_ended, trim_log
from mastering_rt.plugins.spare import spares

Phase = Literal["starting", "running", "resting", "closed"]
LOAD_S = 30.0                    # a plugin that takes longer to load hangs
MOST_FAILURES = 3                # within FAILURES_S; then it rests until it is asked for
FAILURES_S = 60.0
TRIM_S = 10.0                    # how often the log of what plugins print is looked at, some print in every block
UNKNOWN = "lies in no folder of plugins, and no scan has tried it, so it waits for your word"
ASK_AGAIN_S = 0.5                # whether it may be loaded by now
ECHO_S, ECHO = 1.0, 0.01         # a value that comes back so soon after it was set, and so close to it, is the plugin's own rounding


@dataclass(frozen=True)
class Setup:
    """Which plugin, and how it is set. values: parameter index -> 0..1, on top of the state. identifier: of the plugin that it was set in; a
    file that holds another one is refused."""

    path: str
    name: str = ""
    state: bytes = b""
    values: tuple[tuple[int, float], ...] = ()
    identifier: str = ""

    def same_plugin(self, other: "Setup") -> bool:
        """A setup without a name means the only plugin of its file."""
        same_name = self.name == other.name or not (self.name and other.name)
        return self.path == other.path and same_name and not is_another(self.identifier, other.identifier)


@dataclass(frozen=True)
class Happening:
    """What a unit has to tell the control thread: a sentence, values that moved in the plugin, its whole state, or its window."""

    sentence: str = ""
    moved: Mapping[int, float] | None = None
    state: wire.State | None = None
    text: wire.Text | None = None
    verdicts: tuple[str, ...] | None = None
    editor: wire.Editor | None = None
    ready: bool = False
    asks: bool = False           # whether it may be loaded at all


class Unit:
    """Starts at once, on a thread of its own. `title` begins its sentences. patience: address for lines that are run offline.
    may_load: asked on that thread for the path, before each try and now and then after a no."""

    def __init__(self, setup: Setup, rate_hz: float, *, title: str = "", device_frames: int = 0, patience: int = 0,
                 latency: int = 0, may_load: Callable[[str], bool] | None = None, now: Callable[[], float] = time.monotonic) -> None:
        self.setup, self.rate_hz, self.title = setup, rate_hz, title or setup.name or setup.path
        self.phase: Phase = "starting"
        self.problem = ""
        self.asks = False                        # rests, until it may be loaded
        self.missing = False                     # rests, because its file is not there or holds another plugin
        self.facts: wire.Facts | None = None
        self.latency = latency                   # samples, as last told
        self.values: dict[int, float] = {}
        self.texts: dict[int, str] = {}
        self.state = setup.state                 # last known
        self._as_it_comes = self._preset = b""   # the state of the plugin before anything is set
        self.editor_open = False
        self.failures = 0                        # in all
        self.pid = 0
        self._memory = Shared(memory_bytes(block_frames_at(rate_hz)))
        self.line = Line(self._memory.bytes, rate_hz, device_frames, patience)
        self._now, self._may_load = now, may_load
        self._process: Process | None = None
        self._states_asked: list[int] = []       # questions for the state that were not answered yet
        self._overtaken: set[int] = set()        # of these those that were asked before another state was set
        self._asked: dict[int, tuple[float, float]] = {}     # when a value was set last, and to what
        self._below: dict[int, float] = {}       # values that the setup's state has beneath those on top of it, as far as known
        self._told_values: dict[int, list[float]] = {}       # that came from the plugin and are not in the setup yet
        self._failed_at: list[float] = []
        self._wanted = threading.Event()
        self._settled = threading.Event()
        self._closing = self._renewing = False
        self._told: queue.SimpleQueue[Happening] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._watch, name=f"plugin {self.title}", daemon=True)
        self._thread.start()

    # the control thread

    def wait(self, seconds: float = LOAD_S + 10, check: Check = go_on) -> bool:
        """Until it answers blocks or cannot be had; True when it answers. What `check` raises ends the waiting."""
        end = time.monotonic() + seconds
        while not self._settled.wait(LOOK_S) and time.monotonic() < end:
            check()
        return self.phase == "running"

    def wait_for_end(self, seconds: float) -> None:
        """Offline: until it is known how the worker ended."""
        end = self._now() + seconds
        while self.phase == "running" and self._now() < end:
            time.sleep(LOOK_S)

    def follow(self, setup: Setup) -> None:
        """Become this setup of the same plugin, with as little change as can be; as soon as the plugin runs."""
        with self._lock:
            before, self.setup = self.setup, setup
            if self._base(setup) != self._base(before):
                self._below.clear()
            if self.phase == "running" and self._process is not None:
                self._bring(self._process, before, setup)

    def _bring(self, process: Process, before: Setup, setup: Setup) -> None:
        """From one setup to another."""
        wanted, old, new = self._base(setup), dict(before.values), dict(setup.values)
        gone = set(old) - set(new)
        same_base = wanted == self._base(before)
        other_state = not same_base and wanted != self.state
        if wanted and (other_state or not gone <= set(self._below)):
            self.state = wanted
            self._overtaken.update(self._states_asked)
            self._mark(new)
            process.tell(wire.SetState(wanted, new))
            return
        changed = {index: value for index, value in new.items() if old.get(index) != value and not self._is_told(index, value)}
        if same_base:
            self._below.update({index: self.values[index] for index in changed if index not in old and index in self.values})
        defaults = {parameter.index: parameter.default for parameter in self.facts.parameters} if self.facts else {}
        changed |= {index: self._below.get(index, defaults.get(index, 0.0)) for index in gone}
        if changed:
            self._mark(changed)
            process.tell(wire.Set(changed))

    def _base(self, setup: Setup) -> bytes:
        """The state below the values."""
        return setup.state or self._as_it_comes

    @property
    def as_it_comes(self) -> tuple[bytes, bytes]:
        """The plugin's state before anything is set, and the same as portable preset data; empty while that is not known."""
        return self._as_it_comes, self._preset

    def _is_told(self, index: int, value: float) -> bool:
        """Whether the plugin itself has told of this value. Sending it back would pull at a control that a hand is moving on."""
        told = self._told_values.get(index, [])
        if value not in told:
            return False
        del told[:told.index(value) + 1]
        return True

    def _mark(self, values: Mapping[int, float]) -> None:
        at = self._now()
        self._asked.update({index: (at, value) for index, value in values.items()})
        self.values.update(values)
        for index in values:
            self._told_values.pop(index, None)

    def ask(self, order: wire.Order) -> bool:
        """Give the worker an order whose answer comes as a happening. False while there is no worker."""
        with self._lock:
            process = self._process
            told = process is not None and self.phase == "running" and process.tell(order)
            if told and isinstance(order, wire.AskState):
                self._states_asked.append(order.ask)
        return told

    def beneath(self, index: int) -> float | None:
        """The value that the setup's state has, beneath the one that may be set on top of it; None where that is not known."""
        return self._below.get(index, self.values.get(index))

    def ask_now(self, values: Mapping[int, float]) -> None:
        """Move parameters in the worker only: it forgets them when it is brought back."""
        self.ask(wire.Set(dict(values), as_by_hand=True))

    def revive(self) -> None:
        """Try again, after it was given up."""
        self._failed_at.clear()
        if self.phase == "resting":
            self.phase, self.problem, self.missing = "starting", "", False
            self._settled.clear()
        self._wanted.set()

    def reload(self) -> None:
        """Begin anew with the plugin's file as it is now, set as it is."""
        self._renewing = True
        self.revive()

    def happenings(self) -> list[Happening]:
        """What has happened since the last call."""
        found = []
        while not self._told.empty():
            found.append(self._told.get())
        return found

    def next_happening(self, wanted: Callable[[Happening], bool], seconds: float, check: Check = go_on) -> Happening | None:
        """For work off the control thread: the next happening of a kind; what comes before it is dropped. None when none comes in time. What
        `check` raises ends the waiting."""
        end = self._now() + seconds
        while self._now() < end and self.phase == "running":
            found = next((told for told in self.happenings() if wanted(told)), None)
            if found is not None:
                return found
            check()
            time.sleep(LOOK_S / 5)
        return None

    def close(self, wait: bool = False) -> None:
        """Let go of the worker. It has ended when `wait` comes back."""
        self._closing = True
        self._wanted.set()
        if wait:
            self._thread.join()

    # the watching thread

    def _watch(self) -> None:
        while not self._closing:
            self._wanted.clear()
            self._run_one()
            if self._closing:
                break
            if self.phase == "resting":
                self._settled.set()
                self._wanted.wait(ASK_AGAIN_S if self.asks else None)
        self.phase = "closed"
        self.line.dismiss()
        self._settled.set()
        self._memory.close_descriptor()

    def _run_one(self) -> None:
        """One worker from its beginning to its end."""
        if is_blocked(self.setup.path):
            self._do_without(BLOCKED)
            return
        if self._may_load is not None and not self._may_load(self.setup.path):
            self._wait_for_word()
            return
        if self.asks:
            self.asks, self.phase, self.problem = False, "starting", ""
        try:
            process = spares.take()
        except OSError as error:
            self._do_without(f"cannot be started: {error.strerror or error}")
            return
        self.pid = process.pid
        with self._lock:
            setup = self.setup
        process.load(self._memory, wire.Load(os.path.abspath(setup.path), setup.name, self.rate_hz, self.line.block_frames, self._memory.size,
                                             setup.state, dict(setup.values), not self.line.waits, self._memory.handle,
                                             setup.identifier))
        self._process = process
        problem = self._attend(process, setup)
        self.line.dismiss()
        self._process, self.editor_open = None, False
        status = process.end(kindly=self._closing or self._renewing)
        if self._renewing:
            self._renewing, self.phase = False, "starting"
        elif not self._closing:
            self._fail(problem or how_it_ended(status))

    def _attend(self, process: Process, loaded: Setup) -> str:
        """Until the worker ends, or has to be ended: then why."""
        began = looked_at = trimmed_at = self._now()
        health = Health(self.line, process, self._now)
        while not (self._closing or self._renewing):
            with contextlib.suppress(queue.Empty):
                news = process.news.get(timeout=LOOK_S)
                if news is None:
                    return ""
                if isinstance(news, wire.Failed):
                    if news.lasting:
                        self._rest(news.problem, news.missing)
                    return news.problem
                if isinstance(news, wire.Ready):
                    self._admit(news, process, loaded)
                    health.restart()
                elif isinstance(news, wire.Pong):
                    health.pong()
                else:
                    self._take(news)
            if self._now() - looked_at < LOOK_S:
                continue
            looked_at = self._now()
            if looked_at - trimmed_at > TRIM_S:
                trimmed_at = looked_at
                trim_log()
            if self.phase == "running":
                if problem := health.problem(self.editor_open):
                    return problem if process.lives or self.line.fault else ""       # the dead do not answer either
            elif looked_at - began > LOAD_S:
                return f"did not load within {LOAD_S:.0f} s"
        return ""

    def _take(self, news: wire.News) -> None:
        if isinstance(news, wire.Moved):
            self._moved(news)
        elif isinstance(news, wire.State):
            self._note_state(news)
            self._told.put(Happening(state=news))
        elif isinstance(news, wire.Text):
            self._told.put(Happening(text=news))
        elif isinstance(news, wire.Verdicts):
            self._told.put(Happening(verdicts=news.found))
        elif isinstance(news, wire.Editor):
            self.editor_open = news.is_open
            self._told.put(Happening(editor=news))

    def _note_state(self, news: wire.State) -> None:
        """Answers come in the order of the questions."""
        with self._lock:
            if news.ask in self._states_asked:
                del self._states_asked[:self._states_asked.index(news.ask) + 1]
            if news.ask in self._overtaken:
                self._overtaken.discard(news.ask)
            else:
                self.state = news.state

    def _admit(self, ready: wire.Ready, process: Process, loaded: Setup) -> None:
        back = self.facts is not None
        with self._lock:
            self.facts, self.latency, self.state, self._as_it_comes = ready.facts, ready.facts.latency, ready.state, ready.as_it_comes
            self._preset = ready.preset
            self.values = {parameter.index: parameter.value for parameter in ready.facts.parameters}
            self.texts = {parameter.index: parameter.text for parameter in ready.facts.parameters}
            self._told_values.clear()
            self._states_asked.clear()
            self._overtaken.clear()
            self.line.admit(ready.facts.latency)
            self.phase, self.problem = "running", ""
            self._bring(process, loaded, self.setup)
        self._settled.set()
        self._told.put(Happening(f"{self.title} is back, set as it was." if back else "", ready=True))

    def _moved(self, moved: wire.Moved) -> None:
        at, own = self._now(), {}
        with self._lock:
            on_top = dict(self.setup.values)
            for index, (value, text) in moved.values.items():
                set_at, wish = self._asked.get(index, (-ECHO_S, value))
                if not moved.asked and (at - set_at >= ECHO_S or abs(value - wish) > ECHO):
                    own[index] = value
                    if index not in on_top:
                        self._below.setdefault(index, self.values.get(index, value))
                    self._told_values.setdefault(index, []).append(value)
                self.values[index], self.texts[index] = value, text
            self.latency = moved.latency
        if own:
            self._told.put(Happening(moved=own))

    def _do_without(self, problem: str) -> None:
        """There is no worker and no use in another try."""
        self._rest(problem)
        self._told.put(Happening(f"{self.title} {problem}. The dry sound stands in for it."))

    def _wait_for_word(self) -> None:
        """Said once."""
        self._rest(UNKNOWN)
        if not self.asks:
            self.asks = True
            self._told.put(Happening(asks=True))

    def _rest(self, problem: str, missing: bool = False) -> None:
        self.phase, self.problem, self.missing = "resting", problem, missing

    def _fail(self, problem: str) -> None:
        """Told once; tried again unless it has failed too often."""
        at = self._now()
        self.failures += 1
        self._failed_at = [t for t in self._failed_at if at - t < FAILURES_S] + [at]
        tired = len(self._failed_at) >= MOST_FAILURES or self.line.waits
        if self.phase != "resting":
            self.phase, self.problem = ("resting" if tired else "starting"), problem
        if self.phase == "resting":
            after = "The dry sound stands in for it; take it in again when you have seen to it." if not self.line.waits else ""
        else:
            after = "The dry sound stands in until it is back."
        self._told.put(Happening(f"{self.title} {problem}. {after}".rstrip()))
