"""What a picture wants to know of the audio thread's newest records, in one look each. For the thread that shows them."""
from libc.math cimport log10, pow

from dsp_core.engine.gauge cimport Record, StageReading

MASTER_TRUE_PEAK, UNKNOWN = -1, -2           # columns of `stage_rows` that are no figure of the stage

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


def stage_rows(const unsigned char[::1] records not None, int place, columns, int levels, double silent_db, double[:, ::1] rows not None):
    """Figures of the stage at a place of the newest chain, a row for each record. `columns` are figures of a reading by number, MASTER_TRUE_PEAK (of both channels
    the larger) or UNKNOWN (no number); the first `levels` of them are linear and told in dB, `silent_db` at the least.

    False, and nothing is told, where the newest chain has no such place."""
    cdef const Record *last = newest(records)
    cdef const Record *record
    cdef Py_ssize_t figures = (<const char *>&last.stage[0].faults - <const char *>&last.stage[0]) // <Py_ssize_t>sizeof(float)
    cdef Py_ssize_t row, column, word, count = records.shape[0] // <Py_ssize_t>sizeof(Record)
    cdef double value, silent = pow(10, silent_db / 20)
    if rows.shape[0] != count or rows.shape[1] != len(columns) or not all(UNKNOWN <= word < figures for word in columns):
        raise ValueError(f"columns {columns} of {count} records do not go into {rows.shape[0]} x {rows.shape[1]} figures")
    if not 0 <= place < last.stages:
        return False
    for column, word in enumerate(columns):
        for row in range(count):
            record = last - (count - 1 - row)
            if word == UNKNOWN:
                value = float("nan")
            elif word == MASTER_TRUE_PEAK:
                value = max(record.master.true_peak[0], record.master.true_peak[1])
            else:
                value = (<const float *>&record.stage[place])[word]
            rows[row, column] = 20 * log10(silent if value < silent else value) if column < levels else value
    return True
