"""The minimum-requirement signals of EBU Tech 3341 and 3342, made at any rate from `data/ebu_cases.json`."""
import json
from pathlib import Path

import numpy as np
from scipy.signal import firwin, oaconvolve

CHANNELS = {"stereo": ("L", "R"), "5.0": ("L", "R", "C", "Ls", "Rs")}
CASES = {case["id"]: case for case in json.loads((Path(__file__).parent / "data" / "ebu_cases.json").read_text())["cases"]
         if case.get("synthesizable", True)}


def synthesize(case, rate):
    """(channels, frames) float64 of one case at `rate` Hz."""
    layout = CHANNELS[case["layout"]]
    ends = np.round(np.cumsum([segment["duration_s"] for segment in case["segments"]]) * rate).astype(int)
    sound = np.zeros((len(layout), ends[-1]))
    for segment, start, end in zip(case["segments"], [0, *ends], ends):
        MAKERS[segment["type"]](sound[:, start:end], segment, layout, rate)
    return sound


def _silence(sound, segment, layout, rate):
    pass


def _sine(sound, segment, layout, rate):
    cycles_per_frame = segment["freq_over_fs"] if "freq_over_fs" in segment else segment["freq_hz"] / rate
    amplitude = segment["amplitude_ffs"] if "amplitude_ffs" in segment else 10 ** (segment["level_dbfs_peak"] / 20)
    wave = amplitude * _wave(cycles_per_frame, segment["phase_deg"], sound.shape[1])
    if "taper" in segment:
        wave *= _taper(segment["taper"], len(wave), rate)
    for channel in segment["channels"]:
        sound[layout.index(channel)] = wave


def _multi_sine(sound, segment, layout, rate):
    wave = _wave(segment["freq_hz"] / rate, segment["phase_deg"], sound.shape[1])
    for channel, level in segment["levels_dbfs_peak"].items():
        sound[layout.index(channel)] = 10 ** (level / 20) * wave


def _inserted_period(sound, segment, layout, rate):
    """One period of a faster, louder sine inserted in the middle, at four times the rate, then band-limited and decimated."""
    frames, carrier, insert = sound.shape[1], segment["carrier"], segment["insert"]
    factor, offset = segment["decimate"]["factor"], segment["decimate"]["offset_samples"]
    period, inserted = carrier["period_samples_at_4fs"], insert["period_samples_at_4fs"] * insert["periods"]
    before = frames * factor // 2 // period * period
    fast = np.concatenate([
        carrier["amplitude_ffs"] * _wave(1 / period, 0, before),
        insert["amplitude_ffs"] * _wave(1 / insert["period_samples_at_4fs"], 0, inserted),
        carrier["amplitude_ffs"] * _wave(1 / period, 0, frames * factor - before - inserted)])
    fast *= _taper(segment["taper"], len(fast), rate * factor)
    low_pass = firwin(385, 1 / factor, window=("kaiser", 8))
    wave = oaconvolve(fast, low_pass, mode="same")[offset::factor]
    for channel in segment["channels"]:
        sound[layout.index(channel)] = wave


MAKERS = {"silence": _silence, "sine": _sine, "multi_sine": _multi_sine, "sine_with_inserted_period": _inserted_period}


def _wave(cycles_per_frame, phase_deg, frames):
    return np.sin(2 * np.pi * cycles_per_frame * np.arange(frames) + np.radians(phase_deg))


def _taper(taper, frames, rate):
    assert taper["shape"] == "linear"
    envelope = np.ones(frames)
    rise, fall = round(taper["fade_in_s"] * rate), round(taper["fade_out_s"] * rate)
    envelope[:rise] = np.arange(rise) / rise
    envelope[frames - fall:] = np.arange(fall, 0, -1) / fall
    return envelope
