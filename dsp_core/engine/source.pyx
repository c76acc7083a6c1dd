"""Where the song's samples come from: memory, or pages that a disk thread keeps loaded around the playhead."""
from libc.stdlib cimport calloc, free
from libc.string cimport memcpy, memset
from libcpp.atomic cimport memory_order_acq_rel, memory_order_acquire, memory_order_relaxed, memory_order_release


cdef class Source:
    """A stereo song of `frames` frames at `rate` Hz; silence outside of it."""

    cdef bint ready(self, int64_t at, int frames) noexcept nogil:
        """True if the frames can be read now. Outside of the song everything is ready."""
        return True

    cdef void read(self, int64_t at, sample_t **out, int frames) noexcept nogil:
        cdef int before = <int>min(max(-at, <int64_t>0), <int64_t>frames)
        cdef int inside = <int>min(max(self.frames - at - before, <int64_t>0), <int64_t>(frames - before))
        cdef sample_t *part[2]
        cdef int c
        for c in range(2):
            memset(out[c], 0, before * sizeof(double))
            memset(out[c] + before + inside, 0, (frames - before - inside) * sizeof(double))
            part[c] = out[c] + before
        if inside > 0:
            self.copy(at + before, part, inside)

    cdef void copy(self, int64_t at, sample_t **out, int frames) noexcept nogil:
        pass


cdef class MemorySong(Source):
    """The whole song in memory: (2, frames), float32 or float64, C-contiguous, finite. The array is kept, not copied."""

    def __init__(self, planes, double rate):
        cdef const float[:, ::1] narrow
        cdef const double[:, ::1] wide
        cdef int c
        shape = memoryview(planes).shape
        if len(shape) != 2 or shape[0] != 2 or shape[1] < 1:
            raise ValueError(f"a song in memory wants (2, frames) with at least one frame, got {shape}")
        self._planes, self.frames, self.rate = planes, shape[1], rate
        if memoryview(planes).format == "f":
            narrow = planes
            for c in range(2):
                self.narrow[c] = &narrow[c, 0]
        else:
            wide = planes
            for c in range(2):
                self.wide[c] = &wide[c, 0]

    cdef void copy(self, int64_t at, sample_t **out, int frames) noexcept nogil:
        cdef int c, i
        for c in range(2):
            if self.narrow[c] is NULL:
                memcpy(out[c], self.wide[c] + at, frames * sizeof(double))
                continue
            for i in range(frames):
                out[c][i] = self.narrow[c][at + i]


cdef class PagedSong(Source):
    """A long song of which `rooms` pages of 65536 frames lie in memory; `put` and `drop` are for one disk thread."""

    def __cinit__(self, int64_t frames, double rate, int rooms=64):
        if frames < 1 or rooms < 4:
            raise ValueError(f"a paged song wants frames and at least 4 rooms, got {frames} and {rooms}")
        self.frames, self.rate, self.rooms = frames, rate, rooms
        self.pages = (frames + PAGE_FRAMES - 1) // PAGE_FRAMES
        self.room_of = <atomic[int] *>calloc(self.pages, sizeof(atomic[int]))
        self.memory = <double *>calloc(rooms, 2 * PAGE_FRAMES * sizeof(double))
        if self.room_of is NULL or self.memory is NULL:
            raise MemoryError
        cdef int64_t page
        for page in range(self.pages):
            self.room_of[page].store(-1)
        self._free, self._leaving = list(range(rooms)), {}

    def __dealloc__(self):
        free(self.room_of)
        free(self.memory)

    def has(self, int64_t page):
        """True if the page is loaded."""
        return 0 <= page < self.pages and self.room_of[page].load(memory_order_relaxed) >= 0

    def room(self, bint running):
        """A free room, or None: dropped pages give theirs back once the audio thread has finished a block since."""
        passes = self.passes.load(memory_order_acquire)
        for room, left_at in list(self._leaving.items()):
            if not running or passes > left_at:
                del self._leaving[room]
                self._free.append(room)
        return self._free.pop() if self._free else None

    def put(self, int64_t page, int room, const double[:, ::1] planes):
        """Copy up to 65536 frames into `room` and publish them as `page`."""
        if not 0 <= page < self.pages or planes.shape[0] != 2 or planes.shape[1] > PAGE_FRAMES:
            raise ValueError(f"page {page} of {self.pages} with {planes.shape[0]} planes of {planes.shape[1]} frames does not fit")
        cdef double *to = self.memory + <size_t>room * 2 * PAGE_FRAMES
        cdef size_t bytes_ = planes.shape[1] * sizeof(double)
        memcpy(to, &planes[0, 0], bytes_)
        memcpy(to + PAGE_FRAMES, &planes[1, 0], bytes_)
        self.room_of[page].store(room, memory_order_release)

    def drop(self, int64_t page):
        """Unpublish a page."""
        room = self.room_of[page].exchange(-1)
        if room >= 0:
            # Written, not only read: the block whose end takes this value up, and every block after it, knows that the page is gone.
            self._leaving[room] = self.passes.fetch_add(0, memory_order_acq_rel)

    cdef bint ready(self, int64_t at, int frames) noexcept nogil:
        cdef int64_t page = max(at, <int64_t>0) // PAGE_FRAMES
        cdef int64_t stop = min(at + frames, self.frames)
        while page * PAGE_FRAMES < stop:
            if self.room_of[page].load(memory_order_acquire) < 0:
                return False
            page += 1
        return True

    cdef void copy(self, int64_t at, sample_t **out, int frames) noexcept nogil:
        cdef int done = 0, n, c, room
        cdef int64_t offset
        while done < frames:
            offset = (at + done) % PAGE_FRAMES
            n = <int>min(<int64_t>(frames - done), PAGE_FRAMES - offset)
            room = self.room_of[(at + done) // PAGE_FRAMES].load(memory_order_acquire)
            for c in range(2):
                if room < 0:
                    memset(out[c] + done, 0, n * sizeof(double))
                else:
                    memcpy(out[c] + done, self.memory + (<size_t>room * 2 + c) * PAGE_FRAMES + offset, n * sizeof(double))
            done += n
