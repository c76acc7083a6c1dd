"""How far the limiter's true peak stays under its ceiling by an independent 64-fold meter, over signals, ceilings and drives.

    python -m benchmarks.limiter_ceiling [--character 2] [--guard] [--json FILE] [--seconds 0.5]
"""
import argparse
import json
from pathlib import Path

import numpy as np

from dsp_core.stages import make
from tests.checks import run
from tests.hot import SIGNALS, hot
from tests.truepeak64 import true_peak_db

RATES, EDGES, CEILINGS_DB, DRIVES_DB = (44100, 48000, 96000), (0.4167, 0.4535, 0.465, 0.5), (-0.1, -1, -2), (3, 6, 12)


def worst(name, rate, edge, seconds, **values):
    """True peak over ceiling (dB), sample peak over ceiling (dB), clamped samples: each the worst of all ceilings and drives."""
    x, found = hot(name, rate, seconds, edge), []
    for ceiling_db in CEILINGS_DB:
        for drive_db in DRIVES_DB:
            stage = make("limiter", rate, {"gain": drive_db, "ceiling": ceiling_db, **values})
            y = run(stage, x)
            found.append((true_peak_db(y) - ceiling_db, 20 * np.log10(np.max(np.abs(y))) - ceiling_db, stage.clamped))
    return [float(round(max(column), 4)) for column in zip(*found)]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--character", type=int, default=0, help="by its number in the list of the parameter")
    parser.add_argument("--guard", action="store_true", help="with the band-limit guard")
    parser.add_argument("--seconds", type=float, default=0.5)
    options = parser.parse_args()
    rows = []
    for edge in EDGES:
        for rate in RATES:
            for name in SIGNALS:
                true, sample, clamped = worst(name, rate, edge, options.seconds, character=options.character, band_guard=int(options.guard))
                rows.append({"edge": edge, "rate_hz": rate, "signal": name, "true_peak_over_db": true,
                             "sample_peak_over_db": sample, "clamped": clamped})
            here = rows[-len(SIGNALS):]
            top = max(here, key=lambda r: r["true_peak_over_db"])
            samples, clamped = max(r["sample_peak_over_db"] for r in here), sum(r["clamped"] for r in here)
            print(f"band to {edge} of {rate} Hz: true peak {top['true_peak_over_db']:+.3f} dB re. ceiling ({top['signal']}), "
                  f"samples {samples:+.3f} dB, clamped {clamped:.0f}", flush=True)
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1) + "\n")
