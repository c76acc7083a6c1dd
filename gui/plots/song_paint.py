"""Paints the song view: ruler, wave, loudness and reduction lanes, loop, findings, playhead."""
from typing import Final

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF

from gui.plots import song_flags
from gui.plots.axes import Tick, db_label, time_ticks
from gui.plots.song_data import (
    PSR_RANGE_DB,
    Floats,
    Parts,
    Series,
    SongScene,
    loudness_range,
    place_sentences,
    reduction_range,
    runs,
)
from gui.plots.strokes import Polyline, column_image, label_on_well, line_pen
from gui.theme import paint, theme
from gui.theme.paint import SMOOTH

OUTLINE_STEP_PX: Final = 4
NAMES: Final = {"mix": "Mix", "master": "Master", "ref": "Reference"}
WAVE_MARGIN: Final = 4
MOST_SENTENCES: Final = 40
BRACKET_HEIGHT: Final = 3
COMING_BAR: Final = (280, 4)
LOUDNESS_MARKS: Final = (8.0, 20.0)
PSR_MARKS: Final = (14.0, 8.0)
LANE_NAMES: Final = {"loudness": "Short-term LUFS", "psr": "PSR dB"}


def tones(scene: SongScene, name: str) -> tuple[QColor, QColor, QColor]:
    """Line, strong area, weak area of a source: its own hue, one step weaker while it is stale, grey in a blind test."""
    if scene.blind:
        return theme.color("text3"), theme.color("edge"), theme.color("control")
    if name in scene.stale:
        return theme.color(f"{name}_mid"), theme.color(f"{name}_body"), theme.color(f"{name}_fill")
    return theme.color(name), theme.color(f"{name}_mid"), theme.color(f"{name}_body")


def paint_planes(painter: QPainter, scene: SongScene, parts: Parts) -> None:
    """Ruler plane, wells, loop band, lines between the lanes."""
    painter.fillRect(0, 0, parts.width, parts.ruler, theme.color("panel"))
    painter.fillRect(0, parts.ruler, parts.width, parts.reduction - parts.ruler, theme.color("well"))
    band = loop_px(scene, parts)
    if band is not None and scene.loop_on:
        painter.fillRect(QRectF(band[0], parts.ruler, band[1] - band[0], parts.reduction - parts.ruler), theme.color("loop"))
    for y in {parts.wave, parts.loudness} - {parts.reduction}:
        paint.hairline(painter, 0, y, parts.width, y, "line")


def loop_px(scene: SongScene, parts: Parts) -> tuple[float, float] | None:
    """The visible part of the loop in pixels, or None."""
    if scene.loop is None or not scene.view.span:
        return None
    start, stop = (min(max(scene.px_of(f, parts.data_right), 0.0), float(parts.data_right)) for f in scene.loop)
    return (float(round(start)), float(round(stop))) if stop > start else None


def wave_image(scene: SongScene, parts: Parts, ratio: float) -> QImage | None:
    """The heard source as one body: peaks weak, power strong; one device pixel a column."""
    overview = scene.overviews.get(scene.heard)
    if overview is None or not scene.view.span:
        return None
    width, height = max(1, round(parts.data_right * ratio)), max(1, round((parts.wave - parts.ruler) * ratio))
    columns = overview.columns(scene.view.first, scene.view.last, width)
    half = height / 2
    reach = half - WAVE_MARGIN * ratio
    body_top, body_bottom = half - np.clip(columns.high, -1, 1) * reach, half - np.clip(columns.low, -1, 1) * reach
    body_bottom = np.maximum(body_bottom, np.rint(body_top) + 1)
    rms = np.minimum(columns.rms, 1)
    mid_top, mid_bottom = np.maximum(half - rms * reach, body_top), np.minimum(half + rms * reach, body_bottom)
    shown = _within(scene, width)
    body_bottom = np.where(shown, body_bottom, body_top)
    mid_bottom = np.where(shown, mid_bottom, mid_top)
    _, strong, weak = tones(scene, scene.heard)
    return column_image(height, [(body_top, body_bottom, weak), (mid_top, mid_bottom, strong)], ratio)


def _within(scene: SongScene, width: int) -> np.ndarray:
    """Which columns hold some of the song that has been measured."""
    overview = scene.overviews[scene.heard]
    starts = scene.view.first + np.arange(width) * (scene.view.span / width)
    return starts < overview.frames


def paint_outline(painter: QPainter, scene: SongScene, parts: Parts) -> None:
    """The other source as a 1 px line above and below, in steps of 4 px."""
    overview = scene.overviews.get(scene.other)
    if overview is None or scene.blind or not scene.view.span:
        return
    count = max(1, parts.data_right // OUTLINE_STEP_PX)
    columns = overview.columns(scene.view.first, scene.view.last, count)
    end = scene.px_of(overview.frames, parts.data_right)
    x = (np.arange(count) + 0.5) * (parts.data_right / count)
    known = x <= max(end, x[0])
    middle, reach = (parts.ruler + parts.wave) / 2, (parts.wave - parts.ruler) / 2 - WAVE_MARGIN
    line, color = Polyline(), tones(scene, scene.other)[0]
    for edge in (np.maximum(columns.high, 0), np.minimum(columns.low, 0)):
        line.put(x[known], middle - np.clip(edge[known], -1, 1).astype(np.float64) * reach)
        line.stroke(painter, color)


def paint_missing(painter: QPainter, scene: SongScene, parts: Parts) -> None:
    """Says so where the heard source has not been measured yet."""
    if scene.view.total and scene.heard not in scene.overviews:
        area = QRectF(theme.px(12), parts.ruler, parts.data_right - theme.px(24), parts.wave - parts.ruler)
        label_on_well(painter, area, f"{scene.master_name if scene.heard == 'master' else NAMES[scene.heard]} is not measured yet", "text2", role="text")


def paint_lane(painter: QPainter, scene: SongScene, parts: Parts) -> None:
    """Short-term loudness of both sources, or their peak to loudness ratio, with two scale marks."""
    if parts.loudness <= parts.wave:
        return
    of_loudness = scene.lane == "loudness"
    curves = scene.loudness if of_loudness else scene.psr
    low, high = loudness_range(*curves.values()) if of_loudness else PSR_RANGE_DB
    top, height = parts.wave + theme.px(4), parts.loudness - parts.wave - theme.px(8)
    for value in [high - mark for mark in LOUDNESS_MARKS] if of_loudness else PSR_MARKS:
        y = round(top + (high - value) / (high - low) * height)
        paint.hairline(painter, 0, y, parts.data_right, y, "grid_major")
        scale_label(painter, parts, y, db_label(value, plus=of_loudness))
    for name in () if scene.blind else (scene.other, scene.heard):
        series = curves.get(name)
        if series is not None:
            values = (series.largest if of_loudness else series.smallest)(lane_edges(scene, parts))
            _lane_line(painter, parts, values, (top, height, low, high), tones(scene, name)[0])
    lane_label(painter, parts, parts.wave, LANE_NAMES[scene.lane], at_top=True)


def lane_edges(scene: SongScene, parts: Parts) -> Floats:
    """Frames between the points of a curve, which stand two pixels apart."""
    return np.linspace(scene.view.first, scene.view.last, max(2, parts.data_right // 2) + 1)


def _lane_line(painter: QPainter, parts: Parts, values: Floats, lane: tuple[float, float, float, float], color: QColor) -> None:
    top, height, low, high = lane
    x = (np.arange(len(values)) + 0.5) * (parts.data_right / len(values))
    known = ~np.isnan(values)
    y = top + (high - np.clip(np.nan_to_num(values, nan=low, neginf=low, posinf=high), low, high)) / (high - low) * height
    line = Polyline()
    for run in runs(known):
        line.put(x[run], y[run])
        line.stroke(painter, color)


def paint_reduction(painter: QPainter, scene: SongScene, parts: Parts, ratio: float) -> None:
    """Gain reduction of the whole chain, hanging from the top of its lane."""
    depth = reduction_range(scene.reduction)
    height = parts.reduction - parts.loudness
    if height <= 0:
        return
    for share in (1 / 3, 2 / 3):
        y = round(parts.loudness + share * height)
        paint.hairline(painter, 0, y, parts.data_right, y, "grid_major")
        scale_label(painter, parts, y, db_label(-share * depth))
    if scene.reduction is not None and scene.view.span and not scene.blind:
        painter.drawImage(QPointF(0, parts.loudness), _reduction_image(scene, scene.reduction, parts, depth, ratio))
    if parts.loudness > parts.wave:
        lane_label(painter, parts, parts.reduction - theme.px(20), "Gain reduction dB", at_top=False)


def _reduction_image(scene: SongScene, series: Series, parts: Parts, depth: float, ratio: float) -> QImage:
    width, height = max(1, round(parts.data_right * ratio)), round((parts.reduction - parts.loudness) * ratio)
    db = series.largest(np.linspace(scene.view.first, scene.view.last, width + 1))
    length = np.clip(np.nan_to_num(db, nan=0.0, neginf=0.0, posinf=depth), 0, depth) / depth * height
    stale = "master" in scene.stale
    cap = np.where(length >= 1, np.maximum(length - ratio, 0), length)
    zero = np.zeros(width)
    return column_image(height, [(zero, length, theme.color("gr_body" if stale else "gr_mid")),
                                 (cap, length, theme.color("gr_mid" if stale else "gr"))], ratio)


def lane_label(painter: QPainter, parts: Parts, top: float, words: str, at_top: bool) -> None:
    """Name of a lane at its left end."""
    area = QRectF(theme.px(8), top + (theme.px(4) if at_top else 0), theme.px(200), theme.px(16))
    label_on_well(painter, area, words)


def scale_label(painter: QPainter, parts: Parts, y: float, words: str) -> None:
    """A scale figure in the gutter right of the data, if there is one."""
    room = parts.width - parts.data_right
    if room > 0:
        half = theme.px(8)
        paint.text(painter, QRectF(parts.data_right, y - half, room - theme.px(8), 2 * half), words, "scale", "text3", paint.RIGHT)


def paint_ruler(painter: QPainter, scene: SongScene, parts: Parts, sentences: bool) -> None:
    """Times, the loop's bracket, flags with number and, where there is room, their sentence."""
    ticks = time_ticks(scene.seconds(parts.data_right), theme.px(110))
    painter.setPen(QPen(theme.color("edge"), 0))
    size = theme.px(4)
    painter.drawLines([QLineF(round(t.px), parts.ruler - size, round(t.px), parts.ruler) for t in ticks])
    labelled = [t for t in ticks if t.label and t.value > 0]
    boxes = [_label_box(t) for t in labelled]
    flags = song_flags.flags_in(scene, parts)
    gap, told = theme.px(song_flags.APART / 2 + 5), sentences and len(flags) <= MOST_SENTENCES
    said = [song_flags.words_of(flag, scene.findings) for flag in flags]
    widths = [paint.text_width(words, "scale") if told else 10 ** 6 for words in said]
    stands = [song_flags.stands_at(flag, parts) for flag in flags]
    starts, hidden = place_sentences(list(zip(stands, widths, strict=True)), boxes, 0, parts.data_right, gap, scene.covered_px)
    hidden |= {i for i, box in enumerate(boxes) for px in stands if box[0] < px + gap and px - gap < box[1]}
    hidden |= {i for i, box in enumerate(boxes) for first, last in scene.covered_px if box[0] < last and first < box[1]}
    line = QRectF(0, 0, parts.data_right, parts.ruler - theme.px(4))
    for i, (tick, box) in enumerate(zip(labelled, boxes, strict=True)):
        if i not in hidden and box[0] > 0 and box[1] < parts.data_right:
            paint.text(painter, QRectF(box[0], line.top(), box[1] - box[0] + 2, line.height()), tick.label, "scale", "text3")
    for words, start, width in zip(said, starts, widths, strict=True):
        if start is not None:
            paint.text(painter, QRectF(start, line.top(), width + 2, line.height()), words, "scale", "text2")


def _label_box(tick: Tick) -> tuple[float, float]:
    width = paint.text_width(tick.label, "scale")
    return tick.px - width / 2, tick.px + width / 2


def paint_loop(painter: QPainter, scene: SongScene, parts: Parts) -> None:
    """Bracket on the ruler and two edges through the lanes; only the bracket, and fainter, while the loop is off."""
    band = loop_px(scene, parts)
    if band is None:
        return
    color = theme.color("select" if scene.loop_on else "edge")
    height = theme.px(BRACKET_HEIGHT)
    painter.fillRect(QRectF(band[0], parts.ruler - height, band[1] - band[0], height), color)
    if scene.loop_on:
        for x in band:
            if 0 < x < parts.data_right:
                paint.hairline(painter, x, parts.ruler, x, parts.reduction, "text2")


def paint_playhead(painter: QPainter, x: float, parts: Parts) -> None:
    """1 px line with a triangle that hangs from the ruler's edge, where it covers no word of the ruler."""
    painter.setPen(line_pen(painter, theme.color("select")))
    painter.drawLine(QPointF(x, parts.ruler), QPointF(x, parts.reduction))
    half, height = theme.px(7), theme.px(9)
    painter.setRenderHint(SMOOTH, True)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("select"))
    top = parts.ruler
    painter.drawPolygon(QPolygonF([QPointF(x - half + 0.5, top), QPointF(x + half + 0.5, top), QPointF(x + 0.5, top + height)]))
    painter.setRenderHint(SMOOTH, False)


def paint_empty(painter: QPainter, scene: SongScene, parts: Parts) -> None:
    """No song: one line; or what brings one, with a bar of how far it is."""
    area = QRectF(0, parts.ruler, parts.width, parts.reduction - parts.ruler)
    if scene.coming is None:
        paint.text(painter, area, "No song is open", "text", "text2", paint.CENTER)
        return
    words, share = scene.coming
    paint.fill(painter, area, "well")
    wide, high = theme.px(COMING_BAR[0]), theme.px(COMING_BAR[1])
    bar = QRectF(round(area.center().x() - wide / 2), round(area.center().y() + theme.px(12)), wide, high)
    painter.fillRect(bar, theme.color("control"))
    painter.fillRect(QRectF(bar.x(), bar.y(), round((share or 0.0) * wide), high), theme.color("select"))
    said = f"{words}: {100 * share:.0f} %" if share is not None else f"{words}..."
    paint.text(painter, area.adjusted(0, 0, 0, -theme.px(12)), said, "name", "text", paint.CENTER)
