"""A plugin of somebody else, in another process. While it does not answer, the dry sound stands in, aligned.

The plugin's own state does not lie in the flat block: it is in the worker. A fresh stage on the same line goes on with the same plugin.
Behind another plugin the stage adds no more than its plugin's own latency: a relay hands the sound on from worker to worker.
"""
cimport cython
from cpython.ref cimport PyObject
from libc.stdint cimport int64_t, uint32_t

from dsp_core.delay cimport delay_carry, delay_through
from dsp_core.foreign.line cimport Limits, Line, Link, Passing
from dsp_core.moving_gain cimport MovingGain, moving_gain_aim, moving_gain_pass, moving_gain_stand
from dsp_core.param_ids.plugin cimport PLUGIN_GAIN, PLUGIN_JUMP_LIMIT, PLUGIN_SILENCE_GUARD
from dsp_core.stages.stage cimport CHUNK, Stage, sample_t
from dsp_core.units cimport gain_of_db

cdef double NO_LIMIT_DB = 48.0
cdef double SWITCH_S = 0.02      # from what the stage before was given to what this one is given

cdef struct Memory:
    MovingGain level
    int aside_at[2]              # write positions in the sound that stands in


@cython.final
cdef class Plugin(Stage):
    """`line`: to the worker, None for an empty slot, which passes the sound. plugin_latency: frames, as the plugin tells them. relay: from
    the line of the stage right before this one, where the two are a run. ValueError."""

    cdef readonly Line line
    cdef readonly Link relay
    cdef readonly object keep                # what has to live as long as this stage
    cdef readonly int plugin_latency         # frames, of the plugin itself
    cdef uint32_t turn
    cdef size_t memory_at, aside_at
    cdef int held_frames                     # of the dry sound that stands in: the whole latency
    cdef bint hosted                         # there is a line
    cdef Passing *link                       # of the relay, or NULL

    def __init__(self, str kind, double rate, values=None, Line line=None, int plugin_latency=0, keep=None, Link relay=None):
        if line is not None and line.rate != rate:
            raise ValueError(f"a line for {line.rate:g} Hz cannot serve a slot at {rate:g} Hz")
        if plugin_latency < 0:
            raise ValueError(f"a plugin cannot be {plugin_latency} samples late")
        if relay is not None and relay.follower is not line:
            raise ValueError("a relay serves the line that it leads to")
        self.line, self.keep, self.relay, self.hosted = line, keep, relay, line is not None
        self.link = &relay.passing if relay is not None else NULL
        self.plugin_latency = plugin_latency if line is not None else 0
        self.held_frames = self.plugin_latency + (line.lead_frames if line is not None and relay is None else 0)
        self.turn = line.next_turn() if line is not None else 0
        Stage.__init__(self, kind, rate, values)

    cdef int prepare(self) except -1:
        self.memory_at = self.need(sizeof(Memory))
        self.aside_at = self.need(2 * self.held_frames * sizeof(double))
        return 0

    cdef void reset(self) noexcept nogil:
        moving_gain_stand(&self.memory().level, gain_of_db(self.glide[PLUGIN_GAIN].value))
        if self.hosted:
            self.line.restart(self.turn)

    cdef void tick(self) noexcept nogil:
        moving_gain_aim(&self.memory().level, gain_of_db(self.glide[PLUGIN_GAIN].value))

    cdef void process(self, sample_t **io, int channels, int frames) noexcept nogil:
        if self.hosted:
            self.exchange(io, channels, frames)
        moving_gain_pass(&self.memory().level, io, channels, frames)

    cdef int latency(self) noexcept nogil:
        return self.held_frames

    cdef double run(self, sample_t **io, sample_t **delta, int frames, int64_t when, double peak) noexcept nogil:
        if self.hosted:
            self.line.enter(self.turn, self.link)
        return Stage.run(self, io, delta, frames, when, peak)

    cdef int warm_up(self, Stage heir) except -1:
        """A plugin that went on running has all its sound already; the dry sound lacks what it is held longer."""
        if isinstance(heir, Plugin) and (<Plugin>heir).line is self.line:
            return max(0, self.latency_frames - heir.latency_frames)
        return Stage.warm_up(self, heir)

    cdef void inherit(self, Stage old) noexcept nogil:
        Stage.inherit(self, old)
        if self.latency_frames != old.latency_frames:
            self.take_aside(<PyObject *>old)
        if self.hosted and <PyObject *>self.line == <PyObject *>(<Plugin>old).line:
            self.line.take_over(self.turn, <int>(SWITCH_S * self.rate))

    cdef void take_aside(self, PyObject *old) noexcept nogil:
        """The dry sound that an instance with another latency still holds."""
        cdef int size = (<Plugin>old).held_frames, c
        for c in range(2):
            delay_carry(self.aside() + c * self.held_frames, self.held_frames, (<Plugin>old).aside() + c * size, size,
                        (<Plugin>old).memory().aside_at[c])
            self.memory().aside_at[c] = 0

    cdef void exchange(self, sample_t **io, int channels, int frames) noexcept nogil:
        """The input to the worker; in its place what the worker answered, as far as it did, else the dry sound."""
        cdef sample_t wet_memory[2][CHUNK]
        cdef sample_t dry_memory[2][CHUNK]
        cdef double weight[CHUNK]
        cdef sample_t *wet[2]
        cdef Memory *m = self.memory()
        cdef double *line = self.aside()
        cdef int c, i
        for c in range(2):
            wet[c] = wet_memory[c]
        for c in range(channels):
            m.aside_at[c] = delay_through(line + c * self.held_frames, self.held_frames, m.aside_at[c], io[c], dry_memory[c], frames)
        if self.turn >= self.line.turn:
            self.line.tell(self.common.wet, m.level.gain.now, self.plugin_latency, self.limits())
        self.line.run(self.turn, io, wet, weight, channels, frames, self.when)
        for c in range(channels):
            for i in range(frames):
                if weight[i] == 1.0:
                    io[c][i] = wet[c][i]
                else:
                    io[c][i] = dry_memory[c][i] + weight[i] * (wet[c][i] - dry_memory[c][i])

    cdef Limits limits(self) noexcept nogil:
        cdef Limits limits
        cdef double jump_db = self.glide[PLUGIN_JUMP_LIMIT].value
        limits.jump = gain_of_db(jump_db) if jump_db < NO_LIMIT_DB else 0.0
        limits.silence = self.glide[PLUGIN_SILENCE_GUARD].value >= 0.5
        return limits

    cdef inline Memory *memory(self) noexcept nogil:
        return <Memory *>(self.block + self.memory_at)

    cdef inline double *aside(self) noexcept nogil:
        return <double *>(self.block + self.aside_at)
