"""The dynamic equaliser's editor: nodes with ranges over the spectra, a head for each band, the values of the one that is edited."""
from collections.abc import Mapping
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtWidgets import QWidget

from dsp_core.params.dynamic_eq import DYNAMIC_EQ_BANDS
from gui.controls.choice import Choice
from gui.editors.band_row import Switch
from gui.editors.banded import BandedEditor
from gui.editors.dynamic_edit import VIEWS_DB
from gui.editors.dynamic_plot import DynamicPlot
from gui.editors.eq_bands import Response
from gui.editors.multiband_plot import bands_of
from gui.editors.strip import ValueStrip
from gui.meters.ballistics import Pace
from gui.theme import numbers, theme

CHOICES = ("type", "when", "detector")
STRIP = ("freq", "q", "gain", "range", "threshold", "relative", "ratio", "attack", "release")
FIGURES_PER_S = 10.0
LEAST_SHOWN_DB = 0.05
CHOICE_GAP = 6


class DynamicEqEditor(BandedEditor):
    """`response` draws the filters. Feed `show_inside` with rows of (what each band hears, linear; what is added to its gain, dB)."""

    header_ids = ("placement",)
    looks_inside = True
    figure_unit = "dB"

    def __init__(self, response: Response, parent: QWidget | None = None) -> None:
        self.nodes_plot = DynamicPlot(response)
        self._choices: dict[str, Choice] = {}
        super().__init__("dynamic_eq", self.nodes_plot, DYNAMIC_EQ_BANDS, (Switch("listen", "", "listen", "headphones"),),
                         lambda n: [f"band{n}_{name}" for name in STRIP], parent)
        self.nodes_plot.typing_wished.connect(self._type_into)
        self._figures = Pace(FIGURES_PER_S)
        self._most = np.zeros(DYNAMIC_EQ_BANDS)
        self._usual_view = VIEWS_DB.index(self.nodes_plot.view_db)
        self._view = Choice("View", [f"±{v:g} dB" for v in VIEWS_DB], name="Dynamic EQ view")
        self._view.edited.connect(lambda index: self.nodes_plot.set_view(VIEWS_DB[index]))
        self._view.show_value(self._usual_view)
        for name in CHOICES:
            self._choices[name] = self._make_choice(name)
        self.show_values({})

    def _make_choice(self, name: str) -> Choice:
        """Of the band that is edited, beside the heads."""
        param = self.nodes_plot.params[f"band1_{name}"]
        choice = Choice("", param.choices, self, plane="raised", steady=True, name=f"Dynamic EQ band {name}")
        choice.setStatusTip(param.help)
        choice.edited.connect(partial(self._choose_here, name))
        return choice

    def _choose_here(self, name: str, index: int) -> None:
        self._choose(f"band{self.selected}_{name}", index)

    def fit_strip(self, strip: ValueStrip) -> None:
        """The threshold that the band's detector goes by."""
        number = next(iter(strip.parts)).removeprefix("band").split("_")[0]
        relative = self.nodes_plot.value(f"band{number}_detector") >= 0.5
        strip.show_only([f"band{number}_{name}" for name in STRIP if name != ("threshold" if relative else "relative")])

    def select(self, number: int) -> None:
        super().select(number)
        self._show_choices()

    def show_values(self, values: Mapping[str, float]) -> None:
        super().show_values(values)
        self._show_choices()

    def _show_choices(self) -> None:
        for name, choice in self._choices.items():
            choice.setAccessibleName(f"Dynamic EQ band {self.selected} {name}")
            choice.show_value(round(self.nodes_plot.value(f"band{self.selected}_{name}")))

    def show_inside(self, rows: NDArray[np.float32], time_s: float) -> None:
        if not len(rows):
            return
        levels, changes = bands_of(rows)
        self.nodes_plot.show_live(levels, changes, time_s)
        self._most = np.where(np.abs(changes) > np.abs(self._most), changes, self._most)
        if self._figures.due(time_s):
            for head, change in zip(self.row.heads, self._most, strict=True):
                moving = abs(change) >= LEAST_SHOWN_DB
                head.show_figure(numbers.number(float(change), plus=True) if moving else "0.0", "gr_text" if moving and change < 0 else "text2")
            self._most = np.zeros(DYNAMIC_EQ_BANDS)

    def show_response(self, response: Response) -> None:
        """Another sample rate."""
        self.nodes_plot.curves.use(response)
        self.nodes_plot.changed()

    def clear(self) -> None:
        super().clear()
        self.nodes_plot.clear_live()

    def forget(self) -> None:
        super().forget()
        self._view.choose(self._usual_view)

    def header_options(self) -> list[QWidget]:
        return [self._view, *super().header_options()]

    def place_plots(self, width: int, height: int) -> None:
        super().place_plots(width, height)
        x = width - theme.px(8)
        for choice in reversed(list(self._choices.values())):
            x -= choice.width()
            choice.move(x, height - self.row.height() + (self.row.height() - choice.height()) // 2)
            choice.raise_()
            x -= theme.px(CHOICE_GAP)
        if self._choices:
            self.row.setGeometry(0, height - self.row.height(), x, self.row.height())

    def _type_into(self, number: int) -> None:
        self.select(number)
        part = self.strip.parts[f"band{number}_gain"]
        part.setFocus()
        part.type_value()  # type: ignore[union-attr]
