"""Time of the equaliser per stereo frame: the kernel in every form this processor can run, the whole stage, and its designs.

    python -m benchmarks.bench_eq [--ghz 3.0] [--json FILE] [--seconds 0.4]

Without --ghz the clock is measured by a chain of dependent multiplications (three cycles each).
"""
import numpy as np

from benchmarks.timing import arguments, best_ns, report
from dsp_core.design.response import response_db, settled_design
from dsp_core.kernels.svf_check import VARIANTS, Cascade, chain_of_squares
from dsp_core.params import index_of
from dsp_core.params.eq import EQ_BANDS
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


def values(gain_db=3.0, **more):
    return {f"band{n}_gain": gain_db for n in range(1, EQ_BANDS + 1)} | more


def stage(what, settings, seconds, moving=()):
    """The stage over 16384 frames in spans of 256; `moving` bands change their gain without pause, so that spans are 32."""
    eq, noise = make("eq", RATE, settings), np.random.default_rng(1).standard_normal((2, 16384)) * 0.05
    io, when = noise.copy(), 0

    def call():
        nonlocal when
        io[:] = noise
        for n in moving:
            eq.set(index_of("eq", f"band{n}_gain"), float(np.random.default_rng(when).uniform(-6, 6)))
        frames = 1024 if moving else io.shape[1]
        eq.run_block(io[:, :frames].copy() if moving else io, when)
        when += frames

    call()
    return row("stage", what, "", 32 if moving else 256, best_ns(call, seconds) / (1024 if moving else io.shape[1]))


def milliseconds(what, call, seconds):
    print(f"{what}: {best_ns(call, seconds) / 1e6:.3f} ms")


def curve(moved=False):
    hz = list(np.geomspace(20, 20000, 500))
    settings = values()

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


def main():
    options = arguments(__doc__)
    options.ghz = options.ghz or clock_ghz(options.seconds)
    print(f"clock {options.ghz:.2f} GHz")
    rows = [kernel(form, sections, span, options.seconds) for sections in (1, 4, 8, 16) for span in (32, 256) for form in VARIANTS]
    rows += [stage("idle", {}, options.seconds),
             stage("8 bells", values(), options.seconds),
             stage("4 stereo bells, 2 mid, 2 side", values(band5_channel=1, band6_channel=1, band7_channel=2, band8_channel=2), options.seconds),
             stage("8 bells, one moving", values(), options.seconds, moving=(4,)),
             stage("8 bells, all moving", values(), options.seconds, moving=range(1, 9))]
    report(rows, options)
    milliseconds("settle 8 bells (new instance, 44.1 kHz)", designs(values()), options.seconds)
    milliseconds("settle 8 cuts of 48 dB/oct", designs({f"band{n}_{k}": v for n in range(1, 9) for k, v in
                                                      (("type", 3 + n % 2), ("slope", 5), ("freq", 8000.0))}), options.seconds)
    milliseconds("curve of 8 bands at 500 frequencies, nothing moved", curve(), options.seconds)
    milliseconds("curve of 8 bands at 500 frequencies, one band moved", curve(moved=True), options.seconds)


if __name__ == "__main__":
    main()
