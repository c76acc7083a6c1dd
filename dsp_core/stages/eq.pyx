"""Equaliser of 24 bands: cascades of state variable filters whose magnitude follows the analog one up to half the sample rate.

While a parameter moves, each tick designs the band by a closed form and ramps the filter's coefficients to it from sample to
sample. `settle` works out the exact coefficients of parameters at rest and hands them over as one more ramp; a new instance
starts on them. Designs: dsp_core/design. Filter: dsp_core/kernels/svf.h.

In linear and natural phase the bands are FIRs instead (eq_fir.pxd), and `settle` hands over new ones.

A band has a slot; a soloed one has a second slot, BANDS further, for the filter that its part of the input is heard through.
"""
cimport cython
from libc.math cimport NAN
from libc.string cimport memcmp, memcpy, memset
from libcpp.atomic cimport atomic, memory_order_acq_rel, memory_order_relaxed, memory_order_release

from dsp_core.design.region cimport region_of
from dsp_core.design.shape cimport (
    MAX_SECTIONS, SLOPE_ORDER, Design, Shape, design_closed, is_neutral, section_count)
from dsp_core.level_match cimport MATCH_FRAMES, LevelMatch, match_reset, match_run
from dsp_core.meters.kweight cimport KWeight, k_weighting
from dsp_core.middle_side cimport put_back_changes, to_middle_side
from dsp_core.param_ids.eq cimport (
    EQ_AUTO_GAIN, EQ_BAND1_CHANNEL, EQ_BAND1_FREQ, EQ_BAND1_GAIN, EQ_BAND1_ON, EQ_BAND1_Q, EQ_BAND1_SLOPE, EQ_BAND1_SOLO,
    EQ_BAND1_TYPE, EQ_BAND2_ON, EQ_GAIN_SCALE, EQ_LENGTH, EQ_PHASE)
from dsp_core.stages.eq_band cimport HEADING, Band, Kind, Way, band_head, band_jump, band_move, band_set_goal, band_start
from dsp_core.stages.eq_fir cimport MINIMUM, EqFir, FirBand, form_of
from dsp_core.stages.stage cimport CHUNK, LEFT, MID, RIGHT, SIDE, STEREO, Stage, sample_t
from dsp_core.svf cimport Svf, SvfCascade, svf_fastest

from dsp_core.design.response import settled_design
from dsp_core.params.eq import EQ_BANDS

cdef enum:
    BANDS = 24
    SLOTS = 2 * BANDS
    PER_BAND = EQ_BAND2_ON - EQ_BAND1_ON
    FRESH = 4                    # a bit above every number of an exchange
    MATCH_QUICK = 16             # groups that the average of the level reaches back over while a move is not long past

cdef double QUICK_SECONDS = 1.5

assert BANDS == EQ_BANDS, f"the equaliser is built for {BANDS} bands, the table has {EQ_BANDS}"


cdef struct Exact:               # what `settle` publishes
    double hz[BANDS]             # the values that `design` was made for
    double gain_db[BANDS]
    double q[BANDS]
    Design design[BANDS]


cdef struct Memory:
    int running                  # slots that run, in order
    int row[SLOTS]
    LevelMatch match
    int quick                    # groups to go until its average may grow
    Band band[SLOTS]


@cython.final
cdef class Eq(Stage):
    """24 bands in order. A band that changes nothing costs nothing and no bit."""
    cdef Kind kinds[SLOTS]
    cdef int slots               # in use, in order
    cdef int slot[SLOTS]
    cdef bint matched
    cdef bint soloed
    cdef KWeight weighting
    cdef size_t memory_at, ways_at
    cdef SvfCascade cascade
    cdef Exact latest            # control thread only
    cdef Exact exchange[3]       # one is read by the audio thread, one is written by the control thread, one is between them
    cdef int read                # audio thread's
    cdef int write               # control thread's
    cdef atomic[int] between     # the third, with FRESH when it was published and not yet taken
    cdef bint is_fir             # linear or natural phase
    cdef EqFir fir               # else None
    cdef FirBand fir_bands[BANDS]            # control thread only: what its FIRs were made for
    cdef size_t fir_at

    cdef int prepare(self) except -1:
        cdef bint minimum = self.fixed(EQ_PHASE) == MINIMUM
        cdef int b, ways = 0
        self.cascade = svf_fastest()
        self.matched = self.fixed(EQ_AUTO_GAIN) != 0
        k_weighting(self.rate, &self.weighting)
        for b in range(SLOTS):
            self.kinds[b] = self.kind_of(b)
            self.kinds[b].first = ways
            if self.kinds[b].on and (b >= BANDS or minimum):
                self.slot[self.slots] = b
                self.slots += 1
                self.soloed |= b >= BANDS
                ways += self.kinds[b].count
        self.memory_at = self.need(sizeof(Memory))
        self.ways_at = self.need(ways * sizeof(Way))
        for b in range(BANDS):
            self.latest.hz[b] = NAN
        if minimum:
            self.work_out()
        else:
            self.prepare_fir()
        self.read, self.write = 0, 1
        self.between.store(2)
        self.exchange[0] = self.latest
        return 0

    cdef void reset(self) noexcept nogil:
        cdef int i
        self.take_published()
        match_reset(&self.memory().match)
        if self.is_fir:
            self.fir.convolver.rest(self.block + self.fir_at)
        for i in range(self.slots):
            self.restart_slot(self.slot[i])
        self.list_running()

    cdef void tick(self) noexcept nogil:
        cdef Memory *m = self.memory()
        cdef bint aimed = False
        cdef int i
        self.take_published()
        for i in range(self.slots):
            aimed |= self.aim(self.slot[i])
        if aimed:
            self.list_running()
        if aimed or (self.is_fir and self.fir.convolver.busy()):
            m.quick = self.quick_groups()

    cdef void process(self, sample_t **io, int channels, int frames) noexcept nogil:
        cdef double nothing[CHUNK]
        cdef double *part[2]
        cdef int done = 0, n
        if channels == 1:
            memset(nothing, 0, frames * sizeof(double))
        while done < frames:
            n = self.to_end_of_part(frames - done)
            part[0], part[1] = io[0] + done, (io[1] if channels == 2 else nothing) + done
            self.run_part(part, channels, n)
            done += n

    cdef int latency(self) noexcept nogil:
        return self.fir.delay if self.is_fir else 0

    def settle(self):
        """Control thread: work out the exact coefficients, or the FIRs, and hand them to the audio thread. False: call again soon."""
        if self.is_fir:
            return self.settle_fir()
        if self.work_out():
            self.exchange[self.write] = self.latest
            self.write = self.between.exchange(self.write | FRESH, memory_order_acq_rel) & ~FRESH
            self.version.fetch_add(1, memory_order_release)
        return True

    def restart_now(self):
        """Forget the past: the same as a new instance with the same values."""
        if not self.settle():
            self.restart()       # ends the fade that keeps the FIRs busy
            self.settle()
        self.restart()

    cdef inline Memory *memory(self) noexcept nogil:
        return <Memory *>(self.block + self.memory_at)

    cdef inline int quick_groups(self) noexcept nogil:
        return <int>(QUICK_SECONDS * self.rate / MATCH_FRAMES)

    cdef inline Way *way(self, int slot) noexcept nogil:
        return <Way *>(self.block + self.ways_at) + self.kinds[slot].first

    cdef Kind kind_of(self, int slot) noexcept nogil:
        cdef Kind k
        cdef Shape s
        cdef int at = (slot % BANDS) * PER_BAND
        s.type, s.order = <int>self.fixed(EQ_BAND1_TYPE + at), SLOPE_ORDER[<int>self.fixed(EQ_BAND1_SLOPE + at)]
        s = s if slot < BANDS else region_of(s)
        k.on = self.fixed(EQ_BAND1_ON + at if slot < BANDS else EQ_BAND1_SOLO + at) != 0
        k.type, k.order, k.count = s.type, s.order, section_count(s.type, s.order)
        k.channel = <int>self.fixed(EQ_BAND1_CHANNEL + at) if self.placement == STEREO else STEREO
        k.middle_side, k.first_lane, k.end_lane = False, 0, 2 if self.placement == STEREO else 1
        if slot < BANDS:
            k.middle_side = k.channel == MID or k.channel == SIDE
            k.first_lane = 1 if k.channel == SIDE or k.channel == RIGHT else 0
            k.end_lane = 1 if k.channel == MID or k.channel == LEFT else k.end_lane
        return k

    cdef Shape shape(self, int slot, const Band *band) noexcept nogil:
        cdef const Kind *kind = &self.kinds[slot % BANDS]
        cdef Shape s
        s.type, s.order, s.rate = kind.type, kind.order, self.rate
        s.hz, s.gain_db, s.q = band.hz, band.gain_db, band.q
        return s if slot < BANDS else region_of(s)

    cdef bint work_out(self) except? -1:
        """Bring `latest` to the wanted values; True if that changed anything."""
        cdef Exact *x = &self.latest
        cdef bint changed = False
        cdef double hz, gain_db, q
        cdef bytes design
        cdef int b, at
        for b in range(BANDS):
            at = b * PER_BAND
            hz, q = self.fixed(EQ_BAND1_FREQ + at), self.fixed(EQ_BAND1_Q + at)
            gain_db = self.fixed(EQ_BAND1_GAIN + at) * (0.01 * self.fixed(EQ_GAIN_SCALE))
            if not self.kinds[b].on or (hz == x.hz[b] and gain_db == x.gain_db[b] and q == x.q[b]):
                continue
            x.hz[b], x.gain_db[b], x.q[b] = hz, gain_db, q
            design = settled_design(self.kinds[b].type, self.kinds[b].order, hz, gain_db, q, self.rate)
            memcpy(&x.design[b], <const char *>design, sizeof(Design))
            changed = True
        return changed

    cdef int prepare_fir(self) except -1:
        cdef bint middle_side = False
        cdef int form, count = self.read_fir_bands(self.fir_bands)
        form = form_of(self.fir_bands, count, &middle_side)
        self.fir = EqFir(self.rate, <int>self.fixed(EQ_PHASE), <int>self.fixed(EQ_LENGTH), 2 if self.placement == STEREO else 1, form,
                         middle_side)
        self.fir_at = self.need(self.fir.bytes)
        with nogil:
            self.fir.redesign(self.fir_bands, count)
        self.is_fir = self.moves_by_settling = True
        return 0

    cdef int read_fir_bands(self, FirBand *bands) noexcept nogil:
        """The bands that are on, at the wanted values; gives how many."""
        cdef int b, at, count = 0
        memset(bands, 0, BANDS * sizeof(FirBand))
        for b in range(BANDS):
            at = b * PER_BAND
            if self.kinds[b].on:
                bands[count].channel = self.kinds[b].channel
                bands[count].shape.type, bands[count].shape.order = self.kinds[b].type, self.kinds[b].order
                bands[count].shape.hz, bands[count].shape.q = self.fixed(EQ_BAND1_FREQ + at), self.fixed(EQ_BAND1_Q + at)
                bands[count].shape.gain_db = self.fixed(EQ_BAND1_GAIN + at) * (0.01 * self.fixed(EQ_GAIN_SCALE))
                bands[count].shape.rate = self.rate
                count += 1
        return count

    cdef bint settle_fir(self) noexcept:
        cdef FirBand wanted[BANDS]
        cdef int count = self.read_fir_bands(wanted)
        if memcmp(wanted, self.fir_bands, sizeof(wanted)) == 0:
            return True
        if self.fir.convolver.busy():
            return False
        memcpy(self.fir_bands, wanted, sizeof(wanted))
        with nogil:
            self.fir.redesign(self.fir_bands, count)
        self.version.fetch_add(1, memory_order_release)
        return True

    cdef void take_published(self) noexcept nogil:
        if self.between.load(memory_order_relaxed) & FRESH:
            self.read = self.between.exchange(self.read, memory_order_acq_rel) & ~FRESH

    cdef void restart_slot(self, int slot) noexcept nogil:
        """At the values the parameters have now, with empty memory."""
        memset(&self.memory().band[slot], 0, sizeof(Band))
        memset(self.way(slot), 0, self.kinds[slot].count * sizeof(Way))
        self.aim(slot)
        band_jump(&self.memory().band[slot], self.way(slot), &self.kinds[slot])

    cdef bint aim(self, int slot) noexcept nogil:
        """Set the goal for the values of this tick; False if it is set already."""
        cdef int at = (slot % BANDS) * PER_BAND
        cdef double hz = self.glide[EQ_BAND1_FREQ + at].value, q = self.glide[EQ_BAND1_Q + at].value
        cdef double gain_db = self.glide[EQ_BAND1_GAIN + at].value * (0.01 * self.glide[EQ_GAIN_SCALE].value)
        cdef Exact *x = &self.exchange[self.read]
        cdef bint exact = slot < BANDS and hz == x.hz[slot] and gain_db == x.gain_db[slot] and q == x.q[slot]
        cdef Band *band = &self.memory().band[slot]
        if band.hz == hz and band.gain_db == gain_db and band.q == q and (band.settled or not exact):
            return False
        band.hz, band.gain_db, band.q = hz, gain_db, q
        self.head_for(slot, band, &x.design[slot] if exact else NULL)
        return True

    cdef void head_for(self, int slot, Band *band, const Design *exact) noexcept nogil:
        """Set out for the values of `band`; without exact sections for those of the closed form."""
        cdef Shape s = self.shape(slot, band)
        cdef Design design
        band.neutral = is_neutral(&s)
        band.settled = exact is not NULL or band.neutral
        if band.neutral and not band.running:
            return
        if exact is NULL or band.neutral:
            design_closed(&s, &design)
            exact = &design
        band_set_goal(band, self.way(slot), &self.kinds[slot], exact)
        if not band.running:
            band_start(band, self.way(slot), &self.kinds[slot])
        else:
            band_head(band, self.way(slot), &self.kinds[slot], HEADING)

    cdef void list_running(self) noexcept nogil:
        cdef Memory *m = self.memory()
        cdef int i
        m.running = 0
        for i in range(self.slots):
            if m.band[self.slot[i]].running:
                m.row[m.running] = self.slot[i]
                m.running += 1

    cdef int to_end_of_part(self, int frames) noexcept nogil:
        """Frames over which every band stays in its part of a move, or at rest, and the level in one group."""
        cdef Memory *m = self.memory()
        cdef int i, left
        for i in range(m.running):
            left = m.band[m.row[i]].left
            if left > 0:
                frames = min(frames, left)
        return min(frames, <int>MATCH_FRAMES - m.match.count) if self.matched else frames

    cdef void run_part(self, double **io, int channels, int frames) noexcept nogil:
        cdef double memory[2][CHUNK]
        cdef double *before[2]
        cdef Memory *m = self.memory()
        cdef bint idle = m.running == 0
        cdef int c
        before[0], before[1] = memory[0], memory[1]
        if self.is_fir:
            idle = self.fir.idle()
            memset(before[1], 0, frames * sizeof(double))
            self.fir.run(self.block + self.fir_at, self.when, io, before, frames)
        elif self.matched or self.soloed:
            for c in range(2):
                memcpy(before[c], io[c], frames * sizeof(double))
        if not self.is_fir:
            self.run_bands(io[0], io[1], frames)
        if self.matched:
            match_run(&m.match, &self.weighting, before, io, channels, idle, self.rate, frames)
            if m.match.count == 0 and m.quick > 0:
                m.match.groups = min(m.match.groups, <int>MATCH_QUICK)
                m.quick -= 1
        if self.soloed:
            self.listen(before, io, frames)

    cdef void run_bands(self, double *left, double *right, int frames) noexcept nogil:
        """Bands in order; resting ones of one domain run as one cascade, and the matrix runs once for them."""
        cdef double mid[CHUNK]
        cdef double side[CHUNK]
        cdef Svf *row[BANDS * MAX_SECTIONS]
        cdef double *a = left
        cdef double *z = right
        cdef Memory *m = self.memory()
        cdef const Kind *kind
        cdef Band *band
        cdef bint middle_side = False, stopped = False
        cdef int n, i, count = 0
        for n in range(m.running):
            if m.row[n] >= BANDS:
                break
            band, kind = &m.band[m.row[n]], &self.kinds[m.row[n]]
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
                band_move(band, self.way(m.row[n]), kind, a, z, frames)
                stopped |= not band.running
                continue
            for i in range(kind.count):
                row[count] = &self.way(m.row[n])[i].now
                count += 1
        if count > 0:
            self.cascade(row, count, a, z, frames)
        if middle_side:
            put_back_changes(mid, side, left, right, frames)
        if stopped:
            self.list_running()

    cdef void listen(self, double **before, double **io, int frames) noexcept nogil:
        """In place of the equaliser, what its soloed bands work on."""
        cdef double memory[2][CHUNK]
        cdef int c, i, n
        for c in range(2):
            memset(io[c], 0, frames * sizeof(double))
        for n in range(self.slots):
            if self.slot[n] < BANDS:
                continue
            take_channel(self.kinds[self.slot[n]].channel, before, memory[0], memory[1], frames)
            self.run_region(self.slot[n], memory[0], memory[1], frames)
            for c in range(2):
                for i in range(frames):
                    io[c][i] += memory[c][i]
        self.list_running()

    cdef void run_region(self, int slot, double *left, double *right, int frames) noexcept nogil:
        cdef Band *band = &self.memory().band[slot]
        cdef Svf *row[MAX_SECTIONS]
        cdef int i
        if band.left > 0:
            band_move(band, self.way(slot), &self.kinds[slot], left, right, frames)
        elif band.running:
            for i in range(self.kinds[slot].count):
                row[i] = &self.way(slot)[i].now
            self.cascade(row, self.kinds[slot].count, left, right, frames)

    cdef int warm_up(self, Stage heir) except -1:
        """FIRs are heard when they are full. Handed down, the past is; what old FIRs made of it takes two large partitions to go."""
        if not self.is_fir:
            return 0
        if heir is not None and (<Eq>heir).is_fir and self.fir.same_memory((<Eq>heir).fir):
            return 2 * self.fir.convolver.period
        return self.latency_frames + self.fir.convolver.taps

    cdef void inherit(self, Stage old) noexcept nogil:
        """Bands of the same type, slope and channel go on with their memory; the others start empty."""
        cdef Memory *m = self.memory()
        cdef int i
        memcpy(self.glide, old.glide, self.n_params * sizeof(self.glide[0]))
        if old.rate == self.rate and old.placement == self.placement:
            memcpy(self.common, old.common, sizeof(self.common[0]))
            self.inherit_past(<Eq>old)
            if self.matched and (<Eq>old).matched:
                m.match, m.quick = (<Eq>old).memory().match, self.quick_groups() if self.is_fir else (<Eq>old).memory().quick
            for i in range(self.slots):
                self.inherit_slot(self.slot[i], <Eq>old)
            self.list_running()
        else:
            self.common.wet = self.common.wet_goal = old.common.wet_goal
            self.forget()
            self.take_dry(old)
        self.common.build = self.build
        self.common.moving = 2

    cdef void inherit_past(self, Eq old) noexcept nogil:
        """The sound that still is in the delays, and in the FIRs."""
        if self.latency_frames == old.latency_frames:
            memcpy(self.dry, old.dry, 2 * self.latency_frames * sizeof(double))
        else:
            self.take_dry(old)
        if self.is_fir and old.is_fir and self.fir.same_memory(old.fir):
            memcpy(self.block + self.fir_at, old.block + old.fir_at, self.fir.bytes)

    cdef void inherit_slot(self, int slot, Eq old) noexcept nogil:
        if same_kind(&self.kinds[slot], &old.kinds[slot]):
            self.memory().band[slot] = old.memory().band[slot]
            memcpy(self.way(slot), old.way(slot), self.kinds[slot].count * sizeof(Way))
        else:
            self.restart_slot(slot)


cdef inline bint same_kind(const Kind *a, const Kind *b) noexcept nogil:
    return a.on == b.on and a.type == b.type and a.order == b.order and a.channel == b.channel


cdef inline void take_channel(int channel, double **io, double *left, double *right, int frames) noexcept nogil:
    """The part of the stereo sound that a channel names, as it is heard alone."""
    cdef double sign = -1.0 if channel == SIDE else 1.0
    cdef int i
    for i in range(frames):
        left[i], right[i] = io[0][i], io[1][i]
        if channel == MID or channel == SIDE:
            left[i] = 0.5 * (io[0][i] + sign * io[1][i])
            right[i] = sign * left[i]
        elif channel == LEFT:
            right[i] = 0.0
        elif channel == RIGHT:
            left[i] = 0.0
