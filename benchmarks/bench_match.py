"""How far apart are mix and master as they are heard? Files through a loud chain, recorded from a JACK server over a loop.

usage: python -m benchmarks.bench_match [--gain 10] [--loop 10] FILE...

The loop lies at two fifths of the song. Each side is recorded once it has settled, and one turn of the loop is measured many times over, so
that its ends weigh like the rest. `apart` counts the same passages of both sides (the gate of the mix), as the match does; `own gates` takes
the two integrated loudnesses as a meter shows them: a chain that lifts quiet passages over the gate is then judged by other passages than
the mix.
"""
import argparse
import tempfile
from pathlib import Path

import numpy as np

from mastering_rt.audio.files import open_audio
from mastering_rt.measure.analysis import Meters
from mastering_rt.measure.loudness import integrated_lufs, weighted_energy
from mastering_rt.measure.matched import matched_difference_lu
from tests.jack import build_recorder, jack_server, record_play

RATE = 48000
SETTLE_TURNS, TURNS = 2, 12
SIDES = {"mix": ["--mix"], "master": []}


def heard(recorder, environment, file, options, side):
    """Bins of many turns of the loop as one side of the song is heard."""
    with open_audio(file) as song:
        start = 0.4 * song.frames / song.sample_rate_hz
    turn = round(options.loop * RATE)
    recorded = record_play(recorder, environment, (SETTLE_TURNS + 1) * turn, file, "--preset", "demo", "--set", f"limiter.gain={options.gain}",
                           "--start", f"{start:.2f}", "--loop", f"{start:.2f}-{start + options.loop:.2f}", *SIDES[side])
    settled = SETTLE_TURNS * turn
    meters = Meters(RATE, 2)
    meters.measure(np.tile(recorded[:, settled:settled + turn].astype(np.float64), TURNS))
    return meters.take()[0]


def own_lufs(bins):
    return integrated_lufs(weighted_energy(bins), bins["frames"].astype(np.float64))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--gain", type=float, default=10.0, help="dB into the limiter")
    parser.add_argument("--loop", type=float, default=10.0, help="seconds")
    options = parser.parse_args()
    worst = 0.0
    with tempfile.TemporaryDirectory() as folder, jack_server(256, RATE) as environment:
        recorder = build_recorder(folder)
        print(f"{'song':32} {'mix LUFS':>9} {'master LUFS':>12} {'own gates LU':>13} {'apart LU':>9}")
        for file in options.files:
            mix, master = (heard(recorder, environment, file, options, side) for side in SIDES)
            apart = matched_difference_lu(mix, master)
            worst = max(worst, abs(apart))
            print(f"{file.stem[:32]:32} {own_lufs(mix):9.2f} {own_lufs(master):12.2f} {own_lufs(master) - own_lufs(mix):+13.3f} {apart:+9.3f}",
                  flush=True)
    print(f"worst {worst:.3f} LU")


if __name__ == "__main__":
    main()
