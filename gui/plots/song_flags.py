"""The flags of the findings in the ruler: those that would lie over each other are one flag with their count, which spreads under the pointer."""
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF
from PySide6.QtGui import QPainter, QPen

from gui.plots.song_data import Finding, Parts, SongScene
from gui.plots.strokes import step_path
from gui.theme import paint, theme
from gui.theme.paint import SMOOTH

WIDTH: Final = 15
HEIGHT: Final = 20
APART: Final = 32                # pixels between two flags, as much as the widest needs
LEAF: Final = 26
MOST_SPREAD: Final = 12
STACKED: Final = 3               # pixels that the flag behind looks out
TIMES: Final = "\N{MULTIPLICATION SIGN}"


@dataclass(frozen=True)
class Flag:
    """A mark in the ruler: where it stands, the findings it stands for in the order of the song, and the one that a click goes to. `last_px` is
    where the last of them lies."""

    px: float
    members: tuple[int, ...]
    top: int
    last_px: float

    @property
    def single(self) -> bool:
        """Whether it stands for one finding."""
        return len(self.members) == 1


@dataclass(frozen=True)
class Leaf:
    """One place of a spread flag: its middle, and the finding there; None where the rest that has no room is counted."""

    px: float
    member: int | None


@dataclass(frozen=True)
class Spread:
    """A flag with its findings side by side."""

    flag: Flag
    leaves: tuple[Leaf, ...]
    left: float
    right: float

    def leaf_at(self, px: float) -> Leaf | None:
        """What lies under a pixel."""
        if not self.left <= px < self.right:
            return None
        return self.leaves[min(int((px - self.left) / (self.right - self.left) * len(self.leaves)), len(self.leaves) - 1)]


def grouped(places: Sequence[float], findings: Sequence[Finding], apart: float) -> list[Flag]:
    """Flags for findings at these pixels, at least `apart` from each other; each stands where its first finding lies. The gravest of a group is
    its top, the first of them if there are more."""
    order = np.argsort(np.asarray(places, float), kind="stable")
    px = np.asarray(places, float)[order]
    flags, start = [], 0
    while start < len(px):
        stop = int(np.searchsorted(px, px[start] + apart))
        members = tuple(order[start:stop].tolist())
        top = next((index for index in members if findings[index].act), members[0])
        flags.append(Flag(float(round(px[start])), members, top, float(round(px[stop - 1]))))
        start = stop
    return flags


def flags_in(scene: SongScene, parts: Parts) -> list[Flag]:
    """The flags in view. Findings are grouped over the whole song, so that moving along it changes no group."""
    if scene.blind or not scene.view.span:
        return []
    places = [scene.px_of(finding.frame, parts.data_right) for finding in scene.findings]
    return [flag for flag in grouped(places, scene.findings, theme.px(APART)) if 0 <= flag.px <= parts.data_right]


def flag_at(flags: Sequence[Flag], parts: Parts, x: float) -> Flag | None:
    """The flag under a pixel of the ruler, where it is painted."""
    near = min(flags, key=lambda flag: abs(stands_at(flag, parts) - x), default=None)
    if near is None:
        return None
    reach = _half_width(_label_of(near)) + 2 + (0 if near.single else theme.px(STACKED))
    return near if abs(stands_at(near, parts) - x) <= reach else None


def spread(flag: Flag, parts: Parts) -> Spread:
    """Side by side, the top one where the flag stands if there is room for that; what is too much is counted at the end."""
    slot, members = theme.px(LEAF), flag.members
    if len(members) > MOST_SPREAD:
        first = min(max(members.index(flag.top) - (MOST_SPREAD - 1) // 2, 0), len(members) - (MOST_SPREAD - 1))
        members = members[first:first + MOST_SPREAD - 1]
    shown: tuple[int | None, ...] = members if len(members) == len(flag.members) else (*members, None)
    width = slot * len(shown)
    left = min(max(flag.px - slot * (shown.index(flag.top) + 0.5), 0.0), max(0.0, parts.data_right - width))
    return Spread(flag, tuple(Leaf(left + slot * (place + 0.5), member) for place, member in enumerate(shown)), left, left + width)


def words_of(flag: Flag, findings: Sequence[Finding]) -> str:
    """What stands beside a flag: the fact, or how many there are."""
    if flag.single:
        return findings[flag.top].brief
    grave = sum(findings[index].act for index in flag.members)
    return f"{len(flag.members)} findings" + (f", {grave} to fix" if grave else "")


def sentences_of(flag: Flag, findings: Sequence[Finding]) -> str:
    """All that a flag stands for."""
    return findings[flag.top].sentence if flag.single else words_of(flag, findings)


def stands_at(flag: Flag, parts: Parts) -> float:
    """The middle of a flag as it is painted, which at the ends of the view is not where its finding lies."""
    return _inside(flag.px, _half_width(_label_of(flag)), parts)


def _label_of(flag: Flag) -> str:
    return str(flag.top + 1) if flag.single else f"{TIMES}{len(flag.members)}"


def _half_width(label: str) -> float:
    return max(theme.px(WIDTH), paint.text_width(label, "scale", 600) + theme.px(6)) / 2


def _inside(px: float, half: float, parts: Parts) -> float:
    return min(max(px, half + 1), max(half + 1, parts.data_right - half - 1))


def spread_area(spread: Spread, parts: Parts) -> QRect:
    """What has to be painted for it, its lines through the wave too."""
    reach = theme.px(WIDTH)
    left = min(spread.left, spread.flag.px) - reach
    right = max(spread.right, spread.flag.last_px) + reach
    return QRect(int(left), 0, int(right - left) + 1, parts.wave)


def paint_flags(painter: QPainter, scene: SongScene, parts: Parts) -> None:
    """Filled where something must be decided, hollow for notes; a dotted line leads through the wave, over a group a stroke along the ruler."""
    for flag in flags_in(scene, parts):
        paint.hairline(painter, flag.px, parts.ruler, flag.px, parts.wave, "danger", (2.0, 3.0))
        if not flag.single:
            painter.fillRect(QRectF(flag.px, parts.ruler, max(1.0, min(flag.last_px, parts.data_right) - flag.px), 2), theme.color("danger"))
        _paint_flag(painter, flag.px, parts, _label_of(flag), scene.findings[flag.top].act, stacked=not flag.single)


def paint_spread(painter: QPainter, scene: SongScene, parts: Parts, spread: Spread, pointed: int | None) -> None:
    """Over the ruler: a plane with each finding by itself, a dotted line through the wave where it lies, that of the one pointed at unbroken."""
    for index in spread.flag.members:
        x = float(round(scene.px_of(scene.findings[index].frame, parts.data_right)))
        paint.hairline(painter, x, parts.ruler, x, parts.wave, "danger", () if index == pointed else (2.0, 3.0))
    plane = QRectF(spread.left - theme.px(3), 0, spread.right - spread.left + theme.px(6), parts.ruler)
    paint.rounded(painter, plane, "raised")
    for leaf in spread.leaves:
        if leaf.member is not None:
            _paint_flag(painter, leaf.px, parts, str(leaf.member + 1), scene.findings[leaf.member].act, ground="hover" if leaf.member == pointed else "raised")
        else:
            rest = len(spread.flag.members) - len(spread.leaves) + 1
            area = QRectF(leaf.px - theme.px(LEAF) / 2, 0, theme.px(LEAF), parts.ruler)
            paint.text(painter, area, f"+{rest}", "scale", "text2", paint.CENTER, 600)


def _paint_flag(painter: QPainter, x: float, parts: Parts, words: str, act: bool, *, stacked: bool = False, ground: str = "panel") -> None:
    """A shield that points down, with a number; `stacked` has another one behind it."""
    half, bottom = _half_width(words), parts.ruler - theme.px(1)
    top, slope = bottom - theme.px(HEIGHT), theme.px(WIDTH) / 2
    x = _inside(x, half, parts)
    shape = step_path([(x - half, top), (x + half, top), (x + half, bottom - slope + 1), (x, bottom), (x - half, bottom - slope + 1)])
    painter.setRenderHint(SMOOTH, True)
    painter.setPen(QPen(theme.color("danger"), 1.5))
    if stacked:
        edge = x + half + theme.px(STACKED)
        painter.setPen(QPen(theme.color("danger"), 1.5))
        painter.drawPolyline([QPointF(x + half, top + 1), QPointF(edge, top + 1), QPointF(edge, bottom - slope), QPointF(x + half, bottom - slope + 3)])
    painter.setBrush(theme.color("danger" if act else ground))
    painter.drawPath(shape)
    painter.setRenderHint(SMOOTH, False)
    area = QRectF(x - half, top, 2 * half, theme.px(HEIGHT) - slope / 2)
    paint.text(painter, area, words, "scale", "on_danger" if act else "danger_text", paint.CENTER, 600)
