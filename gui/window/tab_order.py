"""Which way Tab goes: zone by zone as they are read, inside a zone as its controls were made, in the header of a stage from left to right."""
from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget

from gui.controls.header import StageHeader


def stops_of(window: QWidget, zones: Sequence[QWidget]) -> list[list[QWidget]]:
    """What Tab reaches in each of the zones, in its order, and behind them what lies in none."""
    found: list[list[QWidget]] = [[] for _ in range(len(zones) + 1)]
    heads: list[list[QWidget]] = [[] for _ in range(len(zones) + 1)]
    places = {zone: place for place, zone in enumerate(zones)}
    step = window.nextInFocusChain()
    while step is not None and step is not window:
        if step.focusPolicy() & Qt.FocusPolicy.TabFocus and step.isEnabled() and step.isVisible():
            place, in_header = place_of(step, places)
            (heads if in_header else found)[place].append(step)
        step = step.nextInFocusChain()
    return [[*sorted(head, key=lambda stop: stop.mapTo(window, QPoint(0, 0)).x()), *rest] for head, rest in zip(heads, found, strict=True)]


def place_of(stop: QWidget, places: dict[QWidget, int]) -> tuple[int, bool]:
    """The zone that a control lies in, and whether it does so in the header of a stage."""
    in_header, step = False, stop.parentWidget()
    while step is not None and step not in places:
        in_header = in_header or isinstance(step, StageHeader)
        step = step.parentWidget()
    return (places[step], in_header) if step is not None else (len(places), in_header)


def stop_beside(window: QWidget, zones: Sequence[QWidget], step: int) -> QWidget | None:
    """Where Tab (1) or Shift+Tab (-1) goes from what has the keyboard. None without any control."""
    order = [stop for stops in stops_of(window, zones) for stop in stops]
    now = window.focusWidget()
    if not order:
        return None
    if now not in order:
        return order[0 if step > 0 else -1]
    return order[(order.index(now) + step) % len(order)]
