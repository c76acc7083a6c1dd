"""A song through fresh stages as fast as it goes: what the render and every measurement of a master run."""
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from dsp_core.engine.chain import Chain
from dsp_core.stages import make
from dsp_core.stages.stage import Stage
from mastering_rt.errors import Check, go_on
from mastering_rt.plugins.units import KIND, check_plugins, makes_run, offline_stage, waiting_until
from mastering_rt.session.model import Slot

BLOCK_FRAMES = 65536
CHUNK_FRAMES = 256               # of one value of gain reduction
Planes = NDArray[np.float64]
Reductions = NDArray[np.float32]


def build_stages(chain: Sequence[Slot], rate_hz: float, apart: bool = False, check: Check = go_on) -> list[Stage]:
    """Fresh stages for a chain, in order. ValueError when a stage cannot run at the rate, PluginProblem for a foreign plugin that cannot be had.

    apart: they are not run by one thread, one behind the other, so foreign plugins next to each other are not fed by one another.
    check: asked while plugins load, which may take long; what it raises ends that.
    """
    stages: list[Stage] = []
    for position, slot in enumerate(chain):
        before = chain[position - 1] if position else None
        leader = stages[-1] if before is not None and not apart and makes_run(before, slot) else None
        stages.append(offline_stage(slot, rate_hz, leader, check) if slot.kind == KIND else make(slot.kind, rate_hz, dict(slot.values)))
    return stages


def faults_of(stages: Sequence[Stage]) -> list[tuple[str, int]]:
    """(kind, how often it met NaN or infinity) of stages that nothing runs any more."""
    return [(stage.kind, stage.meters()[3]) for stage in stages]


def run_chain(chain: Chain, blocks: Iterator[Planes], frames: int, check: Check = go_on) -> Iterator[tuple[Planes, Reductions]]:
    """The master in blocks, latency taken out so that it lies on the song, `frames` frames in all; with each block's reductions
    (stages, 256-frame chunks), which are not shifted. check: asked, on any thread, while plugins are waited for."""
    with waiting_until(check, chain.stages):
        yield from _run(chain, blocks, frames)


def _run(chain: Chain, blocks: Iterator[Planes], frames: int) -> Iterator[tuple[Planes, Reductions]]:
    at, left_out, left = 0, chain.latency_frames, frames
    for block in _with_tail(blocks, chain.latency_frames):
        reduction = np.zeros((len(chain.stages), -(-block.shape[1] // CHUNK_FRAMES)), np.float32)
        chain.process(block, None, at, reduction)
        check_plugins(chain.stages)
        at += block.shape[1]
        skip = min(left_out, block.shape[1])
        left_out -= skip
        master = np.ascontiguousarray(block[:, skip:skip + left])
        left -= master.shape[1]
        yield master, reduction


def chunks_within(reduction: Reductions, start: int, first: int, last: int) -> Reductions:
    """Of the reductions of a block that begins at frame `start` of the file's song those that act on frames `first` to `last`."""
    return reduction[:, max(0, -((start - first) // CHUNK_FRAMES)):max(0, -((start - last) // CHUNK_FRAMES))]


def _with_tail(blocks: Iterator[Planes], latency: int) -> Iterator[Planes]:
    """The song, then as much silence as the chain still holds back."""
    yield from blocks
    for start in range(0, latency, BLOCK_FRAMES):
        yield np.zeros((2, min(BLOCK_FRAMES, latency - start)))
