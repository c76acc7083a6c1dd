"""The song at a glance, as a picture: where the music is, how loud, what the chain takes off, loop, findings, playhead."""
from math import floor

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QImage, QPainter, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.plots import song_flags, song_paint
from gui.plots.layers import LayeredPlot
from gui.plots.song_data import LANES, Finding, Parts, Series, SongScene, parts_of
from gui.theme import theme
from mastering_rt.measure.overview import Overview

PLAYHEAD_REACH_PX = 9
WISHED_LANE = 30                 # high, where the density has none


class SongPlot(LayeredPlot):
    """Ruler, wave, short-term loudness, gain reduction. All positions are frames of the song."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Song", parent)
        self.scene = SongScene()
        self.position = 0
        self._wave: QImage | None = None
        self._parts: Parts | None = None
        self._shown_px = 0.0                     # of the playhead
        self._next_px = 0.0                      # the frame at which it has gone on by a pixel
        self.spread: song_flags.Spread | None = None     # a flag whose findings lie side by side
        self.pointed: int | None = None                  # the finding of it that is pointed at
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def set_song(self, frames: int, rate: int) -> None:
        """Another song: its length and rate; everything else is forgotten and the whole is shown."""
        old = self.scene
        self.scene = SongScene(rate=rate, heard=old.heard, blind=old.blind, lane=old.lane, master_name=old.master_name)
        self.scene.view.set_total(frames)
        self.position = 0
        self.renew()

    def set_coming(self, coming: tuple[str, float | None] | None) -> None:
        """While there is no song: what brings one, and how far it is where that is known."""
        if coming != self.scene.coming:
            self.scene.coming = coming
            self.renew_ground()

    def set_overview(self, name: str, overview: Overview | None, stale: bool = False) -> None:
        """The picture of "mix", "master" or "ref"; None takes it away. Call again when an overview has grown."""
        self._put(self.scene.overviews, name, overview, stale)

    def set_loudness(self, name: str, series: Series | None, stale: bool = False) -> None:
        """Short-term loudness of a source over the song, LUFS."""
        self._put(self.scene.loudness, name, series, stale)

    def set_psr(self, name: str, series: Series | None, stale: bool = False) -> None:
        """Peak to short-term loudness of a source over the song, dB."""
        self._put(self.scene.psr, name, series, stale)

    def set_lane(self, lane: str) -> None:
        """What the lane under the wave shows, one of LANES. The compact view, which has no such lane, makes room for all but the first."""
        if lane not in LANES:
            raise ValueError(f"the song view has no lane {lane!r}; it has {', '.join(LANES)}")
        if lane != self.scene.lane:
            self.scene.lane = lane
            self.renew()

    def set_reduction(self, series: Series | None) -> None:
        """Gain reduction of the whole chain over the song, dB >= 0."""
        self.scene.reduction = series
        self.renew()

    def set_heard(self, name: str) -> None:
        """Which source is filled: "mix", "master" or "ref"."""
        if name != self.scene.heard:
            self.scene.heard = name
            self.renew()

    def set_names(self, master: str) -> None:
        """What the source in the master's colour is called."""
        self.scene.master_name = master
        self.renew()

    def set_blind(self, blind: bool) -> None:
        """Grey everything that could tell which source is heard."""
        self.scene.blind = blind
        self.renew()

    def set_findings(self, findings: list[Finding]) -> None:
        """What was found, in the order of their numbers."""
        self.scene.findings = list(findings)
        self.renew()

    def show_spread(self, spread: song_flags.Spread | None, pointed: int | None = None) -> None:
        """Lay the findings of a flag side by side; None takes that back. `pointed` is the one under the pointer."""
        if (spread, pointed) == (self.spread, self.pointed):
            return
        for shown in (self.spread, spread):
            if shown is not None:
                self.update(song_flags.spread_area(shown, self.parts))
        self.spread, self.pointed = spread, pointed

    def set_loop(self, loop: tuple[int, int] | None, on: bool) -> None:
        """The loop's frames, and whether it is in force."""
        self.scene.loop, self.scene.loop_on = loop, on and loop is not None
        self.renew_ground()

    @property
    def follows(self) -> bool:
        """Whether the page turns after the playhead."""
        return True

    def set_position(self, frame: int) -> None:
        """Move the playhead; repaints only when its pixel changes."""
        if frame == self.position:
            return
        onward = self.position < frame < self._next_px
        self.position = frame
        if onward:
            return
        if self.follows and self.scene.view.follow(frame):
            self.renew()
            return
        before, after = self._shown_px, self._playhead_px()
        if before != after:
            self._shown_px = after
            was, now = self._playhead_area(before), self._playhead_area(after)
            if was.intersects(now):
                self.update(was | now)
            else:
                self.update(was)
                self.update(now)
        self._next_px = self._next_pixel()

    @property
    def pixels_per_frame(self) -> float:
        """How far the playhead goes for each frame of the song."""
        return self.parts.data_right / self.scene.view.span if self.scene.view.span else 0.0

    def show_range(self, first: float, last: float) -> None:
        """Zoom to some frames."""
        if self.scene.view.show(first, last):
            self.renew()

    def show_whole(self) -> None:
        """Zoom out to the whole song."""
        self.show_range(0, self.scene.view.total)

    @property
    def parts(self) -> Parts:
        """The lanes at the current size and density."""
        if self._parts is None:
            s = theme.sizes
            lane = s.song_loudness or (WISHED_LANE if self.scene.lane != LANES[0] else 0)
            self._parts = parts_of(self.width(), self.height(), theme.px(s.song_ruler), theme.px(s.song_wave), theme.px(lane),
                                   theme.px(s.song_reduction), theme.px(s.song_gutter))
        return self._parts

    def sizeHint(self) -> QSize:
        """Height of the lanes in the current density."""
        s = theme.sizes
        return QSize(theme.px(900), theme.px(s.song_ruler + s.song_wave + s.song_loudness + s.song_reduction))

    def minimumSizeHint(self) -> QSize:
        """Room for a ruler and a small wave."""
        return QSize(theme.px(200), theme.px(theme.sizes.song_ruler + 24))

    def renew(self) -> None:
        """Draw everything again, the wave too."""
        self._wave = self._parts = self.spread = self.pointed = None
        self._next_px = 0.0
        super().renew()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The wave has one column per device pixel, so it is made anew."""
        self._wave = self._parts = None
        self._next_px = 0.0
        super().resizeEvent(event)

    def paint_ground(self, painter: QPainter) -> None:
        """All but the playhead."""
        scene, parts, ratio = self.scene, self.parts, self.devicePixelRatioF()
        song_paint.paint_planes(painter, scene, parts)
        if scene.view.total:
            if self._wave is None or self._wave.devicePixelRatio() != ratio:
                self._wave = song_paint.wave_image(scene, parts, ratio)
            if self._wave is not None:
                painter.drawImage(0, parts.ruler, self._wave)
            song_paint.paint_outline(painter, scene, parts)
            song_paint.paint_missing(painter, scene, parts)
            song_paint.paint_lane(painter, scene, parts)
            song_paint.paint_reduction(painter, scene, parts, ratio)
            song_paint.paint_ruler(painter, scene, parts, theme.density == "comfortable")
            song_paint.paint_loop(painter, scene, parts)
            song_flags.paint_flags(painter, scene, parts)
        else:
            song_paint.paint_empty(painter, scene, parts)

    def paint_data(self, painter: QPainter, clip: QRect) -> None:
        """The playhead, and over it what lies side by side."""
        parts, x = self.parts, self._playhead_px()
        self._shown_px = x
        if self.scene.view.total and -8 <= x <= parts.data_right + 8:
            song_paint.paint_playhead(painter, x, parts)
        if self.spread is not None and clip.top() < parts.wave:
            song_flags.paint_spread(painter, self.scene, parts, self.spread, self.pointed)

    def _put(self, store: dict[str, Overview] | dict[str, Series], name: str, thing: Overview | Series | None, stale: bool) -> None:
        if thing is None:
            store.pop(name, None)
        else:
            store[name] = thing  # type: ignore[assignment]
        (self.scene.stale.add if stale else self.scene.stale.discard)(name)
        self.renew()

    def _playhead_px(self) -> float:
        """Where the playhead stands, on whole device pixels."""
        ratio = self.devicePixelRatioF()
        return round(self.scene.px_of(self.position, self.parts.data_right) * ratio) / ratio

    def _next_pixel(self) -> float:
        """The frame at which the playhead stands a device pixel further, or the page ends."""
        view, ratio = self.scene.view, self.devicePixelRatioF()
        px = self.scene.px_of(self.position, self.parts.data_right) * ratio
        left = (floor(px + 0.5) + 0.5 - px) / ratio / max(self.parts.data_right, 1) * view.span
        return min(self.position + left, view.first + view.span)

    def _playhead_area(self, px: float) -> QRect:
        reach = theme.px(PLAYHEAD_REACH_PX)
        return QRect(int(px) - reach, 0, 2 * reach + 1, self.height())
