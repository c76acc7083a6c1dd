"""The limiter's gain written down plainly: every window searched, every average summed anew. Only the true-peak detector is shared."""
import numpy as np

from dsp_core.meters.truepeak import TruePeakDetector

FULL = 2 ** 30


def frames_of(ms, rate):
    return int(ms * 1e-3 * rate + 0.5)


def largest_of_last(values, window):
    padded = np.concatenate([np.zeros(window - 1, values.dtype), values])
    return np.lib.stride_tricks.sliding_window_view(padded, window).max(axis=1)


def wanted_reduction(x, rate, ceiling, group):
    peaks = []
    for channel in x:
        out = np.empty(len(channel), np.float32)
        TruePeakDetector(rate).run(np.ascontiguousarray(channel), out)
        peaks.append(out)
    over = np.max(peaks, axis=0) / np.float32(ceiling)
    over = over[:len(over) // group * group].reshape(-1, group).max(axis=1).astype(np.float64)
    with np.errstate(divide="ignore"):
        return np.floor(np.maximum(0, FULL - FULL / over) + 1 - 2.0 ** -20).astype(np.int64)


def released(wanted, near, far, release_ms, automatic, rate):
    def pole(ms):
        return np.exp(-1e3 / (ms * rate))
    attack, level, transient, share, steps = 1 - pole(2), 0.0, 0.0, 0.0, []
    for want, need, held in zip(wanted.tolist(), near.tolist(), far.tolist()):
        share += (1 - pole(10)) * ((want > held // 2) - share)
        down = attack * min(1.0, 2 * share) if automatic else 1.0
        level += (need - level) * down if need > level else min(held - level, 0) * (1 - pole(release_ms))
        transient = max(need, need + (transient - need) * pole(min(release_ms, 30)))
        steps.append(int(max(level, transient) + 0.5))
    return np.array(steps)


def limited(x, rate, drive_db=0.0, ceiling_db=-1.0, release_ms=150.0, automatic=True, hold_ms=15.0, lookahead_ms=1.5):
    """x (2, frames) limited with both channels linked, late by the stage's latency."""
    lookahead, hold = max(1, frames_of(lookahead_ms, rate)), frames_of(hold_ms, rate)
    short = min(hold, frames_of(2, rate))
    group = 4 if lookahead >= 12 else 1
    ceiling = 10 ** ((ceiling_db - 0.05 - min(0.6, 300 / lookahead ** 3)) / 20)
    x = x * 10 ** (drive_db / 20)
    wanted = wanted_reduction(x, rate, ceiling, group)
    near = largest_of_last(wanted, -(-(lookahead + short) // group) + 1)
    far = largest_of_last(near, -(-(hold - short) // group) + 1)
    steps = np.repeat(released(wanted, near, far, release_ms, automatic, rate / group), group)
    steps = np.concatenate([np.zeros(group - 1, np.int64), steps, np.full(group, steps[-1])])[:x.shape[1]]
    box = np.ones((lookahead + 4 - group) // 3)
    gain = 1 - np.convolve(np.convolve(np.convolve(steps, box), box), box)[:x.shape[1]] / (FULL * len(box) ** 3)
    late = TruePeakDetector(rate).delay + lookahead
    return np.pad(x, ((0, 0), (late, 0)))[:, :x.shape[1]] * gain
