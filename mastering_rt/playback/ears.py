"""What the ears of an engine hear, each source by itself: bins of its meters and needles, and its sound."""
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dsp_core.engine.ear import HEARD_BYTES, HEARD_FIELDS
from dsp_core.engine.engine import Engine
from mastering_rt.measure.bins import BIN, NEEDLE, Bins

HEARD = np.dtype({"names": [name for name, _, _ in HEARD_FIELDS],
                  "formats": [{"bin": BIN, "needles": NEEDLE}.get(kind, kind) for _, kind, _ in HEARD_FIELDS],
                  "offsets": [offset for _, _, offset in HEARD_FIELDS], "itemsize": HEARD_BYTES})
EARS = ("mix", "master", "aside", "tap")
MOST_RECORDS, MOST_FRAMES = 4096, 65536


@dataclass(frozen=True)
class Piece:
    """Bins of one run of a source: what belongs together. `began_at`: frames of its sound that had been shown before the run."""

    source: str
    run: int
    began_at: int
    bins: Bins
    needles: Bins


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
        heard = self._records[:count * HEARD_BYTES].copy().view(HEARD)
        found = []
        for source in np.unique(heard["source"]):
            of_source = heard[heard["source"] == source]
            for run in np.unique(of_source["run"]):
                piece = of_source[of_source["run"] == run]
                found.append(Piece(EARS[source], int(run), int(piece["began_at"][0]), piece["bin"], piece["needles"]))
        return found

    @property
    def lost_frames(self) -> int:
        """Frames of mix, master and aside that nobody fetched in time."""
        return int(self._engine.scope.lost)

    def read_tap(self) -> NDArray[np.float32]:
        """(frames, 2) of what came out of the tapped stage since the last call."""
        count = self._engine.gauge.tap_scope.drain(self._frames.view(np.uint8).reshape(-1))
        return self._frames[:count].copy()
