"""Audio devices: PortAudio where there is one, the built-in clock device where there is none. The only import of sounddevice."""
import atexit
import contextlib
import os
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from dsp_core.engine.clock import ClockDevice
from dsp_core.engine.engine import Engine
from mastering_rt.errors import DeviceProblem

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CLOCK_API, CLOCK_NAME = "built-in", "clock"
CLOCK_FRAMES = 512
CLOSE_PATIENCE_S = 2.0
RECORD_PATIENCE_S = 3.0


@dataclass(frozen=True)
class DeviceInfo:
    """A device as the system names it; (host_api, name) is the key that survives replugging, an index would not."""

    host_api: str
    name: str
    outputs: int
    inputs: int
    default_rate_hz: float
    is_default: bool = False

    @property
    def is_clock(self) -> bool:
        return self.host_api == CLOCK_API

    @property
    def title(self) -> str:
        """What a person reads."""
        return "Clock device, no sound" if self.is_clock else f"{self.name} ({self.host_api})"


CLOCK = DeviceInfo(CLOCK_API, CLOCK_NAME, 2, 0, 48000.0)


@contextlib.contextmanager
def quiet_stderr() -> Iterator[None]:
    """ALSA and JACK print pages of probing noise to the process's error stream while PortAudio looks for devices."""
    sys.stderr.flush()
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


@cache
def portaudio() -> tuple[Any, str]:
    """(the sounddevice module, "") or (None, why there is none)."""
    os.environ.setdefault("JACK_NO_START_SERVER", "1")
    try:
        with quiet_stderr():
            import sounddevice
    except OSError as error:
        return None, f"PortAudio is not installed ({error}); install libportaudio2 to hear sound"
    return sounddevice, ""


def list_devices() -> list[DeviceInfo]:
    """Every device that can play stereo, the system's default first, the clock device last."""
    module, _ = portaudio()
    found = []
    if module is not None:
        apis = module.query_hostapis()
        default = _default_index(module)
        for device in module.query_devices():
            if device["max_output_channels"] >= 2:
                found.append(DeviceInfo(apis[device["hostapi"]]["name"], device["name"], device["max_output_channels"],
                                        device["max_input_channels"], device["default_samplerate"], device["index"] == default))
    return [*sorted(found, key=lambda d: not d.is_default), CLOCK]


def refresh_devices() -> None:
    """Look for devices anew. PortAudio can do so only while no stream is open."""
    module, _ = portaudio()
    if module is not None:
        with quiet_stderr():
            module._terminate()
            module._initialize()


def _default_index(module: Any) -> int:
    """JACK where its server runs, else what the system calls default."""
    for api in module.query_hostapis():
        if "JACK" in api["name"] and api["default_output_device"] >= 0:
            return int(api["default_output_device"])
    return int(module.default.device[1])


def find_device(wanted: str | None) -> DeviceInfo:
    """The device whose name, or "host api: name", contains `wanted`; None is the default. DeviceProblem with what there is."""
    devices = list_devices()
    if wanted is None:
        return devices[0]
    for device in devices:
        if wanted.lower() in (device.name.lower(), f"{device.host_api}: {device.name}".lower()):
            return device
    for device in devices:
        if wanted.lower() in f"{device.host_api}: {device.name}".lower():
            return device
    there = ", ".join(f"'{d.host_api}: {d.name}'" for d in devices)
    raise DeviceProblem(f"There is no audio device '{wanted}'; there are {there}.")


def usable_rate(device: DeviceInfo, rate_hz: float) -> float:
    """`rate_hz` if the device runs at it, else the device's own rate."""
    module, _ = portaudio()
    if device.is_clock or module is None:
        return rate_hz
    try:
        with quiet_stderr():
            module.check_output_settings(_index_of(module, device), channels=2, dtype="float32", samplerate=rate_hz)
    except module.PortAudioError:
        return device.default_rate_hz
    return rate_hz


def _index_of(module: Any, device: DeviceInfo) -> int:
    apis = module.query_hostapis()
    for candidate in module.query_devices():
        if (apis[candidate["hostapi"]]["name"], candidate["name"]) == (device.host_api, device.name):
            return int(candidate["index"])
    raise DeviceProblem(f"The audio device '{device.name}' ({device.host_api}) is gone; plug it in again or choose another one.")


class Device:
    """A running device that calls one engine. Opened by `open_device`, which says what went wrong."""

    def __init__(self, info: DeviceInfo, engine: Engine, frames: int, stream: Any) -> None:
        self.info, self.engine, self.frames, self._stream = info, engine, frames, stream
        self.rate_hz = float(engine.rate)

    @property
    def latency_ms(self) -> float:
        """What the device says lies between the engine and the converter."""
        if self.info.is_clock:
            return 1e3 * self.frames / self.rate_hz
        latency = self._stream.latency
        return 1e3 * float(latency[1] if isinstance(latency, tuple) else latency)

    def start(self) -> None:
        """Begin to call the engine. DeviceProblem when the device refuses."""
        self.engine.running = True
        if self.info.is_clock:
            self._stream.start()
            return
        module, _ = portaudio()
        try:
            with quiet_stderr():
                self._stream.start()
        except module.PortAudioError as error:
            self.engine.running = False
            raise DeviceProblem(f"The audio device '{self.info.name}' did not start: {error}. Choose another one.") from error

    def close(self) -> bool:
        """Stop calling. False when the device hangs: then it and its engine must be left alone for good."""
        if self.info.is_clock:
            self._stream.stop()
            self.engine.running = False
            return True
        # A dead JACK server makes stop, abort and close block for ever.
        closer = threading.Thread(target=self._stream.close, daemon=True, name="close audio device")
        closer.start()
        closer.join(CLOSE_PATIENCE_S)
        if closer.is_alive():
            module, _ = portaudio()
            atexit.unregister(module._exit_handler)
            return False
        self.engine.running = False
        return True


def open_device(info: DeviceInfo, engine: Engine, frames: int = 0, duplex: bool = False) -> Device:
    """A device at the engine's rate, not yet started. `frames` per block; 0 leaves it to the device.

    `duplex` opens the device's inputs too. DeviceProblem says what the device cannot do.
    """
    if info.is_clock:
        frames = frames or CLOCK_FRAMES
        return Device(info, engine, frames, ClockDevice(engine.callback, engine.userdata, frames, engine.rate, keep=engine))
    module, why = portaudio()
    if module is None:
        raise DeviceProblem(f"'{info.title}' cannot be opened: {why}.")
    if duplex and info.inputs < 2:
        raise DeviceProblem(f"'{info.title}' has {info.inputs} inputs; live input wants a device with two. Choose another one.")
    index = _index_of(module, info)
    options = {
        "samplerate": engine.rate, "blocksize": frames, "dtype": "float32", "latency": "low",
        "device": (index, index) if duplex else index, "channels": (2, 2) if duplex else 2,
        "callback": module._ffi.cast("PaStreamCallback*", engine.callback),
        "userdata": module._ffi.cast("void*", engine.userdata),
    }
    try:
        with quiet_stderr():
            stream = module._StreamBase(kind="duplex" if duplex else "output", **options)
    except (module.PortAudioError, ValueError) as error:
        raise DeviceProblem(f"{info.title} cannot be opened at {engine.rate:g} Hz with {f'blocks of {frames}' if frames else 'its own block size'}"
                            f" ({error}). Choose another device, rate or block size.") from error
    return Device(info, engine, frames, stream)


def play_and_record(info: DeviceInfo, rate_hz: int, frames: int, sound: "NDArray[np.float32]") -> "tuple[NDArray[np.float32], float]":
    """Plays `sound` on both outputs of a device that nobody else uses; gives what its inputs had from the same frame on, as (inputs, frames),
    and what the driver says lies between the two, in ms. Comes back when it is over. DeviceProblem."""
    import numpy as np

    module, why = portaudio()
    if module is None:
        raise DeviceProblem(f"'{info.title}' cannot be opened: {why}.")
    index = _index_of(module, info)
    try:
        with quiet_stderr():
            recorded = module.playrec(np.stack([sound, sound], axis=1), rate_hz, channels=min(2, info.inputs), dtype="float32",
                                      device=(index, index), blocksize=frames, latency="low")
        stream = module.get_stream()
        reported_ms = 1e3 * float(sum(stream.latency))
        ends = time.monotonic() + len(sound) / rate_hz + RECORD_PATIENCE_S
        while stream.active and time.monotonic() < ends:
            time.sleep(0.02)
        if stream.active:
            raise DeviceProblem(f"'{info.title}' does not go on. Choose another device, or another block size.")
        module.stop()
    except (module.PortAudioError, ValueError) as error:
        raise DeviceProblem(f"{info.title} cannot play and record at once at {rate_hz:g} Hz ({error}). Choose another device, rate or block size.") from error
    return np.ascontiguousarray(recorded.T), reported_ms
