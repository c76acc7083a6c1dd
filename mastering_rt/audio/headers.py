"""How much sound a file's header promises, beside how much is there. Decoders shorten a cut file without a word.

Read from the chunk layouts of RIFF/WAVE, RF64/BW64 (EBU Tech 3306), W64, AIFF and CAF, and the page headers of Ogg (RFC 3533).
"""
import struct
from dataclasses import dataclass
from typing import BinaryIO

UNKNOWN_LENGTH = 0x7FFFF000  # written by programs that stream and cannot go back: this or more, with less than that there
RIFF_LIMIT = 2**32
W64_TAIL = bytes.fromhex("f3acd3118cd100c04f8edb8a")
OGG_END_OF_STREAM = 4
LARGEST_OGG_PAGE = 65307


@dataclass(frozen=True, slots=True)
class SoundBytes:
    """Bytes of sound: promised by the header (None: left open), present in the file, and per frame (0: unknown)."""

    promised: int | None
    present: int
    per_frame: int

    @property
    def is_cut(self) -> bool:
        return self.promised is not None and self.promised > self.present

    @property
    def overflows(self) -> bool:
        """More than 4 GiB follow the length that a 32-bit header can tell: the rest would go missing without a word."""
        return self.promised is not None and self.present - self.promised >= RIFF_LIMIT - 2**20


def sound_bytes(file: BinaryIO) -> SoundBytes | None:
    """What the header promises; None for formats without such a promise and for headers that cannot be followed."""
    file.seek(0, 2)
    size = file.tell()
    file.seek(0)
    head = file.read(16)
    try:
        if head[:4] in (b"RIFF", b"RIFX") and head[8:12] == b"WAVE":
            return _wave(file, size, "<" if head[:4] == b"RIFF" else ">")
        if head[:4] in (b"RF64", b"BW64") and head[8:12] == b"WAVE":
            return _wave(file, size, "<")
        if head[:4] == b"riff" and len(head) == 16:
            return _w64(file, size)
        if head[:4] == b"FORM" and head[8:12] in (b"AIFF", b"AIFC"):
            return _aiff(file, size)
        if head[:4] == b"caff":
            return _caf(file, size)
    except struct.error:  # the file ends inside its header
        return None
    return None


def _wave(file: BinaryIO, size: int, order: str) -> SoundBytes | None:
    place, per_frame, long_size = 12, 0, None
    while place + 8 <= size:
        file.seek(place)
        name, length = struct.unpack(order + "4sI", file.read(8))
        if name == b"ds64":
            long_size = struct.unpack("<Q", file.read(16)[8:])[0]
        elif name == b"fmt ":
            per_frame = struct.unpack(order + "H", file.read(14)[12:])[0]
        elif name == b"data":
            promised = long_size if long_size is not None and length == 0xFFFFFFFF else length
            present = size - place - 8
            open_end = promised >= UNKNOWN_LENGTH and promised in (0xFFFFFFFF, 0x7FFFFFFF, UNKNOWN_LENGTH) and promised > present
            return SoundBytes(None if open_end else promised, present, per_frame)
        place += 8 + length + length % 2
    return None


def _w64(file: BinaryIO, size: int) -> SoundBytes | None:
    place, per_frame = 40, 0
    while place + 24 <= size:
        file.seek(place)
        name, length = struct.unpack("<16sQ", file.read(24))
        if name == b"fmt " + W64_TAIL:
            per_frame = struct.unpack("<H", file.read(14)[12:])[0]
        elif name == b"data" + W64_TAIL:
            return SoundBytes(length - 24, size - place - 24, per_frame)
        if length < 24:
            return None
        place += (length + 7) // 8 * 8
    return None


def _aiff(file: BinaryIO, size: int) -> SoundBytes | None:
    place, per_frame = 12, 0
    while place + 8 <= size:
        file.seek(place)
        name, length = struct.unpack(">4sI", file.read(8))
        if name == b"COMM":
            channels, _, bits = struct.unpack(">HIH", file.read(8))
            per_frame = channels * ((bits + 7) // 8)
        elif name == b"SSND":
            offset = struct.unpack(">I", file.read(4))[0]
            return SoundBytes(length - 8 - offset, size - place - 16 - offset, per_frame)
        place += 8 + length + length % 2
    return None


def _caf(file: BinaryIO, size: int) -> SoundBytes | None:
    place, per_frame = 8, 0
    while place + 12 <= size:
        file.seek(place)
        name, length = struct.unpack(">4sq", file.read(12))
        if name == b"desc":
            per_packet, frames_per_packet = struct.unpack(">II", file.read(24)[16:])
            per_frame = per_packet if frames_per_packet == 1 else 0
        elif name == b"data":
            return SoundBytes(length - 4 if length >= 0 else None, size - place - 16, per_frame)
        if length < 0:
            return None
        place += 12 + length
    return None


def ogg_ends_properly(file: BinaryIO) -> bool:
    """Whether the last page of an Ogg file says that the stream ends there."""
    file.seek(0, 2)
    file.seek(max(0, file.tell() - LARGEST_OGG_PAGE))
    tail = file.read()
    last = tail.rfind(b"OggS")
    return last >= 0 and len(tail) > last + 5 and bool(tail[last + 5] & OGG_END_OF_STREAM)
