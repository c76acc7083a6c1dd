"""What the audio thread says of itself and of the sound, as numpy records and running figures."""
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from dsp_core.engine.engine import Engine
from dsp_core.engine.gauge import RECORD_BYTES, RECORD_FIELDS, STAGE_BYTES, STAGE_FIELDS, STAGES_PER_RECORD
from mastering_rt.measure.bins import BIN

Records = NDArray[np.void]
Frames = NDArray[np.float32]


def _dtype(fields: list[tuple[str, str, int]], size: int, **nested: object) -> np.dtype[np.void]:
    return np.dtype({"names": [name for name, _, _ in fields], "formats": [nested.get(kind, kind) for _, kind, _ in fields],
                     "offsets": [offset for _, _, offset in fields], "itemsize": size})


STAGE_READING = _dtype(STAGE_FIELDS, STAGE_BYTES)
RECORD = _dtype(RECORD_FIELDS, RECORD_BYTES, bin=BIN, stage=(STAGE_READING, (STAGES_PER_RECORD,)))
MOST_RECORDS = 1024
MOST_FRAMES = 65536


class Telemetry:
    """Empties an engine's rings. `read_records`: 10 ms of mix, master and what is heard aside of them; `read_both`: (n, 4) mix L R, master L R,
    and (n, 2) of what is heard aside, zeros where nothing is."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._records = np.zeros(MOST_RECORDS, RECORD)
        self._frames = np.zeros((MOST_FRAMES, 6), np.float32)

    def read_records(self) -> Records:
        count = self._engine.gauge.records.drain(self._records.view(np.uint8))
        return self._records[:count].copy()

    def read_both(self) -> tuple[Frames, Frames]:
        count = self._engine.scope.drain(self._frames.view(np.uint8).reshape(-1))
        return self._frames[:count, :4].copy(), self._frames[:count, 4:].copy()


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
