"""What is shown of foreign plugins: how each runs, and what is wrong with it."""
from typing import NamedTuple

from gui.editors.plugin import PluginState
from mastering_rt.desk.desk import Desk
from mastering_rt.plugins.texts import shown
from mastering_rt.plugins.wire import Facts
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
    if unit.asks:
        return Trouble("Not loaded: from an unknown place", "Its settings are kept; the dry sound plays", "Load it")
    if unit.phase == "resting":
        return Trouble(fault, "Isolated: the dry sound plays", "Try again")
    return Trouble(fault, "Isolated: it is being restarted", "")


def plugin_state(desk: Desk, slot: Slot, notes: str = "") -> PluginState:
    """For the editor of a slot. notes: what its tests found."""
    plugin, unit = slot.plugin, desk.plugins.unit(slot.name)
    if plugin is None:
        return PluginState("The slot is empty. Remove it, and choose a plugin in the menu that adds a stage.")
    if unit is None or unit.facts is None:
        if unit is None or not unit.problem:
            return PluginState(f"{plugin.title} is being loaded.")
        kept = " Its settings are kept in the session; the dry sound plays." if unit.missing or unit.asks else ""
        return PluginState(f"{plugin.title} {unit.problem}: {plugin.path}.{kept}", missing=unit.missing)
    facts = unit.facts
    units = {p.index: p.unit for p in facts.parameters}
    texts = tuple((index, shown(text, units.get(index, ""))) for index, text in unit.texts.items())
    return PluginState(f"{plugin.title} {unit.problem}." if unit.problem else "", facts.parameters, tuple(unit.values.items()), texts,
                       unit.phase == "running", unit.editor_open, tuple(desk.plugins.choices(slot.name).items()), about(facts, notes))


def about(facts: Facts, notes: str) -> str:
    """Who made a plugin, what its tests found, and its meters, which no host can read."""
    parts = [f"{facts.name} {facts.version} by {facts.vendor}".replace("  ", " "), notes]
    if facts.meters:
        parts.append(f"meters in its own window: {', '.join(facts.meters)}")
    return "; ".join(part for part in parts if part) + "."
