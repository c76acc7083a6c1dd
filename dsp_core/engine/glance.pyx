"""What a picture wants to know of the audio thread's newest records, in one look each. For the thread that shows them."""
from dsp_core.engine.gauge cimport Record, StageReading

cdef const Record *newest(const unsigned char[::1] records) except NULL:
    """The last of whole records."""
    if records.shape[0] == 0 or records.shape[0] % sizeof(Record):
        raise ValueError(f"{records.shape[0]} bytes are not whole records of {sizeof(Record)}, at least one")
    return <const Record *>(&records[records.shape[0] - <Py_ssize_t>sizeof(Record)])


def tops_of(const unsigned char[::1] records not None, kind=tuple):
    """For each stage of the newest chain the largest of these in all the records: peak before and behind it, reduction in dB, the kind's own
    figure, RMS behind it; levels linear. As tuples, or as a `kind` of tuple that is made of five."""
    cdef const Record *last = newest(records)
    cdef const Record *record
    cdef const StageReading *now
    cdef StageReading top
    cdef Py_ssize_t k, at, count = records.shape[0] // <Py_ssize_t>sizeof(Record)
    found, make = [], tuple.__new__
    for k in range(last.stages):
        top = last.stage[k]
        for at in range(count - 1):
            record = last - (count - 1 - at)
            now = &record.stage[k]
            top.in_peak, top.out_peak = max(top.in_peak, now.in_peak), max(top.out_peak, now.out_peak)
            top.reduction_db, top.measure = max(top.reduction_db, now.reduction_db), max(top.measure, now.measure)
            top.out_rms = max(top.out_rms, now.out_rms)
        found.append(make(kind, (top.in_peak, top.out_peak, top.reduction_db, top.measure, top.out_rms)))
    return found


def faults_of(const unsigned char[::1] records not None):
    """Of each stage of the newest chain, how many samples were no numbers so far."""
    cdef const Record *last = newest(records)
    cdef int k
    return [last.stage[k].faults for k in range(last.stages)]


def aside_of(const unsigned char[::1] records not None):
    """Number of the source that is measured beside mix and master, by the newest record; -1 for none."""
    return newest(records).aside_of
