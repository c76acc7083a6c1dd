"""The limiter's gain written down plainly: every window searched, every average summed anew. Only the peak detector is shared."""
import numpy as np

from dsp_core.meters.truepeak import TruePeakDetector

FULL = 2 ** 30
# Per character: hold and release of the transient stage and attack of the level stage in ms, most look-ahead in ms, margin in dB.
CHARACTERS = ((2, 30, 2, 1e3, 0.05), (0, 10, 10, 1e3, 0.05), (0, 5, 60, 1e3, 0.05), (5, 60, 1, 1e3, 0.05), (2, 30, 2, 0.44, 0.12))
SHORT = 4                                # the character whose detector is short


def frames_of(ms, rate):
    return int(ms * 1e-3 * rate + 0.5)


def largest_of_last(values, window):
    padded = np.concatenate([np.zeros(window - 1, values.dtype), values])
    return np.lib.stride_tricks.sliding_window_view(padded, window).max(axis=1)


def peak_detector(rate, character):
    return TruePeakDetector(rate, short=character == SHORT)


def needs(x, rate, ceiling, group, character):
    """Reduction that each channel needs by itself, per group, in steps that need not be whole."""
    found = []
    for channel in x:
        peaks = np.empty(len(channel), np.float32)
        peak_detector(rate, character).run(np.ascontiguousarray(channel), peaks)
        over = peaks / np.float32(ceiling)
        over = over[:len(over) // group * group].reshape(-1, group).max(axis=1).astype(np.float64)
        with np.errstate(divide="ignore"):
            found.append(np.maximum(0, FULL - FULL / over))
    return np.array(found)


def linked(own, link):
    """Each channel's need part of the way to the larger one, in whole steps."""
    return np.floor(link * own.max(axis=0) + (1 - link) * own + 1 - 2.0 ** -20).astype(np.int64)


def released(wanted, level_near, near, far, release_ms, automatic, rate, transient_release_ms, level_attack_ms):
    def pole(ms):
        return np.exp(-1e3 / (ms * rate))
    attack, level, transient, share, steps = 1 - pole(level_attack_ms), 0.0, 0.0, 0.0, []
    for want, long, short, held in zip(wanted.tolist(), level_near.tolist(), near.tolist(), far.tolist()):
        share += (1 - pole(10)) * ((want > held // 2) - share)
        down = attack * min(1.0, 2 * share) if automatic else 1.0
        level += (long - level) * down if long > level else min(held - level, 0) * (1 - pole(release_ms))
        transient = max(short, short + (transient - short) * pole(min(release_ms, transient_release_ms)))
        steps.append(int(max(level, transient) + 0.5))
    return np.array(steps)


def smoothed(steps, lookahead, group, frames):
    steps = np.repeat(steps, group)
    steps = np.concatenate([np.zeros(group - 1, np.int64), steps, np.full(group, steps[-1])])[:frames]
    box = np.ones((lookahead + 4 - group) // 3)
    return 1 - np.convolve(np.convolve(np.convolve(steps, box), box), box)[:frames] / (FULL * len(box) ** 3)


def limited(x, rate, drive_db=0.0, ceiling_db=-1.0, release_ms=150.0, automatic=True, hold_ms=15.0, lookahead_ms=1.5, character=0,
            transient_link=1.0, release_link=1.0):
    """x (2, frames) limited, late by the stage's latency. The links are shares 0..1 that hold by themselves."""
    transient_hold_ms, transient_release_ms, level_attack_ms, most_lookahead_ms, margin_db = CHARACTERS[character]
    lookahead, hold = max(1, frames_of(min(lookahead_ms, most_lookahead_ms), rate)), frames_of(hold_ms, rate)
    short = min(hold, frames_of(transient_hold_ms, rate))
    group = 4 if lookahead >= 12 else 1
    ceiling = 10 ** ((ceiling_db - margin_db - min(0.6, 300 / lookahead ** 3)) / 20)
    x = x * 10 ** (drive_db / 20)
    own, window, gains = needs(x, rate, ceiling, group, character), -(-(lookahead + short) // group) + 1, []
    for level_wanted, transient_wanted in zip(linked(own, release_link), linked(own, transient_link)):
        level_near = largest_of_last(level_wanted, window)
        far = largest_of_last(level_near, -(-(hold - short) // group) + 1)
        steps = released(level_wanted, level_near, largest_of_last(transient_wanted, window), far, release_ms, automatic, rate / group,
                         transient_release_ms, level_attack_ms)
        gains.append(smoothed(steps, lookahead, group, x.shape[1]))
    late = peak_detector(rate, character).delay + lookahead
    return np.pad(x, ((0, 0), (late, 0)))[:, :x.shape[1]] * gains
