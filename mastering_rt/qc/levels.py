"""What the 10 ms bins of the meter tell: overs, offset, silence at the ends, balance, phase, mono, and a source that was limited before."""
import math
from collections.abc import Iterator

import numpy as np

from mastering_rt.measure.bins import BIN, BINS_PER_S, Bins, sliding_sum
from mastering_rt.measure.loudness import Loudness, weighted_energy
from mastering_rt.measure.report import figure
from mastering_rt.qc.finding import CHANNELS, Event, Finding, moments, places, sides, span_s
from mastering_rt.qc.runs import Runs, best_stretch

SILENCE_DBFS = -70.0
HEAD_S, TAIL_S = 0.5, 5.0        # more silence than this is waste
CUT_DBFS = -40.0                 # sound this loud in the first or last 10 ms was cut into
UNSURE_DB = 0.05                 # less than that between the samples may be the detector's own error
OFFSET_DBFS = -60.0
LOPSIDED_DB, MISSING_DB = 6.0, 40.0
WINDOW_S = 3.0
SOFT_DB = 25.0                   # what is so much softer than the loudest 3 s is not judged
MONO_LOSS_DB, MONO_GONE_DB = 7.0, 12.0       # of the sum of both channels against the power of both; independent ones lose 3
INVERTED = -0.95                 # correlation
HEARD_DBFS, GONE_S = -50.0, 1.0  # a channel is missed when the other is that loud for that long
LOUD_PLR_DB = 9.0
AT_THE_TOP_DB, AT_THE_TOP = 0.1, 0.02        # share of the bins whose peaks all end at the same height


class Levels:
    """Keeps one bin per 10 ms of song; everything is judged at the end."""

    def __init__(self, rate_hz: int, channels: int) -> None:
        self._rate, self._channels = rate_hz, channels
        self._parts: list[Bins] = []

    def feed(self, bins: Bins) -> None:
        """The next bins of the meter."""
        self._parts.append(bins)

    def end(self) -> Iterator[Finding]:
        bins = np.concatenate(self._parts) if self._parts else np.zeros(0, BIN)
        if not len(bins):
            return
        yield from overs(bins, self._rate, self._channels)
        yield from offset(bins)
        yield from ends(bins)
        yield from limited(bins)
        if self._channels == 2:
            yield from balance(bins)
            yield from mono(bins)


def overs(bins: Bins, rate_hz: int, channels: int) -> Iterator[Finding]:
    """True peaks over full scale; between the samples where no sample is."""
    frames = rate_hz // BINS_PER_S
    events = []
    for channel in range(channels):
        peaks = bins["true_peak"][:, channel]
        run = Runs(1)
        for start, length in (*run.feed(peaks > 1.0), *run.end()):
            events.append(Event(start * frames, length * frames, float(peaks[start:start + length].max()), channel))
    for group in places(events, rate_hz):
        time_s, duration_s = span_s(group, rate_hz)
        first, last = round(time_s * BINS_PER_S), round((time_s + duration_s) * BINS_PER_S)
        over_db = 20 * math.log10(max(event.size for event in group))
        between = float(bins["peak"][first:last].max()) <= 1.0
        if between and over_db < UNSURE_DB:
            continue
        often = often_text(moments(group), duration_s)
        text = (f"True peaks between the samples{often} up to {over_db:+.2f} dBTP. A converter or a codec may clip them; lower the ceiling of the limiter, "
                "or the level." if between else
                f"Samples over full scale{often}, with true peaks up to {over_db:+.2f} dBTP. Converters and files of whole numbers cut them; lower the level "
                "before that happens.")
        yield Finding(kind="inter_sample_over" if between else "true_peak_over", time_s=time_s, duration_s=duration_s, size=over_db, unit="dBTP",
                      severity="act" if over_db > 0.5 else "look", channel=sides(group, channels), text=text)


def often_text(count: int, duration_s: float) -> str:
    """ "212 times in 61 s"; nothing for what happens once."""
    return f" {count} times in {duration_s:.{1 if duration_s < 10 else 0}f} s" if count > 1 else ""


def offset(bins: Bins) -> Iterator[Finding]:
    """A mean that is not zero."""
    total, frames = np.abs(bins["total"].sum(axis=0)), int(bins["frames"].sum())
    size = 20 * math.log10(max(float(total.max()) / max(frames, 1), 1e-12))
    if size > OFFSET_DBFS:
        yield Finding(kind="dc_offset", time_s=0.0, duration_s=frames_s(bins), size=size, unit="dBFS", severity="look", channel="both",
                      text=f"The sound stands {size:.0f} dBFS beside zero. It costs headroom and clicks at every edit; "
                           "put a low cut of 5 to 10 Hz first in the chain.")


def ends(bins: Bins) -> Iterator[Finding]:
    """Silence before and after the song, and sound that was cut into."""
    loud = np.flatnonzero(20 * np.log10(np.maximum(bins["peak"].max(axis=1), 1e-12)) > SILENCE_DBFS)
    if not len(loud):
        yield Finding(kind="silence", time_s=0.0, duration_s=frames_s(bins), size=frames_s(bins), unit="s", severity="act", channel="both",
                      text="There is no sound in the file at all. Check the export.")
        return
    head_s, tail_s = loud[0] / BINS_PER_S, (len(bins) - 1 - loud[-1]) / BINS_PER_S
    if head_s > HEAD_S:
        yield Finding(kind="head_silence", time_s=0.0, duration_s=head_s, size=head_s, unit="s", severity="note", channel="both",
                      text=f"{head_s:.2f} s of silence before the song. If that is not meant, leave it out of what is rendered.")
    if tail_s > TAIL_S:
        yield Finding(kind="tail_silence", time_s=frames_s(bins) - tail_s, duration_s=tail_s, size=tail_s, unit="s", severity="note",
                      channel="both", text=f"{tail_s:.2f} s of silence after the song. If that is not meant, leave it out of what is rendered.")
    for kind, index, word, time_s in (("head_cut", 0, "begins", 0.0), ("tail_cut", -1, "ends", max(0.0, frames_s(bins) - 0.01))):
        frames = max(int(bins["frames"][index]), 1)
        level = 10 * math.log10(max(float((bins["energy"][index] / frames - (bins["total"][index] / frames) ** 2).max()), 1e-20))
        if level > CUT_DBFS:
            yield Finding(kind=kind, time_s=time_s, duration_s=0.01, size=level, unit="dBFS", severity="look", channel="both",
                          text=f"The file {word} in the middle of sound, at {level:.0f} dBFS. Ask whether something is missing, or fade it.")


def limited(bins: Bins) -> Iterator[Finding]:
    """A source with little peak over its loudness, or whose peaks all end at one height."""
    loudness = Loudness()
    loudness.feed(weighted_energy(bins), bins["frames"])
    integrated, top = loudness.integrated_lufs(), float(bins["true_peak"].max())
    if integrated is None or top <= 0:
        return
    plr_db = 20 * math.log10(top) - integrated
    peaks = bins["peak"].max(axis=1)
    share = float(np.mean(peaks >= peaks.max() * 10 ** (-AT_THE_TOP_DB / 20)))
    if plr_db >= LOUD_PLR_DB and share < AT_THE_TOP:
        return
    yield Finding(kind="limited_source", time_s=0.0, duration_s=frames_s(bins), size=plr_db, unit="dB", severity="look", channel="both",
                  text=f"The sound was limited before: its peaks stand {figure(plr_db, 1, '')[0]} dB over its loudness, and in "
                       f"{100 * share:.0f} % of the song they end within 0.1 dB of the highest. Ask for the mix without the limiter; there is little left to take.")


def balance(bins: Bins) -> Iterator[Finding]:
    """One channel much softer than the other, or missing, over the whole song; or missing for a while."""
    left, right = bins["energy"].sum(axis=0)
    if max(left, right) <= 0:
        return
    difference_db = 10 * math.log10(max(left, 1e-20) / max(right, 1e-20))
    if abs(difference_db) < MISSING_DB:
        yield from gone(bins)
    if abs(difference_db) < LOPSIDED_DB:
        return
    weak = "right" if difference_db > 0 else "left"
    missing = abs(difference_db) >= MISSING_DB
    text = (f"The {weak} channel is silent. Check the export; a mono file is better sent as one." if missing else
            f"The {weak} channel is {abs(difference_db):.1f} dB softer over the whole song. Check the export, or balance it.")
    yield Finding(kind="missing_channel" if missing else "one_sided", time_s=0.0, duration_s=frames_s(bins), size=abs(difference_db), unit="dB",
                  severity="act" if missing else "look", channel=weak, text=text)


def gone(bins: Bins) -> Iterator[Finding]:
    """A channel that falls silent for a second or more while the other goes on."""
    energy = bins["energy"] / bins["frames"][:, None]
    for weak, name in enumerate(CHANNELS):
        alone = (energy[:, 1 - weak] > 10 ** (HEARD_DBFS / 10)) & (energy[:, weak] < energy[:, 1 - weak] * 10 ** (-MISSING_DB / 10))
        run = Runs(round(GONE_S * BINS_PER_S))
        for start, count in (*run.feed(alone), *run.end()):
            apart_db = -10 * math.log10(max(float(energy[start:start + count, weak].sum() / energy[start:start + count, 1 - weak].sum()), 1e-12))
            yield Finding(kind="missing_channel", time_s=start / BINS_PER_S, duration_s=count / BINS_PER_S, size=apart_db, unit="dB", severity="look",
                          channel=name, text=f"The {name} channel is silent for {count / BINS_PER_S:.1f} s while the other goes on. If that is not "
                                             "the arrangement, ask for a new export.")


def mono(bins: Bins) -> Iterator[Finding]:
    """Places that vanish in mono, and channels that are each other's inverse."""
    length = min(round(WINDOW_S * BINS_PER_S), len(bins))
    left, right = (sliding_sum(bins["energy"][:, channel], length) for channel in (0, 1))
    power, cross = left + right, sliding_sum(bins["cross"], length)
    floor = max(10 ** (SILENCE_DBFS / 10) * float(bins["frames"].max()) * length, float(power.max()) * 10 ** (-SOFT_DB / 10))
    lost = (power > floor) & (power + 2 * cross < 2 * power * 10 ** (-MONO_LOSS_DB / 10))
    run = Runs(1)
    told: list[Finding] = []                 # windows that lose too much can lie around one place twice
    for start, count in (*run.feed(lost), *run.end()):
        told += [finding for finding in _lost_in_mono(bins, start, start + count - 1 + length) if finding not in told]
    yield from told


def _lost_in_mono(bins: Bins, first: int, last: int) -> Iterator[Finding]:
    """Where exactly it begins and ends, between two bins in which windows that lose too much begin and end."""
    part = bins[first:last]
    power, cross = part["energy"].sum(axis=1), part["cross"]
    begin, end = best_stretch(2 * power * 10 ** (-MONO_LOSS_DB / 10) - (power + 2 * cross))
    if begin == end:
        return
    both, common = float(power[begin:end].sum()), float(cross[begin:end].sum())
    left, right = part["energy"][begin:end].sum(axis=0)
    loss_db = -10 * math.log10(max((both + 2 * common) / (2 * both), 1e-9))
    inverted = min(left, right) > 0 and common / math.sqrt(left * right) < INVERTED
    text = ("One channel is the inverse of the other; in mono nothing is left. Turn the polarity of one channel over in the stereo stage."
            if inverted else f"In mono {loss_db:.1f} dB of this are lost. Narrow the sides, or find the track that is out of phase.")
    yield Finding(kind="phase_inverted" if inverted else "mono_loss", time_s=(first + begin) / BINS_PER_S, duration_s=(end - begin) / BINS_PER_S,
                  size=loss_db, unit="dB", severity="act" if inverted or loss_db > MONO_GONE_DB else "look", channel="both", text=text)


def frames_s(bins: Bins) -> float:
    """How long the bins last, in seconds; every bin but the last is 10 ms."""
    return len(bins) / BINS_PER_S
