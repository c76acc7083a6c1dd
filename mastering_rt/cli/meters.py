"""Meters drawn with characters."""
from math import inf

from dsp_core.params import MEASURES, REDUCING
from mastering_rt.desk.desk import Desk, Pulse
from mastering_rt.desk.levels import Levels
from mastering_rt.errors import clock
from mastering_rt.measure.report import figure

WIDTH = 40
LOWEST_DB = -60.0
GROUND = {"loop": "over the loop", "song": "over the whole song", "estimate": "by an estimate"}


def lines(desk: Desk, pulse: Pulse) -> list[str]:
    """The state of the desk in five lines."""
    heard = levels_of(desk, pulse)
    rate = desk.player.song_rate_hz
    state = "playing" if pulse.status.playing else "stopped"
    return [
        f"{state}  {clock(pulse.status.frame / rate)}   hearing {desk.heard.upper()}   {match_text(desk, pulse)}",
        f"L {bar(heard.peak_db[0])} {number(heard.peak_db[0], 'dBFS')}",
        f"R {bar(heard.peak_db[1])} {number(heard.peak_db[1], 'dBFS')}",
        f"M {loud(heard.momentary_lufs)}  S {loud(heard.short_term_lufs)}  I {loud(heard.integrated_lufs)}  "
        f"true peak {number(heard.top_true_peak_db, 'dBTP', 2)}  correlation {' '.join(figure(heard.correlation, 2, '', signed=True)).strip()}",
        f"reduction {reductions(desk, pulse)}   load {100 * pulse.status.load:.0f} %   dropouts {pulse.status.dropouts}",
    ]


def one_line(desk: Desk, pulse: Pulse) -> str:
    """For a pipe."""
    heard = levels_of(desk, pulse)
    return (f"{clock(pulse.status.frame / desk.player.song_rate_hz)}  {desk.heard:6}  M {loud(heard.momentary_lufs)}  S {loud(heard.short_term_lufs)}  "
            f"peak {number(max(heard.peak_db), 'dBFS')}  true peak {number(heard.top_true_peak_db, 'dBTP', 2)}  "
            f"reduction {reductions(desk, pulse)}  {match_text(desk, pulse)}")


def match_text(desk: Desk, pulse: Pulse) -> str:
    """Which side is turned down by how much, and on what ground."""
    match = pulse.match
    if match.difference_lu is None:
        return "loudness not yet measured"
    louder = "master" if match.difference_lu > 0 else "mix"
    amount = f"{'' if match.certain else 'about '}{abs(match.difference_lu):.1f}"
    if match.basis == "drive":
        return f"unity gain: the {louder} plays {abs(match.difference_lu):.1f} dB lower, the limiter's drive taken back"
    if not desk.matched:
        return f"not matched: the {louder} is {amount} LU louder"
    return f"matched {GROUND[match.basis]}: the {louder} plays {amount} dB lower"


def bar(level_db: float) -> str:
    filled = round(WIDTH * min(1.0, max(0.0, (level_db - LOWEST_DB) / -LOWEST_DB)))
    return "#" * filled + "." * (WIDTH - filled)


def number(value: float, unit: str, places: int = 1) -> str:
    return f"{'−∞':>6} {unit}" if value == -inf else f"{figure(value, places, unit, signed=unit in ('dBFS', 'dBTP'))[0]:>6} {unit}"


def loud(value: float | None) -> str:
    return f"{figure(value, 1, 'LUFS')[0]:>6} LUFS" if value is not None else f"{'–':>6} LUFS"


def reductions(desk: Desk, pulse: Pulse) -> str:
    """What each stage takes away, and the figure of its own that it may have: "clipper 1.2 dB Cut 0.40 %"."""
    parts = []
    for slot, stage in zip(desk.session.chain, pulse.readings.stages):
        said = [f"{stage.reduction_db:.1f} dB"] if slot.kind in REDUCING else []
        said += [MEASURES[slot.kind].text(stage.measure)] if slot.kind in MEASURES else []
        parts += [f"{slot.title.lower()} {' '.join(said)}"] if said else []
    return ", ".join(parts) or "none"


def levels_of(desk: Desk, pulse: Pulse) -> Levels:
    """The reading of what is heard."""
    return pulse.readings.mix if desk.heard == "mix" else pulse.readings.master
