"""What every stage editor is to its host: it shows values, it wishes for values, and says when a gesture begins and ends."""
from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from dsp_core.params import LABELS, params_of
from gui.controls.base import Painted
from gui.controls.buttons import Toggle
from gui.controls.panel import Facts, StagePanel
from gui.controls.scroll_bar import dress
from gui.editors.strip import ValueStrip
from gui.plots.level_line import LevelLine
from gui.plots.spectrum import RANGES_DB, SpectrumView
from gui.theme import theme

LEAST_PLOT_HEIGHT = 40


class StageEditor(Painted, QWidget):
    """Base of the editors. Values are in each parameter's own unit; `show_value` and `show_values` never echo.

    `header_ids` are parameters that stand in the row above the editor, `header_options` its own widgets there.
    """

    value_wished = Signal(str, float)
    values_wished = Signal(object)           # several at once, by id: one edit
    gesture_started = Signal(str)
    gesture_ended = Signal(str)

    header_ids: tuple[str, ...] = ("placement",)
    spectrum: SpectrumView | None = None     # where mix and master are drawn, for editors that show them
    usual_range_db = RANGES_DB[1]            # of that plot, until another one is chosen
    looks_inside = False                     # whether `show_inside` wants what the running stage says of itself

    def __init__(self, kind: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = kind
        self.set_up(LABELS.get(kind, kind), "panel", focus=False)

    def draw(self, painter: QPainter, area: QRect) -> None:
        """The ground is all there is."""

    def show_values(self, values: Mapping[str, float]) -> None:
        """Several values from the model at once."""
        raise NotImplementedError(f"{type(self).__name__} does not say how it shows values")

    def show_value(self, param_id: str, value: float) -> None:
        """One value from the model."""
        self.show_values({param_id: value})

    def show_bypassed(self, bypassed: bool) -> None:
        """The stage does not sound."""

    def show_facts(self, rows: Sequence[tuple[str, str]], *, stale: bool = False) -> None:
        """Up to three figures of the whole song or loop, for editors that have room for them."""

    def set_heard(self, heard: str, compared: str) -> None:
        """Whose colour what sounds has, and what it is compared with."""
        if self.spectrum is not None:
            self.spectrum.set_heard(heard, compared)

    def show_rate(self, rate_hz: float) -> None:
        """The sample rate of now, on which curves depend."""

    def show_inside(self, rows: NDArray[np.float32], time_s: float) -> None:
        """What the running stage said of itself since the last time, oldest first; what a row holds, its kind says. `time_s` goes on."""

    def clear(self) -> None:
        """Forget what was live, as after a jump or in another song."""
        if self.spectrum is not None:
            for name in ("mix", "master"):
                self.spectrum.clear(name)

    def forget(self) -> None:
        """Another stage is to be edited: what was live is gone, and what had been chosen of the view is as in a new editor. Values are told."""
        self.clear()
        self.show_facts([])
        if self.spectrum is not None:
            self.spectrum.set_range(self.usual_range_db)
            self.spectrum.set_hold(False)
            self.spectrum.set_difference(False)
            self.spectrum.set_show_song(False)
            self.spectrum.set_reference_band(None)
            for name in ("mix", "master"):
                self.spectrum.set_song(name, None)

    def header_options(self) -> list[QWidget]:
        """Widgets of this editor for the right half of the row above it."""
        return []

    def fit_options(self) -> None:
        """Hide those of `header_options` that mean nothing with the values of now, after all of them were shown."""

    def wish(self, values: Mapping[str, float]) -> None:
        """Ask for values that belong together, as frequency and gain under one hand do."""
        if len(values) == 1:
            self.value_wished.emit(*next(iter(values.items())))
        else:
            self.values_wished.emit(dict(values))

    def listen_to(self, panel: StagePanel | ValueStrip) -> None:
        """Pass on what a strip of controls wishes for."""
        panel.edited.connect(self.value_wished)
        panel.gesture_started.connect(self.gesture_started)
        panel.gesture_ended.connect(self.gesture_ended)


class PanelEditor(StageEditor):
    """The generated panel, for every kind without an editor of its own. What stands in slot and header is not said twice."""

    def __init__(self, kind: str, parent: QWidget | None = None, *, stage: str = "") -> None:
        super().__init__(kind, parent)
        elsewhere = ("bypass", *self.header_ids)
        own = [param.id for param in params_of(kind) if param.id not in elsewhere]
        self.panel = StagePanel(kind, ids=sorted(own, key=lambda id: id == "mix"), stage=stage)
        scroll = QScrollArea(self)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        dress(scroll)
        scroll.setWidget(self.panel)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(scroll)
        self.listen_to(self.panel)

    def show_values(self, values: Mapping[str, float]) -> None:
        self.panel.show_values(values)

    def show_bypassed(self, bypassed: bool) -> None:
        self.panel.show_bypassed(bypassed)


class PlotEditor(StageEditor):
    """Plots over a strip of value controls with facts at its right end; the frame of compressor and limiter.

    The strip shows one row; what does not fit comes with the toggle "More".
    """

    def __init__(self, kind: str, strip_ids: Sequence[str], parent: QWidget | None = None, *, stage: str = "") -> None:
        super().__init__(kind, parent)
        self.values: dict[str, float] = {}
        self.more = False
        self._more_key = Toggle("More", name=f"{LABELS[kind]}: all parameters")
        self._more_key.edited.connect(self.show_more)
        self.strip = StagePanel(kind, self, ids=strip_ids, stage=stage, grid=False)
        self.facts = Facts(self)
        self.listen_to(self.strip)
        self.strip.edited.connect(self.take)
        theme.changed.connect(self._arrange)     # once more, when what stands in the strip has its new size

    def place_plots(self, width: int, height: int) -> None:
        """Set the geometry of the plots over the strip."""
        raise NotImplementedError(f"{type(self).__name__} does not say where its plots stand")

    def values_changed(self) -> None:
        """Bring the plots up to the values."""

    def show_values(self, values: Mapping[str, float]) -> None:
        self.values.update(values)
        self.strip.show_values(values)
        self.values_changed()

    def take(self, param_id: str, value: float) -> None:
        """What the hand changes on one part shows on the others at once."""
        self.show_values({param_id: value})

    def listen_to_line(self, line: LevelLine, param_id: str) -> None:
        """A level dragged in a plot is a wish like any other."""
        line.edited.connect(partial(self.take, param_id))
        line.edited.connect(partial(self.value_wished.emit, param_id))
        line.gesture_started.connect(partial(self.gesture_started.emit, param_id))
        line.gesture_ended.connect(partial(self.gesture_ended.emit, param_id))

    def show_bypassed(self, bypassed: bool) -> None:
        self.strip.show_bypassed(bypassed)

    def show_facts(self, rows: Sequence[tuple[str, str]], *, stale: bool = False) -> None:
        came_or_went = bool(rows) != bool(self.facts.rows)
        self.facts.show_facts(rows, stale=stale)
        if came_or_went:
            self._arrange()

    def show_more(self, more: bool) -> None:
        """All rows of the strip, or the first."""
        self.more = more
        self._more_key.show_value(more)
        self._arrange()

    def header_options(self) -> list[QWidget]:
        """The toggle for the rest of the parameters."""
        return [self._more_key]

    def forget(self) -> None:
        super().forget()
        self.show_more(False)

    def measure(self) -> None:
        if hasattr(self, "facts"):
            self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(480), theme.px(theme.sizes.stage_strip + 160))

    def _arrange(self) -> None:
        row = theme.px(theme.sizes.stage_strip)
        facts = self.facts.width() + 2 * theme.px(theme.sizes.margin) if self.facts.rows else 0
        shown = self._lay_strip(max(1, self.width() - facts), row)
        top = self.height() - shown
        self.strip.move(0, top)
        self.facts.move(self.width() - self.facts.width() - theme.px(theme.sizes.margin), top + (row - self.facts.height()) // 2)
        self.place_plots(self.width(), max(1, top))

    def _lay_strip(self, width: int, row: int) -> int:
        """Give the strip its size and hide the parts that do not show, so that Tab does not reach them; gives the height that shows."""
        parts = self.strip.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
        for part in parts:
            part.show()
        whole = max(row, self.strip.heightForWidth(width))
        shown = max(row, min(whole, self.height() - theme.px(LEAST_PLOT_HEIGHT))) if self.more else row
        self.strip.resize(width, whole)
        layout = self.strip.layout()
        if layout is not None:
            layout.setGeometry(QRect(0, 0, width, whole))
        for part in parts:
            part.setVisible(part.y() < shown - row // 4)
        return shown
