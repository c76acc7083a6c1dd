"""The frame of editors with bands: a plot, the row of bands, the values of the band that is edited."""
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from dsp_core.params import LABELS
from gui.controls.bands import COUNT
from gui.controls.choice import Choice
from gui.editors.band_plot import BandsShown
from gui.editors.band_row import BandRow, Switch
from gui.editors.spectral import SpectralEditor
from gui.editors.strip import ValueStrip

NEXT_BAND = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}


class BandedEditor(SpectralEditor):
    """`strip_ids(number)` names what stands in the strip while band `number` is edited."""

    header_values: tuple[str, ...] = ("mix",)
    figure_unit = ""                         # of the live number of each band

    def __init__(self, kind: str, plot: BandsShown, bands: int, switches: Sequence[Switch], strip_ids: Callable[[int], Sequence[str]],
                 parent: QWidget | None = None) -> None:
        super().__init__(kind, plot, strip_ids(1), parent)
        self.bands = plot
        self.selected = 1
        self.strips = {1: self.strip}
        self.count_choice = self._make_count()
        self._strip_ids = strip_ids
        self.row = BandRow(kind, bands, switches, self, unit=self.figure_unit)
        self.row.gesture_started.connect(self.gesture_started)
        self.row.gesture_ended.connect(self.gesture_ended)
        self.row.edited.connect(self.put)
        for part in (plot, self.row):
            part.band_chosen.connect(self.select)
        self.select(1)

    def header_options(self) -> list[QWidget]:
        choice = self.count_choice
        return [choice, *super().header_options()] if choice is not None else super().header_options()

    def _make_count(self) -> Choice | None:
        """How many bands, in words that stand by themselves."""
        param = self.bands.params.get(COUNT)
        if param is None:
            return None
        choice = Choice("", [f"{words} bands" if words != "1" else "1 band" for words in param.choices], self, name=f"{LABELS[self.kind]} bands")
        choice.setStatusTip(param.help)
        choice.edited.connect(partial(self._choose, COUNT))
        return choice

    def all_strips(self) -> list[ValueStrip]:
        return list(self.strips.values())

    def fit_strip(self, strip: ValueStrip) -> None:
        """Leave out of a strip what means nothing with the values of now."""

    def select(self, number: int) -> None:
        """Edit another band."""
        if number not in self.strips:
            self.strips[number] = self.make_strip(self._strip_ids(number))
            self.fit_strip(self.strips[number])
        self.selected, self.strip = number, self.strips[number]
        self.bands.select(number)
        self.row.select(number)
        for strip in self.strips.values():
            strip.setVisible(strip is self.strip)
        self.arrange()

    def show_values(self, values: Mapping[str, float]) -> None:
        super().show_values(values)
        self.row.show_values(self.values)
        self.row.show_count(self.bands.count)
        if self.count_choice is not None and COUNT in values:
            self.count_choice.show_value(round(values[COUNT]))
        for head, title in zip(self.row.heads, self.bands.titles(), strict=False):
            head.show_title(title)
        for strip in self.strips.values():
            self.fit_strip(strip)
        if self.selected > self.bands.count:
            self.select(self.bands.count)

    def forget(self) -> None:
        super().forget()
        self.select(1)
        for head in self.row.heads:
            head.show_figure("")

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in NEXT_BAND and not event.modifiers():
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What no control took: the next band, round the end."""
        step = NEXT_BAND.get(Qt.Key(event.key()))
        if step is None or event.modifiers():
            super().keyPressEvent(event)
            return
        self.select((self.selected - 1 + step) % self.bands.count + 1)
        self.row.heads[self.selected - 1].ring.setFocus(Qt.FocusReason.TabFocusReason)

    def place_plots(self, width: int, height: int) -> None:
        if not hasattr(self, "row"):
            super().place_plots(width, height)
            return
        self.row.setGeometry(0, height - self.row.height(), width, self.row.height())
        self.plot.setGeometry(0, 0, width, max(1, height - self.row.height()))
