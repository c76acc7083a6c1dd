"""Level change in dB, on a smooth way from sample to sample between control ticks."""
cimport cython

from dsp_core.moving_gain cimport MovingGain, moving_gain_aim, moving_gain_pass, moving_gain_stand
from dsp_core.param_ids.trim cimport TRIM_GAIN
from dsp_core.stages.stage cimport Stage, sample_t
from dsp_core.units cimport gain_of_db


@cython.final
cdef class Trim(Stage):
    cdef size_t memory_at

    cdef int prepare(self) except -1:
        self.memory_at = self.need(sizeof(MovingGain))
        return 0

    cdef void reset(self) noexcept nogil:
        moving_gain_stand(self.memory(), gain_of_db(self.glide[TRIM_GAIN].value))

    cdef void tick(self) noexcept nogil:
        moving_gain_aim(self.memory(), gain_of_db(self.glide[TRIM_GAIN].value))

    cdef void process(self, sample_t **io, int channels, int frames) noexcept nogil:
        moving_gain_pass(self.memory(), io, channels, frames)

    cdef int latency(self) noexcept nogil:
        return 0

    cdef inline MovingGain *memory(self) noexcept nogil:
        return <MovingGain *>(self.block + self.memory_at)
