"""The bands of an equaliser as numbers: reading them from parameter values, widths, where nodes stand, which band is free. No Qt."""
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import asinh, log, log2, sinh

import numpy as np
from numpy.typing import NDArray

from dsp_core.param import Param
from dsp_core.params import EQ_BANDS, EQ_SLOPES, EQ_TYPES, PLACEMENTS, params_of

Floats = NDArray[np.float64]
Values = Mapping[str, float]
Response = Callable[[Values, Floats], Floats]
"""`response(values, hz)` gives (EQ_BANDS, len(hz)) dB: what each band does by itself, 0 for a band that is off."""

BELL, LOW_SHELF, HIGH_SHELF, LOW_CUT, HIGH_CUT, NOTCH, TILT = range(len(EQ_TYPES))
STEREO, MID, SIDE, LEFT, RIGHT = range(len(PLACEMENTS))
GLYPHS = ("bell", "low_shelf", "high_shelf", "low_cut", "high_cut", "notch", "tilt")
GAINED = (BELL, LOW_SHELF, HIGH_SHELF, TILT)
CUTS = (LOW_CUT, HIGH_CUT)
WINGED = (BELL, NOTCH)
RESONANT_SLOPE = EQ_SLOPES.index("12 dB/oct")
CUT_NODE_DB = -3.0
SHELF_BELOW_HZ, SHELF_ABOVE_HZ = 60.0, 10000.0
PARAMS: dict[str, Param] = {p.id: p for p in params_of("eq")}


@dataclass(frozen=True)
class Band:
    """One band as it is set; `number` is 1-based."""

    number: int
    on: bool
    type: int
    freq_hz: float
    gain_db: float
    q: float
    slope: int
    channel: int

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
    def winged(self) -> bool:
        """Whether its width is shown and dragged at the node."""
        return self.type in WINGED

    @property
    def has_q(self) -> bool:
        """Whether Q means something: not for a tilt, and for a cut only at 12 dB/oct."""
        return self.type != TILT and (not self.cut or self.slope == RESONANT_SLOPE)

    @property
    def idle(self) -> bool:
        """On, but without any effect."""
        return self.on and self.gained and self.gain_db == 0

    @property
    def node_db(self) -> float:
        """Height of its node on the gain scale: the gain, −3 dB for a cut, the zero line for a notch."""
        return self.gain_db if self.gained else CUT_NODE_DB if self.cut else 0.0

    @property
    def edges_hz(self) -> tuple[float, float]:
        """Half-gain points of a bell, −3 dB points of a notch."""
        half = octaves_of(self.q) / 2
        return self.freq_hz * 2 ** -half, self.freq_hz * 2 ** half


def band_of(values: Values, number: int) -> Band:
    """Band `number` (1-based); what is missing has its default."""
    def value(name: str) -> float:
        param = PARAMS[f"band{number}_{name}"]
        return values.get(param.id, param.default)
    return Band(number, value("on") >= 0.5, round(value("type")), value("freq"), value("gain"), value("q"), round(value("slope")),
                round(value("channel")))


def bands_of(values: Values) -> list[Band]:
    """All bands in the order of their numbers."""
    return [band_of(values, n) for n in range(1, EQ_BANDS + 1)]


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
    """The first band that is off or does nothing, or None."""
    return next((b for b in bands if not b.on or b.idle), None)


def new_band(band: Band, freq_hz: float, gain_db: float) -> dict[str, float]:
    """Values that turn `band` into a fresh stereo band at a point of the plot."""
    return {band.id("on"): 1.0, band.id("type"): float(type_for(freq_hz)), band.id("freq"): freq_hz, band.id("gain"): gain_db,
            band.id("q"): PARAMS[band.id("q")].default, band.id("channel"): float(STEREO)}


@dataclass(frozen=True)
class Curves:
    """dB over `hz`: `main` is what stereo and mid bands make together; `others` are channels that differ, by placement;
    `own` is each band by itself."""

    hz: Floats
    main: Floats
    others: dict[int, Floats]
    own: Floats

    def of(self, channel: int) -> Floats:
        """The curve a band on this channel is part of."""
        return self.others.get(channel, self.main)


def curves_of(values: Values, hz: Floats, response: Response) -> Curves:
    """The curves of an equaliser. Side shows when a mid or side band works, left and right when theirs do."""
    own = np.nan_to_num(np.asarray(response(values, hz), dtype=np.float64), nan=0.0, posinf=120.0, neginf=-120.0)
    bands = bands_of(values)
    working = {b.channel for b in bands if b.on and not b.idle}

    def total(*channels: int) -> Floats:
        chosen = [b.number - 1 for b in bands if b.on and b.channel in channels]
        return np.asarray(own[chosen].sum(axis=0))
    shown = [c for c in (SIDE, LEFT, RIGHT) if c in working or (c == SIDE and MID in working)]
    return Curves(hz, total(STEREO, MID), {c: total(STEREO, c) for c in shown}, own)
