"""What the ears of an engine hear, each source by itself: bins of its meters and needles, and its sound."""
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dsp_core.engine.ear import HEARD_BYTES, HEARD_FIELDS
from dsp_core.engine.engine import Engine
from mastering_rt.measure.bins import BIN, NEEDLE, Bins

EARS = ("mix", "master", "aside", "tap")
BIN_AT, NEEDLES_AT, BEGAN_AT = (next(offset for name, _, offset in HEARD_FIELDS if name == wanted) for wanted in ("bin", "needles", "began_at"))
KEYS = [next(offset for name, _, offset in HEARD_FIELDS if name == wanted) // 4 for wanted in ("source", "run")]
MOST_RECORDS, MOST_FRAMES = 4096, 65536


@dataclass(frozen=True)
class Piece:
    """Bins of one run of a source: what belongs together. `began_at`: frames of its sound that had been shown before the run."""

    source: str
    run: int
    began_at: int
    bins: Bins
    needles: Bins


def _piece(records: NDArray[np.uint8]) -> Piece:
    """Records of one run as bytes; numpy copies them so many times faster than field by field."""
    source, run = records[0].view(np.int32)[KEYS].tolist()
    bins, needles = (np.ascontiguousarray(records[:, at:at + kind.itemsize]).view(kind)[:, 0] for at, kind in ((BIN_AT, BIN), (NEEDLES_AT, NEEDLE)))
    return Piece(EARS[source], run, int(records[0, BEGAN_AT:BEGAN_AT + 8].view(np.int64)[0]), bins, needles)


class Ears:
    """Empties the rings of an engine's ears."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._records = np.zeros(MOST_RECORDS * HEARD_BYTES, np.uint8)
        self._frames = np.zeros((MOST_FRAMES, 2), np.float32)

    def read(self) -> list[Piece]:
        """What each source was given since the last call."""
        count = self._engine.gauge.heard.drain(self._records)
        if not count:
            return []
        heard = self._records[:count * HEARD_BYTES].reshape(count, HEARD_BYTES)
        words = heard.view(np.int32)
        source, run = (words[:, at] for at in KEYS)
        keys = source.astype(np.int64) << 32 | run
        return [_piece(heard[keys == key]) for key in np.unique(keys)]

    @property
    def lost_frames(self) -> int:
        """Frames of mix, master and aside that nobody fetched in time."""
        return int(self._engine.scope.lost)

    def read_tap(self) -> NDArray[np.float32]:
        """(frames, 2) of what came out of the tapped stage since the last call."""
        count = self._engine.gauge.tap_scope.drain(self._frames.view(np.uint8).reshape(-1))
        return self._frames[:count].copy()
