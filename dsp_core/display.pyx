"""The window's look into a stage; the audio thread writes rows, the control thread reads them."""
from libc.math cimport fabs
from libc.stdlib cimport free
from libc.string cimport memset
from libcpp.atomic cimport memory_order_acquire, memory_order_release

from dsp_core.memory cimport present


cdef class Display:
    """`width` figures per row; a row is over every `every` frames, or whenever the stage pushes it. `watch` before `read`."""

    def __cinit__(self, int width, int every, int capacity):
        self.width, self.every, self.capacity = width, every, capacity
        self.figure = <float *>present(width, sizeof(float))
        if self.figure is NULL:
            raise MemoryError

    def __dealloc__(self):
        free(self.figure)

    def watch(self, bint on):
        """Control thread: whether rows are wanted from now on. What was not read before is forgotten."""
        cdef unsigned char[::1] old
        if on and self.rows is None:
            self.rows = Ring(self.width * sizeof(float), self.capacity)
        if on:
            old = bytearray(self.width * sizeof(float) * self.capacity)
            self.rows.drain(old)
        self.on.store(on, memory_order_release)

    def read(self, unsigned char[::1] into):
        """Control thread: the oldest rows as float32 into `into`; gives their number."""
        return 0 if self.rows is None else self.rows.drain(into)

    cdef bint wanted(self) noexcept nogil:
        return self.on.load(memory_order_acquire) != 0

    cdef void keep(self, int place, double value) noexcept nogil:
        """The value of the largest magnitude within the row."""
        if fabs(value) > fabs(self.figure[place]):
            self.figure[place] = <float>value

    cdef void pass_by(self, int frames) noexcept nogil:
        """Frames whose figures were kept; ends the row when it is full."""
        self.passed += frames
        if self.passed >= self.every:
            self.push()

    cdef void push(self) noexcept nogil:
        """Hand the row on and begin another."""
        if self.wanted():
            self.rows.push(self.figure, 1)
        memset(self.figure, 0, self.width * sizeof(float))
        self.passed = 0
