"""Level change in dB, on a smooth way from sample to sample between control ticks."""
cimport cython

from dsp_core.moving cimport Moving, moving_aim, moving_arrive, moving_at, moving_stand, moving_stop
from dsp_core.param_ids.trim cimport TRIM_GAIN
from dsp_core.stages.stage cimport TICK, Stage, sample_t
from dsp_core.units cimport gain_of_db


cdef struct Memory:
    Moving gain                  # linear
    int left                     # frames until its goal


@cython.final
cdef class Trim(Stage):
    cdef size_t memory_at

    cdef int prepare(self) except -1:
        self.memory_at = self.need(sizeof(Memory))
        return 0

    cdef void reset(self) noexcept nogil:
        moving_stand(&self.memory().gain, gain_of_db(self.glide[TRIM_GAIN].value))

    cdef void tick(self) noexcept nogil:
        cdef Memory *m = self.memory()
        if m.left > 0:
            moving_stop(&m.gain, TICK - m.left)
        m.left = TICK if moving_aim(&m.gain, gain_of_db(self.glide[TRIM_GAIN].value), TICK) else 0

    cdef void process(self, sample_t **io, int channels, int frames) noexcept nogil:
        cdef Memory *m = self.memory()
        cdef double gain
        cdef int c, i, at = TICK - m.left, ramp = min(m.left, frames)
        for i in range(ramp):
            gain = moving_at(&m.gain, at + i + 1)
            for c in range(channels):
                io[c][i] *= gain
        if ramp == m.left:
            moving_arrive(&m.gain)
        m.left -= ramp
        for c in range(channels):
            for i in range(ramp, frames):
                io[c][i] *= m.gain.now

    cdef int latency(self) noexcept nogil:
        return 0

    cdef inline Memory *memory(self) noexcept nogil:
        return <Memory *>(self.block + self.memory_at)
