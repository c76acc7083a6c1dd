"""How plugins write the values that undo and journal tell of. The plugin is asked when a step is done; its answer comes a moment later."""
from typing import TYPE_CHECKING, TypeVar

from mastering_rt.plugins import wire
from mastering_rt.plugins.texts import shown
from mastering_rt.plugins.unit import Unit
from mastering_rt.session.changes import SPELLED_OUT, index_of, moved_keys
from mastering_rt.session.model import PluginRef

if TYPE_CHECKING:
    from mastering_rt.desk.desk import Desk

OF_A_STEP = 5                    # number of the question
MOST_KEPT = 4096
SAME = 1e-6                      # plugins keep 32 bits of a value
K = TypeVar("K")
V = TypeVar("V")
Whose = tuple[str, str, int]     # a plugin's path and name, and the index of a parameter


class PluginTexts:
    """Control thread."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._texts: dict[tuple[Whose, float], str] = {}
        self._beneath: dict[tuple[Whose, str], float] = {}   # by the state that has it

    def written(self, plugin: PluginRef, index: int, value: float | None) -> str:
        """The plugin's text of a value; None stands for the value that its state has. "" while that is not known."""
        whose = (plugin.path, plugin.name, index)
        if value is None:
            value = self._beneath.get((whose, plugin.state))
        return self._texts.get((whose, value), "") if value is not None else ""

    def loaded(self, unit: Unit, plugin: PluginRef) -> None:
        """It runs, and has told how it writes what it was set to."""
        told = {parameter.index: parameter for parameter in unit.facts.parameters} if unit.facts is not None else {}
        for key, value in plugin.values.items():
            parameter = told.get(index_of(key))
            if parameter is not None and abs(parameter.value - value) < SAME:
                self.know(unit, plugin, parameter.index, value, parameter.text)

    def learn(self) -> None:
        """Ask for what the last step tells of."""
        steps = self._desk.history.steps
        if not steps:
            return
        old = {slot.name: slot.plugin for slot in steps[-1].before.chain}
        for slot in steps[-1].after.chain:
            before, after, unit = old.get(slot.name), slot.plugin, self._desk.plugins.unit(slot.name)
            if before is not None and after is not None and unit is not None and before != after and before.path == after.path:
                self._ask(unit, before, after)
        self._desk.reword()

    def _ask(self, unit: Unit, before: PluginRef, after: PluginRef) -> None:
        for key in moved_keys(before, after)[:SPELLED_OUT]:
            index = index_of(key)
            for plugin in (before, after):
                value = plugin.values.get(key)
                if value is None:
                    value = self._note_beneath(unit, plugin, index)
                if value is not None and not self.written(plugin, index, value):
                    unit.ask(wire.AskText(OF_A_STEP, index, value=value))

    def _note_beneath(self, unit: Unit, plugin: PluginRef, index: int) -> float | None:
        value = unit.beneath(index)
        if value is not None:
            _keep(self._beneath, ((plugin.path, plugin.name, index), plugin.state), value)
        return value

    def restated(self, plugin: PluginRef, kept: PluginRef) -> None:
        """The same plugin, set the same, is told with another state from now on."""
        known = {key: value for (key, state), value in self._beneath.items() if key[:2] == (plugin.path, plugin.name) and state == plugin.state}
        for whose, value in known.items():
            _keep(self._beneath, ((kept.path, kept.name, whose[2]), kept.state), value)

    def take(self, unit: Unit, plugin: PluginRef, told: wire.Text) -> None:
        """What a plugin answered, to any question."""
        if not told.problem:
            self.know(unit, plugin, told.index, told.value, told.text)
        if told.ask == OF_A_STEP:
            self._desk.reword()

    def know(self, unit: Unit, plugin: PluginRef, index: int, value: float, text: str) -> None:
        """How it writes this value."""
        parameters = unit.facts.parameters if unit.facts is not None else ()
        found = next((parameter for parameter in parameters if parameter.index == index), None)
        if found is not None and text:
            _keep(self._texts, ((plugin.path, plugin.name, index), value), shown(text, found.unit))


def _keep(kept: dict[K, V], key: K, value: V) -> None:
    """The oldest goes when there are too many."""
    kept[key] = value
    if len(kept) > MOST_KEPT:
        del kept[next(iter(kept))]
