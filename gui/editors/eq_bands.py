"""The bands of an equaliser as numbers: reading them from parameter values, widths, where nodes stand, which band is free. No Qt."""
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import asinh, log, log2, sinh
from operator import itemgetter
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from dsp_core.param import Param
from dsp_core.params import params_of
from dsp_core.params.common import PLACEMENTS
from dsp_core.params.eq import EQ_BANDS, EQ_SLOPES, EQ_TYPES

Floats = NDArray[np.float64]
Values = Mapping[str, float]
BELL, LOW_SHELF, HIGH_SHELF, LOW_CUT, HIGH_CUT, NOTCH, TILT, BAND_PASS, ALL_PASS = range(len(EQ_TYPES))
STEREO, MID, SIDE, LEFT, RIGHT = range(len(PLACEMENTS))
GLYPHS = ("bell", "low_shelf", "high_shelf", "low_cut", "high_cut", "notch", "tilt", "band_pass", "all_pass")
GAINED = (BELL, LOW_SHELF, HIGH_SHELF, TILT)
CUTS = (LOW_CUT, HIGH_CUT)
SLOPED = (*CUTS, LOW_SHELF, HIGH_SHELF)
WINGED = (BELL, NOTCH, BAND_PASS, ALL_PASS)
STANDING = 8
FIRST_ORDER = EQ_SLOPES.index("6 dB/oct")
CUT_NODE_DB = -3.0
SHELF_BELOW_HZ, SHELF_ABOVE_HZ = 60.0, 10000.0
PARAMS: dict[str, Param] = {p.id: p for p in params_of("eq")}
NAMES = ("on", "type", "freq", "gain", "q", "slope", "channel", "solo")
BAND_DEFAULTS: dict[int, dict[str, float]] = {
    n: {param_id: PARAMS[param_id].default for param_id in (f"band{n}_{name}" for name in NAMES)} for n in range(1, EQ_BANDS + 1)}
DEFAULTS = {param_id: value for band in BAND_DEFAULTS.values() for param_id, value in band.items()}
IDS_OF = {number: itemgetter(*band) for number, band in BAND_DEFAULTS.items()}
SOLOS = frozenset(f"band{n}_solo" for n in range(1, EQ_BANDS + 1))


class Response(Protocol):
    """What an equaliser does, as it is wanted for drawing. NaN where there is no sound, at and over half the sample rate."""

    def whole_db(self, values: Values, hz: Floats) -> Mapping[str, Sequence[float] | Floats]:
        """dB of the whole stage for a signal that is only "mid", "side", "left" or "right"."""

    def band_db(self, number: int, values: Values, hz: Floats) -> Sequence[float] | Floats:
        """dB of one band, 1-based, by itself, as if it were switched on."""


@dataclass(frozen=True)
class Band:
    """One band as it is set; `number` is 1-based. It is used if anything about it differs from its defaults."""

    number: int
    on: bool
    type: int
    freq_hz: float
    gain_db: float
    q: float
    slope: int
    channel: int
    solo: bool
    used: bool

    def id(self, name: str) -> str:
        """Parameter id of one of the band's values."""
        return f"band{self.number}_{name}"

    @property
    def gained(self) -> bool:
        """Whether gain means something for its type."""
        return self.type in GAINED

    @property
    def cut(self) -> bool:
        """Low or high cut."""
        return self.type in CUTS

    @property
    def sloped(self) -> bool:
        """Whether slope means something for its type."""
        return self.type in SLOPED

    @property
    def winged(self) -> bool:
        """Whether its width is shown and dragged at the node."""
        return self.type in WINGED

    @property
    def has_q(self) -> bool:
        """Whether Q means something: not for a tilt, nor for a cut or shelf of 6 dB/oct."""
        return self.type != TILT and not (self.sloped and self.slope == FIRST_ORDER)

    @property
    def idle(self) -> bool:
        """On, but without any effect."""
        return self.on and self.gained and self.gain_db == 0

    @property
    def node_db(self) -> float:
        """Height of its node on the gain scale: the gain, −3 dB for a cut, the zero line for what has neither."""
        return self.gain_db if self.gained else CUT_NODE_DB if self.cut else 0.0

    @property
    def edges_hz(self) -> tuple[float, float]:
        """Half-gain points of a bell, −3 dB points of a notch or band-pass; an all-pass has turned by 90° and 270° there."""
        half = octaves_of(self.q) / 2
        return self.freq_hz * 2 ** -half, self.freq_hz * 2 ** half


def band_of(values: Values, number: int) -> Band:
    """Band `number` (1-based); what is missing has its default."""
    return _band(number, *IDS_OF[number]({**DEFAULTS, **values}))


@lru_cache(maxsize=1024)
def _band(number: int, *mine: float) -> Band:
    """Kept, because a hand moves one band and all of them are asked for several times a picture."""
    on, kind, freq, gain, q, slope, channel, solo = mine
    return Band(number, on >= 0.5, round(kind), freq, gain, q, round(slope), round(channel), solo >= 0.5,
                mine != tuple(BAND_DEFAULTS[number].values()))


def bands_of(values: Values) -> list[Band]:
    """All bands in the order of their numbers."""
    whole = {**DEFAULTS, **values}
    return [_band(number, *ids(whole)) for number, ids in IDS_OF.items()]


def shown_bands(bands: Sequence[Band], selected: int) -> list[Band]:
    """Those that have a node and a cell: the first eight always, the others when they are used or selected."""
    return [b for b in bands if b.number <= STANDING or b.used or b.number == selected]


def octaves_of(q: float) -> float:
    """Bandwidth in octaves of a Q."""
    return 2 / log(2) * asinh(1 / (2 * q))


def q_of(octaves: float) -> float:
    """Q of a bandwidth in octaves, kept within what a band can have."""
    param = PARAMS["band1_q"]
    narrowest, widest = octaves_of(param.high), octaves_of(param.low)
    width = min(max(octaves, narrowest), widest)
    return param.clamp(1 / (2 * sinh(log(2) / 2 * width)))


def q_for_edge(freq_hz: float, edge_hz: float) -> float:
    """Q that puts an edge of the band at a frequency."""
    return q_of(2 * abs(log2(edge_hz / freq_hz)))


def type_for(freq_hz: float) -> int:
    """What a new band is at a frequency: a shelf at either end, else a bell."""
    return LOW_SHELF if freq_hz < SHELF_BELOW_HZ else HIGH_SHELF if freq_hz > SHELF_ABOVE_HZ else BELL


def free_band(bands: Sequence[Band]) -> Band | None:
    """The first band that is not used, else the first that does nothing, else the first that is off; None if all are at work."""
    for free in ([b for b in bands if not b.used], [b for b in bands if b.idle], [b for b in bands if not b.on]):
        if free:
            return free[0]
    return None


def new_band(band: Band, freq_hz: float, gain_db: float) -> dict[str, float]:
    """Values that turn `band` into a fresh stereo band at a point of the plot."""
    return {band.id("on"): 1.0, band.id("type"): float(type_for(freq_hz)), band.id("freq"): freq_hz, band.id("gain"): gain_db,
            band.id("q"): PARAMS[band.id("q")].default, band.id("slope"): PARAMS[band.id("slope")].default,
            band.id("channel"): float(STEREO)}


def without_solo(values: Values) -> dict[str, float]:
    """The values that the curves are drawn for: a solo is a way of listening, and the equaliser stays as it is."""
    return {param_id: value for param_id, value in values.items() if param_id not in SOLOS}


def solo_wish(bands: Sequence[Band], number: int) -> dict[str, float]:
    """Values that let one band be heard alone, or none if it is heard alone already."""
    return {b.id("solo"): float(b.number == number and not b.solo) for b in bands if b.solo or b.number == number}


@dataclass(frozen=True)
class Curves:
    """dB over `hz` for a signal that is only mid, side, left or right, by placement; `own` is what the selected band does by itself.

    `main` names the channel drawn bright, `others` those drawn dashed because their bands differ.
    """

    hz: Floats
    by_channel: dict[int, Floats]
    main: int
    others: tuple[int, ...]
    own: Floats

    def of(self, channel: int) -> Floats:
        """The curve that a band on this channel is part of."""
        return self.by_channel[channel if channel in self.others else self.main]


def curves_of(values: Values, hz: Floats, response: Response, selected: int) -> Curves:
    """The curves of an equaliser up to where it has sound; `selected` is the number of the band whose own share is wanted."""
    values = without_solo(values)
    whole = response.whole_db(values, hz)
    by_channel = {c: np.asarray(whole[PLACEMENTS[c].lower()], dtype=np.float64) for c in (MID, SIDE, LEFT, RIGHT)}
    own = np.asarray(response.band_db(selected, values, hz), dtype=np.float64)
    known = np.isfinite(own) & np.logical_and.reduce([np.isfinite(db) for db in by_channel.values()])
    main, others = channels_shown(values)
    return Curves(hz[known], {c: db[known] for c, db in by_channel.items()}, main, others, own[known])


def channels_shown(values: Values) -> tuple[int, tuple[int, ...]]:
    """Which channel is drawn bright and which dashed: mid with side, left with right, as far as bands work on them."""
    placement = round(values.get("placement", STEREO))
    if placement != STEREO:
        return placement, ()
    working = {b.channel for b in bands_of(values) if b.on and not b.idle}
    halves, sides = bool(working & {MID, SIDE}), bool(working & {LEFT, RIGHT})
    if sides and not halves:
        return LEFT, (RIGHT,)
    return MID, ((SIDE,) if halves else ()) + ((LEFT, RIGHT) if sides else ())
