"""A look into one running stage: what its bands hear and do, for the window. Only the stage that is looked at publishes anything."""
import numpy as np
from numpy.typing import NDArray

from dsp_core.stages.stage import Stage

Rows = NDArray[np.float32]
MOST_BYTES = 1 << 18
NO_ROWS: Rows = np.empty((0, 0), np.float32)


class Inside:
    """`read` from the control thread as often as there is a picture; asking for another stage lets go of the one before."""

    def __init__(self) -> None:
        self._stage: Stage | None = None
        self._bytes = np.zeros(MOST_BYTES, np.uint8)

    def look(self, stage: Stage | None) -> None:
        """Begin to watch a stage, or nobody."""
        if stage is self._stage:
            return
        for watched, on in ((self._stage, False), (stage, True)):
            if watched is not None and watched.display is not None:
                watched.display.watch(on)
        self._stage = stage

    def read(self) -> Rows:
        """(n, figures): what the stage has said since the last call, oldest first. A kind that shows nothing has no rows."""
        if self._stage is None or self._stage.display is None:
            return NO_ROWS
        width = int(self._stage.display.width)
        count = self._stage.display.read(self._bytes)
        return self._bytes[:4 * width * count].copy().view(np.float32).reshape(count, width)
