"""How loud the parts of mix and references are that are compared: the loop, or the whole where there is none."""
from dataclasses import dataclass

from mastering_rt.audio.reference import ReferenceFacts
from mastering_rt.measure.bins import BINS_PER_S, Bins
from mastering_rt.measure.matched import region_lufs
from mastering_rt.playback.match import Basis
from mastering_rt.session.model import Loop, Reference


@dataclass(frozen=True)
class Level:
    """How much louder than the mix a side is, over what; None while that is not known. trim_db: what the user adds to the match."""

    difference_lu: float | None = None
    basis: Basis = "none"
    trim_db: float = 0.0

    @property
    def known(self) -> bool:
        return self.difference_lu is not None

    @property
    def apparent_lu(self) -> float | None:
        """Loudness beside the mix as the user wants it counted: a trim up makes a side count as softer."""
        return None if self.difference_lu is None else self.difference_lu - self.trim_db


class Regions:
    """Each region is worked out once. mix: bins of the mix and the rate of its frames; None until it was measured."""

    def __init__(self) -> None:
        self.mix: tuple[Bins, int] | None = None
        self._known: dict[str, tuple[Bins, tuple[int, int] | None, float | None]] = {}       # of a reference, and of the mix ("")

    def mix_lufs(self, loop: Loop | None) -> float | None:
        """Loudness of the mix in the loop, of the whole where that is silent."""
        if self.mix is None:
            return None
        bins, rate = self.mix
        span = bin_span(loop.start_frame, loop.stop_frame, rate, len(bins)) if loop is not None else None
        return self._lufs("", bins, span)

    def level_of(self, reference: Reference, facts: ReferenceFacts | None, loop: Loop | None, span: tuple[int, int] | None) -> Level:
        """A reference beside the mix. loop: of the song. span: what of the reference is compared, in frames of its file; None for the whole."""
        if facts is None or self.mix is None:
            return Level(None, "none", reference.trim_db)
        mix = self.mix_lufs(loop)
        own = facts.integrated_lufs if span is None else self._lufs(reference.id, facts.bins, bin_span(*span, facts.rate_hz, len(facts.bins)))
        if mix is None or own is None:
            return Level(None, "none", reference.trim_db)
        return Level(own - mix, "loop" if span is not None or loop is not None else "song", reference.trim_db)

    def _lufs(self, of: str, bins: Bins, span: tuple[int, int] | None) -> float | None:
        """Gated loudness of some bins, of all of them where these are silent."""
        known = self._known.get(of)
        if known is None or known[0] is not bins or known[1] != span:
            found = region_lufs(bins, *span) if span is not None else None
            known = self._known[of] = (bins, span, region_lufs(bins) if found is None else found)
        return known[2]


def reference_span(reference: Reference, loop: Loop | None, song_rate_hz: int) -> tuple[int, int] | None:
    """What of a reference is compared, in frames of its file: its own loop, or what lies beside the song's where it is locked; None for the whole."""
    if not reference.locked:
        own = reference.loop
        return (own.start_frame, own.stop_frame) if own is not None and own.on else None
    if loop is None:
        return None
    ratio = reference.source.sample_rate_hz / song_rate_hz
    start, stop = (round((frame + reference.offset_frames) * ratio) for frame in (loop.start_frame, loop.stop_frame))
    start, stop = max(start, 0), min(stop, reference.source.frames)
    return (start, stop) if start < stop else None


def bin_span(start_frame: int, stop_frame: int, rate_hz: int, bins: int) -> tuple[int, int]:
    """The bins that lie wholly in a region; at least one."""
    first = min(-(-start_frame * BINS_PER_S // rate_hz), bins - 1)
    return first, max(min(stop_frame * BINS_PER_S // rate_hz, bins), first + 1)
