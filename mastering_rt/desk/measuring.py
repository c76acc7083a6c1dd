"""Which measurements of the whole song are known, wanted and under way."""
from collections.abc import Callable, Sequence
from math import inf

from mastering_rt.audio.mix import LongSong
from mastering_rt.audio.song import Song
from mastering_rt.offline.checkpoints import Checkpoints
from mastering_rt.offline.measured import Measured, Spectra
from mastering_rt.offline.whole_song import Analyst, Findings, What
from mastering_rt.qc.finding import Finding
from mastering_rt.session.model import Slot

Stages = tuple[Slot, ...]
ANALYSE_AFTER_S = 0.04           # a knob at rest for this long is worth a pass over the song
INSPECT_AFTER_S = 1.0            # and for this long a look for faults
MOST_BYTES = 96 << 20            # of measurements: undo and a comparison of several chains need no new pass; what is wanted stays in any case
KEPT_PLACES = 2                  # chains that can be gone on with from any second of the song, besides the one under way


class Measurements:
    """`want` says which chains are to be known, `poll` brings what was found and starts what is due: numbers, then spectra, then findings.

    hold: while it is so nothing is worked out, and what was under way is begun anew afterwards.
    """

    def __init__(self, now: Callable[[], float], hold: Callable[[], bool] = lambda: False) -> None:
        self.after_s: float | None = None       # from the last change to its numbers
        self._analyst = Analyst()
        self._now = now
        self._hold = hold
        self._song: Song | LongSong | None = None
        self._known: dict[Stages, Measured] = {}
        self._spectra: dict[Stages, Spectra] = {}
        self._findings: Findings | None = None
        self._points: dict[Stages, Checkpoints] = {}
        self._hopeless: set[tuple[Stages, What]] = set()
        self._wanted: tuple[Stages, ...] = ()
        self._later: tuple[Stages, ...] = ()
        self._inspected: Stages | None = None
        self._under_way: tuple[Stages, What] | None = None
        self._changed_at = self._due_at = 0.0
        self._look_at = 0.0                     # when there may be something to start; infinite until something changes

    def take_song(self, song: Song | LongSong | None) -> None:
        """Another song: nothing measured so far holds."""
        self._analyst.forget()
        self._song, self._under_way, self._wanted, self._inspected, self._findings, self._look_at = song, None, (), None, None, 0.0
        self._later = ()
        for known in (self._known, self._spectra, self._points, self._hopeless):
            known.clear()

    def known(self, chain: Stages) -> Measured | None:
        """What was found for this chain, if it was measured."""
        return self._known.get(chain)

    def spectra(self, chain: Stages) -> Spectra | None:
        """Spectrum percentiles before and behind this chain; they come after its numbers."""
        return self._spectra.get(chain)

    def findings(self, chain: Stages) -> tuple[Finding, ...] | None:
        """What is wrong with the song behind this chain; known for the last one that `inspect` asked for, when it was at rest."""
        return self._findings.findings if self._findings is not None and self._findings.chain == chain else None

    def checkpoints(self, chain: Stages) -> Checkpoints | None:
        """Places of the song from which this chain can go on; more come while its pass runs. Known for the last few chains measured."""
        points = self._analyst.points
        return points if points is not None and points.chain == chain else self._points.get(chain)

    def want(self, chains: Sequence[Stages], later: Sequence[Stages] = ()) -> None:
        """Know these chains, the most urgent first; a pass over any other is stopped. later: only their numbers, once all else is known."""
        wanted = tuple(dict.fromkeys(chains))
        self._later = tuple(chain for chain in later if chain not in wanted)
        if wanted == self._wanted:
            return
        self._wanted = wanted
        self._changed_at, self._look_at = self._now(), 0.0
        self._due_at = self._changed_at + ANALYSE_AFTER_S
        self._known = {**self._known, **{chain: self._known[chain] for chain in reversed(wanted) if chain in self._known}}
        if self._under_way is not None and (self._under_way[0] not in wanted or self._under_way[1] != "numbers"):
            self._stop()

    def try_again(self) -> None:
        """What could not be measured may be measured now."""
        self._hopeless.clear()
        self._look_at = 0.0

    def inspect(self, chain: Stages | None) -> None:
        """Look for faults behind this chain, once all else is known and it has been at rest; None for no more."""
        if chain == self._inspected:
            return
        self._inspected, self._look_at = chain, 0.0
        if self._under_way is not None and self._under_way[1] == "findings":
            self._stop()

    def _stop(self) -> None:
        self._analyst.cancel()
        self._under_way = None

    @property
    def busy(self) -> bool:
        """Whether numbers or spectra are worked out; may be asked from any thread."""
        return self._analyst.busy

    @property
    def urgent(self) -> bool:
        """Whether numbers are worked out, which somebody waits for; may be asked from any thread."""
        under_way = self._under_way
        return under_way is not None and under_way[1] == "numbers"

    def poll(self) -> list[Measured | str]:
        """What has been found since the last call: measurements, or a sentence why there is none."""
        told: list[Measured | str] = []
        for result in self._analyst.results():
            if isinstance(result, Checkpoints):
                self._points = dict([*self._points.items(), (result.chain, result)][-KEPT_PLACES:])
                continue
            if isinstance(result, str):
                if self._under_way is not None:
                    self._hopeless.add(self._under_way)
                told.append(result)
            elif isinstance(result, Measured):
                self._take(result)
                told.append(result)
            elif isinstance(result, Spectra):
                self._spectra[result.chain] = result
            else:
                self._findings = result
            self._under_way, self._look_at = None, 0.0
        self._start_due()
        return told

    def _take(self, measured: Measured) -> None:
        self._later = tuple(chain for chain in self._later if chain != measured.chain)
        self._known[measured.chain] = measured
        if measured.chain in self._wanted[:1]:
            self.after_s = self._now() - self._changed_at
        left = sum(known.nbytes for known in self._known.values())
        for chain in [chain for chain in self._known if chain not in self._wanted]:
            if left <= MOST_BYTES:
                break
            left -= self._known.pop(chain).nbytes
            self._spectra.pop(chain, None)

    def _start_due(self) -> None:
        now = self._now()
        if self._hold():
            if self._under_way is not None:
                self._stop()
                self._look_at = 0.0
            return
        if now < self._look_at or self._song is None or self._under_way is not None or now < self._due_at:
            return
        due = next((due for due in self._missing() if due not in self._hopeless), None)
        if due is not None:
            self._under_way = due
            self._analyst.request(self._song, *due)
        rested_at = self._changed_at + INSPECT_AFTER_S
        self._look_at = rested_at if now < rested_at else inf

    def _missing(self) -> list[tuple[Stages, What]]:
        """What is to be found out, in its order."""
        missing: list[tuple[Stages, What]] = [(chain, "numbers") for chain in self._wanted if chain not in self._known]
        missing += [(chain, "spectra") for chain in self._wanted if chain not in self._spectra]
        at_rest = self._now() >= self._changed_at + INSPECT_AFTER_S
        if self._inspected is not None and at_rest and self.findings(self._inspected) is None:
            missing.append((self._inspected, "findings"))
        if at_rest:
            missing += [(chain, "numbers") for chain in self._later]
        return missing

    def close(self) -> None:
        """Stop whatever is under way, and let go of the song: whoever still holds a closed desk does not hold its sound."""
        self._analyst.close()
        self.take_song(None)

