"""What the audio thread measures for everybody: mix and master side by side in 10 ms bins, what else is heard, and what each stage did meanwhile."""
from libc.math cimport fmax
from libc.string cimport memset

from dsp_core.stages.stage cimport Common, Stage

cdef enum:
    RECORDS = 1024               # ten seconds for a window that is away


cdef class Gauge:
    """Two meters and the ring their bins leave by. `records.drain` gives Record structs laid out as `record_layout` says."""

    def __init__(self, double rate):
        self.records = Ring(sizeof(Record), RECORDS)
        self.mix, self.master, self.aside = Meter(<int>rate), Meter(<int>rate), Meter(<int>rate)
        self.aside_of = -1

    cdef void restart(self) noexcept nogil:
        self.mix.reset(0)
        self.master.reset(0)
        self.aside_of = -1
        memset(&self.record, 0, sizeof(Record))

    cdef void measure(self, Chain chain, sample_t **mix, sample_t **master, sample_t **aside, int aside_of, int frames,
                      int64_t heard_at) noexcept nogil:
        """`aside`: another source, the `aside_of`th; -1 for none."""
        cdef Bin mix_bins[MOST_BINS]
        cdef Bin master_bins[MOST_BINS]
        cdef Bin aside_bins[MOST_BINS]
        cdef int others = self.measure_aside(aside, aside_of, frames, aside_bins)
        cdef int bins = self.mix.measure(<const double **>mix, frames, mix_bins, MOST_BINS)
        cdef int late, k
        self.master.measure(<const double **>master, frames, master_bins, MOST_BINS)
        self.read_stages(chain)
        for k in range(bins):
            self.record.heard_at, self.record.mix, self.record.master = heard_at, mix_bins[k], master_bins[k]
            # One that has just begun gives its first bin when the others are a bin ahead; from then on they go together.
            late = bins - others
            self.record.aside_of = -1
            if k >= late and aside_bins[k - late].index == mix_bins[k].index and aside_bins[k - late].frames == mix_bins[k].frames:
                self.record.aside_of, self.record.aside = self.aside_of, aside_bins[k - late]
            self.records.push(&self.record, 1)
            memset(&self.record.stage[0], 0, sizeof(self.record.stage))

    cdef int measure_aside(self, sample_t **aside, int aside_of, int frames, Bin *bins) noexcept nogil:
        if aside_of != self.aside_of:
            self.aside_of = aside_of
            self.aside.reset(self.mix.state.at)
        return self.aside.measure(<const double **>aside, frames, bins, MOST_BINS) if aside_of >= 0 else 0

    cdef void cut(self, int64_t heard_at) noexcept nogil:
        """The song goes on at another place than `heard_at`: end the bins here, so that none holds both."""
        cdef Bin mix_bins[MOST_BINS]
        cdef Bin master_bins[MOST_BINS]
        cdef int bins = self.mix.seek(self.mix.state.at, mix_bins, MOST_BINS), k
        self.master.seek(self.master.state.at, master_bins, MOST_BINS)
        self.aside_of = self.record.aside_of = -1
        for k in range(bins):
            self.record.heard_at, self.record.mix, self.record.master = heard_at, mix_bins[k], master_bins[k]
            self.records.push(&self.record, 1)
        memset(&self.record.stage[0], 0, sizeof(self.record.stage))

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
              ("measure", "f4", <char *>&r.stage[0].measure - stage), ("faults", "i4", <char *>&r.stage[0].faults - stage)]
    return fields, stages


RECORD_FIELDS, STAGE_FIELDS = record_layout()
RECORD_BYTES, STAGE_BYTES, STAGES_PER_RECORD = sizeof(Record), sizeof(StageReading), MAX_STAGES
