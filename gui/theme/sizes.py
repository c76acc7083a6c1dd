"""Measures of the two densities in logical pixels. Everything sits on a grid of 4."""
from dataclasses import dataclass
from typing import Final

Size = tuple[int, int]

RADIUS: Final = 4
RADIUS_DIALOG: Final = 6
RADIUS_SEGMENT: Final = 3
GUTTER: Final = 4
SMALLEST_TEXT: Final = 11
COMFORTABLE_FROM: Final[Size] = (1600, 900)
SMALLEST_WINDOW: Final[Size] = (1100, 640)
COMPACT_WINDOW: Final[Size] = (1000, 380)
SMALLEST_COMPACT: Final[Size] = (960, 304)

Weight = int
REGULAR: Final[Weight] = 400
MEDIUM: Final[Weight] = 500
SEMIBOLD: Final[Weight] = 600

ROLES: Final[dict[str, tuple[int, int, Weight]]] = {
    # role: pixels comfortable, pixels compact, weight
    "key_figure": (40, 30, MEDIUM),
    "second_figure": (24, 20, MEDIUM),
    "time": (22, 20, MEDIUM),
    "control_value": (18, 16, MEDIUM),
    "name": (16, 15, SEMIBOLD),
    "slot_name": (14, 13, SEMIBOLD),
    "table_value": (14, 13, MEDIUM),
    "text": (13, 12, REGULAR),
    "text_medium": (13, 12, MEDIUM),
    "text_strong": (13, 12, SEMIBOLD),
    "scale": (12, 11, REGULAR),
}


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """What one density measures: zones of the window, then the parts that stand in them."""

    title_strip: int
    compare_bar: int
    song: int
    song_header: int
    song_ruler: int
    song_wave: int
    song_loudness: int
    song_reduction: int
    song_gutter: int
    chain: int
    stage_header: int
    stage_strip: int
    meters: int
    status: int

    mix_key: int
    master_key: int
    matched_key: int
    reference_key: int
    snapshot_key: int
    key_height: int
    blind_key: int
    monitor: int
    slot: Size
    slot_smallest: int
    add_button: int
    value: Size
    control_height: int
    peak_bar: int
    loudness_bar: int
    reduction_bar: int
    margin: int


COMFORTABLE: Final = Sizes(
    title_strip=36, compare_bar=64, song=270, song_header=40, song_ruler=26, song_wave=116, song_loudness=48, song_reduction=40, song_gutter=38,
    chain=96, stage_header=40, stage_strip=104, meters=348, status=24,
    mix_key=196, master_key=236, matched_key=150, reference_key=150, snapshot_key=62, key_height=52, blind_key=96, monitor=330,
    slot=(212, 88), slot_smallest=120, add_button=34, value=(118, 64), control_height=26, peak_bar=18, loudness_bar=14, reduction_bar=14, margin=16)

COMPACT: Final = Sizes(
    title_strip=32, compare_bar=52, song=136, song_header=34, song_ruler=22, song_wave=60, song_loudness=0, song_reduction=20, song_gutter=0,
    chain=74, stage_header=36, stage_strip=84, meters=252, status=22,
    mix_key=132, master_key=206, matched_key=100, reference_key=92, snapshot_key=34, key_height=40, blind_key=70, monitor=185,
    slot=(150, 66), slot_smallest=110, add_button=34, value=(112, 56), control_height=26, peak_bar=14, loudness_bar=12, reduction_bar=10, margin=10)

DENSITIES: Final = {"comfortable": COMFORTABLE, "compact": COMPACT}


def density_for(width: int, height: int) -> str:
    """The density of a window of this size in logical pixels."""
    return "comfortable" if width >= COMFORTABLE_FROM[0] and height >= COMFORTABLE_FROM[1] else "compact"
