"""A value as label, number and track, in the place of knob and slider; and the same in one row for the monitor level."""
from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from dsp_core.param import Param
from gui.controls.value_hand import ValueHand
from gui.theme import icons, paint, theme

HALO = 8
LABEL = 20
TRACK = 3
HANDLE = 9
LOW_HALO = 4
LEAST_NUMBER = 76
FIELD_ROOM = 4
SAMPLES = 16


def low_height() -> int:
    """Of a control without its label."""
    return theme.px(theme.sizes.value[1] - LABEL) + 2 * theme.px(LOW_HALO)


def label_height() -> int:
    """What the label and its halo add to that."""
    return theme.px(LABEL) + theme.px(HALO) - theme.px(LOW_HALO)


class ValueControl(ValueHand):
    """118 x 64 (112 x 56 compact) within a halo of 8. `stage` stands before the label for assistive technology.

    One that `shrinks` takes what its layout gives: as narrow as its longest text, and without the label where the height is not enough for it.
    """

    ring_gap = -2

    def __init__(self, param: Param, parent: QWidget | None = None, *, stage: str = "", ground: str = "panel", label: str = "",
                 shrinks: bool = False) -> None:
        self.shrinks = shrinks
        self.label = label or param.label
        self.bypassed = False
        self.automated = False
        self.locked = False
        self._moving: float | None = None
        name = f"{stage} {self.label[:1].lower() + self.label[1:]}" if stage else self.label
        super().__init__(param, name, parent, ground)

    def show_bypassed(self, bypassed: bool) -> None:
        """The stage does not sound: shown, in weaker ink."""
        self.bypassed = bypassed
        self.update()

    def show_automated(self, automated: bool) -> None:
        """A lane moves this value: the wave glyph after the label."""
        self.automated = automated
        self.update()

    def show_locked(self, locked: bool) -> None:
        """Presets leave it alone: a lock after the label."""
        if locked != self.locked:
            self.locked = locked
            self.update()

    def show_moving(self, value: float | None) -> None:
        """Where automation holds the value now: a hollow triangle under the track."""
        if value != self._moving:
            self._moving = value
            track, room = self.track(), theme.px(4)
            self.update(track.x() - room, track.bottom(), track.width() + 2 * room, self.height() - room - track.bottom())

    def measure(self) -> None:
        width, height = theme.sizes.value
        full = QSize(theme.px(width) + 2 * theme.px(HALO), theme.px(height) + 2 * theme.px(HALO))
        if not self.shrinks:
            self.setFixedSize(full)
            return
        full.setHeight(low_height() + label_height())
        self.setMaximumSize(full)
        self.setMinimumSize(min(full.width(), self._least_width() + 2 * theme.px(HALO)), low_height())
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return self.maximumSize()

    def labelled(self) -> bool:
        """Whether there is height enough for the label."""
        return self.height() >= self.maximumHeight()

    def _least_width(self) -> int:
        """Room for the label and for every value as it is written."""
        return max(paint.text_width(self.label, "text"), *(paint.text_width(text, "control_value") for text in texts_of(self.param)))

    def body(self) -> QRect:
        """The control without its halo."""
        halo = theme.px(HALO)
        above = halo if self.labelled() else theme.px(LOW_HALO)
        return self.rect().adjusted(halo, above, -halo, -theme.px(LOW_HALO) if self.shrinks else -halo)

    def value_area(self) -> QRect:
        body = self.body()
        top, bottom = theme.px(LABEL) if self.labelled() else 0, theme.px(16 if theme.density == "comfortable" else 12)
        return QRect(body.x(), body.y() + top, body.width(), body.height() - top - bottom)

    def track(self) -> QRect:
        """The line under the number."""
        body = self.body()
        room = theme.px(8 if theme.density == "comfortable" else 3)
        return QRect(body.x(), body.bottom() - room - theme.px(TRACK) + 1, body.width(), theme.px(TRACK))

    def repaint_value(self) -> None:
        body, room = self.body(), theme.px(4)
        top = self.value_area().y()
        self.update(body.x() - room, top, body.width() + 2 * room, self.height() - room - top)

    def draw(self, painter: QPainter, area: QRect) -> None:
        if self.isEnabled() and (self.hover_share or self.dragging):
            paint.rounded(painter, self.rect(), "raised" if self.dragging else self.plane(self.ground, "raised"), HALO)
        label_color, value_color, fill, handle = self._inks()
        body = self.body()
        if self.labelled():
            self._draw_label(painter, QRect(body.x(), body.y(), body.width(), theme.px(18)), label_color, value_color)
        room = self.value_area().adjusted(0, 0, theme.px(HALO), 0)  # a fine drag adds a decimal
        paint.text(painter, room, self.value_text(), "control_value", value_color)
        draw_track(painter, self.track(), self.param, self.value, fill, handle, wide=self.isEnabled() and (self.hovered or self.dragging))
        if self._moving is not None:
            draw_moving(painter, self.track(), self.param.to_norm(self._moving))

    def _draw_label(self, painter: QPainter, area: QRect, color: str, mark_color: str) -> None:
        width = paint.text(painter, area, self.label, "text", color)
        if self.locked:
            icons.draw(painter, "lock", QPointF(area.x() + width + theme.px(11 + 18 * self.automated), area.center().y() + 1), mark_color, 14)
        if self.automated:
            icons.draw(painter, "wave", QPointF(area.x() + width + theme.px(11), area.center().y() + 1), mark_color, 14)

    def _inks(self) -> tuple[str, str, str, str]:
        """Colours of label, value, filled track and handle."""
        if not self.isEnabled():
            return "off", "off", "off", "off"
        if self.bypassed:
            return "text2", "text3", "edge", "edge"
        return "text2", "text", "select" if self.dragging else "text2", "select"

    def spoken_value(self) -> str:
        return f"{super().spoken_value()}{', locked' if self.locked else ''}"


class LevelFader(ValueHand):
    """Label, track and number in one row of 26; the track goes where there is no room for it."""

    TRACK_FROM = 220

    def __init__(self, param: Param, parent: QWidget | None = None, *, ground: str = "panel", width: int = 330) -> None:
        self._width = width
        super().__init__(param, param.label, parent, ground)

    def show_width(self, width: int) -> None:
        """Another width in logical pixels before the interface scale."""
        self._width = width
        self.measure()

    def measure(self) -> None:
        longest = max(paint.text_width(text, "control_value") for text in texts_of(self.param))
        self._number = max(theme.px(LEAST_NUMBER), longest + 3 * theme.px(FIELD_ROOM))
        self.setFixedSize(max(theme.px(self._width), self._number), theme.px(24))
        self.update()

    def value_area(self) -> QRect:
        """Less than it has room for: a field is wider, and not to be cut."""
        return QRect(self.width() - self._number, 0, self._number - theme.px(FIELD_ROOM), self.height())

    def track(self) -> QRect:
        """The line between label and number; empty where it has no room."""
        if self._width < self.TRACK_FROM:
            return QRect()
        left = theme.px(12) + paint.text_width(self.param.label, "text")
        return QRect(left, (self.height() - theme.px(TRACK)) // 2, self.value_area().x() - left - theme.px(4), theme.px(TRACK))

    def draw(self, painter: QPainter, area: QRect) -> None:
        plain = self.isEnabled()
        if plain and (self.hover_share or self.dragging):
            paint.rounded(painter, self.rect(), "raised" if self.dragging else self.plane(self.ground, "raised"))
        paint.text(painter, self.rect().adjusted(theme.px(4), 0, 0, 0), self.param.label, "text", "text2" if plain else "off")
        paint.text(painter, self.value_area(), self.value_text(), "text_medium", "text" if plain else "off",
                   paint.RIGHT)
        if not self.track().isEmpty():
            fill, handle = ("select" if self.dragging else "text2", "select") if plain else ("off", "off")
            draw_track(painter, self.track(), self.param, self.value, fill, handle, wide=plain and (self.hovered or self.dragging))


def texts_of(param: Param) -> set[str]:
    """Its value as it is written, all along its range."""
    return {param.text(param.from_norm(step / SAMPLES)) for step in range(SAMPLES + 1)}


def draw_track(painter: QPainter, track: QRect, param: Param, value: float, fill: str, handle: str, *, wide: bool) -> None:
    """Track, fill from the low end (from the default for signed values), tick at the default, handle."""
    paint.fill(painter, track, theme.groove)
    at = round(param.to_norm(value) * track.width())
    default = round(param.to_norm(param.default) * track.width())
    origin = default if param.low < 0 < param.high else 0
    paint.fill(painter, QRect(track.x() + min(at, origin), track.y(), abs(at - origin), track.height()), fill)
    middle = track.y() + track.height() / 2
    tick = theme.px(5)
    paint.fill(painter, QRect(track.x() + min(default, track.width() - 1), round(middle - tick / 2), 1, tick), "text3")
    width, height = theme.px(5 if wide else 3), theme.px(HANDLE)
    paint.fill(painter, QRect(round(track.x() + at - width / 2), round(middle - height / 2), width, height), handle)


def draw_moving(painter: QPainter, track: QRect, norm: float) -> None:
    """The hollow triangle of a value that automation moves."""
    x = track.x() + norm * track.width()
    y = track.bottom() + theme.px(5)
    half, high = theme.px(8) / 2, theme.px(7)
    painter.setRenderHint(paint.SMOOTH, True)
    painter.setPen(QPen(theme.color("text2"), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolygon(QPolygonF([QPointF(x, y), QPointF(x + half, y + high), QPointF(x - half, y + high)]))
    painter.setRenderHint(paint.SMOOTH, False)
