"""Carries the sound of one slot of a run to the next, on a thread of its own that may wait, so that the engine's need not.

A run is made of slots next to each other whose plugins live in workers of their own. The engine posts to the first and takes what
comes back from each; on the way from one to the next the relay does what the slot does to its plugin's sound: output gain, mix and
bypass. It judges the answers for the engine, so that both leave out the same blocks. What the next plugin is given instead is the dry
sound, as late as the plugin that failed would have been; at that seam the slots behind fall silent for a moment, because no plugin
likes a step. So the next plugin goes on while the one before it is brought back.
"""
import contextlib
import os
import threading

from libc.stdlib cimport free
from libc.string cimport memset
from libcpp.atomic cimport memory_order_acquire, memory_order_relaxed, memory_order_release, memory_order_seq_cst

from dsp_core.delay cimport delay_carry, delay_through
from dsp_core.foreign.handoff cimport BLOCKS, FROM_PLUGIN, TO_PLUGIN, handoff_is_answered, handoff_nap_for_answer
from dsp_core.foreign.handoff cimport handoff_ring_engine, handoff_ring_worker, handoff_sound
from dsp_core.foreign.answers cimport NO_ANSWER, SOUND, Given
from dsp_core.foreign.line cimport Line, Link, peak_of
from dsp_core.ftz cimport flush_denormals
from dsp_core.memory cimport present
from dsp_core.ticks cimport seconds_now

cdef enum:
    UNKNOWN = -1
    EXCLUDED_BLOCKS = 4          # for so long a plugin that was late must be in time before it is heard again
    NAP_US = 2000                # while an answer may come too late
    IDLE_US = 5000               # else; the audio thread cannot wake anybody, a worker that answers does
    MOST_DRY = 1 << 20           # frames; nothing with more latency fits into a chain

cdef double PATIENCE = 1.5       # blocks' time for an answer; the engine needs that of the last slot after two and a quarter
cdef double SHORT_PATIENCE = 1.0     # the same for one that was late just now, so that the slots behind it are not
HURRY = -11                      # as the workers: before what is not heard


cdef class Relay(Link):
    """From the line `leader` to the line `follower`, both of one rate. Works from now on until it is closed. ValueError."""

    def __cinit__(self, *args):
        self.dry = self.scratch = NULL

    def __dealloc__(self):
        free(self.dry)
        free(self.scratch)

    def __init__(self, Line leader not None, Line follower not None):
        Link.__init__(self, leader, follower)
        self.scratch = <double *>present(4 * leader.block_frames, sizeof(double))
        if self.scratch is NULL:
            raise MemoryError
        self.sounded = UNKNOWN
        self._thread = threading.Thread(target=self._work, name="plugin relay", daemon=True)
        self._thread.start()

    def close(self):
        """Control thread: carry nothing any more. Nothing of either line is touched when it comes back."""
        self.closing.store(1)
        self._thread.join()

    def _work(self):
        if not self.leader.waits:
            with contextlib.suppress(AttributeError, OSError):
                os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), HURRY)
        with nogil:
            flush_denormals()
            self.serve()

    cdef void serve(self) noexcept nogil:
        while not self.closing.load(memory_order_acquire):
            if self.begin():
                self.attend()
            else:
                handoff_nap_for_answer(self.leader.shared, <uint64_t>-2, IDLE_US)
        self.passing.acting.store(0, memory_order_seq_cst)
        self.passing.closed.store(1, memory_order_release)

    cdef bint begin(self) noexcept nogil:
        """Whether there is something to do. Says so before it looks again, so that who takes the work away sees it at work or is seen."""
        if not self.passing.asked.load(memory_order_seq_cst):
            self.passing.acting.store(0, memory_order_seq_cst)
            return False
        if self.passing.acting.load(memory_order_relaxed):
            return True
        self.passing.acting.store(1, memory_order_seq_cst)
        if not self.passing.asked.load(memory_order_seq_cst):
            self.passing.acting.store(0, memory_order_seq_cst)
            return False
        self.number, self.sounded, self.excluded = self.passing.first, UNKNOWN, 0
        self.waiting_since = seconds_now()
        return True

    cdef void attend(self) noexcept nogil:
        """Pass the next block on, if it has come; else wait a little."""
        cdef int verdict
        if self.leader.handed.load(memory_order_acquire) <= self.number:
            self.waiting_since = seconds_now()
            handoff_nap_for_answer(self.leader.shared, self.number, IDLE_US)
            return
        verdict = self.verdict()
        if verdict == UNKNOWN:
            handoff_nap_for_answer(self.leader.shared, self.number, NAP_US)
            return
        self.pass_on(verdict)
        self.follower.kept_waiting.store(self.excluded > 0, memory_order_relaxed)
        self.number += 1
        self.waiting_since = seconds_now()

    cdef int verdict(self) noexcept nogil:
        """Of the leader's block: SOUND, why it is left out, or UNKNOWN while its answer may still come."""
        cdef int found
        if handoff_is_answered(self.leader.shared, self.number):
            found = self.leader.judge(self.number)
            if self.excluded == 0:
                return found
            self.excluded -= 1
            return NO_ANSWER
        if self.leader.open.load(memory_order_acquire) == 0 or self.leader.tripped.load(memory_order_acquire) != SOUND:
            return NO_ANSWER
        if self.leader.patience is not NULL:
            return UNKNOWN
        if seconds_now() - self.waiting_since > (SHORT_PATIENCE if self.excluded else PATIENCE) * self.leader.block_frames / self.leader.rate:
            self.excluded = EXCLUDED_BLOCKS
            return NO_ANSWER
        return UNKNOWN

    cdef void pass_on(self, int verdict) noexcept nogil:
        cdef uint64_t number = self.number, to = number + self.passing.offset
        cdef Given given = self.leader.given[number % BLOCKS]
        cdef double wet = self.leader.wet_now.load(memory_order_relaxed), gain = self.leader.gain_now.load(memory_order_relaxed)
        cdef const float *sound = handoff_sound(self.leader.shared, self.leader.block_frames, number, TO_PLUGIN)
        cdef const float *answer = handoff_sound(self.leader.shared, self.leader.block_frames, number, FROM_PLUGIN)
        cdef float *out = handoff_sound(self.follower.shared, self.follower.block_frames, to, TO_PLUGIN)
        cdef double *plane = self.scratch
        cdef double *dry = self.scratch + 2 * self.leader.block_frames
        cdef int frames = given.frames, sounds = verdict == SOUND, c, i, at = 0
        cdef bint fresh = given.fresh or self.sounded == UNKNOWN, moved = self.hold_as_long_as_plugin()
        if fresh:
            memset(self.dry, 0, 2 * self.held * sizeof(double))
            self.wet, self.gain, self.sounded = wet, gain, sounds
        for c in range(2):
            for i in range(frames):
                plane[c * frames + i] = sound[c * frames + i]
            at = delay_through(self.dry + c * self.held, self.held, self.dry_at, plane + c * frames, dry + c * frames, frames)
            self.mix(answer + c * frames if sounds else NULL, dry + c * frames, out + c * frames, frames, wet, gain)
        self.dry_at = at
        given.seam = not fresh and (moved or self.sounded != sounds) and (wet > 0.0 or self.wet > 0.0)
        given.fresh, given.peak = given.fresh, peak_of(out, 2 * frames)
        self.wet, self.gain, self.sounded = wet, gain, sounds
        self.leader.verdict[number % BLOCKS] = verdict
        self.passing.judged.store(number + 1, memory_order_release)
        if self.leader.patience is not NULL:
            handoff_ring_engine(self.leader.shared)
        self.follower.hand_over(to, given, 2)
        handoff_ring_worker(self.follower.shared)

    cdef bint hold_as_long_as_plugin(self) noexcept nogil:
        """The dry sound is as late as the leader's plugin says it is; True when that is another time than before."""
        cdef int held = min(self.leader.plugin_latency.load(memory_order_relaxed), <int>MOST_DRY), c
        cdef double *dry
        if self.dry is not NULL and held == self.held:
            return False
        dry = <double *>present(2 * held + 1, sizeof(double))
        if dry is NULL:
            return False
        for c in range(2):
            if self.dry is not NULL:
                delay_carry(dry + c * held, held, self.dry + c * self.held, self.held, self.dry_at)
        free(self.dry)
        self.dry, self.held, self.dry_at = dry, held, 0
        return True

    cdef void mix(self, const float *sound, double *dry, float *out, int frames, double wet, double gain) noexcept nogil:
        """out = what the leader's slot makes of its plugin's sound, NULL where the dry one stands in; mix and gain arrive with the last frame."""
        cdef double wet_step = (wet - self.wet) / frames, gain_step = (gain - self.gain) / frames, level, share, y
        cdef int i
        for i in range(frames):
            level, share = gain - (frames - 1 - i) * gain_step, wet - (frames - 1 - i) * wet_step
            y = level * (sound[i] if sound is not NULL else dry[i])
            if share == 0.0:
                y = dry[i]
            elif share != 1.0:
                y = dry[i] + share * (y - dry[i])
            out[i] = <float>y if y - y == 0.0 else 0.0
