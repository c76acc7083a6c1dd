"""Error of the equaliser against the analog curve up to 20 kHz, beside pedalboard's and ffmpeg's filters of the same settings.

    python -m benchmarks.bench_eq_response [--json FILE] [--rate 44100]

Each program filters the same impulse of 65536 frames in this run; its spectrum is compared with the analog prototype at every bin from
20 Hz to 20 kHz. The first row of each shape lies far below the top, where every digital filter is right: it shows that Q and gain mean
the same in all three. Exit status 1 if ours is off by more than 0.1 dB anywhere. ffmpeg and pedalboard are left out where they are missing.
"""
import argparse
import json
import shutil
import subprocess
import sys
from importlib import util
from pathlib import Path

import numpy as np

from dsp_core.stages import make

FRAMES = 1 << 16
LIMIT_DB = 0.1
BELL, HIGH_SHELF = 0, 2
CASES = (("bell", 500, 1.0, 6.0), ("bell", 10000, 1.0, 6.0), ("bell", 16000, 0.7, 6.0),
         ("high shelf", 500, 0.71, 4.0), ("high shelf", 12000, 0.71, 4.0))
Q_MEANS = {"ours": "RBJ", "pedalboard": "RBJ: as ours", "ffmpeg": "RBJ with width_type=q: as ours"}


def analog_db(shape, hz, f0, q, gain_db):
    """RBJ's prototypes: (s^2 + s A/Q + 1) / (s^2 + s/(AQ) + 1), and A (A s^2 + s sqrt(A)/Q + 1) / (s^2 + s sqrt(A)/Q + A)."""
    s, a = 1j * hz / f0, 10 ** (gain_db / 40)
    if shape == "bell":
        h = (s * s + s * a / q + 1) / (s * s + s / (a * q) + 1)
    else:
        root = s * np.sqrt(a) / q
        h = a * (a * s * s + root + 1) / (s * s + root + a)
    return 20 * np.log10(np.abs(h))


def impulse():
    x = np.zeros((2, FRAMES))
    x[:, 0] = 1.0
    return x


def ours(shape, f0, q, gain_db, rate):
    stage, x = make("eq", rate, {"band1_type": BELL if shape == "bell" else HIGH_SHELF, "band1_freq": f0, "band1_q": q,
                                 "band1_gain": gain_db}), impulse()
    stage.run_block(x)
    return x[0]


def pedalboard(shape, f0, q, gain_db, rate):
    import pedalboard as host
    kind = host.PeakFilter if shape == "bell" else host.HighShelfFilter
    return kind(cutoff_frequency_hz=f0, gain_db=gain_db, q=q)(impulse().astype(np.float32), rate)[0].astype(np.float64)


def ffmpeg(shape, f0, q, gain_db, rate):
    kind = "equalizer" if shape == "bell" else "highshelf"
    raw = ("-f", "f64le", "-ar", str(rate), "-ac", "1")
    command = ["ffmpeg", "-v", "error", *raw, "-i", "pipe:0", "-af", f"{kind}=f={f0}:t=q:w={q}:g={gain_db}:r=f64", *raw, "pipe:1"]
    return np.frombuffer(subprocess.run(command, input=impulse()[0].tobytes(), capture_output=True, check=True).stdout)


def programs():
    there = {"ours": ours}
    if util.find_spec("pedalboard"):
        there["pedalboard"] = pedalboard
    if shutil.which("ffmpeg"):
        there["ffmpeg"] = ffmpeg
    return there


def measured(name, program, case, rate):
    """One row: where the response is furthest from the analog curve."""
    shape, f0, q, gain_db = case
    hz = np.fft.rfftfreq(FRAMES, 1 / rate)
    audible = (hz >= 20) & (hz <= 20000)
    got = 20 * np.log10(np.abs(np.fft.rfft(program(shape, f0, q, gain_db, rate), FRAMES)[audible]))
    error = got - analog_db(shape, hz[audible], f0, q, gain_db)
    worst = int(np.argmax(np.abs(error)))
    return {"filter": f"{shape} {f0 / 1000:g} kHz, Q {q:g}, {gain_db:+g} dB", "rate_hz": rate, "program": name,
            "max_error_db": round(float(error[worst]), 4), "at_hz": round(float(hz[audible][worst])), "q": Q_MEANS[name]}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rate", type=int, default=44100)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    rows = [measured(name, program, case, options.rate) for case in CASES for name, program in programs().items()]
    widths = [max(len(c), *(len(str(row[c])) for row in rows)) for c in rows[0]]
    for cells in (list(rows[0]), *([str(v) for v in row.values()] for row in rows)):
        print("  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip())
    if options.json:
        options.json.write_text(json.dumps({"rows": rows}, indent=1) + "\n")
    return int(any(row["program"] == "ours" and abs(row["max_error_db"]) > LIMIT_DB for row in rows))


if __name__ == "__main__":
    sys.exit(main())
