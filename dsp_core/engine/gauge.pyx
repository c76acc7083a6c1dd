"""What the audio thread measures for everybody: mix and master side by side in 10 ms bins, what else is heard, and what each stage did meanwhile."""
from libc.math cimport fmax, sqrt
from libc.string cimport memset

from dsp_core.stages.stage cimport CHUNK, Common, Stage

cdef enum:
    RECORDS = 1024               # ten seconds for a window that is away
    HEARD = 4096                 # the same of four ears
    TAP_FRAMES = 65536


cdef class Gauge:
    """Meters and the rings their bins leave by. `records.drain` gives Record structs laid out as `record_layout` says, `heard.drain`
    those of ear.pxd."""

    def __init__(self, double rate):
        self.records, self.heard = Ring(sizeof(Record), RECORDS), Ring(sizeof(Heard), HEARD)
        self.tap_scope = Ring(2 * sizeof(float), TAP_FRAMES)
        self.mix, self.master, self.aside, self.tap = (Meter(<int>rate) for _ in range(4))
        self.mix_ear, self.master_ear = Ear(MIX_EAR, self.mix, self.heard), Ear(MASTER_EAR, self.master, self.heard)
        self.aside_ear, self.tap_ear = Ear(ASIDE_EAR, self.aside, self.heard), Ear(TAP_EAR, self.tap, self.heard)
        self.aside_of = self.tap_place = self.tap_heard = -1

    cdef void restart(self) noexcept nogil:
        """Another sound begins with the next frame."""
        self.fresh = True
        self.silent_left = 0
        self.aside_of = self.tap_heard = -1

    cdef void begin_in_silence(self, int frames) noexcept nogil:
        """The chain is empty, so that it gives out `frames` frames of silence that are not the song's."""
        self.silent_left = frames

    cdef int silent(self, int frames) noexcept nogil:
        """How many of the next frames are not the song's."""
        return min(frames, self.silent_left)

    cdef void begin(self, int64_t when) noexcept nogil:
        """Bins lie on the song from its frame `when` on."""
        self.fresh = False
        self.mix.reset(when)
        self.master.reset(when)
        self.mix_ear.restart(when, self.shown)
        self.master_ear.restart(when, self.shown)
        memset(&self.record, 0, sizeof(Record))

    cdef void watch_words(self, int bits) noexcept nogil:
        """Those of the mix in the upper byte, of the master in the lower."""
        self.mix_ear.needles.use_words(bits >> 8)
        self.master_ear.needles.use_words(bits & 0xff)
        self.tap_ear.needles.use_words(bits & 0xff)

    cdef void measure(self, Chain chain, sample_t **mix, sample_t **master, sample_t **aside, int aside_of, int frames,
                      int64_t heard_at) noexcept nogil:
        """Frames of the song, `heard_at` being that behind the last, unless `silent` has said that they are before it.

        `aside`: another source, the `aside_of`th; -1 for none.
        """
        cdef Bin mix_bins[MOST_BINS]
        cdef Bin master_bins[MOST_BINS]
        cdef Bin aside_bins[MOST_BINS]
        cdef sample_t *sound[3][2]
        cdef int silent = self.silent(frames), bins, others, late, c, k
        self.measure_tap(chain, self.silent_left, heard_at)
        self.read_stages(chain)
        self.silent_left -= silent
        if silent == frames:
            return
        for c in range(2):
            sound[0][c], sound[1][c], sound[2][c] = mix[c] + silent, master[c] + silent, aside[c] + silent
        frames -= silent
        if self.fresh:
            self.begin(max(heard_at - frames, <int64_t>0))
        others = self.measure_aside(sound[2], aside_of, frames, aside_bins)
        bins = self.mix.measure(<const double **>sound[0], frames, mix_bins, MOST_BINS)
        self.master.measure(<const double **>sound[1], frames, master_bins, MOST_BINS)
        self.mix_ear.hear(sound[0], frames, mix_bins, bins)
        self.master_ear.hear(sound[1], frames, master_bins, bins)
        for k in range(bins):
            # One that has just begun gives its first bin when the others are a bin ahead; from then on they go together.
            late = bins - others
            self.record.aside_of = -1
            if k >= late and aside_bins[k - late].index == mix_bins[k].index and aside_bins[k - late].frames == mix_bins[k].frames:
                self.record.aside_of, self.record.aside = self.aside_of, aside_bins[k - late]
            self.hand_on(&mix_bins[k], &master_bins[k], heard_at)
        self.shown += frames

    cdef int measure_aside(self, sample_t **aside, int aside_of, int frames, Bin *bins) noexcept nogil:
        cdef int count
        if aside_of != self.aside_of:
            self.aside_of = aside_of
            self.aside.reset(self.mix.state.at)
            self.aside_ear.restart(self.mix.state.at, self.shown)
        if aside_of < 0:
            return 0
        count = self.aside.measure(<const double **>aside, frames, bins, MOST_BINS)
        self.aside_ear.hear(aside, frames, bins, count)
        return count

    cdef void hand_on(self, const Bin *mix, const Bin *master, int64_t heard_at) noexcept nogil:
        cdef int k
        self.record.heard_at, self.record.mix, self.record.master = heard_at, mix[0], master[0]
        for k in range(self.record.stages):
            self.record.stage[k].out_rms = <float>sqrt(self.energy[k] / (2 * max(1, self.energy_frames)))
        self.records.push(&self.record, 1)
        memset(&self.record.stage[0], 0, sizeof(self.record.stage))
        memset(self.energy, 0, sizeof(self.energy))
        self.energy_frames = 0

    cdef void cut(self, int64_t heard_at) noexcept nogil:
        """The song goes on at another place than `heard_at`: end the bins here, so that none holds both."""
        cdef Bin mix_bins[MOST_BINS]
        cdef Bin master_bins[MOST_BINS]
        cdef int bins, tapped, k
        if self.fresh:
            return
        bins = self.mix.seek(self.mix.state.at, mix_bins, MOST_BINS)
        self.master.seek(self.master.state.at, master_bins, MOST_BINS)
        self.mix_ear.cut(mix_bins, bins)
        self.master_ear.cut(master_bins, bins)
        self.aside_of = self.record.aside_of = -1
        for k in range(bins):
            self.hand_on(&mix_bins[k], &master_bins[k], heard_at)
        tapped = self.tap.seek(self.tap.state.at, mix_bins, MOST_BINS)
        self.tap_ear.cut(mix_bins, tapped)

    cdef void measure_tap(self, Chain chain, int silent, int64_t heard_at) noexcept nogil:
        """What came out of the tapped stage, ahead of the master by the latency of the stages behind it. `silent`: frames that the
        master had still to wait for the song when they came."""
        cdef Bin bins[MOST_BINS]
        cdef float record[CHUNK][2]
        cdef sample_t *sound[2]
        cdef int n = chain.tap_frames, ahead = chain.tap_ahead
        cdef int skip = max(0, min(n, silent - ahead)), i
        chain.tap_frames = 0
        if skip == n:
            return
        if self.tap_heard != self.tap_place:
            self.tap_heard = self.tap_place
            self.tap.reset(max(heard_at + ahead - n + skip, <int64_t>0))
            self.tap_ear.restart(self.tap.state.at, self.tap_shown)
        sound[0], sound[1] = chain.tapped[0] + skip, chain.tapped[1] + skip
        n -= skip
        for i in range(n):
            record[i][0], record[i][1] = <float>sound[0][i], <float>sound[1][i]
        self.tap_scope.push(&record[0][0], n)
        self.tap_shown += n
        self.tap_ear.hear(sound, n, bins, self.tap.measure(<const double **>sound, n, bins, MOST_BINS))

    cdef void read_stages(self, Chain chain) noexcept nogil:
        cdef Common *common
        cdef StageReading *reading
        cdef int k
        self.record.stages = chain.order[chain.now].n
        for k in range(self.record.stages):
            common = (<Stage>chain.order[chain.now].stage[k]).common
            reading = &self.record.stage[k]
            reading.in_peak = <float>fmax(reading.in_peak, common.in_peak)
            reading.out_peak = <float>fmax(reading.out_peak, common.out_peak)
            reading.reduction_db = <float>fmax(reading.reduction_db, common.reduction_db)
            reading.detector = <float>fmax(reading.detector, common.detector)
            reading.measure = <float>common.measure
            common.in_peak = common.out_peak = common.reduction_db = common.detector = 0.0
            reading.faults = <int32_t>common.faults
            self.energy[k] += chain.energy[k]
        memset(chain.energy, 0, sizeof(chain.energy))
        self.energy_frames += chain.energy_frames
        chain.energy_frames = 0


def record_layout():
    """(fields of a record, fields of a stage reading), each (name, format, offset) as numpy spells it; "bin" and "stage" nest."""
    cdef Record r
    cdef char *start = <char *>&r
    cdef char *stage = <char *>&r.stage[0]
    fields = [("heard_at", "i8", <char *>&r.heard_at - start), ("mix", "bin", <char *>&r.mix - start), ("master", "bin", <char *>&r.master - start),
              ("aside", "bin", <char *>&r.aside - start), ("aside_of", "i4", <char *>&r.aside_of - start),
              ("stages", "i4", <char *>&r.stages - start), ("stage", "stage", stage - start)]
    stages = [("in_peak", "f4", <char *>&r.stage[0].in_peak - stage), ("out_peak", "f4", <char *>&r.stage[0].out_peak - stage),
              ("reduction_db", "f4", <char *>&r.stage[0].reduction_db - stage), ("detector", "f4", <char *>&r.stage[0].detector - stage),
              ("measure", "f4", <char *>&r.stage[0].measure - stage), ("out_rms", "f4", <char *>&r.stage[0].out_rms - stage),
              ("faults", "i4", <char *>&r.stage[0].faults - stage)]
    return fields, stages


RECORD_FIELDS, STAGE_FIELDS = record_layout()
RECORD_BYTES, STAGE_BYTES, STAGES_PER_RECORD = sizeof(Record), sizeof(StageReading), MAX_STAGES
