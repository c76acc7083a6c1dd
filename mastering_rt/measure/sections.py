"""Which passage of a reference is the counterpart of a passage of the song: chorus beside chorus.

Both songs are cut where their sound changes: the novelty of a self-similarity matrix of band spectra and chroma (Foote 2000). Each
section is then described against its own song: how loud it ranks there, and how its spectrum, its density and its harmony stand out
of the song's mean. Keys, tempi and mixes differ from song to song; that a chorus is the louder, brighter, fuller part of its own does not.
"""
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mastering_rt.measure.later import fft, ndimage

HOP_S = 0.5
BANDS = 24
LOW_HZ, HIGH_HZ = 40.0, 14000.0
KERNEL_S = 6.0                   # either side of a boundary
SMOOTH = 1.5                     # steps
SHORTEST_S = 4.0
PEAK = 0.15                      # of the largest novelty
SILENT_DB, HEARD_DB = -70.0, 30.0            # under the loudest half second it is no part of the music's own spread
SNAP_S, SNAP_COST = 2.0, 0.15
LOUDNESS_WEIGHT, TONE_WEIGHT, DENSITY_WEIGHT = 1.0, 0.5, 0.5
SURE, UNSURE = 0.6, 0.3

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Sketch:
    """A song every half second. levels_db (n,): of all; bands_db (n, BANDS): against that level; chroma (n, 12); flux (n,)."""

    rate_hz: int
    frames: int
    levels_db: Floats
    bands_db: Floats
    chroma: Floats
    flux: Floats

    @property
    def hop(self) -> int:
        return round(HOP_S * self.rate_hz)


@dataclass(frozen=True)
class Suggestion:
    """A passage of the reference, in its frames. confidence: 0 to 1, how much better it fits than the next best one and how well."""

    start_frame: int
    stop_frame: int
    confidence: float

    @property
    def words(self) -> str:
        """How sure it is, for a person."""
        return "likely" if self.confidence >= SURE else "perhaps" if self.confidence >= UNSURE else "a guess"


def sketch(blocks: Iterable[NDArray[np.floating]], rate_hz: int, check: Callable[[], None] = lambda: None) -> Sketch:
    """Of a stream of (2, frames) blocks. `check` may raise to stop it."""
    hop = round(HOP_S * rate_hz)
    bands, notes = _bands(hop, rate_hz), _notes(hop, rate_hz)
    window = np.hanning(hop)
    rows: list[Floats] = []
    rest, frames = np.zeros(0), 0
    for block in blocks:
        check()
        frames += block.shape[1]
        rest = np.concatenate([rest, block.mean(axis=0, dtype=np.float64)])
        whole = len(rest) // hop
        for k in range(whole):
            rows.append(np.abs(fft.rfft(rest[k * hop:(k + 1) * hop] * window)) ** 2)
        rest = rest[whole * hop:]
    power = np.array(rows) if rows else np.zeros((0, hop // 2 + 1))
    scale = 1.0 / np.sum(window ** 2)
    total = 10 * np.log10(np.maximum(power.sum(axis=1) * 2 * scale / hop, 1e-12))
    in_bands = 10 * np.log10(np.maximum(power @ bands * scale / hop, 1e-14)) - total[:, np.newaxis]
    chroma = np.sqrt(power @ notes)
    chroma /= np.maximum(np.linalg.norm(chroma, axis=1, keepdims=True), 1e-12)
    rise = np.diff(np.sqrt(power @ bands), axis=0, prepend=np.sqrt(power[:1] @ bands))
    flux = np.maximum(rise, 0).sum(axis=1) / np.maximum(np.sqrt(power @ bands).sum(axis=1), 1e-12)
    return Sketch(rate_hz, frames, total, in_bands, chroma, flux)


def _bands(hop: int, rate_hz: int) -> Floats:
    """(bins, BANDS): which bin counts for which band."""
    hz = np.arange(hop // 2 + 1) * rate_hz / hop
    edges = np.geomspace(LOW_HZ, min(HIGH_HZ, 0.45 * rate_hz), BANDS + 1)
    found: Floats = ((hz[:, np.newaxis] >= edges[:-1]) & (hz[:, np.newaxis] < edges[1:])).astype(np.float64)
    return found


def _notes(hop: int, rate_hz: int) -> Floats:
    """(bins, 12): which bin counts for which note, from 100 Hz to 2 kHz."""
    hz = np.arange(hop // 2 + 1) * rate_hz / hop
    inside = (hz >= 100) & (hz <= 2000)
    note = np.zeros(len(hz), np.intp)
    note[inside] = np.rint(12 * np.log2(hz[inside] / 440.0)).astype(np.intp) % 12
    found = np.zeros((len(hz), 12))
    found[inside, note[inside]] = 1.0
    return found


def boundaries(song: Sketch) -> list[int]:
    """Where its sound changes, in frames, its own ends included."""
    n = len(song.levels_db)
    if n < 2 * SHORTEST_S / HOP_S:
        return [0, song.frames]
    features = np.concatenate([_standing_out(song, song.bands_db) / np.sqrt(BANDS / 4), song.chroma, _standing_out(song, song.levels_db[:, np.newaxis])], axis=1)
    novelty = _novelty(ndimage.gaussian_filter1d(features, SMOOTH, axis=0), min(round(KERNEL_S / HOP_S), n // 2))
    least = round(SHORTEST_S / HOP_S)
    found: list[int] = []
    for k in np.argsort(novelty)[::-1]:
        if novelty[k] < PEAK * novelty.max():
            break
        if least <= k <= n - least and all(abs(k - other) >= least for other in found):
            found.append(int(k))
    return [0, *(k * song.hop for k in sorted(found)), song.frames]


def _standing_out(song: Sketch, rows: Floats) -> Floats:
    """Against the mean of what is heard of the song, in its deviations; two of them at most."""
    heard = rows[song.levels_db > song.levels_db.max() - HEARD_DB]
    found: Floats = np.clip((rows - heard.mean(axis=0)) / np.maximum(heard.std(axis=0), 0.5), -2, 2)
    return found


def _novelty(features: Floats, half: int) -> Floats:
    """How unlike what lies before a place is what lies behind it: the mean distance across, less those within."""
    n = len(features)
    found = np.zeros(n)
    for k in range(2, n - 1):
        first = max(0, k - half)
        block = _distances(features[first:min(n, k + half)])
        m = k - first
        found[k] = block[:m, m:].mean() - 0.5 * (block[:m, :m].mean() + block[m:, m:].mean())
    return np.maximum(found, 0)


def _distances(rows: Floats) -> Floats:
    found: Floats = np.sqrt(((rows[:, np.newaxis, :] - rows[np.newaxis, :, :]) ** 2).sum(axis=2))
    return found


def suggest(song: Sketch, start_frame: int, stop_frame: int, reference: Sketch) -> Suggestion | None:
    """What of the reference is to its song what start .. stop is to this one, as long as that; None where there is too little of either."""
    own = _described(song, start_frame, stop_frame)
    length = min(max(1, round((stop_frame - start_frame) / song.hop)), len(reference.levels_db))
    if own is None or not length:
        return None
    starts = range(len(reference.levels_db) - length + 1)
    found = [_described(reference, k * reference.hop, (k + length) * reference.hop) for k in starts]
    distances = np.array([np.inf if one is None else float(np.linalg.norm(own - one)) for one in found])
    best = int(distances.argmin())
    if not np.isfinite(distances[best]):
        return None
    start = _snapped(best, distances, [frame // reference.hop for frame in boundaries(reference)])
    return Suggestion(start * reference.hop, min((start + length) * reference.hop, reference.frames), _confidence(distances, best, length))


def _snapped(best: int, distances: Floats, cuts: list[int]) -> int:
    """At a place near by where the sound changes, if it fits there nearly as well."""
    near = [cut for cut in cuts if abs(cut - best) <= SNAP_S / HOP_S and cut < len(distances)]
    good = [cut for cut in near if distances[cut] <= distances[best] + SNAP_COST]
    return min(good, key=lambda cut: (abs(cut - best), cut)) if good else best


def _confidence(distances: Floats, best: int, length: int) -> float:
    """How well it fits, and how much better than anything that lies elsewhere."""
    elsewhere = np.abs(np.arange(len(distances)) - best) >= length
    fit = float(np.exp(-(distances[best] / 1.5) ** 2))
    others = distances[elsewhere & np.isfinite(distances)]
    if not len(others):
        return round(0.5 * fit, 3)
    return round(fit * float(np.clip((others.min() - distances[best]) / 0.5, 0, 1)), 3)


def _described(song: Sketch, start: int, stop: int) -> Floats | None:
    """How loud a passage ranks in its song, and how its tone, fullness and density stand out there."""
    if not len(song.levels_db):
        return None
    heard = song.levels_db > max(SILENT_DB, float(song.levels_db.max()) - HEARD_DB)
    first, last = start // song.hop, max(start // song.hop + 1, round(stop / song.hop))
    part = heard[first:last]
    if not len(part) or part.mean() < 0.5 or heard.sum() < 4:
        return None
    levels = song.levels_db[heard]
    inside = song.levels_db[first:last][part]
    rank = float(np.mean([np.mean(levels < level) + 0.5 * np.mean(levels == level) for level in inside]))
    above = float(np.clip((inside.mean() - levels.mean()) / max(float(levels.std()), 1.0), -1.5, 1.5))
    tone = (song.bands_db[first:last][part].mean(axis=0) - song.bands_db[heard].mean(axis=0)) / np.maximum(song.bands_db[heard].std(axis=0), 1.0)
    dense = float((song.flux[first:last][part].mean() - song.flux[heard].mean()) / max(float(song.flux[heard].std()), 1e-6))
    return np.concatenate([[LOUDNESS_WEIGHT * 2 * rank, LOUDNESS_WEIGHT * above], TONE_WEIGHT * np.clip(tone, -2, 2).reshape(6, -1).mean(axis=1),
                           [DENSITY_WEIGHT * float(np.clip(dense, -2, 2))]])
