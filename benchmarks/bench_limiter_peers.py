"""Limiters on hard signals and on songs: what passes the ceiling, how loud it gets, what it costs in distortion.

    python -m benchmarks.bench_limiter_peers [SONG ...] [--songs-only] [--seconds 30] [--drives 3 6 12] [--json FILE]

Every sound is brought to the ceiling by its true peak, then driven. True peak by the independent 64-fold meter of the tests.
`at_ceiling_lufs` is the loudness once a true peak over the ceiling is turned down to it: nothing else could be delivered.
`residue_db` is what the limiter does faster than a fader could, over the sound: out less (a gain averaged over 0.2 s) times in.
`thd*_db` are the harmonics 2 to 15 of a sine driven as far over the ceiling as the row says, after 3 s.
`lead_lu`, of another's row: how much louder the loudest of our masters is whose residue is no larger and which holds the ceiling,
among all characters and drives from 1 to 18 dB; empty where all of ours have more.
"""
import argparse
import json
from pathlib import Path

import numpy as np
import soundfile
from scipy.ndimage import uniform_filter1d

from benchmarks.limiters import CHARACTERS, aligned, gain, limiters, ours
from mastering_rt.measure.analysis import analyze_blocks
from tests.hot import SIGNALS, hot
from tests.truepeak64 import true_peak_db

RATE, EDGE, CEILING_DB = 48000, 0.4535, -1.0
SINES_HZ = (40, 100, 1000)
SLOW_S = 0.1                             # of each of two averages
OUR_DRIVES_DB = (1, 2, 3, 4, 5, 6, 7.5, 9, 10.5, 12, 15, 18)


def thd_db(limit, drive_db, hz, seconds=4):
    """Harmonics 2 to 15 over the fundamental, in the last whole second, of a sine `drive_db` over the ceiling."""
    wave = gain(CEILING_DB) * np.sin(2 * np.pi * hz * np.arange(seconds * RATE) / RATE)
    y = limit(np.stack([wave, wave]), RATE, drive_db, CEILING_DB)[0, -RATE - 4800:-4800]
    bins = np.abs(np.fft.rfft(y))[hz * np.arange(1, min(16, RATE // 2 // hz))] ** 2
    return 10 * np.log10(max(np.sum(bins[1:]) / bins[0], 1e-20))


def residue_db(y, x, rate):
    """Energy of what no slow gain explains, over the energy of what it does."""
    y, x = aligned(y, x)
    slow = slowly(np.sum(x * y, axis=0), rate) / (slowly(np.sum(x * x, axis=0), rate) + 1e-12)
    return 10 * np.log10(max(np.sum((y - slow * x) ** 2), 1e-20) / np.sum((slow * x) ** 2))


def slowly(power, rate):
    once = uniform_filter1d(power, int(SLOW_S * rate))
    return uniform_filter1d(once, int(SLOW_S * rate))


def loudness_lufs(y, rate):
    return analyze_blocks([np.ascontiguousarray(y)], rate, 2).integrated_lufs


def measured(y, x, rate):
    """The columns of one sound through one limiter."""
    peak_db, loud = true_peak_db(y), loudness_lufs(y, rate)
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
    for name in () if options.songs_only else SIGNALS:
        yield name, hot(name, RATE, 2, EDGE), RATE
    yield from songs(options.songs, options.seconds)


def at_ceiling(x):
    return x * gain(CEILING_DB - true_peak_db(x))


def our_masters(x, rate):
    """(residue, loudness) of one sound through every character of ours at many drives."""
    found = [ours(x, rate, drive, CEILING_DB, character=k) for k in range(len(CHARACTERS)) for drive in OUR_DRIVES_DB]
    return [(residue_db(y, x, rate), loudness_lufs(y, rate)) for y in found]


def lead_lu(row, masters):
    as_clean = [loud for residue, loud in masters if residue <= row["residue_db"]]
    return max(as_clean) - row["at_ceiling_lufs"] if as_clean else ""


def table(options):
    """All rows, each as soon as it is known."""
    found = limiters()
    distortion = {(name, drive): {f"thd{hz}_db": thd_db(limit, drive, hz) for hz in SINES_HZ}
                  for name, limit in found.items() for drive in options.drives}
    for sound, x, rate in sounds(options):
        x = at_ceiling(x)
        masters = our_masters(x, rate)
        for drive in options.drives:
            for name, limit in found.items():
                row = {"sound": sound, "drive_db": drive, "limiter": name, **measured(limit(x, rate, drive, CEILING_DB), x, rate)}
                lead = "" if name.startswith("ours") else lead_lu(row, masters)
                yield {k: v if isinstance(v, str) else round(float(v), 2) + 0.0
                       for k, v in {**row, "lead_lu": lead, **distortion[name, drive]}.items()}


def shown(row, head):
    widths = {"sound": 20, "limiter": 27}
    cells = {k: k if head else v if isinstance(v, str) else f"{v:.2f}" for k, v in row.items()}
    return "  ".join(f"{cell:>{widths.get(k, max(8, len(k)))}}" for k, cell in cells.items())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("songs", nargs="*", help="sound files; their loudest part is used")
    parser.add_argument("--songs-only", action="store_true", help="leave the hard signals out")
    parser.add_argument("--seconds", type=float, default=30, help="of each song")
    parser.add_argument("--drives", type=float, nargs="+", default=[3.0, 6.0, 12.0])
    parser.add_argument("--json", type=Path)
    options, rows = parser.parse_args(), []
    for row in table(options):
        if not rows:
            print(shown(row, head=True))
        print(shown(row, head=False), flush=True)
        rows.append(row)
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    main()
