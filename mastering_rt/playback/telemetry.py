"""What the audio thread says of itself and of the sound, as numpy records and running figures."""
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from dsp_core.engine import glance
from dsp_core.engine.engine import Engine
from dsp_core.engine.gauge import RECORD_BYTES, RECORD_FIELDS, STAGE_BYTES, STAGE_FIELDS, STAGES_PER_RECORD
from mastering_rt.measure.bins import BIN

Records = NDArray[np.void]
Bytes = NDArray[np.uint8]
Frames = NDArray[np.float32]


def _dtype(fields: list[tuple[str, str, int]], size: int, **nested: object) -> np.dtype[np.void]:
    return np.dtype({"names": [name for name, _, _ in fields], "formats": [nested.get(kind, kind) for _, kind, _ in fields],
                     "offsets": [offset for _, _, offset in fields], "itemsize": size})


STAGE_READING = _dtype(STAGE_FIELDS, STAGE_BYTES)
RECORD = _dtype(RECORD_FIELDS, RECORD_BYTES, bin=BIN, stage=(STAGE_READING, (STAGES_PER_RECORD,)))
STAGE_FIGURES = [name for name, kind, _ in STAGE_FIELDS if kind == "f4"]
MASTER_TRUE_PEAK, UNKNOWN = glance.MASTER_TRUE_PEAK, glance.UNKNOWN      # columns beside the figures
SILENT_DB = -200.0
MOST_RECORDS = 1024
MOST_FRAMES = 65536
BYTE = np.dtype(np.uint8)


def bytes_of(records: Records) -> Bytes:
    """The same memory as bytes. (numpy looks through the layout field by field whenever it is asked for a view of another type.)"""
    raw = records.base
    whole = type(raw) is np.ndarray and raw.dtype is BYTE and raw.nbytes == records.nbytes
    return raw if whole and raw is not None else records.view(np.uint8)


def as_records(raw: Bytes) -> Records:
    """Bytes as the records they are."""
    return np.ndarray((len(raw) // RECORD_BYTES,), RECORD, raw)


def figures_of(records: Records, place: int, columns: tuple[int, ...], levels: int) -> NDArray[np.float64] | None:
    """(records, columns): figures of the stage at a place of the newest chain, as `stage_rows` has them; None where it has no such place."""
    rows = np.empty((len(records), len(columns)))
    return rows if glance.stage_rows(bytes_of(records), place, columns, levels, SILENT_DB, rows) else None


def joined(pieces: Sequence[Records]) -> Records:
    """Records one after another. (numpy compares the layouts field by field, which takes longer than the rest.)"""
    return as_records(np.concatenate([bytes_of(piece) for piece in pieces])) if len(pieces) > 1 else pieces[0]


class Telemetry:
    """Empties an engine's rings. `read_records`: 10 ms of mix, master and what is heard aside of them, with those that `glance` has given since
    (`glanced` of them, the first); `read_both`: (n, 4) mix L R, master L R, and (n, 2) of what is heard aside: the mix again where nothing is."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._records = np.zeros(MOST_RECORDS * RECORD_BYTES, np.uint8)
        self._frames = np.zeros((MOST_FRAMES, 6), np.float32)
        self._frame_bytes = self._frames.view(np.uint8).reshape(-1)
        self.glanced = 0

    def glance(self) -> Bytes:
        """Records that came since the last look, as the bytes they are until the next; they stay for `read_records`."""
        first = self.glanced * RECORD_BYTES
        self.glanced += self._engine.gauge.records.drain(self._records[first:])
        return self._records[first:self.glanced * RECORD_BYTES]

    def read_records(self) -> Records:
        count = self.glanced + self._engine.gauge.records.drain(self._records[self.glanced * RECORD_BYTES:])
        self.glanced = 0
        return as_records(self._records[:count * RECORD_BYTES].copy())

    def read_both(self) -> tuple[Frames, Frames]:
        count = self._engine.scope.drain(self._frame_bytes)
        frames = self._frames[:count].copy()
        return frames[:, :4], frames[:, 4:]


@dataclass
class LoadMeter:
    """Share of real time the callback needs, averaged over calls of `update`."""

    share: float = 0.0
    _busy_s: float = 0.0
    _frames: int = field(default=0)

    def update(self, busy_s: float, frames: int, rate_hz: float) -> float:
        if frames > self._frames:
            now = (busy_s - self._busy_s) / ((frames - self._frames) / rate_hz)
            self.share += 0.1 * (now - self.share)
        self._busy_s, self._frames = busy_s, frames
        return self.share
