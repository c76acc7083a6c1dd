"""What a screen reader hears of a painted widget: name, role, value with its unit, range, actions.

A widget says it by up to five methods, all optional but the first: `spoken_role`, `spoken_value`, `spoken_range`, `spoken_state` and
`spoken_actions`. Qt's own interface of buttons is not used, because its "Toggle" passes `clicked` by.
"""
from collections.abc import Callable
from typing import Any, NamedTuple, Protocol, cast, runtime_checkable

from PySide6.QtCore import QObject
from PySide6.QtGui import (
    QAccessible,
    QAccessibleActionInterface,
    QAccessibleAnnouncementEvent,
    QAccessibleInterface,
    QAccessibleValueChangeEvent,
    QAccessibleValueInterface,
)
from PySide6.QtWidgets import QAccessibleWidget, QWidget
from shiboken6 import VoidPtr

NO_INTERFACE = VoidPtr(0)  # None in its place ends the process when Qt asks (PySide6 6.11.3)


class Range(NamedTuple):
    """A value that can be read and, where `take` is given, set by assistive technology."""

    now: float
    low: float
    high: float
    step: float
    take: Callable[[float], None] | None = None


@runtime_checkable
class Speaks(Protocol):
    """A widget that describes itself."""

    def spoken_role(self) -> QAccessible.Role: ...


class SpokenValue(QAccessibleValueInterface):
    """The number of a widget; asks the widget each time."""

    def __init__(self, owner: "Spoken") -> None:
        super().__init__()
        self._owner = owner

    def _range(self) -> Range:
        return cast(Range, self._owner.widget().spoken_range())

    def currentValue(self) -> float:
        return self._range().now

    def minimumValue(self) -> float:
        return self._range().low

    def maximumValue(self) -> float:
        return self._range().high

    def minimumStepSize(self) -> float:
        return self._range().step

    def setCurrentValue(self, value: Any) -> None:
        take = self._range().take
        if take is not None:
            take(float(value))


class SpokenActions(QAccessibleActionInterface):
    """What can be done to a widget without a mouse, by name."""

    def __init__(self, owner: "Spoken") -> None:
        super().__init__()
        self._owner = owner

    def _actions(self) -> dict[str, Callable[[], None]]:
        return cast(dict[str, Callable[[], None]], self._owner.widget().spoken_actions())

    def actionNames(self) -> list[str]:
        return list(self._actions())

    def doAction(self, actionName: str) -> None:
        action = self._actions().get(actionName)
        if action is not None:
            action()

    def keyBindingsForAction(self, actionName: str) -> list[str]:
        return []

    def localizedActionName(self, name: str) -> str:
        return name

    def localizedActionDescription(self, name: str) -> str:
        return name


class Spoken(QAccessibleWidget):
    """The accessible side of one widget that `Speaks`."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget, cast(Speaks, widget).spoken_role())
        self._value = SpokenValue(self) if hasattr(widget, "spoken_range") else None
        self._actions = SpokenActions(self) if hasattr(widget, "spoken_actions") else None

    def widget(self) -> Any:
        """The widget, never kept, so that a forgotten interface holds nothing alive."""
        return self.object()

    def text(self, t: QAccessible.Text) -> str:
        if t == QAccessible.Text.Value and hasattr(self.widget(), "spoken_value"):
            return str(self.widget().spoken_value())
        return super().text(t)

    def state(self) -> QAccessible.State:
        state = super().state()
        if hasattr(self.widget(), "spoken_state"):
            self.widget().spoken_state(state)
        return state

    def interface_cast(self, t: QAccessible.InterfaceType) -> Any:
        if t == QAccessible.InterfaceType.ValueInterface and self._value is not None:
            return self._value
        if t == QAccessible.InterfaceType.ActionInterface and self._actions is not None:
            return self._actions
        found = super().interface_cast(t)
        return NO_INTERFACE if found is None else found

    def valueInterface(self) -> QAccessibleValueInterface | None:  # type: ignore[override]
        return self._value

    def actionInterface(self) -> QAccessibleActionInterface | None:  # type: ignore[override]
        return self._actions if self._actions is not None else super().actionInterface()


def make(key: str, made_for: QObject) -> QAccessibleInterface | None:
    """Qt's factory: an interface for widgets that speak for themselves, nothing for all others."""
    return Spoken(made_for) if isinstance(made_for, QWidget) and isinstance(made_for, Speaks) else None


_installed: list[bool] = []


def install() -> None:
    """Registers the factory once. Qt asks the newest first, so this runs after the application is made."""
    if not _installed:
        QAccessible.installFactory(make)
        _installed.append(True)


def tell_value(widget: QWidget, value: float) -> None:
    """Tells a listening screen reader that a value moved; costs nothing when nobody listens."""
    if QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleValueChangeEvent(widget, value))


def announce(widget: QWidget, sentence: str, urgent: bool = False) -> None:
    """Has a sentence spoken, without moving the focus."""
    if QAccessible.isActive():
        event = QAccessibleAnnouncementEvent(widget, sentence)
        event.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive if urgent else QAccessible.AnnouncementPoliteness.Polite)
        QAccessible.updateAccessibility(event)
