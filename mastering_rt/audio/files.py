"""Sound files, in and out: the only soundfile import. `song.py` and `writer.py` build on it.

Nothing is squeezed: 32-bit integer and 64-bit float files come in as float64. What a file cannot give, or what had to be
changed, is said in a sentence.
"""
import contextlib
import errno
import os
import sys
from collections.abc import Iterator, Sequence
from typing import Any, Literal

import numpy as np
import soundfile
from numpy.typing import NDArray

from dsp_core.offline.pcm import PAD, sample_bytes, unpack
from mastering_rt.audio.door import look_at, pick_channels
from mastering_rt.audio.headers import SoundBytes
from mastering_rt.errors import CutShort, FileProblem, clock, grouped, shown
from mastering_rt.session.model import Source

Path = str | os.PathLike[str]
Dtype = Literal["float32", "float64"]

LOWEST_HZ, HIGHEST_HZ = 8000, 384000
BLOCK_FRAMES = 65536
SALVAGE_FRAMES = 1024
LOSSY_SLACK_FRAMES = 8192  # a lossy stream's length is told in whole packets, give or take the decoder's run-in
READABLE = ("WAV", "WAVEX", "RF64", "W64", "AIFF", "CAF", "FLAC", "OGG", "MP3")
FLOAT_SUBTYPES = ("FLOAT", "DOUBLE")
FLOAT64_SUBTYPES = ("PCM_32", "DOUBLE")
UNTRUSTED_SUBTYPES = ("ALAC_20", "ALAC_24", "ALAC_32")  # libsndfile 1.2.2 gives other samples than were written, without an error
LOSSY_SUBTYPES = ("VORBIS", "OPUS", "MPEG_LAYER_I", "MPEG_LAYER_II", "MPEG_LAYER_III")
WORD_LENGTHS = {"PCM_S8": 8, "PCM_U8": 8, "PCM_16": 16, "PCM_24": 24, "PCM_32": 32, "FLOAT": 32, "DOUBLE": 64, "ALAC_16": 16,
                "DWVW_12": 12, "DWVW_16": 16, "DWVW_24": 24}
SUBTYPES = {"8": "PCM_S8", "16": "PCM_16", "20": "PCM_24", "24": "PCM_24", "32": "PCM_32", "32f": "FLOAT", "64f": "DOUBLE"}
UNSIGNED_8 = ("WAV", "WAVEX", "RF64", "W64")  # these count 8 bits from 0
SFC_SET_ADD_PEAK_CHUNK, SFC_RF64_AUTO_DOWNGRADE, SFC_RAW_DATA_NEEDS_ENDSWAP = 0x1050, 0x1210, 0x1110  # libsndfile's command.html
PLAIN = ("WAV", "WAVEX", "RF64", "W64")  # containers whose bytes of sound are their samples
PROBE_BYTES = 65536
EXPORT_AS = "Export it as WAV, RF64, W64, AIFF, CAF, FLAC, OGG, Opus or MP3"


class AudioFile:
    """An open sound file. Not to be used from two threads at once.

    sample_rate_hz, frames; channels: as delivered; channels_in_file; container and subtype as libsndfile calls them;
    bits: word length, None for lossy formats; dtype: the smallest float type that holds every sample;
    repaired_samples: NaN and infinite samples replaced by silence in everything read so far.
    """

    def __init__(self, path: Path, channels: Sequence[int] | None = None, partial: bool = False) -> None:
        self.path = os.path.abspath(os.fspath(path))
        self._partial = partial
        self._wanted = tuple(channels or ())
        self._stat, promise, self.notices = look_at(self.path, partial)
        self._file = _opened(self.path)
        try:
            self._describe(channels)
            self._check(promise)
        except BaseException:
            self._file.close()
            raise

    def _describe(self, channels: Sequence[int] | None) -> None:
        file = self._file
        self.sample_rate_hz = int(file.samplerate)
        self.frames = int(file.frames)
        self.channels_in_file = int(file.channels)
        self.container, self.subtype = str(file.format), str(file.subtype)
        self.bits = WORD_LENGTHS.get(self.subtype)
        self.dtype: Dtype = "float64" if self.subtype in FLOAT64_SUBTYPES else "float32"
        self._sample_bytes = sample_bytes(self.subtype) if self._is_plain() else 0
        self._picked = pick_channels(self.path, self.channels_in_file, channels)
        self.channels = len(self._picked)
        self.repaired_samples = 0
        self._first_repaired: int | None = None

    def _is_plain(self) -> bool:
        """Whether the samples lie in the file as they lie in memory here."""
        swapped = soundfile._snd.sf_command(self._file._file, SFC_RAW_DATA_NEEDS_ENDSWAP, soundfile._ffi.NULL, 0)
        return sys.byteorder == "little" and self.container in PLAIN and not swapped

    def _check(self, promise: SoundBytes | None) -> None:
        if self.container not in READABLE:
            raise FileProblem(f"{shown(self.path)} is a {self.container} file, which Mastering RT does not read. {EXPORT_AS}.")
        if self.subtype in UNTRUSTED_SUBTYPES:
            raise FileProblem(
                f"{shown(self.path)} is Apple Lossless of {self.subtype[5:]} bits, which cannot be read without errors. "
                "Export it as WAV or FLAC."
            )
        if not LOWEST_HZ <= self.sample_rate_hz <= HIGHEST_HZ:
            raise FileProblem(
                f"{shown(self.path)} has a sample rate of {self.sample_rate_hz} Hz; Mastering RT works from {LOWEST_HZ} Hz to "
                f"{HIGHEST_HZ} Hz. Convert it first."
            )
        if self.frames < 1:
            unfinished = promise is not None and promise.present > 0 and promise.promised == 0
            why = (
                f"its header says 0 frames, though {promise.present} bytes follow: the recording was never finished. "
                "Repair its header, or export it again"
                if unfinished and promise
                else "there is no sound in it. Export it again"
            )
            raise FileProblem(f"{shown(self.path)} is empty: {why}.")

    @property
    def duration_s(self) -> float:
        return self.frames / self.sample_rate_hz

    @property
    def memory_bytes(self) -> int:
        """What the whole song takes in memory, as `load_song` gives it."""
        return 2 * self.frames * np.dtype(self.dtype).itemsize

    def source(self) -> Source:
        """The file as a session remembers it."""
        return Source(path=self.path, sample_rate_hz=self.sample_rate_hz, channels=self.channels_in_file, frames=self.frames,
                      modified=self._stat.st_mtime, size=self._stat.st_size, take=self._wanted, partial=self._partial)

    def blocks(self, frames: int = BLOCK_FRAMES) -> Iterator[NDArray[np.float64]]:
        """The whole file in order, as C-contiguous float64 (channels, up to `frames`). FileProblem where it cannot be decoded."""
        start = 0
        while start < self.frames:
            block = self.read(start, frames)
            if not block.shape[1]:
                return
            yield block
            start += block.shape[1]

    def read(self, start: int, frames: int, dtype: Dtype = "float64") -> NDArray[Any]:
        """Frames from `start` on, fewer at the end of the file: C-contiguous (channels, frames) of `dtype`. FileProblem."""
        wanted = max(0, min(frames, self.frames - start))
        if start < 0:
            raise ValueError(f"a file begins at frame 0, not {start}")
        if not wanted:
            return np.empty((self.channels, 0), dtype)
        block = self._unpacked(start, wanted) if dtype == "float64" and self._sample_bytes else None
        if block is None:
            block = np.ascontiguousarray(self._decoded(start, wanted, dtype)[:, self._picked].T)
        if block.shape[1] < wanted:
            self._end_early(start + block.shape[1])
        if self.subtype in FLOAT_SUBTYPES:
            self._repair(block, start)
        return block

    def _unpacked(self, start: int, frames: int) -> NDArray[Any] | None:
        """(channels, frames) of a plain file: libsndfile finds the bytes, we make them numbers. None where they cannot all be had."""
        wanted = frames * self._sample_bytes * self.channels_in_file
        raw = np.empty(wanted + PAD, np.uint8)
        if self._file.tell() != start:
            self._file.seek(start)
        if soundfile._snd.sf_read_raw(self._file._file, soundfile._ffi.from_buffer(raw), wanted) != wanted:
            return None
        planes = np.empty((self.channels, frames))
        unpack(raw, self.subtype, self.channels_in_file, self._picked, planes)
        return planes

    def _decoded(self, start: int, frames: int, dtype: Dtype) -> NDArray[Any]:
        """(frames, channels in the file); as many as can be decoded, if that is fewer."""
        try:
            if self._file.tell() != start:
                self._file.seek(start)
            return np.asarray(self._file.read(frames, dtype=dtype, always_2d=True))
        except soundfile.LibsndfileError:
            return self._salvaged(start, frames, dtype)

    def _salvaged(self, start: int, frames: int, dtype: Dtype) -> NDArray[Any]:
        """What lies before the place that cannot be decoded, found in small steps."""
        pieces = [np.empty((0, self.channels_in_file), dtype)]
        try:
            self._file.seek(start)
            while sum(map(len, pieces)) < frames:
                pieces.append(np.asarray(self._file.read(min(SALVAGE_FRAMES, frames), dtype=dtype, always_2d=True)))
                if not len(pieces[-1]):
                    break
        except soundfile.LibsndfileError:
            pass
        return np.concatenate(pieces)[:frames]

    def _end_early(self, there: int) -> None:
        slack = self.subtype in LOSSY_SUBTYPES and self.frames - there <= LOSSY_SLACK_FRAMES
        sentence = (f"{shown(self.path)} is cut short: it should have {self.frames} frames ({clock(self.duration_s)}), but can be read only up to "
                    f"{there} ({clock(there / self.sample_rate_hz)})")
        if not there:
            raise FileProblem(f"{sentence}. Copy or export it again.")
        if not (slack or self._partial):
            raise CutShort(sentence, "Copy or export it again, or open what is there in the window, or from Python with partial=True.", self.path)
        self.frames = there
        self.notices.append(f"{sentence}; what is there is used.")

    def _repair(self, block: NDArray[Any], start: int) -> None:
        if np.isfinite(block).all():
            return
        bad = ~np.isfinite(block)
        first = start + int(np.argmax(bad.any(axis=0)))
        self._first_repaired = first if self._first_repaired is None else min(first, self._first_repaired)
        self.repaired_samples += int(np.count_nonzero(bad))
        block[bad] = 0.0

    def repair_notice(self) -> str:
        """What was repaired in everything read so far, as a sentence; empty if nothing."""
        if self._first_repaired is None:
            return ""
        verb = "sample of {} is" if self.repaired_samples == 1 else "samples of {} are"
        return (
            f"{grouped(self.repaired_samples)} {verb.format(shown(self.path))} not a number (NaN or infinite), "
            f"the first at {clock(self._first_repaired / self.sample_rate_hz)}; silence takes their place."
        )

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> "AudioFile":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_audio(path: Path, *, channels: Sequence[int] | None = None, partial: bool = False) -> AudioFile:
    """Open a WAV, RF64, W64, AIFF, CAF, FLAC, OGG, Opus or MP3 file.

    channels: which of the file's channels to take, counted from 0; needed for more than two. partial: open a file that was cut
    short up to where it can be read. Raises FileProblem.
    """
    return AudioFile(path, channels, partial)


def library_path(path: str) -> str | bytes:
    """A path as libsndfile takes it: bytes where paths are bytes, since the library refuses undecodable ones as text."""
    return path if os.name == "nt" else os.fsencode(path)


def _opened(path: str) -> soundfile.SoundFile:
    try:
        return soundfile.SoundFile(library_path(path))
    except (soundfile.LibsndfileError, RuntimeError, TypeError, ValueError) as error:
        text = getattr(error, "error_string", "") or str(error)
        raise FileProblem(
            f"{shown(path)} is not a sound file that can be read ({text.strip().rstrip('.').lower()}). {EXPORT_AS}."
        ) from None


def subtype_of(container: str, bits: str) -> str:
    """How a container stores a word length, by libsndfile's names: 20 bits lie in words of 24. KeyError for an unknown one."""
    return "PCM_U8" if bits == "8" and container in UNSIGNED_8 else SUBTYPES[bits]


def can_hold(container: str, bits: str) -> bool:
    """Whether a container can hold a word length."""
    return bool(soundfile.check_format(container, subtype_of(container, bits)))


class SoundSink:
    """An open file that takes samples as they will lie in it. Errors are OSError with the system's own reason.

    The file says nothing of the time it was written, so that one render gives one checksum; an RF64 file that ends up under 4 GiB
    becomes an ordinary WAV.
    """

    def __init__(self, path: "os.PathLike[str]", container: str, subtype: str, sample_rate_hz: int, channels: int) -> None:
        self._path = os.fspath(path)
        self._file: soundfile.SoundFile | None = None
        with self._telling():
            self._file = soundfile.SoundFile(library_path(self._path), "w", sample_rate_hz, channels, subtype, format=container)
        self._command(SFC_SET_ADD_PEAK_CHUNK, 0)
        self._has_time = container == "RF64"  # where libsndfile does not obey the first command
        if container == "RF64":
            self._command(SFC_RF64_AUTO_DOWNGRADE, 1)

    def _command(self, number: int, switch: int) -> None:
        soundfile._snd.sf_command(self._opened()._file, number, soundfile._ffi.NULL, switch)

    def write(self, samples: NDArray[Any]) -> None:
        """Append (frames, channels) of int32, float32 or float64."""
        with self._telling():
            self._opened().write(samples)

    def _opened(self) -> soundfile.SoundFile:
        if self._file is None:
            raise ValueError(f"{shown(self._path)} is closed")
        return self._file

    def close(self) -> None:
        """Finish the header and close; a second time without effect."""
        file, self._file = self._file, None
        if file is not None:
            with self._telling():
                file.close()
            if self._has_time:
                self._forget_time()

    def _forget_time(self) -> None:
        """Clear the time of day in the PEAK chunk (name, size, version, time: four bytes each)."""
        with open(self._path, "rb+") as file:
            head = file.read(512)
            place = head.find(b"PEAK", 0, max(0, head.find(b"data")))
            if place >= 0:
                file.seek(place + 12)
                file.write(bytes(4))

    def read_back(self) -> int:
        """Frames of the closed file, the last of them decoded; 0 if it cannot be read."""
        with contextlib.suppress(soundfile.LibsndfileError), soundfile.SoundFile(library_path(self._path)) as file:
            file.seek(max(0, file.frames - SALVAGE_FRAMES))
            last = len(file.read(dtype="int32", always_2d=True))
            return int(file.frames) if last == min(SALVAGE_FRAMES, file.frames) else 0
        return 0

    @contextlib.contextmanager
    def _telling(self) -> Iterator[None]:
        """libsndfile keeps the reason for a failed write to itself: ask the system again, by writing at the end of the file."""
        try:
            yield
        except (soundfile.LibsndfileError, AssertionError) as error:
            with open(self._path, "ab", buffering=0) as probe:
                probe.write(bytes(PROBE_BYTES))
                probe.write(bytes(PROBE_BYTES))
                os.fsync(probe.fileno())
            raise OSError(errno.EIO, str(error)) from None
