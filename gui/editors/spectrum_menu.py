"""The word "Spectrum" in a header, with what can be chosen about the spectra behind an equaliser."""
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QPoint, Signal

from gui.controls.choice import Choice
from gui.controls.menu import Menu, menu_on
from gui.plots.spectrum import RANGES_DB, SpectrumView
from gui.theme import theme
from mastering_rt.measure.basis import AVERAGES_S, SLOPES_DB, SMOOTHINGS_OCT, Basis, average_text, slope_text, smoothing_text


class SpectrumMenu(Choice):
    """What is drawn, range and hold act on the plot at once; slope, smoothing and averaging are wished from whoever measures."""

    basis_wished = Signal(Basis)

    def __init__(self, plot: SpectrumView) -> None:
        super().__init__("", ["Spectrum"], name="Spectrum behind the curve")
        self.plot = plot

    def open_menu(self) -> Menu:
        """Everything with its present choice ticked."""
        menu, plot = menu_on(self), self.plot
        self._add(menu, "Range", RANGES_DB, plot.range_db, lambda db: f"{db:g} dB", plot.set_range)
        menu.add("Peak hold", lambda: plot.set_hold(not plot.show_hold), checked=plot.show_hold)
        menu.add("Difference, master \N{MINUS SIGN} mix", lambda: plot.set_difference(not plot.show_difference), checked=plot.show_difference)
        menu.add("Whole song", lambda: plot.set_show_song(not plot.show_song), checked=plot.show_song)
        menu.addSeparator()
        for title, name, choices, words in (("Slope", "slope_db", SLOPES_DB, slope_text), ("Smoothing", "smoothing_oct", SMOOTHINGS_OCT, smoothing_text),
                                            ("Average", "average_s", AVERAGES_S, average_text)):
            self._add(menu, title, choices, getattr(plot.basis, name), words, partial(self._wish, name))
        menu.add("Begin average and hold anew", lambda: self.basis_wished.emit(plot.basis))
        menu.open_at(self.mapToGlobal(QPoint(0, self.height() + theme.px(2))))
        return menu

    def _add(self, menu: Menu, title: str, choices: Sequence[float], now: float, words: Callable[[float], str],
             choose: Callable[[float], object]) -> None:
        sub = menu.add_menu(title)
        for value in choices:
            sub.add(words(value), partial(choose, value), checked=value == now)

    def _wish(self, name: str, value: float) -> None:
        self.basis_wished.emit(replace(self.plot.basis, **{name: value}))
