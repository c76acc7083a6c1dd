"""Which measurements of the whole song are known, wanted and under way."""
from collections import deque
from collections.abc import Callable, Sequence

from mastering_rt.audio.mix import LongSong
from mastering_rt.audio.song import Song
from mastering_rt.offline.checkpoints import Checkpoints
from mastering_rt.offline.whole_song import Analyst, Measured
from mastering_rt.session.model import Slot

Stages = tuple[Slot, ...]
ANALYSE_AFTER_S = 0.12           # a knob at rest for this long is worth a pass over the song
KEPT = 4                         # so that undo and a comparison of two chains need no new pass
KEPT_LONG = 1


class Measurements:
    """`want` says which chains are to be known, `poll` brings what was found and starts what is due. One pass at a time."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.after_s: float | None = None       # from the last change to its numbers
        self._analyst = Analyst()
        self._now = now
        self._song: Song | LongSong | None = None
        self._known: deque[Measured] = deque(maxlen=KEPT)
        self._wanted: tuple[Stages, ...] = ()
        self._under_way: Stages | None = None
        self._changed_at = self._due_at = 0.0

    def take_song(self, song: Song | LongSong | None) -> None:
        """Another song: nothing measured so far holds."""
        self._analyst.cancel()
        self._analyst.points = None
        self._song, self._under_way, self._wanted = song, None, ()
        self._known = deque(maxlen=KEPT if isinstance(song, Song) else KEPT_LONG)

    def known(self, chain: Stages) -> Measured | None:
        """What was found for this chain, if it was measured."""
        return next((found for found in self._known if found.chain == chain), None)

    def checkpoints(self, chain: Stages) -> Checkpoints | None:
        """Places of the song from which this chain can go on; more come while its pass runs. None for a chain that was not the last."""
        points = self._analyst.points
        return points if points is not None and points.chain == chain else None

    def want(self, chains: Sequence[Stages]) -> None:
        """Know these chains, the most urgent first; a pass over any other is stopped."""
        wanted = tuple(dict.fromkeys(chains))
        if wanted == self._wanted:
            return
        self._wanted = wanted
        self._changed_at, self._due_at = self._now(), self._now() + ANALYSE_AFTER_S
        if self._under_way not in wanted:
            self._analyst.cancel()
            self._under_way = None

    @property
    def busy(self) -> bool:
        """Whether a pass is under way; may be asked from any thread."""
        return self._analyst.busy

    def poll(self) -> list[Measured | str]:
        """What has been found since the last call: measurements, or a sentence why there is none."""
        found = self._analyst.results()
        for result in found:
            self._under_way = None
            if isinstance(result, str):
                self._wanted = ()
            else:
                self._known.append(result)
                self.after_s = self._now() - self._changed_at
        self._start_due()
        return found

    def _start_due(self) -> None:
        if self._song is None or self._under_way is not None or self._now() < self._due_at:
            return
        missing = next((chain for chain in self._wanted if self.known(chain) is None), None)
        if missing is not None:
            self._under_way = missing
            self._analyst.request(self._song, missing)

    def close(self) -> None:
        """Stop whatever is under way."""
        self._analyst.close()
