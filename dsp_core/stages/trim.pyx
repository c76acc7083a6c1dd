"""Level change in dB, ramped from sample to sample between control ticks."""
cimport cython

from dsp_core.param_ids.trim cimport TRIM_GAIN
from dsp_core.stages.stage cimport TICK, Stage, sample_t
from dsp_core.units cimport gain_of_db


cdef struct Memory:
    double gain                  # linear, now
    double step                  # its change per frame
    double goal
    int left                     # frames until goal


@cython.final
cdef class Trim(Stage):
    cdef size_t memory_at

    cdef int prepare(self) except -1:
        self.memory_at = self.need(sizeof(Memory))
        return 0

    cdef void reset(self) noexcept nogil:
        cdef Memory *m = <Memory *>(self.block + self.memory_at)
        m.gain = m.goal = gain_of_db(self.glide[TRIM_GAIN].value)

    cdef void tick(self) noexcept nogil:
        cdef Memory *m = <Memory *>(self.block + self.memory_at)
        m.goal = gain_of_db(self.glide[TRIM_GAIN].value)
        m.step = (m.goal - m.gain) / TICK
        m.left = TICK if m.goal != m.gain else 0

    cdef void process(self, sample_t **io, int channels, int frames) noexcept nogil:
        cdef Memory *m = <Memory *>(self.block + self.memory_at)
        cdef double gain = m.gain, step = m.step
        cdef int c, i, ramp = min(m.left, frames)
        for i in range(ramp):
            gain = m.goal if i + 1 == m.left else gain + step
            for c in range(channels):
                io[c][i] *= gain
        for c in range(channels):
            for i in range(ramp, frames):
                io[c][i] *= gain
        m.gain = gain
        m.left -= ramp

    cdef int latency(self) noexcept nogil:
        return 0
