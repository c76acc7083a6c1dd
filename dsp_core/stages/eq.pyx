"""Eight-band equaliser: cascades of state variable filters whose magnitude follows the analog one up to half the sample rate.

While a parameter moves, each tick designs the band by a closed form and ramps the filter's coefficients to it from sample to
sample. `settle` works out the exact coefficients of parameters at rest and hands them over as one more ramp; a new instance
starts on them. Designs: dsp_core/design. Filter: dsp_core/kernels/svf.h.
"""
cimport cython
from libc.math cimport NAN
from libc.string cimport memcpy, memset
from libcpp.atomic cimport atomic, memory_order_acq_rel, memory_order_relaxed, memory_order_release

from dsp_core.design.refine cimport design_settled
from dsp_core.design.shape cimport CUT_ORDER, MAX_SECTIONS, Design, Shape, design_closed, is_neutral, section_count
from dsp_core.middle_side cimport put_back_changes, to_middle_side
from dsp_core.param_ids.eq cimport (
    EQ_BAND1_CHANNEL, EQ_BAND1_FREQ, EQ_BAND1_GAIN, EQ_BAND1_ON, EQ_BAND1_Q, EQ_BAND1_SLOPE, EQ_BAND1_TYPE, EQ_BAND2_ON)
from dsp_core.stages.eq_band cimport HEADING, Band, Kind, band_head, band_jump, band_move, band_set_goal, band_start
from dsp_core.stages.stage cimport CHUNK, Stage, sample_t
from dsp_core.svf cimport Svf, SvfCascade, svf_fastest

from dsp_core.params.eq import EQ_BANDS

cdef enum:
    BANDS = 8
    STEREO = 0
    MID = 1
    SIDE = 2
    LEFT = 3
    RIGHT = 4
    FRESH = 4                    # a bit above every slot number

assert BANDS == EQ_BANDS, f"the equaliser is built for {BANDS} bands, the table has {EQ_BANDS}"


cdef struct Exact:               # what `settle` publishes
    double hz[BANDS]             # the values that `design` was made for
    double gain_db[BANDS]
    double q[BANDS]
    Design design[BANDS]


@cython.final
cdef class Eq(Stage):
    """Eight bands in order. A band that changes nothing costs nothing and no bit."""
    cdef Kind kinds[BANDS]
    cdef size_t bands_at
    cdef SvfCascade cascade
    cdef Exact latest            # control thread only
    cdef Exact slot[3]           # one is read by the audio thread, one is written by the control thread, one is between them
    cdef int read                # audio thread's slot
    cdef int write               # control thread's slot
    cdef atomic[int] between     # the third, with FRESH when it was published and not yet taken

    cdef int prepare(self) except -1:
        cdef int b
        self.cascade = svf_fastest()
        self.bands_at = self.need(BANDS * sizeof(Band))
        for b in range(BANDS):
            self.kinds[b] = self.kind_of(b)
            self.latest.hz[b] = NAN
        self.work_out()
        self.read, self.write = 0, 1
        self.between.store(2)
        self.slot[0] = self.latest
        return 0

    cdef void reset(self) noexcept nogil:
        cdef int b
        self.take_published()
        for b in range(BANDS):
            self.restart_band(b)

    cdef void tick(self) noexcept nogil:
        cdef int b
        self.take_published()
        for b in range(BANDS):
            if self.kinds[b].on:
                self.aim(b)

    cdef void process(self, sample_t **io, int channels, int frames) noexcept nogil:
        cdef double nothing[CHUNK]
        cdef double *right = io[1] if channels == 2 else nothing
        cdef int done = 0, n
        if channels == 1:
            memset(nothing, 0, frames * sizeof(double))
        while done < frames:
            n = self.to_end_of_part(frames - done)
            self.run_bands(io[0] + done, right + done, n)
            done += n

    cdef int latency(self) noexcept nogil:
        return 0

    def settle(self):
        """Control thread, when no value has moved for 50 ms: work out the exact coefficients and hand them to the audio thread."""
        cdef bint changed
        with nogil:
            changed = self.work_out()
            if changed:
                self.slot[self.write] = self.latest
                self.write = self.between.exchange(self.write | FRESH, memory_order_acq_rel) & ~FRESH
                self.version.fetch_add(1, memory_order_release)

    def restart_now(self):
        """Forget the past: the same as a new instance with the same values."""
        self.settle()
        self.restart()

    cdef Kind kind_of(self, int b) noexcept nogil:
        cdef Kind k
        cdef int at = b * (EQ_BAND2_ON - EQ_BAND1_ON)
        k.on = self.fixed(EQ_BAND1_ON + at) != 0
        k.type = <int>self.fixed(EQ_BAND1_TYPE + at)
        k.order = CUT_ORDER[<int>self.fixed(EQ_BAND1_SLOPE + at)]
        k.channel = <int>self.fixed(EQ_BAND1_CHANNEL + at)
        k.count = section_count(k.type, k.order)
        if self.placement != STEREO:
            # One plane comes in; the stage has been placed as a whole.
            k.middle_side, k.first_lane, k.end_lane = False, 0, 1
            return k
        k.middle_side = k.channel == MID or k.channel == SIDE
        k.first_lane = 1 if k.channel == SIDE or k.channel == RIGHT else 0
        k.end_lane = 1 if k.channel == MID or k.channel == LEFT else 2
        return k

    cdef Band *band(self, int b) noexcept nogil:
        return <Band *>(self.block + self.bands_at) + b

    cdef Shape shape(self, int b, double hz, double gain_db, double q) noexcept nogil:
        cdef Shape s
        s.type, s.order, s.rate = self.kinds[b].type, self.kinds[b].order, self.rate
        s.hz, s.gain_db, s.q = hz, gain_db, q
        return s

    cdef bint work_out(self) noexcept nogil:
        """Bring `latest` to the wanted values; True if that changed anything."""
        cdef Exact *x = &self.latest
        cdef bint changed = False
        cdef double hz, gain_db, q
        cdef Shape s
        cdef int b, at
        for b in range(BANDS):
            at = b * (EQ_BAND2_ON - EQ_BAND1_ON)
            hz, gain_db, q = self.fixed(EQ_BAND1_FREQ + at), self.fixed(EQ_BAND1_GAIN + at), self.fixed(EQ_BAND1_Q + at)
            if not self.kinds[b].on or (hz == x.hz[b] and gain_db == x.gain_db[b] and q == x.q[b]):
                continue
            x.hz[b], x.gain_db[b], x.q[b] = hz, gain_db, q
            s = self.shape(b, hz, gain_db, q)
            if not is_neutral(&s):
                design_settled(&s, &x.design[b])
            changed = True
        return changed

    cdef void take_published(self) noexcept nogil:
        if self.between.load(memory_order_relaxed) & FRESH:
            self.read = self.between.exchange(self.read, memory_order_acq_rel) & ~FRESH

    cdef void restart_band(self, int b) noexcept nogil:
        """At the values the parameters have now, with empty memory."""
        memset(self.band(b), 0, sizeof(Band))
        if self.kinds[b].on:
            self.aim(b)
            band_jump(self.band(b), &self.kinds[b])

    cdef void aim(self, int b) noexcept nogil:
        """Set the goal for the values of this tick, if it is not set already."""
        cdef int at = b * (EQ_BAND2_ON - EQ_BAND1_ON)
        cdef Shape s = self.shape(b, self.glide[EQ_BAND1_FREQ + at].value, self.glide[EQ_BAND1_GAIN + at].value,
                                  self.glide[EQ_BAND1_Q + at].value)
        cdef const Exact *x = &self.slot[self.read]
        cdef bint exact = s.hz == x.hz[b] and s.gain_db == x.gain_db[b] and s.q == x.q[b]
        cdef Band *band = self.band(b)
        cdef Design design
        if band.hz == s.hz and band.gain_db == s.gain_db and band.q == s.q and (band.settled or not exact):
            return
        band.hz, band.gain_db, band.q = s.hz, s.gain_db, s.q
        band.neutral = is_neutral(&s)
        band.settled = exact or band.neutral
        if band.neutral and not band.running:
            return
        if exact and not band.neutral:
            design = x.design[b]
        else:
            design_closed(&s, &design)
        band_set_goal(band, &self.kinds[b], &design)
        if not band.running:
            band_start(band, &self.kinds[b])
        else:
            band_head(band, &self.kinds[b], HEADING)

    cdef int to_end_of_part(self, int frames) noexcept nogil:
        """Frames over which every band stays in its part of a move, or at rest."""
        cdef int b, left
        for b in range(BANDS):
            left = self.band(b).left
            if left > 0:
                frames = min(frames, left)
        return frames

    cdef void run_bands(self, double *left, double *right, int frames) noexcept nogil:
        """Bands in order; resting ones of one domain run as one cascade, and the matrix runs once for them."""
        cdef double mid[CHUNK]
        cdef double side[CHUNK]
        cdef Svf *row[BANDS * MAX_SECTIONS]
        cdef double *a = left
        cdef double *z = right
        cdef const Kind *kind
        cdef Band *band
        cdef bint middle_side = False
        cdef int b, i, count = 0
        for b in range(BANDS):
            band, kind = self.band(b), &self.kinds[b]
            if not band.running:
                continue
            if count > 0 and (kind.middle_side != middle_side or band.left > 0):
                self.cascade(row, count, a, z, frames)
                count = 0
            if kind.middle_side != middle_side:
                middle_side = kind.middle_side
                if middle_side:
                    to_middle_side(left, right, mid, side, frames)
                    a, z = mid, side
                else:
                    put_back_changes(mid, side, left, right, frames)
                    a, z = left, right
            if band.left > 0:
                band_move(band, kind, a, z, frames)
                continue
            for i in range(kind.count):
                row[count] = &band.section[i]
                count += 1
        if count > 0:
            self.cascade(row, count, a, z, frames)
        if middle_side:
            put_back_changes(mid, side, left, right, frames)

    cdef void inherit(self, Stage old) noexcept nogil:
        """Bands of the same type, slope and channel go on with their memory; the others start empty."""
        cdef int b
        if old.rate == self.rate and old.placement == self.placement:
            memcpy(self.block, old.block, self.block_bytes)
            for b in range(BANDS):
                if not same_kind(&self.kinds[b], &(<Eq>old).kinds[b]):
                    self.restart_band(b)
        else:
            memcpy(self.glide, old.glide, self.n_params * sizeof(self.glide[0]))
            self.common.wet = self.common.wet_goal = old.common.wet_goal
            self.forget()
        self.common.build = self.build
        self.common.moving = True


cdef inline bint same_kind(const Kind *a, const Kind *b) noexcept nogil:
    return a.on == b.on and a.type == b.type and a.order == b.order and a.channel == b.channel
