"""The worker's end of a line: waits for blocks, gives their places in the shared memory, and says when the answer stands there."""
from libc.stdint cimport uint64_t

from dsp_core.foreign.handoff cimport FROM_PLUGIN, TO_PLUGIN, BLOCKS, Handoff, PostedBlock, handoff_answer, handoff_at, handoff_block
from dsp_core.foreign.handoff cimport handoff_bytes, handoff_fits, handoff_posted, handoff_sleep_for_post
from dsp_core.ftz cimport flush_denormals
from dsp_core.ticks cimport seconds_now

cdef enum:
    BEHIND = BLOCKS // 2         # so many blocks late, only the newest are worth an answer


def flush_denormals_here():
    """For the rest of the calling thread's life, denormal numbers are zero."""
    flush_denormals()


cdef class Server:
    """Serves the line in `memory` whose blocks have at most `block_frames`. One thread. ValueError for memory of another line."""

    cdef object _memory
    cdef unsigned char[::1] _view
    cdef Handoff *shared
    cdef uint64_t number
    cdef double began
    cdef readonly int block_frames
    cdef readonly int frames, channels       # of the block that is being served
    cdef readonly bint fresh                 # nothing of the sound before belongs to it

    def __init__(self, memory not None, int block_frames):
        self._memory, self._view, self.block_frames = memory, memory, block_frames
        self.shared = <Handoff *>&self._view[0]
        if <size_t>self._view.shape[0] < handoff_bytes(block_frames) or not handoff_fits(self.shared, block_frames):
            raise ValueError(f"this memory does not belong to a line with blocks of {block_frames} frames")

    def begin(self):
        """Serve from now on: what was posted before is left unanswered."""
        self.number = handoff_posted(self.shared)

    def wait(self, long us):
        """Sleep until a block is there, at most `us` microseconds; True when there is one. Releases the interpreter."""
        cdef bint there
        cdef uint64_t posted
        cdef const PostedBlock *block
        with nogil:
            there = handoff_sleep_for_post(self.shared, self.number, us)
        if not there:
            return False
        posted = handoff_posted(self.shared)
        if posted - self.number > BEHIND:
            self.number = posted - 1
        block = handoff_block(self.shared, self.number)
        self.frames, self.channels = min(<int>block.frames, self.block_frames), <int>block.channels
        self.fresh = block.fresh != 0
        self.began = seconds_now()
        return True

    @property
    def input_at(self):
        """Byte offset of the block's sound: two planes of `frames` float32, one behind the other."""
        return handoff_at(self.block_frames, self.number, TO_PLUGIN)

    @property
    def output_at(self):
        """The same of its answer."""
        return handoff_at(self.block_frames, self.number, FROM_PLUGIN)

    def answer(self):
        """The answer stands there; the next block may come."""
        cdef uint64_t number = self.number
        cdef double took = seconds_now() - self.began
        self.number += 1
        with nogil:
            handoff_answer(self.shared, number, <unsigned int>min(1e6 * took, 4e9))
