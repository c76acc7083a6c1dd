"""All figures of what plays, source by source, since each began: the numbers that `analyze` gives of a file, from the same code."""
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf, log10

import numpy as np
from numpy.typing import NDArray

from mastering_rt.measure.bands import BandMeter, Bands
from mastering_rt.measure.bins import Bins, Floats
from mastering_rt.measure.detail import K_BINS, WORD_BITS, WordUse
from mastering_rt.measure.distribution import histogram
from mastering_rt.measure.loudness import lufs
from mastering_rt.measure.report import FileReport
from mastering_rt.measure.whole import Whole
from mastering_rt.playback.ears import EARS, MOST_FRAMES, Ears, Piece
from mastering_rt.session.model import OutputSpec

WATCHED_S, LAZY_S = 0.03, 1.0
MOST_KEPT_FRAMES = 2 * MOST_FRAMES
FEED_BINS = 500                  # array work costs by the call; what looks back over all is brought up to now when somebody asks
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
    """One source. `show` its sound, `feed` what its ear was told, then `hear`; `needling` is of the last picture, `report` of all since it began.

    The sound itself is only for the octaves. It is not wanted while nobody `listen`s; octaves of what began before are those since then,
    and none of the whole.
    """

    def __init__(self) -> None:
        self._rate = 0
        self._listening = True
        self._bands: BandMeter | None = None
        self._sound: deque[tuple[int, Frames]] = deque()       # first frame of each piece, and the piece
        self.reset()

    def reset(self, rate: int = 0) -> None:
        """Another sound, at this rate; 0 keeps the one before."""
        self._rate = rate or self._rate
        self._run = -1
        self._whole = Whole(self._rate) if self._rate else None
        self._fed_until = 0                      # frames of its sound that belong to the bins of its run
        self._waiting: list[tuple[Bins, Bins]] = []
        self._waiting_bins = 0
        self._bands = self._whole.bands if self._whole is not None else None
        if not self._listening:
            self._stop_listening()
        self._recent = np.zeros((K_BINS, 5))     # energies, sums, frames of the newest bins
        self.needling = Needling()

    def listen(self, on: bool) -> None:
        """Whether octaves are wanted from now on."""
        if on and not self._listening and self._whole is not None:
            self._bands = BandMeter(self._rate)
            if not self._fed:
                self._whole.bands = self._bands
        elif not on:
            self._stop_listening()
        self._listening = on

    def _stop_listening(self) -> None:
        self._bands = None
        self._sound.clear()
        if self._whole is not None:
            self._whole.bands = None

    @property
    def _fed(self) -> bool:
        return bool(self._waiting) or (self._whole is not None and self._whole.programme.frames > 0)

    def feed(self, piece: Piece) -> None:
        """Take bins; those of another run begin anew."""
        if piece.run != self._run:
            self.reset()
            self._run = piece.run
            self._fed_until = piece.began_at
            self._drop_before(piece.began_at)
        self._fed_until += int(piece.bins["frames"].sum())
        self._waiting.append((piece.bins, piece.needles))
        self._waiting_bins += len(piece.bins)
        self.needling = self._needles(piece)
        if self._waiting_bins >= FEED_BINS:
            self._catch_up()

    def show(self, frames: Frames, first: int) -> None:
        """Keep (frames, 2) of its sound, the `first`th and after, until bins tell which run they belong to."""
        if len(frames) and self._listening:
            self._sound.append((first, frames))
            self._drop_before(first + len(frames) - MOST_KEPT_FRAMES)

    def hear(self) -> None:
        """The sound of the bins that were fed."""
        while self._bands is not None and self.known and self._sound and self._sound[0][0] < self._fed_until:
            first, frames = self._sound[0]
            self._bands.push(np.ascontiguousarray(frames[:self._fed_until - first].T))
            self._drop_before(min(self._fed_until, first + len(frames)))

    def _drop_before(self, until: int) -> None:
        while self._sound and self._sound[0][0] < until:
            first, frames = self._sound.popleft()
            if first + len(frames) > until:
                self._sound.appendleft((until, frames[until - first:]))

    def _needles(self, piece: Piece) -> Needling:
        needles, bins = piece.needles, piece.bins[-K_BINS:]
        if len(bins) < K_BINS:
            self._recent[:-len(bins)] = self._recent[len(bins):]
        fresh = self._recent[-len(bins):]
        fresh[:, :2], fresh[:, 2:4], fresh[:, 4] = bins["energy"], bins["total"], bins["frames"]
        sums = self._recent.sum(axis=0)
        rms, total = np.sqrt(2 * sums[:2] / sums[4]), (100 * sums[2:4] / sums[4]).tolist()
        return Needling(_pair(needles["ppm1"].max(axis=0)), _pair(needles["ppm2"].max(axis=0)), _pair(needles["vu"].max(axis=0)), _pair(rms),
                        _pair(piece.bins["peak"].max(axis=0)), (total[0], total[1]))

    def _catch_up(self) -> None:
        if self._waiting and self._whole is not None:
            self._whole.feed([_joined([bins for bins, _ in self._waiting])], [_joined([needles for _, needles in self._waiting])])
            self._waiting, self._waiting_bins = [], 0

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
        return self._bands.now() if self._bands is not None else Bands()

    def short_term_lufs(self) -> Floats:
        """Loudness of 3 s, every 100 ms since 3 s after it began."""
        self._catch_up()
        return lufs(self._whole.programme.loudness.windows) if self._whole is not None else np.empty(0)

    def psr_db(self) -> Floats:
        """Peak to short-term loudness, at the same times; NaN where it is too quiet."""
        self._catch_up()
        return self._whole.programme.psr_steps.values if self._whole is not None else np.empty(0)

    def histograms(self, low_lufs: float, high_lufs: float) -> tuple[Floats, Floats]:
        """Shares of time of short-term and of momentary loudness, per LU."""
        self._catch_up()
        if self._whole is None:
            return np.zeros(round(high_lufs - low_lufs)), np.zeros(round(high_lufs - low_lufs))
        loudness = self._whole.programme.loudness
        return histogram(loudness.windows, low_lufs, high_lufs), histogram(loudness.blocks, low_lufs, high_lufs)


class LiveFigures:
    """Mix, master, what is heard aside, and what comes out of the metered slot. A further source is a further name.

    `watched` is set while somebody looks at what moves: then the ears are read with every picture, else once a second. `listen` says whether
    octaves are wanted, which cost the most; they are unless it says otherwise.
    """

    SOURCES = EARS

    def __init__(self, now: Callable[[], float]) -> None:
        self.watched = False
        self._now, self._read_s = now, -inf
        self._sources = {name: LiveSource() for name in self.SOURCES}
        self._rate = 0
        self._listening = True
        self._ears: Ears | None = None
        self._shown = self._tap_shown = 0
        self._frames: list[tuple[Frames, Frames]] = []

    def of(self, source: str) -> LiveSource:
        """One of SOURCES."""
        return self._sources[source]

    def listen(self, on: bool) -> None:
        """Whether octaves are wanted from now on; without them the sound itself is let go by."""
        if on != self._listening:
            self._listening = on
            for source in self._sources.values():
                source.listen(on)

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
            if self._listening:
                self._frames.append((frames, aside))
            else:
                self._shown += len(frames)
        now = self._now()
        gap_s = WATCHED_S if self.watched else LAZY_S
        if self._read_s <= now < self._read_s + gap_s:
            return
        self._read_s = now
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


def _joined(pieces: Sequence[Bins]) -> Bins:
    """Records one after another; numpy would compare their layouts field by field."""
    return np.concatenate([piece.view(np.uint8) for piece in pieces]).view(pieces[0].dtype) if len(pieces) > 1 else pieces[0]


def _pair(levels: Floats) -> Pair:
    left, right = (20 * log10(level) if level > 0 else -inf for level in levels.tolist())
    return left, right
