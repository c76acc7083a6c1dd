"""Starting points that come with the program: settings for a purpose, each moderate, to be listened to and changed. They are presets like any other.

A threshold means a level, and songs differ: those here fit a mix that peaks a few dB under full scale and reads about -18 LUFS.
"""
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from mastering_rt.session.model import Slot

BELL, LOW_SHELF, HIGH_SHELF, LOW_CUT = 0, 1, 2, 3
RMS, AUTO = 1, 1


class Point(NamedTuple):
    """A preset: its name, the stages (of a stage preset one), tags between commas, and what it is for."""

    name: str
    chain: tuple[Slot, ...]
    tags: str
    description: str


def _slots(*stages: tuple[str, Mapping[str, float]]) -> tuple[Slot, ...]:
    return tuple(Slot(kind, kind, dict(values)) for kind, values in stages)


RUMBLE = {"band1_type": LOW_CUT, "band1_freq": 22}
UNBOXED = {**RUMBLE, "band3_freq": 280, "band3_gain": -1.5, "band3_q": 0.9}
SMOOTHER = {"band6_freq": 3200, "band6_gain": -1.5, "band6_q": 1.0}
AIR = {"band8_type": HIGH_SHELF, "band8_freq": 12000, "band8_gain": 1.0}
FULLER = {"band2_type": LOW_SHELF, "band2_freq": 110, "band2_gain": 1.0}
GLUE = {"threshold": -20, "ratio": 1.5, "knee": 8, "attack": 30, "release": 200, "detector": RMS, "auto_release": AUTO, "detector_low_cut": 90}
SLOW = {"threshold": -24, "ratio": 1.25, "knee": 12, "attack": 80, "release": 800, "detector": RMS, "rms_window": 100, "detector_low_cut": 60}
PEAKS = {"threshold": -10, "ratio": 2, "knee": 6, "attack": 5, "release": 80, "range": 4, "detector_low_cut": 60}
PARALLEL = {"threshold": -34, "ratio": 2.5, "knee": 10, "attack": 8, "release": 150, "makeup": 6, "mix": 25}
BASS = {"band1_threshold": -24, "band1_ratio": 2, "band1_attack": 40, "band1_release": 250, "band1_range": 4}
BOOM = {"band2_freq": 140, "band2_q": 1.2, "band2_range": -3, "band2_threshold": -24, "band2_ratio": 2, "band2_attack": 20, "band2_release": 180}
SIBILANCE = {"from_freq": 5500, "to_freq": 10000, "threshold": -22, "range": 3}
SOOTHED = {"depth": 2, "selectivity": 3, "from_freq": 1500, "to_freq": 12000}
WARMTH = {"character": 0, **{f"band{band}_drive": 2 for band in (1, 2, 3, 4)}}
EDGE = {"character": 1, "band3_drive": 3, "band4_drive": 2, "band3_mix": 50, "band4_mix": 50}
FIRM = {"mono_below": 110}
WIDER = {"width3": 112, "width4": 118, "guard": 1}
SHAVED = {"gain": 1.5, "ceiling": -0.5, "knee": 25}
STREAMING = {"gain": 3, "ceiling": -1}
LOUD = {"gain": 4, "ceiling": -1, "character": 2}
DELIVERED = {"gain": 0, "ceiling": -1, "character": 3}
DYNAMIC = {"gain": 1.5, "ceiling": -1, "release": 300}

CHAINS = (
    Point("Streaming, open", _slots(("eq", RUMBLE), ("compressor", SLOW), ("limiter", STREAMING)), "streaming, dynamic",
          "Rumble away, a slow compressor that hardly shows, 3 dB of drive under -1 dBTP."),
    Point("Streaming, dense", _slots(("eq", UNBOXED), ("compressor", GLUE), ("saturation", WARMTH), ("limiter", LOUD)), "streaming, loud",
          "Less boxy, held together, a little tape, 4 dB of drive into the loud character under -1 dBTP."),
    Point("Club", _slots(("eq", RUMBLE), ("multiband", BASS), ("stereo", FIRM), ("clipper", SHAVED), ("limiter", LOUD)), "electronic, loud",
          "A steady bass that is mono under 110 Hz, drums shaved before the limiter, -1 dBTP."),
    Point("Acoustic, hands off", _slots(("eq", AIR), ("limiter", DYNAMIC)), "acoustic, dynamic",
          "A decibel of air and a limiter that meets only the highest peaks; nothing compresses."),
    Point("Boomy and harsh mix", _slots(("eq", RUMBLE), ("dynamic_eq", BOOM), ("resonance", SOOTHED), ("compressor", GLUE), ("limiter", STREAMING)),
          "repair", "Boom and harsh tones turned down only where they stick out, then held together, -1 dBTP."),
    Point("Ceiling only", _slots(("limiter", DELIVERED)), "delivery", "The mix as it is under -1 dBTP, for what needs no mastering but must not clip."),
)
STAGES = (
    Point("Rumble away", _slots(("eq", RUMBLE)), "lows, repair", "A low cut at 22 Hz: headroom that nobody hears."),
    Point("Less boxy", _slots(("eq", UNBOXED)), "repair, tone", "Rumble away and 1.5 dB less around 280 Hz."),
    Point("Less harsh", _slots(("eq", SMOOTHER)), "highs, repair", "1.5 dB less around 3.2 kHz, broad."),
    Point("A little air", _slots(("eq", AIR)), "highs, tone", "A shelf of 1 dB over 12 kHz."),
    Point("A little fuller", _slots(("eq", FULLER)), "lows, tone", "A shelf of 1 dB under 110 Hz."),
    Point("Glue", _slots(("compressor", GLUE)), "levels", "1.5:1 over 30 ms, the bass left out of the detector: 1 to 2 dB in loud passages."),
    Point("Slow and gentle", _slots(("compressor", SLOW)), "levels, acoustic", "1.25:1 over a wide knee, slow enough to follow phrases rather than beats."),
    Point("Catch the peaks", _slots(("compressor", PEAKS)), "peaks", "2:1 from -10 dB in 5 ms, never more than 4 dB."),
    Point("Parallel density", _slots(("compressor", PARALLEL)), "levels, loud", "A quarter of a heavily compressed copy under the mix: soft passages come up."),
    Point("Steady bass", _slots(("multiband", BASS)), "lows, levels", "Only the band under 120 Hz is compressed, by 4 dB at most."),
    Point("Tame the boom", _slots(("dynamic_eq", BOOM)), "lows, repair", "Around 140 Hz, only when it gets loud, by 3 dB at most."),
    Point("Sibilance of a mix", _slots(("deesser", SIBILANCE)), "highs, repair", "5.5 to 10 kHz, by 3 dB at most."),
    Point("Soothe harsh tones", _slots(("resonance", SOOTHED)), "highs, repair", "What stands out between 1.5 and 12 kHz, by 2 dB at most."),
    Point("Tape, barely", _slots(("saturation", WARMTH)), "tone", "2 dB of drive into tape in all bands, at the same level."),
    Point("Triode in the highs", _slots(("saturation", EDGE)), "highs, tone", "Half of it mixed in above 1 kHz: a little more presence without an equaliser."),
    Point("Firm centre", _slots(("stereo", FIRM)), "lows, width", "Mono under 110 Hz, for vinyl, clubs and small speakers."),
    Point("A little wider", _slots(("stereo", WIDER)), "width", "Sides 12 to 18 % wider above 800 Hz, with the guard against a loss in mono."),
    Point("Shave the drums", _slots(("clipper", SHAVED)), "peaks, loud", "1.5 dB into a soft clipper: the limiter behind it works less."),
    Point("Streaming, -1 dBTP", _slots(("limiter", STREAMING)), "streaming", "3 dB of drive, transparent, under a ceiling that survives codecs."),
    Point("Loud, -1 dBTP", _slots(("limiter", LOUD)), "loud", "4 dB of drive into the loud character."),
    Point("Safety only", _slots(("limiter", DELIVERED)), "delivery", "No drive, the safe character: only what passes -1 dBTP is taken off."),
)


def points() -> Iterator[tuple[Point, bool]]:
    """All of them, and whether each is for a whole chain."""
    yield from ((point, True) for point in CHAINS)
    yield from ((point, False) for point in STAGES)
