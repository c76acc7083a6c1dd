"""Sound files out. A file appears under its name only when it is complete; on any failure or cancel nothing of it is left."""
import contextlib
import os
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from mastering_rt.atomic import check_replaceable, final_target, part_beside, publish, sweep_stale_parts
from mastering_rt.audio.files import SUBTYPES, SoundSink, can_hold, subtype_of
from mastering_rt.audio.headers import sound_bytes
from mastering_rt.audio.quantize import Quantizer, why_no_dither
from mastering_rt.errors import FileProblem, RenderProblem, UsageProblem, reason, shown

CONTAINERS = {".wav": "WAV", ".wave": "WAV", ".rf64": "RF64", ".w64": "W64", ".aif": "AIFF", ".aiff": "AIFF", ".caf": "CAF",
              ".flac": "FLAC"}
BYTES = {"8": 1, "16": 2, "20": 3, "24": 3, "32": 4, "32f": 4, "64f": 8}
HEADER_ROOM = 4096
FOUR_GIB = 2**32
LARGEST = 1e30  # no number of this size is sound, and larger ones overflow on their way into a file


class AudioWriter:
    """Writes one file, beside its final place, and names it in `commit`; leaving the `with` block without it leaves nothing.

    The container follows from the suffix; a WAV of more than 4 GiB becomes RF64. bits: "8", "16", "20", "24", "32" (whole
    numbers, dithered as `Quantizer` says; 20 lie in words of 24, whose last 4 are 0), "32f", "64f". frames: how many will come, if known. sources: files that are never written to, whatever
    `overwrite` says. `clipped` counts samples cut at full scale. Raises UsageProblem, FileProblem.
    """

    def __init__(
        self,
        path: "str | os.PathLike[str]",
        sample_rate_hz: int,
        channels: int,
        bits: str,
        *,
        overwrite: bool = False,
        frames: int | None = None,
        dither: str = "auto",
        seed: int = 0,
        sources: "Iterable[str | os.PathLike[str]]" = (),
    ) -> None:
        self.path = Path(os.path.abspath(path))
        self.bits = bits
        self.channels = channels
        self.frames = 0
        self._sources = [Path(source) for source in sources]
        self._overwrite = overwrite
        container = _container(self.path, bits, sample_rate_hz, channels, frames)
        problem = why_no_dither(bits, sample_rate_hz, dither)
        if problem:
            raise UsageProblem(problem)
        self._quantizer = Quantizer(int(bits), channels, sample_rate_hz, dither, seed) if bits.isdigit() else None
        self._longest = FOUR_GIB - HEADER_ROOM if container == "AIFF" else None
        self._sink: SoundSink | None = None
        self._target, self._part = self._begun()
        try:
            self._sink = SoundSink(self._part, container, subtype_of(container, bits), sample_rate_hz, channels)
        except BaseException as error:
            self._drop()
            if isinstance(error, OSError):
                raise self._refusal(error) from None
            raise

    def _begun(self) -> tuple[Path, Path]:
        try:
            target = final_target(self.path)
            self._check_target(target)
            sweep_stale_parts(target)
            return target, part_beside(target)
        except OSError as error:
            raise self._refusal(error) from None
        except ValueError:
            raise FileProblem(f"{shown(self.path)} cannot be written: no file can have this name. Choose another.") from None

    def _check_target(self, target: Path) -> None:
        for source in self._sources:
            if Path(os.path.abspath(source)) in (self.path, target) or (
                target.exists() and source.exists() and os.path.samefile(source, target)
            ):
                raise FileProblem(f"{shown(self.path)} is the mix itself, and the mix is never written to. Choose another name.")
        if not target.parent.is_dir():
            raise FileProblem(
                f"{shown(self.path)} cannot be written: there is no folder {shown(target.parent)}. Make it, or choose another."
            )
        if target.exists() and not self._overwrite:
            raise FileProblem(f"{shown(self.path)} exists already. Choose another name, or ask to overwrite it.")
        check_replaceable(target)

    @property
    def dither(self) -> str:
        """What was added before rounding; "none" for floating point."""
        return self._quantizer.dither if self._quantizer else "none"

    @property
    def noise_peak(self) -> float:
        """How high the noise of rounding and dither will swing, linear; 0 for floating point."""
        return self._quantizer.noise_peak if self._quantizer else 0.0

    @property
    def clipped(self) -> int:
        return self._quantizer.clipped if self._quantizer else 0

    def write(self, block: NDArray[np.float64]) -> None:
        """Append (channels, frames) of sound, 1.0 = full scale.

        RenderProblem for NaN; FileProblem, with the file removed, if the disk refuses.
        """
        if block.shape[0] != self.channels:
            raise ValueError(f"a block of {block.shape[0]} channels does not fit into a file of {self.channels}")
        if not (np.abs(block) < LARGEST).all():
            raise RenderProblem(
                f"{shown(self.path)} was not written: the sound is not a number (NaN, infinite or beyond +600 dBFS) "
                f"near frame {self.frames}. Bypass stages to find which one it is."
            )
        if self._longest and (self.frames + block.shape[1]) * self.channels * BYTES[self.bits] > self._longest:
            raise FileProblem(
                f"{shown(self.path)} would be larger than 4 GiB, which its kind of file cannot be. Choose .wav, .w64 or .flac."
            )
        try:
            self._open_sink().write(self._encoded(block))
        except OSError as error:
            raise self._failed(error) from None
        self.frames += block.shape[1]

    def _encoded(self, block: NDArray[np.float64]) -> NDArray[np.int32] | NDArray[np.float32] | NDArray[np.float64]:
        """(frames, channels) as libsndfile stores it without a change: whole numbers at the upper end of 32 bits."""
        if self._quantizer:
            return np.ascontiguousarray((self._quantizer.process(block) << (32 - self._quantizer.bits)).T)
        if self.bits == "32f":
            return np.ascontiguousarray(block.T, dtype=np.float32)
        return np.ascontiguousarray(block.T, dtype=np.float64)

    def _failed(self, error: OSError) -> FileProblem:
        self._drop()
        return self._refusal(error)

    def _refusal(self, error: OSError) -> FileProblem:
        return FileProblem(
            f"{shown(self.path)} cannot be written: {reason(error)}. Nothing was left of it; choose another place or name."
        )

    def commit(self) -> Path:
        """Finish the file, check what lies on disk, and give it its name. Returns the name."""
        try:
            self._open_sink().close()
            self._check_part(self._open_sink())
            self._check_target(self._target)
            publish(self._part, self._target, overwrite=self._overwrite)
        except OSError as error:
            raise self._failed(error) from None
        except BaseException:
            self._drop()
            raise
        return self.path

    def _open_sink(self) -> SoundSink:
        if self._sink is None:
            raise ValueError(f"{shown(self.path)} was never opened")
        return self._sink

    def _check_part(self, sink: SoundSink) -> None:
        """A full disk can strike when the last bytes are flushed, after every write has succeeded."""
        with open(self._part, "rb") as file:
            promise = sound_bytes(file)
        if sink.read_back() != self.frames or (promise and promise.is_cut):
            raise FileProblem(
                f"{shown(self.path)} cannot be written: what lies on the disk is not complete. "
                "Nothing was left of it; see whether the disk is full."
            )

    def abort(self) -> None:
        """Leave nothing behind; after `commit` without effect."""
        self._drop()

    def _drop(self) -> None:
        if self._sink:
            with contextlib.suppress(OSError):
                self._sink.close()
        with contextlib.suppress(OSError):
            self._part.unlink()

    def __enter__(self) -> "AudioWriter":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._drop()


def _container(path: Path, bits: str, sample_rate_hz: int, channels: int, frames: int | None) -> str:
    container = CONTAINERS.get(path.suffix.lower())
    if container is None:
        raise UsageProblem(
            f"{shown(path)} cannot be written: masters are written as {', '.join(CONTAINERS)}, "
            f"not {path.suffix or 'without a suffix'}."
        )
    if bits not in SUBTYPES:
        raise UsageProblem(f"A file cannot have {bits!r} bits; choose one of {', '.join(SUBTYPES)}.")
    if not can_hold(container, bits):
        fitting = ", ".join(b for b in SUBTYPES if can_hold(container, b))
        raise UsageProblem(
            f"{shown(path)} cannot hold {bits} bits; a {path.suffix} file holds {fitting}. Choose one of these, or a .wav file."
        )
    if channels not in (1, 2):
        raise UsageProblem(f"{shown(path)} cannot be written with {channels} channels; a master has 1 or 2.")
    large = frames is None or frames * channels * BYTES[bits] > FOUR_GIB - HEADER_ROOM
    return "RF64" if container == "WAV" and large else container
