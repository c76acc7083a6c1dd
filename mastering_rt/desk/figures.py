"""All figures of what plays, source by source, since each began: the numbers that `analyze` gives of a file, from the same code."""
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf, log10

import numpy as np
from numpy.typing import NDArray

from mastering_rt.measure.bands import Bands
from mastering_rt.measure.bins import Bins, Floats
from mastering_rt.measure.detail import K_BINS, WORD_BITS, WordUse
from mastering_rt.measure.distribution import histogram
from mastering_rt.measure.loudness import lufs
from mastering_rt.measure.report import FileReport
from mastering_rt.measure.whole import Whole
from mastering_rt.playback.ears import EARS, MOST_FRAMES, Ears, Piece
from mastering_rt.session.model import OutputSpec

LAZY_S = 0.1
MOST_KEPT_FRAMES = 2 * MOST_FRAMES
FEED_BINS = 50                   # array work costs by the call; half a second is soon enough for what looks back over all
Pair = tuple[float, float]
SILENT: Pair = (-inf, -inf)
Frames = NDArray[np.float32]
NOTHING = np.zeros((0, 6), np.float32)


@dataclass(frozen=True)
class Needling:
    """What moves with the music, in dBFS; a steady sine reads its peak. k_rms_dbfs: over 600 ms, the sine at its peak too."""

    ppm1_dbfs: Pair = SILENT
    ppm2_dbfs: Pair = SILENT
    vu_dbfs: Pair = SILENT
    k_rms_dbfs: Pair = SILENT
    peak_dbfs: Pair = SILENT
    dc_percent: Pair | None = None           # of the last 600 ms


class LiveSource:
    """One source. `show` its sound, `feed` what its ear was told, then `hear`; `needling` is of the last picture, `report` of all since it began."""

    def __init__(self) -> None:
        self._rate = 0
        self._sound, self._sound_at = NOTHING[:, :2], 0
        self.reset()

    def reset(self, rate: int = 0) -> None:
        """Another sound, at this rate; 0 keeps the one before."""
        self._rate = rate or self._rate
        self._run = -1
        self._whole = Whole(self._rate) if self._rate else None
        self._fed_until = 0                      # frames of its sound that belong to the bins of its run
        self._waiting: list[tuple[Bins, Bins]] = []
        self._last: list[Bins] = []
        self.needling = Needling()

    def feed(self, piece: Piece) -> None:
        """Take bins; those of another run begin anew."""
        if piece.run != self._run:
            self.reset()
            self._run = piece.run
            self._fed_until = piece.began_at
            self._drop_before(piece.began_at)
        self._fed_until += int(piece.bins["frames"].sum())
        self._waiting.append((piece.bins, piece.needles))
        self._last.append(piece.bins)
        while len(self._last) > 1 and sum(map(len, self._last[1:])) >= K_BINS:
            self._last.pop(0)
        self.needling = self._needles(piece)
        if sum(len(bins) for bins, _ in self._waiting) >= FEED_BINS:
            self._catch_up()

    def show(self, frames: Frames, first: int) -> None:
        """Keep (frames, 2) of its sound, the `first`th and after, until bins tell which run they belong to."""
        if len(frames):
            self._sound = np.concatenate([self._sound, frames]) if self._sound_at + len(self._sound) == first else frames
            self._sound_at = first + len(frames) - len(self._sound)
        self._drop_before(self._sound_at + len(self._sound) - MOST_KEPT_FRAMES)

    def hear(self) -> None:
        """The sound of the bins that were fed."""
        count = min(len(self._sound), self._fed_until - self._sound_at)
        if self._whole is not None and self.known and count > 0:
            self._whole.hear(np.ascontiguousarray(self._sound[:count].T))
            self._drop_before(self._sound_at + count)

    def _drop_before(self, first: int) -> None:
        gone = min(max(0, first - self._sound_at), len(self._sound))
        self._sound, self._sound_at = self._sound[gone:], self._sound_at + gone

    def _needles(self, piece: Piece) -> Needling:
        needles = piece.needles
        last = np.concatenate(self._last)[-K_BINS:]
        frames = float(last["frames"].sum())
        rms, total = np.sqrt(2 * last["energy"].sum(axis=0) / frames), 100 * last["total"].sum(axis=0) / frames
        return Needling(_pair(needles["ppm1"].max(axis=0)), _pair(needles["ppm2"].max(axis=0)), _pair(needles["vu"].max(axis=0)), _pair(rms),
                        _pair(piece.bins["peak"].max(axis=0)), (float(total[0]), float(total[1])))

    def _catch_up(self) -> None:
        if self._waiting and self._whole is not None:
            self._whole.feed([np.concatenate([bins for bins, _ in self._waiting])], [np.concatenate([needles for _, needles in self._waiting])])
            self._waiting = []

    @property
    def known(self) -> bool:
        """Whether anything was heard."""
        return self._whole is not None and self._run >= 0

    def report(self) -> FileReport | None:
        """All since it began, as of a file that ends now; None before."""
        self._catch_up()
        return self._whole.report() if self._whole is not None and self.known else None

    @property
    def words(self) -> tuple[WordUse, ...]:
        """The bits in use, left and right."""
        self._catch_up()
        return self._whole.detail.words if self._whole is not None else (WordUse(), WordUse())

    def bands(self) -> Bands:
        """Octaves of the last two seconds."""
        return self._whole.bands.now() if self._whole is not None and self._whole.bands is not None else Bands()

    def short_term_lufs(self) -> Floats:
        """Loudness of 3 s, every 100 ms since 3 s after it began."""
        return lufs(self._whole.programme.loudness.windows) if self._whole is not None else np.empty(0)

    def psr_db(self) -> Floats:
        """Peak to short-term loudness, at the same times; NaN where it is too quiet."""
        return self._whole.programme.psr_steps.values if self._whole is not None else np.empty(0)

    def histograms(self, low_lufs: float, high_lufs: float) -> tuple[Floats, Floats]:
        """Shares of time of short-term and of momentary loudness, per LU."""
        if self._whole is None:
            return np.zeros(round(high_lufs - low_lufs)), np.zeros(round(high_lufs - low_lufs))
        loudness = self._whole.programme.loudness
        return histogram(loudness.windows, low_lufs, high_lufs), histogram(loudness.blocks, low_lufs, high_lufs)


class LiveFigures:
    """Mix, master, what is heard aside, and what comes out of the metered slot. A further source is a further name.

    `watched` is set while somebody looks at what moves: then the ears are read with every picture, else some times a second.
    """

    SOURCES = EARS

    def __init__(self, now: Callable[[], float]) -> None:
        self.watched = False
        self._now, self._due_s = now, 0.0
        self._sources = {name: LiveSource() for name in self.SOURCES}
        self._rate = 0
        self._ears: Ears | None = None
        self._shown = self._tap_shown = 0
        self._frames: list[tuple[Frames, Frames]] = []

    def of(self, source: str) -> LiveSource:
        """One of SOURCES."""
        return self._sources[source]

    def reset(self, rate: int = 0) -> None:
        """Forget everything; the engine runs at this rate from now on."""
        self._rate = rate or self._rate
        self._frames = []
        for source in self._sources.values():
            source.reset(self._rate)

    def poll(self, ears: Ears, frames: Frames, aside: Frames, rate: int) -> None:
        """What sounded since the last call: the ears are read when it is due, the frames (mix and master, and aside) kept until then."""
        if rate != self._rate or ears is not self._ears:
            self._ears, self._shown, self._tap_shown = ears, 0, 0
            self.reset(rate)
        if len(frames):
            self._frames.append((frames, aside))
        now = self._now()
        if not self.watched and self._due_s - LAZY_S <= now < self._due_s:
            return
        self._due_s = now + LAZY_S
        heard, self._frames = self._frames, []
        tap = ears.read_tap()
        if heard:
            both, other = (np.concatenate(parts) for parts in zip(*heard, strict=True))
            self._show({"mix": both[:, :2], "master": both[:, 2:], "aside": other}, self._shown + ears.lost_frames)
            self._shown += len(both)
        if len(tap):
            self._show({"tap": tap}, self._tap_shown)
            self._tap_shown += len(tap)
        self._feed(ears.read())

    def _show(self, frames: dict[str, Frames], first: int) -> None:
        for name, sound in frames.items():
            self._sources[name].show(sound, first)

    def _feed(self, pieces: Sequence[Piece]) -> None:
        for piece in pieces:
            self._sources[piece.source].feed(piece)
        for name in {piece.source for piece in pieces}:
            self._sources[name].hear()


def word_bits(outputs: Sequence[OutputSpec]) -> int:
    """Length of the words that the first of the files to deliver is written in; 32 for floating point."""
    bits = outputs[0].bits if outputs else OutputSpec().bits
    return int(bits) if bits.isdigit() else WORD_BITS


def _pair(levels: Floats) -> Pair:
    left, right = (20 * log10(level) if level > 0 else -inf for level in levels.tolist())
    return left, right
