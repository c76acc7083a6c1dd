"""The built-in clock device: a native thread that calls the engine in real time when there is no sound card."""
from libc.stdint cimport uintptr_t
from libcpp.atomic cimport atomic

cdef extern from "dsp_core/kernels/clock_thread.h":
    ctypedef int (*audio_callback "mrt_audio_callback")(const void *, void *, unsigned long, const void *, unsigned long, void *) noexcept nogil
    cdef cppclass Clock "mrt_clock":
        audio_callback callback
        void *user
        unsigned long frames
        double rate
        float *capture
        long long capture_frames
        atomic[long long] captured, callbacks, late
        void begin() except +
        void end() nogil


cdef class ClockDevice:
    """Calls `callback(userdata)` with blocks of `frames` at `rate`, stereo float32, until stopped.

    `capture`: an optional (n, 2) float32 array that takes the first n frames put out; kept alive here.
    """

    cdef Clock clock
    cdef object _kept
    cdef bint running

    def __init__(self, uintptr_t callback, uintptr_t userdata, unsigned long frames, double rate, float[:, ::1] capture=None, keep=None):
        if not 1 <= frames <= 65536 or not 1000 <= rate <= 1e6:
            raise ValueError(f"the clock device cannot run blocks of {frames} at {rate:g} Hz")
        self.clock.callback, self.clock.user = <audio_callback><void *>callback, <void *>userdata
        self.clock.frames, self.clock.rate = frames, rate
        self._kept = (keep, capture)
        if capture is not None:
            if capture.shape[1] != 2:
                raise ValueError(f"a capture is (frames, 2), not (frames, {capture.shape[1]})")
            self.clock.capture, self.clock.capture_frames = &capture[0, 0], capture.shape[0]

    def __dealloc__(self):
        self.clock.end()

    def start(self):
        """Begin calling."""
        if not self.running:
            self.running = True
            self.clock.begin()

    def stop(self):
        """Return when the last call is over."""
        self.running = False
        with nogil:
            self.clock.end()

    @property
    def callbacks(self):
        """Calls made so far."""
        return self.clock.callbacks.load()

    @property
    def late(self):
        """Calls that ended after the next was due."""
        return self.clock.late.load()

    @property
    def captured(self):
        """Frames in `capture` so far."""
        return self.clock.captured.load()
