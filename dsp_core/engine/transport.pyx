"""Where in the song we are: play, stop, seek and loop, with a fade wherever two places meet.

A jump is a landing (landing.pxd) where a chain was run up to its place; else the sound is spliced before the chain, which runs on.
"""
from libc.math cimport M_PI, sin
from libc.stdlib cimport free

from dsp_core.engine.source cimport Source
from dsp_core.fade cimport blend_into
from dsp_core.memory cimport present
from dsp_core.stages.stage cimport CHUNK


cdef void make_splice(double *weight, int frames) noexcept nogil:
    """weight[i] rises to exactly 1 at the last frame, without a kink in its slope at either end.

    Two places may meet in opposite phase, and a scrubbing hand makes them meet without a pause: a raised cosine of 10 ms
    would leave -95 dBFS over 3 kHz of a 100 Hz tone at -6 dBFS, this leaves -118 dBFS.
    """
    cdef double x
    cdef int i
    for i in range(frames):
        x = (i + 1) / <double>frames
        weight[i] = x - sin(2 * M_PI * x) / (2 * M_PI)
    weight[frames - 1] = 1.0


cdef class Transport:
    """State of the playhead; everything but making it belongs to the audio thread."""

    def __cinit__(self, double rate):
        self.fade_frames = max(1, <int>(SPLICE_MS * 1e-3 * rate))
        self.fade = <double *>present(self.fade_frames, sizeof(double))
        if self.fade is NULL:
            raise MemoryError
        make_splice(self.fade, self.fade_frames)
        self.goal = self.goal_from = -1

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
            self.leave(STOPPING)
        elif self.state == LEAVING:
            self.state = STOPPING
        elif self.state == WAITING:
            self.state = STOPPED

    cdef void seek(self, int64_t at) noexcept nogil:
        self.ended = False
        if self.state == PLAYING:
            self.goal, self.goal_from = at, -1
        elif self.state == STOPPING or self.state == LEAVING:
            self.resume_at = self.stands_at = at
        else:
            self.at = self.stands_at = at

    cdef void loop(self, int64_t start, int64_t stop) noexcept nogil:
        """Repeat start .. stop; stop = 0 plays on past the end. A jump that still waits goes to the new start, or is off."""
        self.loop_start, self.loop_stop, self.looping = start, stop, stop > 0
        self.round_due = self.looping and self.at > stop and self.at - self.tail < stop
        if self.goal >= 0 and self.goal_from >= 0:
            self.goal = start if self.looping else -1

    cdef void go_round(self) noexcept nogil:
        """The loop's end is past, and no landing at its start is there."""
        self.goal, self.goal_from, self.round_due = self.loop_start, self.loop_stop, False

    cdef void land(self, int64_t at, int tail) noexcept nogil:
        """Another chain is heard from now on, which is fed from `at`. The song's own beginning is not faded in from silence."""
        cdef bint sounding = self.state == PLAYING
        self.left_at, self.at, self.tail, self.stands_at = self.at, at, tail, at - tail
        self.land_left = self.fade_frames if sounding or self.stands_at > 0 else 0
        self.sounds_until = self.stands_at + self.land_left
        self.state, self.goal, self.splice_left = PLAYING, -1, 0
        self.round_due = self.looping and at > self.loop_stop and self.stands_at < self.loop_stop

    cdef void jump(self, PyObject *source) noexcept nogil:
        """Go on at the goal: a splice if the place is in memory, else out, wait, and in again."""
        # A splice that was in the way made the loop late; its beat goes on all the same.
        cdef int64_t at = self.goal if self.goal_from < 0 else self.goal + self.at - self.goal_from
        if self.looping and at == self.loop_stop:
            at = self.loop_start
        if (<Source>source).ready(at, CHUNK + self.fade_frames):
            self.splice_from, self.splice_left, self.at, self.goal = self.at, self.fade_frames, at, -1
            self.sounds_until = at + self.fade_frames
            self.round_due = self.goal_from >= 0 and self.looping and at > self.loop_stop
        else:
            self.goal, self.goal_from = at, -1
            self.leave(LEAVING)

    cdef void leave(self, int state) noexcept nogil:
        """Fade out at the output; `state` says what then, `goal` where."""
        self.state, self.out_left = state, self.fade_frames
        self.resume_at = self.at if self.goal < 0 else self.goal
        self.stands_at = max(self.at - self.tail, <int64_t>0) if self.goal < 0 else self.goal
        self.goal, self.round_due = -1, False

    cdef void finish(self) noexcept nogil:
        """The song is over; what goes on beside it fades out."""
        self.leave(STOPPING)
        self.ended = True
        if not self.outlasted:
            self.state = STOPPED

    cdef int64_t end(self, PyObject *source, int tail) noexcept nogil:
        """Song frame from which on nothing can be heard."""
        return max((<Source>source).frames, self.sounds_until) + tail

    cdef void move_on(self, PyObject *source, int tail) noexcept nogil:
        """What is due at this frame: the first sound after a wait, the loop's end, a jump, the song's end."""
        if self.state == WAITING and self.lands and self.stands_at == 0:
            self.at = 0
        if self.state == WAITING and not (self.lands and self.stands_at > 0) and (<Source>source).ready(self.at, CHUNK + self.fade_frames):
            self.state, self.goal, self.sounds_until = PLAYING, -1, 0
            # The song's own beginning is not faded, so that live equals the render from the first sample.
            self.splice_from, self.splice_left = -1, self.fade_frames if self.at > 0 else 0
        if self.state == PLAYING and self.looping and self.at == self.loop_stop and self.goal < 0 and not self.round_due:
            self.go_round()
        # A splice always runs to its end: a place that is half faded in cannot be left without a step.
        if self.state == PLAYING and self.goal >= 0 and self.splice_left == 0 and self.land_left == 0:
            self.jump(source)
        if self.state == PLAYING and self.goal < 0 and self.at >= self.end(source, tail):
            self.finish()

    cdef int piece(self, PyObject *source, int frames, int tail) noexcept nogil:
        """How many of the next `frames` frames to feed in one go, up to the next event; 0 for silence.

        `tail`: frames that are still to be heard after the song's end.
        """
        cdef int n = min(frames, <int>CHUNK), fading
        self.tail = tail
        self.move_on(source, tail)
        if self.state == STOPPED or self.state == WAITING:
            return 0
        if self.state == PLAYING and not (<Source>source).ready(self.at, n + self.fade_frames):
            self.starved += 1
            self.leave(LEAVING)
        fading = max(self.splice_left, self.land_left)
        n = min(n, fading) if fading > 0 else n
        if self.state == STOPPING or self.state == LEAVING:
            return min(n, self.out_left)
        if self.looping and self.at < self.loop_stop:
            n = <int>min(<int64_t>n, self.loop_stop - self.at)
        if self.round_due and self.goal < 0:
            n = <int>min(<int64_t>n, self.loop_stop + tail - self.at)
        if self.goal >= 0:
            return n
        return <int>min(<int64_t>n, self.end(source, tail) - self.at)

    cdef void fill(self, PyObject *source, sample_t **out, sample_t **leaving, int frames) noexcept nogil:
        """The next piece of the song, with the splice in progress, and move on. `leaving` takes that of the chain that is left."""
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
        if self.land_left > 0:
            (<Source>source).read(self.left_at, leaving, frames)
            self.left_at += frames
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
