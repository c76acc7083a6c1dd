"""Samples as they lie in a file, little-endian and interleaved, as planes of doubles: the values that libsndfile gives, in a tenth of its time."""
from libc.stdint cimport int16_t, int32_t
from libc.string cimport memcpy

PAD = 1                                  # bytes that have to follow the samples: those of 3 bytes are read four at a time

cdef enum:
    INT16
    INT24
    INT32
    FLOAT32
    FLOAT64

LAYOUTS = {"PCM_16": (INT16, 2), "PCM_24": (INT24, 3), "PCM_32": (INT32, 4), "FLOAT": (FLOAT32, 4), "DOUBLE": (FLOAT64, 8)}


cdef void spread(const unsigned char *raw, int layout, Py_ssize_t stride, Py_ssize_t frames, double *plane) noexcept nogil:
    """One channel: a sample every `stride` bytes."""
    cdef Py_ssize_t i
    cdef int16_t short_word
    cdef int32_t word
    cdef float single
    if layout == INT16:
        for i in range(frames):
            memcpy(&short_word, raw + i * stride, 2)
            plane[i] = short_word * (1.0 / 32768.0)
    elif layout == INT24:
        for i in range(frames):
            memcpy(&word, raw + i * stride, 4)
            plane[i] = <int32_t>(<unsigned int>word << 8) * (1.0 / 2147483648.0)
    elif layout == INT32:
        for i in range(frames):
            memcpy(&word, raw + i * stride, 4)
            plane[i] = word * (1.0 / 2147483648.0)
    elif layout == FLOAT32:
        for i in range(frames):
            memcpy(&single, raw + i * stride, 4)
            plane[i] = single
    else:
        for i in range(frames):
            memcpy(plane + i, raw + i * stride, 8)


def sample_bytes(str subtype):
    """Bytes of a sample that `unpack` can read; 0 for one that it cannot."""
    return LAYOUTS.get(subtype, (0, 0))[1]


def unpack(const unsigned char[::1] raw, str subtype, int channels, picked, double[:, ::1] planes):
    """planes[n] = channel picked[n] of `planes.shape[1]` frames in `raw`, which go on for PAD bytes. Full scale is 1.

    Raises ValueError for bytes that are too few, KeyError for a subtype that `sample_bytes` does not know.
    """
    layout, width = LAYOUTS[subtype]
    cdef Py_ssize_t frames = planes.shape[1], stride = channels * width, first
    cdef int kind = layout, row, channel
    if raw.shape[0] < frames * stride + PAD:
        raise ValueError(f"{frames} frames of {channels} channels take {frames * stride} bytes and {PAD} more, not {raw.shape[0]}")
    for row, channel in enumerate(picked):
        if not (0 <= channel < channels and row < planes.shape[0]):
            raise ValueError(f"channel {channel} of {channels} cannot be put into plane {row} of {planes.shape[0]}")
        first = channel * width
        with nogil:
            spread(&raw[first], kind, stride, frames, &planes[row, 0])
