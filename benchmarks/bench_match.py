"""How far apart are mix and master as they are heard? Files through a loud chain, recorded from a JACK server over a loop.

usage: python -m benchmarks.bench_match [--gain 10] [--loop 10] FILE...

The loop lies at two fifths of the song. Each side is recorded once it has settled; what is compared is the integrated loudness of one
whole turn of the loop. The offset is what the match had to take out.
"""
import argparse
import tempfile
from pathlib import Path

import numpy as np

from mastering_rt.audio.files import open_audio
from mastering_rt.measure.analysis import analyze_blocks
from tests.jack import build_recorder, jack_server, record_play

RATE = 48000
SETTLE_S = 14.0
SIDES = {"mix": ["--mix"], "master": []}


def heard_lufs(recorder, environment, file, options, side):
    with open_audio(file) as song:
        start = 0.4 * song.frames / song.sample_rate_hz
    span = f"{start:.2f}-{start + options.loop:.2f}"
    turn = round(options.loop * RATE)
    recorded = record_play(recorder, environment, round(SETTLE_S * RATE) + turn, file, "--preset", "demo", "--set", f"limiter.gain={options.gain}",
                           "--start", f"{start:.2f}", "--loop", span, *SIDES[side])
    return analyze_blocks([np.ascontiguousarray(recorded[:, -turn:], np.float64)], RATE, 2).integrated_lufs


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--gain", type=float, default=10.0, help="dB into the limiter")
    parser.add_argument("--loop", type=float, default=10.0, help="seconds")
    options = parser.parse_args()
    worst = 0.0
    with tempfile.TemporaryDirectory() as folder, jack_server(256, RATE) as environment:
        recorder = build_recorder(folder)
        print(f"{'song':32} {'mix LUFS':>9} {'master LUFS':>12} {'apart LU':>9}")
        for file in options.files:
            mix, master = (heard_lufs(recorder, environment, file, options, side) for side in SIDES)
            worst = max(worst, abs(master - mix))
            print(f"{file.stem[:32]:32} {mix:9.2f} {master:12.2f} {master - mix:+9.3f}", flush=True)
    print(f"worst {worst:.3f} LU")


if __name__ == "__main__":
    main()
