"""Sixty faults of every kind that the quality control knows, each with what makes it, where, and how large."""
from typing import NamedTuple

import numpy as np
from scipy.signal import butter, firwin, oaconvolve, sosfiltfilt

SECONDS = 24.0                   # of music around each fault
LEAST_CUT = 4                    # samples; fewer cut ones are not seen
WHOLE_SONG = 0.0                 # where a finding stands that holds for the whole of it


class Fault(NamedTuple):
    """`kind` of the finding; `at_s` where it begins; `plant(x, rate, at, rng)` gives the music with it, and, where
    the music decides, the frame at which it begins; `what` it is, for the reader."""

    kind: str
    at_s: float
    what: str
    plant: object


def gain_of(db):
    return 10 ** (db / 20)


def span(x, rate, at, seconds):
    return slice(at, min(x.shape[1], at + round(seconds * rate)))


def loudest(x):
    return np.abs(x).max()


def blended(x, y, part, rate):
    """x, with y in a part of it, faded in and out over 5 ms so that nothing clicks."""
    n = part.stop - part.start
    ramp = np.minimum(1, np.minimum(np.arange(n) + (part.start == 0) * n, np.arange(n)[::-1] + (part.stop == x.shape[1]) * n) / (0.005 * rate))
    out = x.copy()
    out[:, part] += ramp * (y - x[:, part])
    return out


def clipped(over_db, seconds):
    """The passage is louder than full scale, and cut there."""
    return flat_tops(over_db, 0.0, seconds)


def flat_tops(over_db, level_db, seconds):
    """Clipped, and turned down afterwards. Also gives where the first top is cut."""
    def plant(x, rate, at, rng):
        part, top = span(x, rate, at, seconds), gain_of(level_db)
        y = blended(x, x[:, part] * gain_of(over_db) * top / loudest(x[:, part]), part, rate)
        over = np.abs(y[:, part]) > 1.002 * top
        first = int(np.argmax(np.logical_and.reduce([over[:, k:over.shape[1] - LEAST_CUT + k] for k in range(LEAST_CUT)]).any(axis=0)))
        y[:, part] = np.clip(y[:, part], -top, top)
        return y, part.start + first
    return plant


def swung_over(db, between):
    """A burst of a quarter of the rate whose crests lie between the samples: over full scale although no sample is, or samples too."""
    def plant(x, rate, at, rng):
        y, n = x.copy(), round(0.2 * rate)
        wave, shape = np.sin(np.pi / 2 * np.arange(n) + np.pi / 4 * between), np.hanning(n)
        y[:, at:at + n] = (1 - shape) * x[:, at:at + n] + gain_of(db) * shape * wave
        return y
    return plant


def click(db, frames, channel):
    """A burst of some samples beside what the music does."""
    def plant(x, rate, at, rng):
        y = x.copy()
        y[channel, at:at + frames] += gain_of(db) * rng.choice([-1, 1], frames) * rng.uniform(0.7, 1, frames)
        return y
    return plant


def hole(milliseconds, channel):
    def plant(x, rate, at, rng):
        y = x.copy()
        y[channel, span(x, rate, at, milliseconds / 1000)] = 0
        return y
    return plant


def offset(db):
    return lambda x, rate, at, rng: x + np.array([[gain_of(db)], [0.0]])


def silence_before(seconds):
    return lambda x, rate, at, rng: np.pad(x, ((0, 0), (round(seconds * rate), 0)))


def silence_behind(seconds):
    return lambda x, rate, at, rng: np.pad(x, ((0, 0), (0, round(seconds * rate))))


def inverted(seconds):
    """One channel the inverse of the other, for a while or all the time: a mono source with one cable turned over."""
    def plant(x, rate, at, rng):
        part = span(x, rate, at, seconds)
        mono = x[:, part].mean(axis=0)
        return blended(x, np.stack([mono, -mono]), part, rate)
    return plant


def missing(channel, seconds):
    def plant(x, rate, at, rng):
        part = span(x, rate, at, seconds)
        y = x[:, part].copy()
        y[channel] = 0
        return blended(x, y, part, rate)
    return plant


def softer(channel, db):
    def plant(x, rate, at, rng):
        y = np.stack([x.mean(axis=0)] * 2)
        y[channel] *= gain_of(db)
        return y
    return plant


def wide(loss_db, seconds):
    """Nearly all side: what is left in mono is `loss_db` softer."""
    def plant(x, rate, at, rng):
        part = span(x, rate, at, seconds)
        side = x[:, part].mean(axis=0)
        middle = np.roll(x[:, part].mean(axis=0), rate // 7) * gain_of(-loss_db)
        return blended(x, np.stack([side + middle, -side + middle]), part, rate)
    return plant


def lows_turned(hz, db, seconds):
    """A bass note whose channels push against each other."""
    def plant(x, rate, at, rng):
        y, part = x.copy(), span(x, rate, at, seconds)
        n = part.stop - part.start
        lows = sosfiltfilt(butter(4, 150, fs=rate, output="sos"), x)
        level = np.sqrt((lows ** 2).mean()) * gain_of(db)
        ramp = np.minimum(1, np.minimum(np.arange(n), np.arange(n)[::-1]) / (0.02 * rate))
        y[:, part] -= lows[:, part] * ramp
        y[:, part] += np.array([[1.0], [-1.0]]) * np.sqrt(2) * level * np.sin(2 * np.pi * hz * np.arange(n) / rate) * ramp
        return y
    return plant


def hum(mains_hz, db):
    """In music that has a pause: its softest parts show it."""
    def plant(x, rate, at, rng):
        t = np.arange(x.shape[1]) / rate
        pause = np.interp(t, [0, 9, 9.5, 15, 15.5, SECONDS], [1, 1, 0.01, 0.01, 1, 1])
        return x * pause + sum(gain_of(db) / k * np.sin(2 * np.pi * mains_hz * k * t + k) for k in range(1, 7))
    return plant


def lossy(hz):
    """As a codec of a low rate leaves it."""
    def plant(x, rate, at, rng):
        full = x + 0.002 * rng.standard_normal(x.shape)
        return np.stack([oaconvolve(row, firwin(1201, hz, fs=rate, window=("kaiser", 9)), mode="same") for row in full])
    return plant


def limited(drive_db):
    """Squeezed until its peaks all end at one height."""
    return lambda x, rate, at, rng: 0.9 * np.tanh(gain_of(drive_db) * x / np.abs(x).max())


LEFT, RIGHT, BOTH = 0, 1, slice(None)
FAULTS = (
    *(Fault("clipped", at, f"{over} dB over full scale for {s} s", clipped(over, s))
      for at, over, s in ((4.1, 3, 0.5), (7.7, 6, 1.0), (11.3, 1.5, 2.0), (15.9, 9, 0.3))),
    *(Fault("flat_top", at, f"cut {over} dB at {level} dBFS for {s} s", flat_tops(over, level, s))
      for at, over, level, s in ((3.3, 6, -3, 1.0), (9.2, 4, -6, 2.0), (13.1, 8, -1, 0.5), (17.4, 5, -9, 1.5))),
    *(Fault("inter_sample_over", at, f"crests {db} dB over between the samples", swung_over(db, True))
      for at, db in ((5.5, 1.0), (8.8, 2.0), (14.2, 0.5), (19.3, 2.8))),
    *(Fault("true_peak_over", at, f"samples {db} dB over", swung_over(db, False)) for at, db in ((4.7, 1.0), (10.4, 3.0), (16.6, 6.0), (20.1, 0.5))),
    *(Fault("click", at, f"{n} samples of {db} dBFS", click(db, n, channel))
      for at, db, n, channel in ((3.7, -6, 1, LEFT), (6.1, -12, 3, RIGHT), (9.9, -18, 12, BOTH), (12.6, -9, 40, LEFT), (16.3, -20, 5, RIGHT),
                                 (20.7, -12, 80, BOTH))),
    *(Fault("dropout", at, f"{ms} ms of nothing", hole(ms, channel))
      for at, ms, channel in ((5.1, 1.0, LEFT), (8.3, 5.0, BOTH), (11.9, 23.0, RIGHT), (14.8, 100.0, BOTH), (18.5, 2.0, RIGHT), (20.9, 350.0, LEFT))),
    *(Fault("dc_offset", WHOLE_SONG, f"{db} dBFS", offset(db)) for db in (-30, -40, -54)),
    *(Fault("head_silence", WHOLE_SONG, f"{s} s", silence_before(s)) for s in (1.0, 2.5, 6.0)),
    *(Fault("tail_silence", SECONDS, f"{s} s", silence_behind(s)) for s in (6.0, 9.0)),
    *(Fault("phase_inverted", at, f"for {s} s", inverted(s)) for at, s in ((0.0, 24.0), (6.6, 5.0), (10.2, 8.0), (14.9, 4.0))),
    *(Fault("missing_channel", at, f"for {s} s", missing(channel, s)) for at, channel, s in ((0.0, LEFT, 24.0), (0.0, RIGHT, 24.0), (8.2, RIGHT, 3.0), (15.4, LEFT, 2.0))),
    *(Fault("one_sided", WHOLE_SONG, f"{db} dB", softer(channel, db)) for channel, db in ((LEFT, -9), (RIGHT, -14))),
    *(Fault("mono_loss", at, f"{loss} dB softer in mono for {s} s", wide(loss, s)) for at, loss, s in ((5.3, 10, 5.0), (12.4, 12, 6.0), (0.0, 11, 24.0))),
    *(Fault("lows_out_of_phase", at, f"{hz} Hz, {db} dB over the song's lows, for {s} s", lows_turned(hz, db, s))
      for at, hz, db, s in ((4.4, 60, 3, 3.0), (10.7, 45, 0, 5.0), (17.2, 90, 3, 4.0))),
    *(Fault("hum", WHOLE_SONG, f"{hz} Hz at {db} dBFS", hum(hz, db)) for hz, db in ((50, -50), (60, -62), (50, -68))),
    *(Fault("upper_band_cut", WHOLE_SONG, f"nothing over {hz} Hz", lossy(hz)) for hz in (11000, 16000, 19000)),
    *(Fault("limited_source", WHOLE_SONG, f"{db} dB too far", limited(db)) for db in (24, 30)),
)
