"""What is shown of foreign plugins: how each runs, and what is wrong with it."""
from typing import NamedTuple

from gui.editors.plugin import PluginState
from mastering_rt.desk.desk import Desk
from mastering_rt.plugins.unit import Unit
from mastering_rt.session.model import Slot


class Trouble(NamedTuple):
    """What a slot reports, what that means, and the one thing that can be done."""

    fault: str
    consequence: str
    remedy: str


def trouble_of(desk: Desk, slot: Slot) -> Trouble | None:
    """None for a plugin that runs or is being loaded for the first time, and for all other stages."""
    unit = desk.plugins.unit(slot.name) if slot.plugin is not None else None
    if unit is None or not unit.problem:
        return None
    fault = unit.problem[:1].upper() + unit.problem[1:]
    if unit.phase == "resting":
        return Trouble(fault, "Isolated: the dry sound plays", "Try again")
    return Trouble(fault, "Isolated: it is being restarted", "")


def plugin_state(desk_slot: Slot, unit: Unit | None) -> PluginState:
    """For the editor of a slot."""
    plugin = desk_slot.plugin
    if plugin is None:
        return PluginState("The slot is empty. Remove it, and choose a plugin in the menu that adds a stage.")
    if unit is None or unit.facts is None:
        words = f"{plugin.title} {unit.problem}: {plugin.path}" if unit is not None and unit.problem else f"{plugin.title} is being loaded."
        return PluginState(words)
    words = f"{plugin.title} {unit.problem}." if unit.problem else ""
    return PluginState(words, unit.facts.parameters, tuple(unit.values.items()), tuple(unit.texts.items()), unit.phase == "running", unit.editor_open)
