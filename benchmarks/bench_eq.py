"""Time of the equaliser per stereo frame: the kernel in every form this processor can run, the whole stage, and its designs.

    python -m benchmarks.bench_eq [--ghz 3.0] [--json FILE] [--seconds 0.4]

Without --ghz the clock is measured by a chain of dependent multiplications (three cycles each).
"""
import itertools

import numpy as np

from benchmarks.timing import arguments, best_ns, report
from dsp_core.design.response import response_db, settled_design
from dsp_core.kernels.svf_check import VARIANTS, Cascade, chain_of_squares
from dsp_core.params import index_of
from dsp_core.stages import make

RATE = 48000
CHAIN = 2_000_000


def clock_ghz(seconds):
    return 3 * CHAIN / best_ns(lambda: chain_of_squares(CHAIN), seconds)


def row(what, form, sections, span, ns_per_frame):
    return {"what": what, "form": form, "sections": sections, "span_frames": span, "ns_per_frame": round(ns_per_frame, 2),
            "times_real_time": round(1e9 / (ns_per_frame * RATE))}


def bells(sections):
    """(sections, 6, 2): bells of +3 dB spread over the range, the same for both lanes."""
    numbers = []
    for hz in np.geomspace(40, 16000, sections):
        g, k, boost = np.tan(np.pi * hz / RATE), 1.19, 1.68
        a = 1 / (1 + g * (g + k))
        numbers.append([2 * a - 1, 2 * g * a, 2 * g * g * a, a * (1 + g * (boost + g)), a * (boost - k), 1.0])
    return np.repeat(np.array(numbers)[:, :, None], 2, axis=2)


def kernel(form, sections, span, seconds):
    cascade, noise = Cascade(bells(sections)), np.random.default_rng(1).standard_normal((2, span)) * 1e-6
    io, calls = noise.copy(), max(1, 16384 // span)

    def call():
        io[:] = noise
        cascade.repeat(form, io, calls)

    return row("kernel", form, sections, span, best_ns(call, seconds) / (calls * span))


def values(bands=8, gain_db=3.0, **more):
    """Stereo bells spread over the range; the bands after them are not used."""
    return {f"band{n}_{name}": value for n, hz in enumerate(np.geomspace(40, 16000, bands), 1)
            for name, value in (("gain", gain_db), ("freq", float(hz)))} | more


def stage(what, settings, seconds, moving=()):
    """The stage over 16384 frames, in spans of 256; `moving` parameters are set anew every 1024 frames and never rest: spans of 32."""
    eq, noise = make("eq", RATE, settings), np.random.default_rng(1).standard_normal((2, 16384)) * 0.05
    io, when, indices = noise.copy(), 0, [index_of("eq", name) for name in moving]
    goals = itertools.cycle(np.random.default_rng(2).uniform(0.5, 6, 64).tolist())
    pieces = [np.ascontiguousarray(noise[:, at:at + 1024]) for at in range(0, 16384, 1024)] if moving else [io]

    def call():
        nonlocal when
        io[:] = noise
        for piece in pieces:
            for index in indices:
                eq.set(index, next(goals))
            eq.run_block(piece, when)
            when += piece.shape[1]

    call()
    return row("stage", what, "", 32 if moving else 256, best_ns(call, seconds) / 16384)


def milliseconds(what, call, seconds):
    print(f"{what}: {best_ns(call, seconds) / 1e6:.3f} ms")


def curve(moved=False):
    hz = list(np.geomspace(20, 20000, 500))
    settings = values(24)

    def call():
        if moved:
            settings["band6_freq"] = 500 + (settings.get("band6_freq", 500) * 1.01) % 15000
        response_db(settings, RATE, hz)

    return call


def designs(settings):
    def call():
        settled_design.cache_clear()
        make("eq", 44100, settings)

    return call


def stages(seconds):
    eight, all_bands, halves = values(), values(24), {5: 1, 6: 1, 7: 2, 8: 2}
    channels = {f"band{n}_channel": channel for n, channel in halves.items()}
    return [stage("idle", {}, seconds),
            stage("8 bells", eight, seconds),
            stage("24 bells", all_bands, seconds),
            stage("4 stereo bells, 2 mid, 2 side", {**eight, **channels}, seconds),
            stage("8 bells, auto gain", {**eight, "auto_gain": 1}, seconds),
            stage("8 bells, one soloed", {**eight, "band4_solo": 1}, seconds),
            stage("no band used, one Q moving", {}, seconds, moving=["band4_q"]),
            stage("8 bells, one moving", eight, seconds, moving=["band4_gain"]),
            stage("8 bells, all moving", eight, seconds, moving=[f"band{n}_gain" for n in range(1, 9)])]


def main():
    options = arguments(__doc__)
    options.ghz = options.ghz or clock_ghz(options.seconds)
    print(f"clock {options.ghz:.2f} GHz")
    rows = [kernel(form, sections, span, options.seconds) for sections in (1, 4, 8, 16, 24) for span in (32, 256) for form in VARIANTS]
    report(rows + stages(options.seconds), options)
    milliseconds("settle 8 bells (new instance, 44.1 kHz)", designs(values()), options.seconds)
    milliseconds("settle 24 bells", designs(values(24)), options.seconds)
    for slope, words in ((5, "48"), (9, "96")):
        cuts = {f"band{n}_{k}": v for n in range(1, 3) for k, v in (("type", 2 + n), ("slope", slope), ("freq", 8000.0))}
        milliseconds(f"settle a low and a high cut of {words} dB/oct", designs(cuts), options.seconds)
    milliseconds("curve of 24 bands at 500 frequencies, nothing moved", curve(), options.seconds)
    milliseconds("curve of 24 bands at 500 frequencies, one band moved", curve(moved=True), options.seconds)


if __name__ == "__main__":
    main()
