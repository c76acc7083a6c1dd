"""Which band of a stage a parameter belongs to, read from its id: `band3_ratio` and `width3` are of band 3, `crossover3` lies above it."""
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from dsp_core.param import Param

OF_BAND = re.compile(r"band(\d+)_|[a-z_]+?(\d+)$")
BETWEEN = re.compile(r"crossover(\d+)$")
COUNT = "bands"


def band_of(param_id: str) -> int:
    """The band, from 1; 0 for what is of the whole stage, the crossovers among it."""
    found = OF_BAND.match(param_id)
    return int(found[1] or found[2]) if found and not BETWEEN.match(param_id) else 0


def bands_asked(param_id: str) -> int:
    """How many bands must be in use for this parameter to do anything: a crossover needs a band on either side."""
    between = BETWEEN.match(param_id)
    return int(between[1]) + 1 if between else band_of(param_id)


def bands_in_use(params: Iterable[Param], values: Mapping[str, float]) -> int | None:
    """What the choice `bands` says, or None for a stage kind that has none."""
    for param in params:
        if param.id == COUNT:
            return int(param.choices[round(values.get(COUNT, param.default))])
    return None


def by_band(params: Sequence[Param]) -> list[tuple[int, list[Param]]]:
    """Runs of the same band, in the order given."""
    return [(band, list(run)) for band, run in groupby(params, key=lambda param: band_of(param.id))]


def label_in_band(param: Param) -> str:
    """Its label where the band is said already: "Band 2 drive" is "Drive", "Width 2" is "Width"."""
    band = band_of(param.id)
    label = param.label.removesuffix(f" {band}").removeprefix(f"Band {band} ")
    return param.label if label == "Band" else label[:1].upper() + label[1:]


def untouched(params: Iterable[Param], values: Mapping[str, float]) -> bool:
    """All of them are at their defaults."""
    return all(values.get(param.id, param.default) == param.default for param in params)
