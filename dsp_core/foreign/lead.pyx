"""How long the blocks of a line are, and how much later than they go in their answers go out."""
from dsp_core.foreign.handoff cimport handoff_bytes
from dsp_core.units cimport frames_at

cdef enum:
    BASE_BLOCK = 512             # frames up to 50 kHz; as long in time at every rate
    USUAL_DEPTH = 4              # blocks from the input to its answer


def block_frames_at(double rate):
    """Most frames of a block at this sample rate: 512 up to 50 kHz, doubled with each doubling of the rate."""
    return frames_at(BASE_BLOCK, rate)


def memory_bytes(int block_frames):
    """What a line needs to share with a worker."""
    return handoff_bytes(block_frames)


def lead_frames_for(double rate, int device_frames=0):
    """Frames from the input to its answer: four blocks; more where the device asks for more than two at a time."""
    cdef int block = frames_at(BASE_BLOCK, rate)
    cdef int needed = block + device_frames + block // 2
    return block * max(<int>USUAL_DEPTH, (needed + block - 1) // block)
