"""The frame of editors that work on the spectrum: a plot with lines to drag, a strip of values under it, three facts at its end."""
from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from dsp_core.params import LABELS, params_of
from gui.controls.buttons import Toggle
from gui.controls.panel import Facts
from gui.controls.parts import make_lockable
from gui.editors.band_plot import HandledPlot
from gui.editors.editor import StageEditor
from gui.editors.eq_value import HeaderValue
from gui.editors.spectrum_menu import SpectrumMenu
from gui.editors.strip import ValueStrip
from gui.theme import theme
from mastering_rt.measure.basis import Basis

NEXT_ROW = 72
LISTEN = "listen"


class SpectralEditor(StageEditor):
    """`strip_ids` stand in the strip, `header_values` are numbers in the row above. `basis_wished` asks for spectra made otherwise."""

    header_values: tuple[str, ...] = ()
    header_switches: tuple[tuple[str, str], ...] = ()        # parameter and the word on its key; "listen" is loud
    basis_wished = Signal(Basis)

    def __init__(self, kind: str, plot: HandledPlot, strip_ids: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(kind, parent)
        self.plot = self.spectrum = plot
        self.values: dict[str, float] = {}
        self.bypassed = False
        plot.setParent(self)
        self.strip = self.make_strip(strip_ids)
        self.switches: dict[str, Toggle] = {}
        self.facts = Facts(self)
        self.numbers = {param.id: HeaderValue(param, f"{LABELS[kind]} {param.label.lower()}", f"{param.label} ", self)
                        for param in params_of(kind) if param.id in self.header_values}
        for param_id, number in self.numbers.items():
            number.edited.connect(partial(self.put, param_id))
            number.gesture_started.connect(partial(self.gesture_started.emit, param_id))
            number.gesture_ended.connect(partial(self.gesture_ended.emit, param_id))
            number.hide()
        plot.gesture_started.connect(self.gesture_started)
        plot.gesture_ended.connect(self.gesture_ended)
        theme.changed.connect(self.arrange)      # once more, when what stands in the strip has its new size
        plot.value_wished.connect(self.put)
        plot.values_wished.connect(self.put_together)

    def make_strip(self, ids: Sequence[str]) -> ValueStrip:
        """Controls under the plot, heard and at the values of now."""
        strip = ValueStrip(self.kind, ids, self)
        strip.show_values({param.id: self.values.get(param.id, param.default) for param in params_of(self.kind)})
        strip.show_bypassed(self.bypassed)
        strip.edited.connect(self.put)
        strip.gesture_started.connect(self.gesture_started)
        strip.gesture_ended.connect(self.gesture_ended)
        return strip

    def put(self, param_id: str, value: float) -> None:
        """What the hand changes on one part shows on the others at once."""
        self.put_together({param_id: value})

    def put_together(self, values: Mapping[str, float]) -> None:
        """The same for values that one hand moves."""
        self.show_values(values)
        self.wish(values)

    def show_values(self, values: Mapping[str, float]) -> None:
        self.values.update(values)
        self.plot.set_values(self.values)
        for strip in self.all_strips():
            strip.show_values(values)
        for param_id, number in self.numbers.items():
            if param_id in values:
                number.show_value(values[param_id])
        for param_id, switch in self.switches.items():
            switch.show_value(self.values.get(param_id, 0.0) >= 0.5)

    def all_strips(self) -> list[ValueStrip]:
        """Every strip there is; one of them is seen."""
        return [self.strip]

    def show_bypassed(self, bypassed: bool) -> None:
        self.bypassed = bypassed
        for strip in self.all_strips():
            strip.show_bypassed(bypassed)

    def show_facts(self, rows: Sequence[tuple[str, str]], *, stale: bool = False) -> None:
        came_or_went = bool(rows) != bool(self.facts.rows)
        self.facts.show_facts(rows, stale=stale)
        if came_or_went:
            self.arrange()

    def header_options(self) -> list[QWidget]:
        """Numbers of the whole stage, and what is drawn behind."""
        spectrum = SpectrumMenu(self.plot)
        spectrum.basis_wished.connect(self.basis_wished)
        for number in self.numbers.values():
            number.show()
        self.switches = {param_id: self._make_switch(param_id, words) for param_id, words in self.header_switches}
        return [*self.switches.values(), *self.numbers.values(), spectrum]

    def _make_switch(self, param_id: str, words: str) -> Toggle:
        param = self.plot.params[param_id]
        switch = Toggle(words, loud=param_id == LISTEN, name=f"{LABELS[self.kind]} {param.label.lower()}")
        switch.setStatusTip(param.help)
        switch.show_value(self.values.get(param_id, param.default) >= 0.5)
        switch.edited.connect(partial(self._choose, param_id))
        make_lockable(switch, param)
        return switch

    def _choose(self, param_id: str, value: float) -> None:
        """A switch or a choice is a whole gesture by itself."""
        self.gesture_started.emit(param_id)
        self.put(param_id, float(value))
        self.gesture_ended.emit(param_id)

    def measure(self) -> None:
        if hasattr(self, "facts"):
            self.arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrange()

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(480), theme.px(theme.sizes.stage_strip + 160))

    def arrange(self) -> None:
        """Strip and facts at the foot, what is over them above."""
        margin = theme.px(theme.sizes.margin)
        facts = self.facts.width() + 2 * margin if self.facts.rows else 0
        self.facts.setVisible(bool(self.facts.rows))
        width = max(1, self.width() - facts)
        height = theme.px(theme.sizes.stage_strip) + (self.strip.rows_in(width) - 1) * theme.px(NEXT_ROW)
        top = self.height() - height
        self.strip.setGeometry(0, top, width, height)
        self.facts.move(self.width() - self.facts.width() - margin, top + (height - self.facts.height()) // 2)
        self.place_plots(self.width(), max(1, top))

    def place_plots(self, width: int, height: int) -> None:
        """Give the room over the strip to what is drawn."""
        self.plot.setGeometry(0, 0, width, height)
