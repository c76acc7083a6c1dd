"""Limiters on hard signals and on songs: what passes the ceiling, how loud it gets, what it costs in distortion.

    python -m benchmarks.bench_limiter_peers [SONG ...] [--seconds 30] [--drives 3 6 12] [--only WORDS] [--json FILE]

Every sound is brought to the ceiling by its true peak, then driven. True peak by the independent 64-fold meter of the tests.
`at_ceiling_lufs` is the loudness once a true peak over the ceiling is turned down to it: nothing else could be delivered.
`residue_db` is what the limiter does faster than a fader could, over the sound: out less (a gain averaged over 100 ms) times in.
`thd*_db` are the harmonics 2 to 15 of a sine driven as far over the ceiling as the row says; `thd100_20ms_db` is louder only.
"""
import argparse
import json
from pathlib import Path

import numpy as np
import soundfile
from scipy.ndimage import gaussian_filter1d

from benchmarks.limiters import aligned, gain, limiters
from mastering_rt.measure.analysis import analyze_blocks
from tests.hot import SIGNALS, hot
from tests.truepeak64 import true_peak_db

RATE, EDGE, CEILING_DB = 48000, 0.4535, -1.0
SINES_HZ = (40, 100, 1000)
SLOW_S = 0.1


def thd_db(limit, drive_db, hz, seconds=4):
    """Harmonics 2 to 15 over the fundamental, in the last whole second, of a sine `drive_db` over the ceiling."""
    wave = gain(CEILING_DB) * np.sin(2 * np.pi * hz * np.arange(seconds * RATE) / RATE)
    y = limit(np.stack([wave, wave]), RATE, drive_db, CEILING_DB)[0, -RATE - 4800:-4800]
    bins = np.abs(np.fft.rfft(y))[hz * np.arange(1, min(16, RATE // 2 // hz))] ** 2
    return 10 * np.log10(max(np.sum(bins[1:]) / bins[0], 1e-20))


def residue_db(y, x, rate):
    """Energy of what no slow gain explains, over the energy of what it does."""
    y, x = aligned(y, x)
    around = SLOW_S * rate / np.sqrt(12)
    slow = gaussian_filter1d(np.sum(x * y, axis=0), around) / (gaussian_filter1d(np.sum(x * x, axis=0), around) + 1e-12)
    return 10 * np.log10(max(np.sum((y - slow * x) ** 2), 1e-20) / np.sum((slow * x) ** 2))


def measured(y, x, rate):
    """The columns of one sound through one limiter."""
    report = analyze_blocks([np.ascontiguousarray(y)], rate, 2)
    peak_db, loud = true_peak_db(y), report.integrated_lufs
    over_db = peak_db - CEILING_DB
    return {"true_peak_over_db": over_db, "lufs": loud, "at_ceiling_lufs": loud - max(0.0, over_db),
            "plr_db": peak_db - loud, "residue_db": residue_db(y, x, rate)}


def songs(paths, seconds):
    """Name, sound and rate: the loudest part of each song."""
    for path in paths:
        with soundfile.SoundFile(path) as file:
            whole, rate = file.read(always_2d=True).T, file.samplerate
        whole = whole[[0, -1]]
        length = min(whole.shape[1], int(seconds * rate))
        energy = np.concatenate([[0.0], np.cumsum(np.sum(whole ** 2, axis=0))])
        at = int(np.argmax(energy[length:] - energy[:-length]))
        yield Path(path).stem, np.ascontiguousarray(whole[:, at:at + length]), rate


def sounds(options):
    for name in SIGNALS:
        yield name, hot(name, RATE, 4, EDGE), RATE
    yield from songs(options.songs, options.seconds)


def at_ceiling(x):
    return x * gain(CEILING_DB - true_peak_db(x))


def table(options):
    """All rows; each is also printed when it is known."""
    found = {name: limit for name, limit in limiters().items() if options.only in name}
    distortion = {(name, drive): {f"thd{hz}_db": thd_db(limit, drive, hz) for hz in SINES_HZ}
                  for name, limit in found.items() for drive in options.drives}
    for material, x, rate in sounds(options):
        x = at_ceiling(x)
        for drive in options.drives:
            for name, limit in found.items():
                row = {"sound": material, "drive_db": drive, "limiter": name,
                       **measured(limit(x, rate, drive, CEILING_DB), x, rate), **distortion[name, drive]}
                yield {key: round(float(v), 2) + 0.0 if isinstance(v, float) else v for key, v in row.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("songs", nargs="*", help="sound files; their loudest part is used")
    parser.add_argument("--seconds", type=float, default=30, help="of each song")
    parser.add_argument("--drives", type=float, nargs="+", default=[3.0, 6.0, 12.0])
    parser.add_argument("--only", default="", help="limiters with these words in their name")
    parser.add_argument("--json", type=Path)
    options, rows = parser.parse_args(), []
    for row in table(options):
        if not rows:
            print("  ".join(f"{key:>27}" if key in ("sound", "limiter") else f"{key:>10}" for key in row))
        print("  ".join(f"{v:>27}" if isinstance(v, str) else f"{v:>{max(10, len(k))}.2f}" for k, v in row.items()), flush=True)
        rows.append(row)
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    main()
