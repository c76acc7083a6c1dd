"""The last seconds of some measured values, and what falls into each pixel column of a picture of them. Not for the audio thread."""
from libc.math cimport ceil, isnan
from libcpp.vector cimport vector

cdef double NAN = float("nan")
cdef double ROUNDING = 1e-9


cdef class Recording:
    """Records that cover `record_s` seconds each, the newest kept for `seconds`. NaN is unknown.

    Columns are numbered from the first record on and cover `column_s` each. A column shows the largest of its records or,
    where columns are narrower than records, a value between two of them. One is complete when all it shows is known, and
    never changes after that, so a plot can scroll what it has drawn.
    """

    cdef readonly double seconds, record_s
    cdef readonly tuple fields
    cdef readonly long long total
    cdef vector[double] rows
    cdef vector[bint] lowest
    cdef Py_ssize_t wide, kept, begin        # values of a record; records that are kept, and where they begin in `rows`

    def __init__(self, double seconds, fields, lowest=()):
        """`fields` name the values of a record; a column shows the largest of each, of those in `lowest` the smallest."""
        self.seconds, self.fields, self.wide = seconds, tuple(fields), len(fields)
        for name in self.fields:
            self.lowest.push_back(name in lowest)
        self.clear()

    def clear(self):
        """Forget everything, as after a jump in the song."""
        self.total = self.kept = self.begin = 0

    def push(self, const double[:, :] records not None, double record_s):
        """Add (n, fields) records of `record_s` seconds each; another duration than before starts anew."""
        cdef Py_ssize_t row, field, room
        cdef double *to
        if records.shape[1] != self.wide:
            raise ValueError(f"a record holds {', '.join(self.fields)}; these have {records.shape[1]} values")
        if not record_s > 0:
            raise ValueError(f"a record cannot last {record_s} s")
        if record_s != self.record_s:
            self.record_s = record_s
            self.clear()
        room = 2 * <Py_ssize_t>ceil(self.seconds / record_s) + 2
        self.make_room(room, records.shape[0])
        to = self.rows.data() + (self.begin + self.kept) * self.wide
        for row in range(records.shape[0]):
            for field in range(self.wide):
                to[row * self.wide + field] = records[row, field]
        self.kept, self.total = self.kept + records.shape[0], self.total + records.shape[0]
        if self.kept > room:
            self.begin, self.kept = self.begin + self.kept - room, room

    def complete(self, double column_s):
        """How many columns of this width are complete."""
        cdef double known_s = self.total * self.record_s
        if not self.total:
            return 0
        if column_s < self.record_s:
            known_s += (column_s - self.record_s) / 2
        return <long long>(known_s / column_s + ROUNDING)

    def columns(self, long long first, long long last, double column_s, bint begun=False):
        """Values of columns `first` up to `last`, lists by field; NaN for what is not known, not yet or no longer. `begun`: a first one that is not
        known is as the one behind it, so that a line has somewhere to begin."""
        cdef double step = column_s / self.record_s if self.record_s else 0, gone = <double>(self.total - self.kept)
        cdef double value, low, high
        cdef long long column
        cdef Py_ssize_t field
        cdef list values
        found = {}
        for field in range(self.wide):
            values = []
            for column in range(first, last):
                low, high = column * step - gone, (column + 1) * step - gone
                values.append(NAN if not self.kept else self.between(low, (low + high) / 2 - 0.5, field) if column_s < self.record_s
                              else self.extreme(low, high, field))
            if begun and len(values) > 1:
                value = values[0]
                if isnan(value):
                    values[0] = values[1]
            found[self.fields[field]] = values
        return found

    cdef void make_room(self, Py_ssize_t room, Py_ssize_t fresh):
        """For so many more records behind those that are kept; these are moved to the front when there is no more."""
        cdef Py_ssize_t k
        if (self.begin + self.kept + fresh) * self.wide <= <Py_ssize_t>self.rows.size():
            return
        for k in range(self.kept * self.wide):
            self.rows[k] = self.rows[self.begin * self.wide + k]
        self.begin = 0
        self.rows.resize((2 * room + fresh) * self.wide)

    cdef double between(self, double low, double middle, Py_ssize_t field) noexcept:
        """Between the middles of records; the first half record has the first value."""
        cdef Py_ssize_t row
        cdef double place, before, after
        if low < -ROUNDING or (middle < 0 and self.total > self.kept):
            return NAN
        place = min(max(middle, 0.0), self.kept - 1.0)
        row = min(<Py_ssize_t>place, max(self.kept - 2, 0))
        before, after = self.at(row, field), self.at(min(row + 1, self.kept - 1), field)
        return before + (place - row) * (after - before) if place > row else before

    cdef double extreme(self, double low, double high, Py_ssize_t field) noexcept:
        """The largest of the records that begin within the column, or the smallest."""
        cdef Py_ssize_t row, first = <Py_ssize_t>(low + ROUNDING), last = <Py_ssize_t>(high + ROUNDING)
        cdef double value, found = NAN
        if low < 0 or first >= self.kept:
            return NAN
        for row in range(first, min(max(last, first + 1), self.kept)):
            value = self.at(row, field)
            if isnan(found) or (value < found if self.lowest[field] else value > found):
                found = value
        return found

    cdef double at(self, Py_ssize_t row, Py_ssize_t field) noexcept:
        return self.rows[(self.begin + row) * self.wide + field]
