"""Where in the song we are: play, stop, seek and loop, with a fade wherever two places meet."""
from libc.stdlib cimport free

from dsp_core.engine.source cimport Source
from dsp_core.fade cimport blend_into, make_fade
from dsp_core.memory cimport present
from dsp_core.stages.stage cimport CHUNK


cdef class Transport:
    """State of the playhead; everything but making it belongs to the audio thread."""

    def __cinit__(self, double rate):
        self.fade_frames = max(1, <int>(SPLICE_MS * 1e-3 * rate))
        self.fade = <double *>present(self.fade_frames, sizeof(double))
        if self.fade is NULL:
            raise MemoryError
        make_fade(self.fade, self.fade_frames)

    def __dealloc__(self):
        free(self.fade)

    cdef bint play(self) noexcept nogil:
        """From `at`. True for a fresh start out of silence; a stop in progress is turned round instead."""
        self.ended = False
        if self.state == STOPPING:
            self.state = LEAVING
        if self.state != STOPPED:
            return False
        self.state = WAITING
        return True

    cdef void stop(self) noexcept nogil:
        if self.state == PLAYING:
            self.state, self.resume_at, self.out_left = STOPPING, self.at, self.fade_frames
        elif self.state == LEAVING:
            self.state = STOPPING
        elif self.state == WAITING:
            self.state = STOPPED

    cdef void seek(self, PyObject *source, int64_t at) noexcept nogil:
        self.ended = False
        if self.state == PLAYING:
            self.jump(source, at)
        elif self.state == STOPPING or self.state == LEAVING:
            self.resume_at = at
        else:
            self.at = at

    cdef void jump(self, PyObject *source, int64_t at) noexcept nogil:
        """Go on elsewhere while playing: a splice if the place is in memory, else out, wait, and in again."""
        if (<Source>source).ready(at, CHUNK + self.fade_frames):
            self.splice_from, self.splice_left, self.at = self.at, self.fade_frames, at
        else:
            self.state, self.resume_at, self.out_left = LEAVING, at, self.fade_frames

    cdef int piece(self, PyObject *source, int frames, int tail) noexcept nogil:
        """How many of the next `frames` frames to feed in one go, up to the next event; 0 for silence.

        `tail`: frames that still come out of the chain after the song's end.
        """
        cdef int n = min(frames, <int>CHUNK)
        if self.state == WAITING and (<Source>source).ready(self.at, CHUNK + self.fade_frames):
            self.state = PLAYING
            # The song's own beginning is not faded, so that live equals the render from the first sample.
            self.splice_from, self.splice_left = -1, self.fade_frames if self.at > 0 else 0
        if self.state == PLAYING and self.looping and self.at == self.loop_stop:
            self.jump(source, self.loop_start)
        if self.state == PLAYING and self.at >= (<Source>source).frames + tail:
            self.state, self.ended = STOPPED, True
        if self.state == STOPPED or self.state == WAITING:
            return 0
        if self.state == PLAYING and not (<Source>source).ready(self.at, n + self.fade_frames):
            self.starved += 1
            self.state, self.resume_at, self.out_left = LEAVING, self.at, self.fade_frames
        if self.state == STOPPING or self.state == LEAVING:
            n = min(n, self.out_left)
        if self.looping and self.at < self.loop_stop:
            n = <int>min(<int64_t>n, self.loop_stop - self.at)
        return n

    cdef void fill(self, PyObject *source, sample_t **out, int frames) noexcept nogil:
        """The next piece of the song, with the splice in progress, and move on."""
        cdef sample_t memory[2][CHUNK]
        cdef sample_t *old[2]
        cdef double *weight = self.fade + self.fade_frames - self.splice_left
        cdef int ramp = min(frames, self.splice_left)
        cdef int c, i
        (<Source>source).read(self.at, out, frames)
        if ramp > 0:
            old[0], old[1] = &memory[0][0], &memory[1][0]
            if self.splice_from >= 0:
                (<Source>source).read(self.splice_from, old, ramp)
                self.splice_from += ramp
            for c in range(2):
                if self.splice_from >= 0:
                    blend_into(out[c], old[c], weight, ramp)
                else:
                    for i in range(ramp):
                        out[c][i] *= weight[i]
            self.splice_left -= ramp
        self.at += frames

    cdef void fade_out(self, sample_t **out, int frames) noexcept nogil:
        """At the output, while leaving: `frames` as given by `piece`."""
        cdef int c, i
        if self.state != STOPPING and self.state != LEAVING:
            return
        for c in range(2):
            for i in range(frames):
                out[c][i] *= self.fade[self.out_left - 1 - i]
        self.out_left -= frames
        if self.out_left == 0:
            self.at = self.resume_at
            self.state = STOPPED if self.state == STOPPING else WAITING
