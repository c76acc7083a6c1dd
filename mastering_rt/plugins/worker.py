"""The process that one foreign plugin lives in. The only place where pedalboard is imported.

usage: python -m mastering_rt.plugins.worker PASSAGE PARENT

The main thread loads the plugin, answers blocks and shows the plugin's window, as plugins want (`serving`).
"""
import contextlib
import os
import sys
import threading
import time
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pedalboard
from numpy.typing import NDArray
from pedalboard import _pedalboard

from mastering_rt.identity import is_another
from mastering_rt.plugins.controls import FREE_STEPS, sort_parameters
from mastering_rt.plugins.renewal import BY_ITSELF, KIND_OF_RESET, find_renewal, set_way, way
from mastering_rt.plugins.window_title import forgive_x_errors
from mastering_rt.plugins.wire import Facts, Parameter

Sound = NDArray[np.float32]
SWEEP = "__set_initial_parameter_values__"
LONGEST_TEXT = 200
STEADY_BLOCKS, MOST_SETTLING_BLOCKS = 2, 8


class CannotHost(Exception):
    """Why a plugin cannot be used; the end of a sentence that begins with its name."""


class NotThere(CannotHost):
    """Its file is not there, or holds another plugin."""


def skip_parameter_sweep() -> None:
    """pedalboard asks for 1001 texts of every parameter when a plugin is loaded, which takes up to minutes and moves some of them."""
    mixin = _pedalboard._PythonExternalPluginMixin
    if not (hasattr(mixin, SWEEP) and hasattr(pedalboard.VST3Plugin, KIND_OF_RESET)):
        raise CannotHost("this version of pedalboard is not known to this version of Mastering RT; install one from 0.9.22 on")
    setattr(mixin, SWEEP, lambda self, values: None)


def kind_of(path: str) -> Any:
    """The class that loads this file."""
    name = "AudioUnitPlugin" if path.lower().endswith((".component", ".appex")) else "VST3Plugin"
    found = getattr(pedalboard, name, None)
    if found is None or not path.lower().endswith((".vst3", ".component", ".appex")):
        raise CannotHost("is of a format that cannot be hosted here; VST3 can, and Audio Units on macOS")
    return found


class Hosted:
    """One plugin, or two of a kind where it takes one channel only. Load it on the main thread. live: somebody listens."""

    def __init__(self, path: str, name: str, rate_hz: float, block_frames: int, state: bytes = b"", values: Mapping[int, float] | None = None,
                 live: bool = False, identifier: str = "") -> None:
        began = time.perf_counter()
        self.path, self.rate_hz, self.block_frames = path, rate_hz, block_frames
        self._kind = kind_of(path)
        if not os.path.exists(path):
            raise NotThere("is not there")
        skip_parameter_sweep()
        self._changing = threading.RLock()       # parameters must not be touched while a plugin is loaded anew
        self.silence = np.zeros((2, block_frames), np.float32)
        self._plugins = [self._load(name)]
        self._check_identity(identifier)
        self.as_it_comes = self.state(), self.preset()
        self._settle(state, values or {})
        self.channels = self._find_channels()
        self._let_it_settle()
        self.sorted = sort_parameters(self._parameters[0], self.state, self.set_state, self._run_alone)
        self.shown = self.sorted.controls
        if self.channels == 1:
            self._plugins.append(self._load(name))
            self._settle(state, values or {})
        self._find_renewal(live)
        self.load_ms = 1e3 * (time.perf_counter() - began)

    def _load(self, name: str) -> Any:
        try:
            return self._kind(self.path, plugin_name=name or None)
        except (ImportError, ValueError, RuntimeError) as error:
            raise CannotHost(f"cannot be loaded: {str(error).splitlines()[0][:LONGEST_TEXT]}") from None

    def _check_identity(self, wanted: str) -> None:
        """Before it is set: what the state of one plugin does to another nobody knows."""
        if is_another(wanted, self._told("identifier")):
            raise NotThere(f"is not in its file any more, which holds {self._told('name')} by {self._told('manufacturer_name') or 'nobody named'}")

    def _told(self, what: str) -> str:
        """A fact as the plugin's class has it, out of reach of parameters of the same name."""
        plugin = self._plugins[0]
        return clean(getattr(type(plugin), what).__get__(plugin))

    def _settle(self, state: bytes, values: Mapping[int, float]) -> None:
        """As it is to be set, and without the noise that loading sends through it."""
        self._find_parameters()
        if state:
            self.set_state(state)
        self.set_values(values)
        for plugin in self._plugins:
            plugin.reset()
        self._find_parameters()

    def _find_renewal(self, live: bool) -> None:
        """What the first of a pair needs to forget, the second gets too."""
        first = self._plugins[0]
        find_renewal(first, self._begin_alone, lambda block: self._padded(first, block), (self.channels, self.block_frames), live)
        for other in self._plugins[1:]:
            set_way(other, way(first))
        self.renews_anywhere = way(first) == BY_ITSELF
        self._clean = False
        self.renew()

    def _begin_alone(self) -> None:
        self._plugins[0].reset()
        self._run_alone()

    def _find_parameters(self) -> None:
        self._parameters = [list(plugin._parameters) for plugin in self._plugins]

    def _find_channels(self) -> int:
        plugin = self._plugins[0]
        if type(plugin).is_instrument.__get__(plugin):
            raise CannotHost("is an instrument; only effects can be put into a chain")
        problem = ""
        for channels in (2, 1):
            try:
                plugin.process(self.silence[:channels], self.rate_hz, buffer_size=self.block_frames, reset=False)
                return channels
            except ValueError as error:
                problem = str(error)
        raise CannotHost(f"takes neither two channels nor one: {problem[:LONGEST_TEXT]}")

    def _let_it_settle(self) -> None:
        """What was set reaches some plugins with the first block, and makes them tell of another latency and begin anew behind it."""
        steady = 0
        for _ in range(MOST_SETTLING_BLOCKS):
            before = self.latency
            self._run_alone()
            steady = steady + 1 if self.latency == before else 0
            if steady == STEADY_BLOCKS:
                return

    def _run_alone(self) -> None:
        self._plugins[0].process(self.silence[:self.channels], self.rate_hz, buffer_size=self.block_frames, reset=False)

    # sound

    def renew(self) -> None:
        """Forget all sound. A block of silence of full length follows, because the first block decides how long any later one may be.

        A plugin that does not forget by itself is loaded anew, which takes the main thread and makes new parameters.
        """
        if self._clean:
            return
        with contextlib.nullcontext() if self.renews_anywhere else self._changing:
            for plugin in self._plugins:
                plugin.reset()
            if not self.renews_anywhere:
                self._find_parameters()
        self.process(self.silence)
        self._clean = True

    def process(self, sound: Sound) -> Sound:
        """The same shape; what the plugin holds back after it was renewed is silence."""
        self._clean = False
        if self.channels == 2:
            return self._padded(self._plugins[0], sound)
        return np.concatenate([self._padded(plugin, sound[c:c + 1]) for c, plugin in enumerate(self._plugins)])

    def _padded(self, plugin: Any, sound: Sound) -> Sound:
        out: Sound = plugin.process(sound, self.rate_hz, buffer_size=self.block_frames, reset=False)
        if out.shape == sound.shape:
            return out
        whole = np.zeros_like(sound)
        if out.size:
            whole[:, sound.shape[1] - out.shape[1]:] = out
        return whole

    @property
    def latency(self) -> int:
        """Frames, as the plugin tells them."""
        return max(0, int(self._plugins[0].reported_latency_samples))

    # parameters and state

    def set_values(self, values: Mapping[int, float]) -> None:
        """Parameter index -> 0..1. An index that the plugin does not have is left out."""
        with self._changing:
            for parameters in self._parameters:
                for index, value in values.items():
                    if 0 <= index < len(parameters):
                        parameters[index].raw_value = min(1.0, max(0.0, value))

    def values(self) -> dict[int, float]:
        """Of all parameters for a hand."""
        with self._changing:
            return {index: float(self._parameters[0][index].raw_value) for index in self.shown}

    def match(self, indices: Iterable[int]) -> None:
        """Where two run as a pair: these parameters of the second as they are in the first, which alone has a window."""
        with self._changing:
            first = self._parameters[0]
            for parameters in self._parameters[1:]:
                for index in indices:
                    if parameters[index].raw_value != first[index].raw_value:
                        parameters[index].raw_value = first[index].raw_value

    def match_all(self) -> None:
        """The same for all that a plugin keeps, also what is no parameter."""
        with self._changing:
            for plugin in self._plugins[1:]:
                if bytes(plugin.raw_state) != self.state():
                    type(plugin).raw_state.__set__(plugin, self.state())
            self.match(self.shown)               # a state may lag behind what was moved since the last block

    def text(self, index: int, value: float) -> str:
        """How the plugin writes a value."""
        with self._changing:
            return clean(self._parameters[0][index].get_text_for_raw_value(value))

    def text_now(self, index: int) -> str:
        with self._changing:
            return clean(self._parameters[0][index].string_value)

    def value_of(self, index: int, text: str) -> float:
        """Which value the plugin reads from a text."""
        with self._changing:
            return float(self._parameters[0][index].get_raw_value_for_text(text))

    def unit(self, index: int) -> str:
        return clean(self._parameters[0][index].label)

    def state(self) -> bytes:
        """All of the plugin, in its own format."""
        return bytes(self._plugins[0].raw_state)

    def preset(self) -> bytes:
        """The same in the format that other hosts read; empty where the plugin gives none."""
        try:
            return bytes(self._plugins[0].preset_data)
        except (AttributeError, RuntimeError, ValueError):
            return b""

    def set_state(self, state: bytes) -> None:
        """By the property itself: any other way asks every parameter for 1001 texts first."""
        for plugin in self._plugins:
            type(plugin).raw_state.__set__(plugin, state)

    def facts(self) -> Facts:
        told, own = self._told, type(self._plugins[0])
        return Facts(identifier=told("identifier"), name=told("name"), vendor=told("manufacturer_name"), version=told("version"),
                     category=told("category"), format="AU" if own.__name__ == "AudioUnitPlugin" else "VST3", channels=self.channels,
                     latency=self.latency, parameters=tuple(map(self._parameter, self.shown)),
                     hidden=len(self.sorted.framework), load_ms=self.load_ms,
                     meters=tuple(clean(self._parameters[0][index].name) for index in self.sorted.meters))

    def _parameter(self, index: int) -> Parameter:
        p = self._parameters[0][index]
        steps = int(p.num_steps)
        return Parameter(index, clean(p.name) or f"Parameter {index + 1}", clean(p.label), float(p.raw_value), float(p.default_raw_value), clean(p.string_value),
                         steps if 1 < steps <= FREE_STEPS else 0, bool(p.is_boolean))

    # its window

    def show_editor(self, close: Any) -> None:
        """Blocks the main thread until the window is closed or the event `close` is set. RuntimeError where there is none."""
        forgive_x_errors()
        self._plugins[0].show_editor(close)


def clean(text: object) -> str:
    """One line that can be shown anywhere."""
    return "".join(c for c in str(text) if c.isprintable()).strip()[:LONGEST_TEXT]


if __name__ == "__main__":
    from mastering_rt.plugins.serving import main

    main(sys.argv[1], int(sys.argv[2]))
