"""Where the zones lie, for any size of window. Knows no Qt."""
from collections.abc import Callable
from typing import NamedTuple

from gui.theme.sizes import DENSITIES, GUTTER, Sizes

LINE = 2                         # the heard colour under the compare bar
GROWN_SONG = 360                 # until then the song takes its share of what height there is more
SONG_SHARE = 0.3
LEAST_PLOT, LEAST_WAVE = 96, 24
WIDEST_METERS = 420
STEPS = 44
ROW = 40                         # a chain that is names only
USUAL_HEIGHT = {"comfortable": 1080, "compact": 720}


class Area(NamedTuple):
    """Left, top, width and height in logical pixels."""

    x: int
    y: int
    width: int
    height: int

    @property
    def bottom(self) -> int:
        """The first line below."""
        return self.y + self.height


class Zones(NamedTuple):
    """The parts of the window; `steps` has no height unless the first minute is shown."""

    title: Area
    compare: Area
    song: Area
    chain: Area
    stage: Area
    meters: Area
    steps: Area
    status: Area


def zones(width: int, height: int, density: str, px: Callable[[float], int], *, song: int = 0, meters: int = 0, steps: bool = False) -> Zones:
    """Every zone of a window of this size. `song` and `meters` are the height and the width a hand has chosen (0: the usual ones),
    in real pixels; they are kept within what leaves room for the rest."""
    s, gap = DENSITIES[density], px(GUTTER)
    title = Area(0, 0, width, px(s.title_strip))
    compare = Area(0, title.bottom, width, px(s.compare_bar) + px(LINE))
    status = Area(0, height - px(s.status), width, px(s.status))
    top = compare.bottom + px(LINE)
    wide = meters_width(s, px, meters)
    left = max(1, width - wide - gap)
    strip = px(STEPS) + gap if steps else 0
    high = song_height(s, px, song or usual_song(height, density, px), status.y - top - strip)
    song_area = Area(0, top, left, high)
    chain = Area(0, song_area.bottom + gap, left, px(s.chain))
    stage = Area(0, chain.bottom, left, max(1, status.y - strip - chain.bottom))
    return Zones(title, compare, song_area, chain, stage, Area(left + gap, top, width - left - gap, status.y - top),
                 Area(0, status.y - px(STEPS), left, px(STEPS) if steps else 0), status)


def compact_zones(width: int, height: int, px: Callable[[float], int]) -> Zones:
    """The zones of compact mode: what one watches while listening. Chain and stage are one row each; the song takes what height there is more."""
    s, gap = DENSITIES["compact"], px(GUTTER)
    title = Area(0, 0, width, px(s.title_strip))
    compare = Area(0, title.bottom, width, px(s.compare_bar) + px(LINE))
    status = Area(0, height - px(s.status), width, px(s.status))
    top, left = compare.bottom + px(LINE), max(1, width - px(s.meters) - gap)
    stage = Area(0, status.y - px(s.stage_header), left, px(s.stage_header))
    chain = Area(0, stage.y - px(ROW), left, px(ROW))
    song = Area(0, top, left, max(1, chain.y - gap - top))
    return Zones(title, compare, song, chain, stage, Area(left + gap, top, width - left - gap, status.y - top), Area(0, status.y, left, 0), status)


def meters_width(s: Sizes, px: Callable[[float], int], wished: int) -> int:
    """Between the usual width and the widest."""
    return min(max(wished, px(s.meters)), px(WIDEST_METERS))


def usual_song(height: int, density: str, px: Callable[[float], int]) -> int:
    """The song's height where no hand has chosen one: 30 % of what the window is higher than usual, up to 360."""
    s = DENSITIES[density]
    more = max(0, height - px(USUAL_HEIGHT[density]))
    return max(px(s.song), min(px(s.song) + round(SONG_SHARE * more), px(GROWN_SONG)))


def song_height(s: Sizes, px: Callable[[float], int], wished: int, room: int) -> int:
    """A height that leaves the song a wave and the stage a plot; `room` is all that song, chain and stage have together."""
    least = px(s.song_header + s.song_ruler + s.song_loudness + s.song_reduction + LEAST_WAVE)
    most = room - px(GUTTER) - px(s.chain) - px(s.stage_header + s.stage_strip + LEAST_PLOT)
    return max(least, min(wished, most))
