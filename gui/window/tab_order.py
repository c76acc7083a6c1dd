"""Which way Tab goes: zone by zone as they are read, inside a zone as its controls were made, in the header of a stage from left to right."""
from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget

from gui.controls.header import StageHeader


def stops_in(zone: QWidget) -> list[QWidget]:
    """What Tab reaches in a zone, in its order."""
    found: list[QWidget] = []
    step = zone.nextInFocusChain()
    while step is not None and step is not zone:
        if zone.isAncestorOf(step) and step.focusPolicy() & Qt.FocusPolicy.TabFocus and step.isVisible() and step.isEnabled():
            found.append(step)
        step = step.nextInFocusChain()
    heads = [stop for stop in found if header_of(stop, zone) is not None]
    return [*sorted(heads, key=lambda stop: stop.mapTo(zone, QPoint(0, 0)).x()), *(stop for stop in found if stop not in heads)]


def header_of(stop: QWidget, zone: QWidget) -> StageHeader | None:
    """The header of a stage that a control belongs to, inside a zone."""
    step: QWidget | None = stop
    while step is not None and step is not zone:
        if isinstance(step, StageHeader):
            return step
        step = step.parentWidget()
    return None


def stop_beside(window: QWidget, zones: Sequence[QWidget], step: int) -> QWidget | None:
    """Where Tab (1) or Shift+Tab (-1) goes from what has the keyboard; what lies in no zone comes last. None without any control."""
    order = list(dict.fromkeys(stop for zone in (*zones, window) for stop in stops_in(zone)))
    now = window.focusWidget()
    if not order:
        return None
    if now not in order:
        return order[0 if step > 0 else -1]
    return order[(order.index(now) + step) % len(order)]
