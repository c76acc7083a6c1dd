"""Runs passes over one song: on several threads, from the sound that was kept, and in segments where the song is too long for memory."""
import time
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from dsp_core.offline.song_pass import BLOCK_FRAMES, COLUMN_FRAMES, SongPass
from dsp_core.stages.stage import Stage
from mastering_rt.audio.mix import LongSong, stereo_blocks
from mastering_rt.audio.song import Samples, Song
from mastering_rt.errors import Check
from mastering_rt.measure.bins import BIN, Bins, as_bins, bin_frames
from mastering_rt.measure.loudness import integrated_lufs, weighted_energy
from mastering_rt.measure.overview import Overview
from mastering_rt.offline.checkpoints import MOST_BYTES, Checkpoints
from mastering_rt.offline.hands import Hands
from mastering_rt.offline.kept import Kept, Plan, StageFound, sound_of
from mastering_rt.offline.measured import Measured
from mastering_rt.offline.run import CHUNK_FRAMES, Reductions, build_stages
from mastering_rt.plugins.units import check_plugins, let_go
from mastering_rt.session.model import Slot

LOOK_S = 0.004                   # how often a pass looks whether it may go on, and hands on the places that are ready
BLOCK: int = BLOCK_FRAMES
SEGMENT_FRAMES = 128 * BLOCK
Chain = tuple[Slot, ...]


class SongRun:
    """Of one song. One thread measures; `stop` may be called by any. `check` may raise to end a pass: nothing of it stays."""

    def __init__(self, song: Song | LongSong, hands: Hands, most_bytes: int | None = None) -> None:
        self.song = song
        self.kept = Kept(song.frames if isinstance(song, Song) else 0, most_bytes)
        self.points: Checkpoints | None = None           # of the pass that runs or ran last; grows while it runs
        self._hands = hands
        self._mix_bins: Bins | None = None

    def mix_bins(self, check: Check = lambda: None) -> Bins:
        """Bins of the mix; measured once."""
        if self._mix_bins is None:
            run = _Pass(self.song, (), Plan(0, None, {}, []), self._hands)
            run.go(check)
            self._mix_bins = run.bins()
        return self._mix_bins

    def measure(self, chain: Chain, check: Check = lambda: None) -> Measured:
        """The whole song behind `chain`. ValueError when it cannot run."""
        began = time.perf_counter()
        mix_bins = self.mix_bins(check)
        stages = build_stages(chain, self.song.sample_rate_hz, apart=True, check=check)
        plan = self._plan(chain, stages)
        run = _Pass(self.song, stages[plan.first:], plan, self._hands)
        points = Checkpoints(chain, self.song.sample_rate_hz)
        run.keep_all(chain, points, self.kept.master)
        self.points = points
        try:
            run.go(check)
        except BaseException:
            self.points = None
            self.kept.give_up(plan)
            raise
        found = run.found(chain[plan.first:])
        self.kept.finish(chain, plan, found)
        return self._measured(chain, run, [*plan.found, *found], mix_bins, time.perf_counter() - began)

    def _plan(self, chain: Chain, stages: Sequence[Stage]) -> Plan:
        if not isinstance(self.song, Song):
            return Plan(0, None, {}, [])
        return self.kept.plan(chain, frames_fed(self.song.frames, sum(stage.latency_frames for stage in stages)))

    def _measured(self, chain: Chain, run: "_Pass", found: Sequence[StageFound], mix_bins: Bins, took_s: float) -> Measured:
        frames, rate = self.song.frames, self.song.sample_rate_hz
        together = np.zeros((len(found), -(-frames // CHUNK_FRAMES)), np.float32)
        for row, stage in zip(together, found, strict=True):
            shift = round(stage.latency_frames / CHUNK_FRAMES)
            there = stage.reduction_db[shift:shift + len(row)]
            row[:len(there)] = there
        latency = found[-1].latency_frames if found else 0
        return Measured(chain, rate, frames, latency, mix_bins, run.bins(), together, Overview.of_columns(run.columns, rate, frames),
                        took_s, together.sum(axis=0), tuple(stage.behind_lufs for stage in found[:-1]))


class _Pass:
    """One pass, segment by segment."""

    def __init__(self, song: Song | LongSong, stages: Sequence[Stage], plan: Plan, hands: Hands) -> None:
        self._song, self._stages, self._plan, self._hands = song, stages, plan, hands
        before = plan.found[-1].latency_frames if plan.found else 0
        self._latencies = list(np.cumsum([before, *(stage.latency_frames for stage in stages)])[1:])
        self._fed = frames_fed(song.frames, int(self._latencies[-1]) if stages else before)
        self._core = SongPass(song.sample_rate_hz, song.frames, stages, latency_before=before)
        self._behind = [bytearray() for _ in stages]     # K-weighted energies of bins
        self._bins: list[Bins] = []
        self._points: Checkpoints | None = None
        self._every = 0

    def keep_all(self, chain: Chain, points: Checkpoints, master: NDArray[np.float32] | None) -> None:
        """Besides the bins: picture, reductions, states, and the sound that is planned to be kept."""
        core, frames = self._core, self._song.frames
        self.columns = np.zeros((3, -(-frames // COLUMN_FRAMES)), np.float32)
        core.keep_picture(self.columns)
        self._reductions: Reductions = np.zeros((len(self._stages), -(-self._fed // CHUNK_FRAMES)), np.float32)
        if self._stages:
            core.keep_reductions(self._reductions)
        if master is not None:
            core.keep_master(master)
        for stage, plane in self._plan.keep.items():
            core.keep_input(stage - self._plan.first, plane)
        self._points, self._every = points, self._seconds_apart() * self._song.sample_rate_hz
        if self._stages:
            core.keep_states(self._every)

    def _seconds_apart(self) -> int:
        """A power of two, so that the states of the whole song fit; no closer than those of the stages that are not run."""
        size = sum(stage.block_bytes for stage in self._stages) + sum(len(found.states[0]) for found in self._plan.found)
        seconds = -(-self._song.frames // self._song.sample_rate_hz)
        apart = max((found.every // self._song.sample_rate_hz for found in self._plan.found), default=1)
        while -(-seconds // apart) * size > MOST_BYTES:
            apart *= 2
        return apart

    def go(self, check: Check) -> None:
        """All segments, as `check` allows."""
        for source, first, last in self._segments():
            check()
            self.begin_segment(source, first, last)
            try:
                while not self._hands.wait(LOOK_S):
                    self._hand_on_places()
                    check()
            except BaseException:
                self._core.stop()
                let_go(self._stages)
                self._hands.wait()
                raise
            check_plugins(self._stages)
            self._take()
            self._hand_on_places()
        self._bins.append(as_bins(self._core.last_bins()))

    def begin_segment(self, source: Samples, first: int, last: int) -> None:
        """All hands begin to work on frames `first` to `last`."""
        self._core.begin(source, first, last)
        self._hands.lend(self._core.work)

    def _segments(self) -> Iterator[tuple[Samples, int, int]]:
        source = self._plan.source if self._plan.source is not None else self._song.samples if isinstance(self._song, Song) else None
        if source is not None:
            yield source, 0, self._fed
            return
        first = 0
        for segment in segments(stereo_blocks(self._song), SEGMENT_FRAMES):
            last = first + segment.shape[1]
            yield segment, first, self._fed if last == self._song.frames else last
            first = last

    def _take(self) -> None:
        self._bins.append(as_bins(self._core.take_bins()))
        for place in range(len(self._stages) - 1):
            self._behind[place] += self._core.take_behind(place)

    def _hand_on_places(self) -> None:
        """States that are there now become places for who seeks."""
        points, every = self._points, self._every
        if points is None:
            return
        for place in range(points.offered, self._core.states_ready if self._stages else -(-self._song.frames // every)):
            before = tuple(found.states[place * every // found.every] for found in self._plan.found)
            points.keep(place * every, (*before, *(self._core.states_at(place) if self._stages else ())))

    def bins(self) -> Bins:
        """Of what came out, over the whole song."""
        if len(self._bins) != 1:
            self._bins = [np.concatenate(self._bins) if self._bins else np.zeros(0, BIN)]
        return self._bins[0]

    def found(self, slots: Sequence[Slot]) -> list[StageFound]:
        """What belongs to each stage that ran."""
        behind = []
        for place in range(len(self._stages) - 1):
            energy = np.frombuffer(self._behind[place] + self._core.last_behind(place), np.float64)
            behind.append(integrated_lufs(energy, bin_frames(self._song.frames, self._song.sample_rate_hz)))
        behind.append(integrated_lufs(weighted_energy(self.bins()), self.bins()["frames"]))
        return [StageFound(sound_of(slot), int(latency), row, lufs, self._core.states_of(place), self._every, cost)
                for place, (slot, latency, row, lufs, cost) in
                enumerate(zip(slots, self._latencies, self._reductions, behind, self._core.seconds[1:], strict=False))]


def frames_fed(frames: int, latency: int) -> int:
    """The song and the silence behind it: in whole blocks, so that chains with other latencies can use the same sound."""
    return frames + max(1, -(-latency // BLOCK)) * BLOCK


def segments(blocks: Iterator[NDArray[np.float64]], frames: int) -> Iterator[NDArray[np.float64]]:
    """The same stream in longer pieces."""
    waiting: list[NDArray[np.float64]] = []
    for block in blocks:
        waiting.append(block)
        if sum(piece.shape[1] for piece in waiting) >= frames:
            yield np.concatenate(waiting, axis=1)
            waiting = []
    if waiting:
        yield np.concatenate(waiting, axis=1)
