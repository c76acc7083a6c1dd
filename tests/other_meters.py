"""Two other loudness meters, each over the same samples: libebur128 through its C interface, and ffmpeg's ebur128 filter."""
import ctypes
import ctypes.util
import re
import shutil
import subprocess
from typing import NamedTuple

import numpy as np
import pytest

MODE_INTEGRATED, MODE_RANGE, MODE_TRUE_PEAK = 0b101, 0b1011, 0b110001     # ebur128.h


class Reading(NamedTuple):
    integrated_lufs: float
    range_lu: float
    true_peak_dbtp: float


def libebur128(sound, rate):
    """Of (channels, frames); skips the test where the library is not installed."""
    name = ctypes.util.find_library("ebur128")
    if name is None:
        pytest.skip("libebur128 is not installed (apt install libebur128-1)")
    library = ctypes.CDLL(name)
    library.ebur128_init.restype = ctypes.c_void_p
    channels, frames = sound.shape
    state = ctypes.c_void_p(library.ebur128_init(channels, ctypes.c_ulong(rate), MODE_INTEGRATED | MODE_RANGE | MODE_TRUE_PEAK))
    samples = np.ascontiguousarray(sound.T, np.float64)
    found = ctypes.c_double()

    def read(function, *more):
        assert getattr(library, function)(state, *more, ctypes.byref(found)) == 0
        return found.value

    try:
        assert library.ebur128_add_frames_double(state, samples.ctypes.data_as(ctypes.c_void_p), ctypes.c_size_t(frames)) == 0
        peak = max(read("ebur128_true_peak", ctypes.c_uint(channel)) for channel in range(channels))
        return Reading(read("ebur128_loudness_global"), read("ebur128_loudness_range"), 20 * np.log10(peak))
    finally:
        library.ebur128_destroy(ctypes.byref(state))


def ffmpeg(sound, rate):
    """Of (channels, frames); skips the test where the program is not installed.

    It prints three decimals, reads loudness from a histogram of 0.01 LU, and its true peak is linear.
    """
    if shutil.which("ffmpeg") is None:
        pytest.skip("ffmpeg is not installed (apt install ffmpeg)")
    done = subprocess.run(["ffmpeg", "-v", "error", "-nostats", "-f", "f64le", "-ar", str(rate), "-ac", str(len(sound)), "-i", "-",
                           "-af", "ebur128=peak=true:metadata=1,ametadata=print:file=-", "-f", "null", "-"],
                          input=np.ascontiguousarray(sound.T, np.float64).tobytes(), stdout=subprocess.PIPE, check=True)
    last = dict(re.findall(r"lavfi\.r128\.(I|LRA|true_peak)=(\S+)", done.stdout.decode()))
    return Reading(float(last["I"]), float(last["LRA"]), 20 * np.log10(float(last["true_peak"])))
