"""The face of a chain slot: number, name, power dot; one live line; placement, latency and what the stage does to level."""
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QPainter, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QWidget

from gui.controls import slot_words
from gui.controls.base import Painted
from gui.theme import numbers, paint, theme
from gui.theme.sizes import RADIUS
from mastering_rt.errors import grouped

PAD: Final = 10
NARROW_PAD: Final = 8
WIDEST_NUMBER: Final = "\N{MINUS SIGN}12.3"
UNIT: Final = "dB"
BAR: Final = {"comfortable": 8, "compact": 6}
LOW: Final = 36
NARROW: Final = {"comfortable": 152, "compact": 142}     # below, number and name do not stand in one row, nor bar and figure
WIDE: Final = 176                # from here on its latency is told, too
Rows = dict[str, tuple[int, int]]
ROWS: Final[dict[str, Rows]] = {"comfortable": {"head": (6, 24), "live": (34, 24), "foot": (62, 22)},
                                "compact": {"head": (2, 22), "live": (24, 20), "foot": (44, 18)}}
NARROW_ROWS: Final[dict[str, Rows]] = {"comfortable": {"head": (3, 32), "live": (37, 28), "foot": (65, 20)},
                                       "compact": {"head": (2, 20), "live": (24, 22), "foot": (46, 17)}}


@dataclass(frozen=True, kw_only=True)
class SlotState:
    """What a slot says of its stage. `id` tells one stage from another; `fault` is what happened, `consequence` what that means, `remedy` the one action offered."""

    name: str
    number: int = 1
    placement: str = "Stereo"
    latency_samples: int = 0
    change_lu: float | None = None
    bypassed: bool = False
    fault: str = ""
    consequence: str = ""
    remedy: str = ""
    id: str = ""


class SlotFace(Painted, QWidget):
    """What is seen of a slot. Only what changed is painted: a bar that moves repaints the strip it moved over."""

    def __init__(self, state: SlotState, parent: QWidget | None, ground: str) -> None:
        super().__init__(parent)
        self.state = state
        self._told: SlotState | None = None
        self.selected = False
        self.over_power = False
        self.low = False                         # name and dot only
        self.narrow = False                      # the number stands in the foot, figures under their bar
        self._curve: Sequence[float] | None = None
        self._words: tuple[str, str] = ("", "")
        self._reduction_db: float | None = None
        self._hold_db = 0.0
        self._range_db = 12.0
        self._number = numbers.UNKNOWN
        self._ends = (0, 0)                      # where the reduction and its hold mark begin
        self.set_up(state.name, ground)
        self.show_state(state)

    def forget(self) -> None:
        """It is to stand for another stage: nothing is known of what that does."""
        self.over_power = False
        self._curve, self._words, self._reduction_db, self._number = None, ("", ""), None, numbers.UNKNOWN

    def show_state(self, state: SlotState) -> None:
        """Everything but the live line."""
        if state == self._told:
            return
        self.state = self._told = state
        self.setAccessibleName(f"Stage {state.number}, {state.name}")
        self.setStatusTip(self._help())
        self.update()

    def show_selected(self, selected: bool) -> None:
        """Whether its editor is open below."""
        if selected != self.selected:
            self.selected = selected
            self.update()

    def show_low(self, low: bool) -> None:
        """One row of name and dot, or the whole card."""
        if low != self.low:
            self.low = low
            self._lay_out()
            self.update()

    def show_curve(self, gains_db: Sequence[float] | None, range_db: float = 6.0) -> None:
        """The live line of an equaliser: gains in dB at evenly spaced places of the frequency axis, cut at +-`range_db`."""
        curve = None if gains_db is None else [min(max(gain / range_db, -1.0), 1.0) for gain in gains_db]
        if curve == self._curve:
            return
        self._curve = curve
        self._reduction_db = None if self._curve is not None else self._reduction_db
        self.update(self._live_reach)

    def show_words(self, left: str, right: str = "") -> None:
        """A live line in words: "THD 0.42 %", "isolated"."""
        if (left, right) != self._words:
            self._words = (left, right)
            self._reduction_db = None if left else self._reduction_db
            self.update(self._live_reach)

    @property
    def has_bar(self) -> bool:
        """Whether its live line is a bar of reduction."""
        return self._reduction_db is not None

    def show_reduction(self, reduction_db: float, hold_db: float, *, number_db: float | None = None, range_db: float = 12.0) -> None:
        """The live line of dynamics: reduction now and held, both >= 0, over `range_db`; `number_db` is what is written, 10 times a second."""
        first = self._reduction_db is None or range_db != self._range_db
        self._reduction_db, self._hold_db, self._range_db = reduction_db, hold_db, range_db
        number = self._number if number_db is None else numbers.number(-number_db)
        ends, written = self._bar(), number == self._number
        before, self._ends, self._number = self._ends, ends, number
        if self.low:
            return
        if first:
            self.update(self._live_reach)
        elif ends != before:
            moved = self._moved(before, ends)
            self.update(moved if written else moved | self._number_rect)
        elif not written:
            self.update(self._number_rect)

    def _moved(self, before: tuple[int, int], after: tuple[int, int]) -> QRect:
        """The strip of the bar that looks different when its ends move."""
        (now, hold), (now_after, hold_after), (_, top, _, high, two) = before, after, self._bar_at
        if now == now_after:
            now = now_after = hold
        elif hold == hold_after:
            hold = hold_after = now
        low = min(now, hold, now_after, hold_after)
        return QRect(low - two, top - two, max(now, hold, now_after, hold_after) - low + 2 * two, high + 2 * two)

    def ring_area(self) -> QRect:
        """Where it reaches down to its editor the ring closes above that."""
        return self.rect().adjusted(0, 0, 0, -theme.px(4)) if self.selected else self.rect()

    def measure(self) -> None:
        self._lay_out()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._lay_out()

    def _lay_out(self) -> None:
        """Works out once per size and theme what the bars need many times a second."""
        self.narrow = self.low or self.width() < theme.px(NARROW[theme.density])
        pad, width = theme.px(NARROW_PAD if self.narrow else PAD), self.width()
        rows = (NARROW_ROWS if self.narrow else ROWS)[theme.density]
        self._rows = {name: QRect(pad, theme.px(y), width - 2 * pad, theme.px(height)) for name, (y, height) in rows.items()}
        if self.low:
            self._rows = {"head": QRect(pad, 0, width - 2 * pad, theme.px(LOW)), "live": QRect(), "foot": QRect()}
        self._between = self._between_rows()
        self._lay_out_reduction()

    def _between_rows(self) -> QRect:
        """Where there is nothing but the live line on a plain plane; empty where that has no room."""
        corner = theme.px(RADIUS)
        top, bottom = self._rows["head"].bottom() + 1, self._rows["foot"].top()
        between = QRect(corner, top, self.width() - 2 * corner, bottom - top).intersected(self.rect().adjusted(corner, corner, -corner, -corner))
        return between if between.isValid() else QRect()

    def _lay_out_reduction(self) -> None:
        """The figure stands beside the bar, or under it where both together have no room."""
        live, high = self._rows["live"], theme.px(BAR[theme.density])
        unit, figure = paint.text_width(UNIT, "scale"), paint.text_width(WIDEST_NUMBER, "table_value")
        beside = 0 if self.narrow else figure + theme.px(4) + unit + theme.px(8)
        top = live.y() + 1 if self.narrow else live.center().y() + 1 - high // 2
        bar, two = QRect(live.x(), top, max(live.width() - beside, 0), high), theme.px(2)
        self._bar_rect = bar
        line = live.adjusted(0, high + theme.px(2), 0, 0) if self.narrow else live
        self._unit_rect = QRect(line.right() + 1 - unit, line.y(), unit, line.height())
        self._number_rect = QRect(self._unit_rect.x() - theme.px(4) - figure, line.y(), figure, line.height())
        self._bar_at = (bar.x(), top, bar.width(), high, two)
        self._live_reach = live | bar.adjusted(0, -two, 0, two) if not self.low else live
        self._ends = self._bar()

    def row(self, name: str) -> QRect:
        """The room of one row: "head", "live" or "foot"."""
        return QRect(self._rows[name])

    def live_area(self) -> QRect:
        """Where the live line stands."""
        return self.row("live")

    def power_area(self) -> QRect:
        """What a click on the dot may hit, 24 square."""
        size = theme.px(24)
        head = self.row("head")
        return QRect(self.width() - theme.px(3 if self.narrow else 5) - size, head.center().y() + 1 - size // 2, size, size)

    def remedy_area(self) -> QRect:
        """The one action of a fault."""
        if self.low:
            return QRect()
        foot = self.row("foot")
        width = paint.text_width(self.state.remedy, "text_strong") + 2 * theme.px(4)
        return QRect(foot.right() + 1 + theme.px(4) - width, foot.y() - theme.px(2), width, foot.height() + theme.px(4))

    def _bar(self) -> tuple[int, int]:
        """Where the reduction and its hold mark begin, in pixels from the left; both hang from the right."""
        left, _, wide, _, _ = self._bar_at
        right = left + wide
        now, hold = (self._reduction_db or 0.0) / self._range_db, self._hold_db / self._range_db
        now, hold = 0.0 if now < 0.0 else 1.0 if now > 1.0 else now, 0.0 if hold < 0.0 else 1.0 if hold > 1.0 else hold
        return right - round(now * wide), right - round(hold * wide)

    def draw(self, painter: QPainter, area: QRect) -> None:
        if self._between.contains(area):
            self._draw_plain(painter, area)
            self._draw_live(painter, area)
            return
        self._draw_plane(painter, area)
        if self.touched(self._rows["head"]):
            self._draw_head(painter)
        if self.touched(self._rows["live"]):
            self._draw_live(painter, area)
        if self.touched(self._rows["foot"]):
            self._draw_foot(painter)

    def _draw_head(self, painter: QPainter) -> None:
        name = self.row("head")
        name.setRight(self.power_area().center().x() - theme.px(10))
        if not self.narrow:
            taken = paint.text(painter, name, str(self.state.number), "scale" if theme.density == "compact" else "text", "text3")
            name.setLeft(name.left() + round(taken) + theme.px(8))
        slot_words.draw_name(painter, name, self.state.name, "text3" if self.state.bypassed else "text")
        self._draw_power(painter)

    def _draw_plane(self, painter: QPainter, area: QRect) -> None:
        body, corner = self.rect(), theme.px(RADIUS)
        if body.adjusted(corner, corner, -corner, -corner).contains(area):
            self._draw_plain(painter, area)
        elif self.selected:
            self._draw_selected(painter, body)
        elif self.state.fault:
            paint.rounded_with_edge(painter, body, self.plane("well", theme.over_well), "danger", "left", theme.px(3))
        else:
            paint.rounded(painter, body, self.plane("well", theme.over_well))

    def _draw_plain(self, painter: QPainter, area: QRect) -> None:
        painter.fillRect(area, theme.color("panel") if self.selected else self.plane("well", theme.over_well))

    def _draw_selected(self, painter: QPainter, body: QRect) -> None:
        """The plane of the stage below, open downward: a 2 px bar on top, lower corners square."""
        paint.rounded_with_edge(painter, body, "panel", "select", "top", theme.px(2))
        corner = theme.px(RADIUS)
        paint.fill(painter, QRect(body.x(), body.bottom() + 1 - corner, body.width(), corner), "panel")
        if self.state.fault:
            paint.fill(painter, QRect(0, theme.px(2), theme.px(3), body.height() - theme.px(2)), "danger")

    def _draw_power(self, painter: QPainter) -> None:
        center = self.power_area().toRectF().center()
        on = not self.state.bypassed and not self.state.fault
        color = "text" if self.hovered and self.over_power else "text2" if on else "text3"
        radius = theme.px(10) / 2
        painter.setRenderHint(paint.SMOOTH, True)
        if on:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color(color))
            painter.drawEllipse(center, radius, radius)
            painter.setRenderHint(paint.SMOOTH, False)
        else:
            box = QRect(round(center.x() - radius), round(center.y() - radius), theme.px(10), theme.px(10))
            paint.outline(painter, box, color, 1.5, 5)

    def _draw_live(self, painter: QPainter, area: QRect) -> None:
        state = self.state
        if state.fault:
            slot_words.draw_fault(painter, self.live_area(), state.fault, narrow=self.narrow)
        elif state.bypassed:
            live = self.live_area()
            middle = live.center().y() + 0.5
            paint.hairline(painter, live.x(), middle, live.right(), middle, "edge", (4, 4))
        elif self._reduction_db is not None:
            self._draw_reduction(painter, area)
        elif self._curve is not None:
            self._draw_curve(painter, self._curve)
        elif self._words[0]:
            slot_words.draw_live(painter, self.live_area(), *self._words, narrow=self.narrow)

    def _draw_reduction(self, painter: QPainter, area: QRect) -> None:
        (left, top, wide, high, two), (now, hold), ink = self._bar_at, self._ends, theme.color
        right = left + wide
        painter.fillRect(left, top, now - left, high, ink("line"))
        if now < right:
            painter.fillRect(now, top, right - now, high, ink("gr_mid"))
            painter.fillRect(now, top, two if now + two < right else right - now, high, ink("gr"))
        if hold < right:
            painter.fillRect(hold, top - two, two, high + 2 * two, ink("text"))
        if area.intersects(self._unit_rect):
            paint.text(painter, self._unit_rect, UNIT, "scale", "text3")
        if area.intersects(self._number_rect):
            paint.figure(painter, self._number_rect, self._number, "table_value", "text", paint.RIGHT)

    def _draw_curve(self, painter: QPainter, curve: Sequence[float]) -> None:
        live = self.live_area()
        middle, half = live.center().y() + 0.5, live.height() / 2 - 2
        step = live.width() / max(len(curve) - 1, 1)
        line = QPolygonF([QPointF(live.x() + i * step, middle - gain * half) for i, gain in enumerate(curve)])
        painter.setRenderHint(paint.SMOOTH, True)
        painter.setPen(theme.color("text"))
        painter.drawPolyline(line)
        painter.drawPolyline(line.translated(0, 0.7))
        painter.setRenderHint(paint.SMOOTH, False)

    def _draw_foot(self, painter: QPainter) -> None:
        state, foot = self.state, self.row("foot")
        if state.fault:
            paint.text(painter, self.remedy_area(), state.remedy, "text_strong", "text", paint.CENTER)
            foot.setRight(self.remedy_area().left() - theme.px(4))
            paint.text(painter, foot, state.consequence, "scale", "text2")
            return
        change = "" if state.bypassed else numbers.quantity(state.change_lu, "LU", plus=True)
        foot.setRight(foot.right() - round(paint.text(painter, foot, change, "scale", "text2", paint.RIGHT)))
        placement, ink = ("Bypassed", "text3") if state.bypassed else (state.placement, "text2")
        if self.narrow:
            slot_words.draw_numbered(painter, foot, state.number, placement, ink)
            return
        foot.setRight(foot.right() - (theme.px(10) if change else 0))
        paint.text(painter, foot, placement, "scale", ink)
        if self.width() >= theme.px(WIDE):
            slot_words.draw_latency(painter, foot, placement, "latency kept" if state.bypassed else f"{grouped(state.latency_samples)} smp")

    def _help(self) -> str:
        if self.state.fault:
            return f"{self.state.name}: {self.state.fault}. {self.state.consequence}"
        return f"{self.state.name}: Enter opens it, B bypasses it, drag or Ctrl with the arrow keys moves it"
