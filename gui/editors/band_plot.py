"""Spectra of mix and master with the borders of a stage's bands to drag. What the bands do is drawn by those who build on it."""
from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Signal
from PySide6.QtGui import QMouseEvent, QPainter
from PySide6.QtWidgets import QWidget

from dsp_core.param import Param
from dsp_core.params import LABELS, params_of
from gui.controls.bands import bands_in_use
from gui.editors.handle import PlotHandle
from gui.plots.axes import Axis, frequency_label, frequency_ticks
from gui.plots.level_line import GRIP_ALPHA, GRIP_PX, with_alpha
from gui.plots.spectrum import SCALE_STRIP, SpectrumView
from gui.plots.spectrum_traces import HIGH_HZ, LOW_HZ
from gui.plots.strokes import label_on_well, line_pen, step_path
from gui.theme import numbers, paint, theme
from gui.theme.paint import SMOOTH

TIP_PX, TAB_PAD = 5, 5
TOP_BAR = 2
LEGEND_UP = 24
ROOM_FOR_ALL = 560


class HandledPlot(SpectrumView):
    """Spectra with lines on them that are parameters. Values come by `set_values`; wishes go out by signals with the parameter's id."""

    legend_x = 12
    value_wished = Signal(str, float)
    values_wished = Signal(object)           # several at once, by id: one edit
    gesture_started = Signal(str)
    gesture_ended = Signal(str)

    def __init__(self, kind: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, name=f"{LABELS[kind]} spectrum")
        self.kind = kind
        self.params: dict[str, Param] = {param.id: param for param in params_of(kind)}
        self.values: dict[str, float] = {}
        self.handles: dict[str, PlotHandle] = {}

    def value(self, param_id: str) -> float:
        """What a parameter stands at."""
        return self.values.get(param_id, self.params[param_id].default)

    def add_handle(self, param_id: str, name: str, axis: Callable[[], Axis], *, upright: bool) -> PlotHandle:
        """A line of this plot."""
        handle = self.handles[param_id] = PlotHandle(self.params[param_id], f"{LABELS[self.kind]} {name}", self, axis, upright=upright)
        handle.edited.connect(partial(self.wish, param_id))
        handle.gesture_started.connect(partial(self.gesture_started.emit, param_id))
        handle.gesture_ended.connect(partial(self.gesture_ended.emit, param_id))
        handle.looks_changed.connect(self.renew_overlay)
        return handle

    def wish(self, param_id: str, value: float) -> None:
        """Show and ask for a value that the hand has chosen."""
        self.set_values({**self.values, param_id: value})
        self.value_wished.emit(param_id, value)

    def wish_together(self, values: Mapping[str, float]) -> None:
        """The same for values that one hand moves, as frequency and gain."""
        self.set_values({**self.values, **values})
        self.values_wished.emit(dict(values))

    def set_values(self, values: Mapping[str, float]) -> None:
        """All values of the stage; emits nothing."""
        if dict(values) != self.values:
            self.values = dict(values)
            for param_id, handle in self.handles.items():
                handle.show_value(self.value(param_id))
            self.changed()

    def changed(self) -> None:
        """Values moved."""
        self.place_handles()
        self.renew_overlay()

    def place_handles(self) -> None:
        """Bring the lines' hands to where the lines are."""

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self.place_handles()

    def renew(self) -> None:
        super().renew()
        if getattr(self, "handles", None):
            self.place_handles()

    def legend(self) -> list[tuple[str, str]]:
        """A narrow plot leaves out what the spectra go by; the menu of the spectra says it."""
        entries = super().legend()
        return entries if self.width() >= theme.px(ROOM_FOR_ALL) else [entry for entry in entries if entry[1]]

    def paint_marks(self, painter: QPainter) -> None:
        """The spectrum's scale, and its legend at the foot, because bands hang from the top."""
        self.paint_level_scale(painter)
        self.paint_legend(painter, QPoint(theme.px(self.legend_x), self.plot_area.bottom() - theme.px(LEGEND_UP)))

    def paint_upright(self, painter: QPainter, handle: PlotHandle, words: str) -> None:
        """A line over the whole height that ends in a tab with its value on the frequency scale."""
        area, x = self.plot_area, round(handle.px())
        if handle.held:
            grip = theme.px(GRIP_PX)
            painter.fillRect(QRectF(x - grip // 2, area.top(), grip, area.height()), with_alpha(theme.color("select"), GRIP_ALPHA))
        painter.setPen(line_pen(painter, theme.color("select")))
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom() + 1))
        self._paint_tab(painter, x, words)

    def _paint_tab(self, painter: QPainter, x: int, words: str) -> None:
        area, tip = self.plot_area, theme.px(TIP_PX)
        width = paint.text_width(words, "scale", 600) + 2 * theme.px(TAB_PAD)
        top, bottom = area.bottom() + 1, area.bottom() + theme.px(SCALE_STRIP) - 1
        left = min(max(x - width / 2, 1.0), self.width() - width - 1.0)
        self._clear_figures(painter, left, left + width)
        painter.setRenderHint(SMOOTH, True)
        painter.setPen(theme.color("select"))
        painter.setBrush(theme.color("select"))
        painter.drawPath(step_path([(x + 0.5, top), (min(x + tip, left + width), top + tip), (left + width, top + tip), (left + width, bottom),
                                    (left, bottom), (left, top + tip), (max(x - tip, left), top + tip)]))
        painter.setRenderHint(SMOOTH, False)
        paint.text(painter, QRectF(left, top + tip, width, bottom - top - tip), words, "scale", "on_select", paint.CENTER, 600)

    def _clear_figures(self, painter: QPainter, left: float, right: float) -> None:
        """A tab is not to cut a figure of the scale in half."""
        area = self.plot_area
        for tick in frequency_ticks(self.frequencies, theme.px(44)):
            half = paint.text_width(tick.label, "scale") / 2 + 3
            if tick.label and tick.px + half > left and tick.px - half < right:
                painter.fillRect(QRectF(tick.px - half, area.bottom() + 2, 2 * half, self.height() - area.bottom()), theme.color("panel"))

    def paint_flag(self, painter: QPainter, right: float, y: float, words: str, color: str = "text") -> None:
        """A value that stands over the end of a level line, on a piece of well."""
        height = theme.px(18)
        label_on_well(painter, QRectF(right - theme.px(90), y - height, theme.px(90), height), words, color, paint.RIGHT, "table_value")


class BandsShown(HandledPlot):
    """A plot of a stage with bands, one of which is edited."""

    band_chosen = Signal(int)

    @property
    def count(self) -> int:
        """Bands in use."""
        raise NotImplementedError(f"{type(self).__name__} does not say how many bands it has")

    def titles(self) -> list[str]:
        """What each band is the band of."""
        raise NotImplementedError(f"{type(self).__name__} does not say what its bands are")

    def select(self, number: int) -> None:
        """Make a band the one that is edited."""
        raise NotImplementedError(f"{type(self).__name__} cannot select")


def frequency_span(low_hz: float, high_hz: float) -> str:
    """ "120\N{EN DASH}800 Hz", "800 Hz\N{EN DASH}5 kHz", "5\N{EN DASH}20 kHz"."""
    (low, low_unit), (high, high_unit) = ((f"{round(hz):g}", "Hz") if round(hz) < 1000 else (f"{round(hz) / 1000:g}", "kHz") for hz in (low_hz, high_hz))
    return f"{numbers.span(low if low_unit == high_unit else f'{low} {low_unit}', high)} {high_unit}"


class BandPlot(BandsShown):
    """Spectra cut into bands. `count` bands are in use; one of them is selected."""

    def __init__(self, kind: str, parent: QWidget | None = None) -> None:
        super().__init__(kind, parent)
        self.selected = 1
        self.borders = [self.add_handle(param_id, f"crossover {param_id.removeprefix('crossover')}", lambda: self.frequencies, upright=True)
                        for param_id in self.params if param_id.startswith("crossover")]
        for border in self.borders:
            border.setStatusTip(f"{border.param.help} Drag, wheel, arrow keys, or Enter to type")

    @property
    def count(self) -> int:
        """Bands in use."""
        return bands_in_use(self.params.values(), self.values) or len(self.borders) + 1

    def edges_hz(self) -> list[float]:
        """Ends of all bands in use; a border lower than its lower neighbour waits there, as in the sound."""
        edges = [LOW_HZ]
        for border in self.borders[:self.count - 1]:
            edges.append(min(max(border.value, edges[-1]), HIGH_HZ))
        return [*edges, HIGH_HZ]

    def spans(self) -> list[tuple[int, int]]:
        """Left and right end of each band in pixels."""
        edges = [round(float(self.frequencies.px(hz))) for hz in self.edges_hz()]
        return list(zip(edges, edges[1:], strict=False))

    def titles(self) -> list[str]:
        """What each band is the band of, "120\N{EN DASH}800 Hz"."""
        edges = self.edges_hz()
        return [frequency_span(low, high) for low, high in zip(edges, edges[1:], strict=False)]

    def select(self, number: int) -> None:
        """Make a band the one that is edited."""
        if number != self.selected:
            self.selected = number
            self.place_handles()
            self.renew_overlay()

    def place_handles(self) -> None:
        for index, border in enumerate(self.borders):
            border.setVisible(index < self.count - 1)
            border.place(0, self.height())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        number = self.band_at(event.position().x())
        if number != self.selected and self.plot_area.contains(event.position().toPoint()):
            self.band_chosen.emit(number)

    def band_at(self, x: float) -> int:
        """Number of the band over a pixel."""
        return next((n for n, (_, right) in enumerate(self.spans(), 1) if x < right), self.count)

    def paint_overlay(self, painter: QPainter) -> None:
        """The borders, and a bar over the selected band."""
        left, right = self.spans()[min(self.selected, self.count) - 1]
        painter.fillRect(QRect(left + 1, 0, max(right - left - 1, 1), theme.px(TOP_BAR)), theme.color("select"))
        shown = self.borders[:self.count - 1]
        for border in sorted(shown, key=lambda b: (b.held or b.hasFocus())):
            self.paint_upright(painter, border, frequency_label(round(border.value)))
