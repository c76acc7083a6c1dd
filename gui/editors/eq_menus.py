"""Context menus of the equaliser's plot and table."""
from collections.abc import Mapping
from functools import partial
from typing import Protocol

from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QWidget

from gui.controls.menu import Menu, menu_on
from gui.editors.eq_bands import PARAMS, Band


class Edits(Protocol):
    """What a menu may ask for."""

    def wish(self, values: Mapping[str, float]) -> None: ...
    def type_into(self, number: int) -> None: ...
    def solo(self, number: int) -> None: ...
    def remove_band(self, number: int) -> None: ...


def band_menu(parent: QWidget, band: Band, edits: Edits) -> Menu:
    """Type, slope, channel, gain, solo, bypass and removal of one band."""
    menu = menu_on(parent)
    for title, name in (("Type", "type"), ("Slope", "slope"), ("Channel", "channel")):
        if name != "slope" or band.sloped:
            add_choices(menu, title, band, name, edits)
    menu.addSeparator()
    menu.add("Type a value", lambda: edits.type_into(band.number), "Enter")
    menu.add("Gain to 0", lambda: edits.wish({band.id("gain"): 0.0}), "Backspace", enabled=band.gained)
    menu.add("Q to default", lambda: edits.wish({band.id("q"): PARAMS[band.id("q")].default}), enabled=band.has_q)
    menu.add("Solo", lambda: edits.solo(band.number), "S", checked=band.solo)
    menu.addSeparator()
    menu.add("Bypass the band, keep its values", lambda: edits.wish({band.id("on"): 0.0 if band.on else 1.0}), "B", checked=not band.on)
    menu.add("Remove the band with its values", lambda: edits.remove_band(band.number), "Delete", enabled=band.used)
    return menu


def add_choices(menu: Menu, title: str, band: Band, name: str, edits: Edits) -> None:
    """A sub-menu with the choices of one parameter of the band, the present one ticked."""
    fill_choices(menu.add_menu(title), band, name, edits)


def choices_menu(parent: QWidget, band: Band, name: str, edits: Edits) -> Menu:
    """The choices of one parameter of the band."""
    menu = menu_on(parent)
    fill_choices(menu, band, name, edits)
    return menu


def fill_choices(menu: Menu, band: Band, name: str, edits: Edits) -> None:
    """A row for each, the present one ticked."""
    now = {"type": band.type, "slope": band.slope, "channel": band.channel}[name]
    for index, words in enumerate(PARAMS[band.id(name)].choices):
        menu.add(words, partial(edits.wish, {band.id(name): float(index)}), checked=index == now)


class Ground(Protocol):
    """A plot on whose ground a menu opens."""

    view_db: float

    def add_at(self, at: QPointF) -> None: ...
    def choose_view(self, view_db: float) -> None: ...


def ground_menu(parent: QWidget, at: QPointF, views_db: tuple[float, ...], ground: Ground) -> Menu:
    """A new band here, and the gain range."""
    menu = menu_on(parent)
    menu.add("Add a band here", lambda: ground.add_at(at))
    menu.addSeparator()
    for view_db in views_db:
        menu.add(f"View ±{view_db:g} dB", partial(ground.choose_view, view_db), checked=view_db == ground.view_db)
    return menu
