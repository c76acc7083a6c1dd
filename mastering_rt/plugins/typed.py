"""Plugins and their parameters as they are typed: `plugin.file=ZaMaximX2`, `plugin.threshold=-6`, `plugin.release=40 %`."""
import os
from collections.abc import Callable
from pathlib import Path

from mastering_rt.errors import UsageProblem
from mastering_rt.plugins import wire
from mastering_rt.plugins.allowed import allow_here, is_allowed
from mastering_rt.plugins.scan import RATE_HZ, Catalogue, Found, installed
from mastering_rt.plugins.texts import for_plugin, share_typed, unclear, was_read
from mastering_rt.plugins.unit import Unit
from mastering_rt.plugins.units import find_parameter, parameter_names, setup_of, why_not, with_facts, with_values
from mastering_rt.session.edits import find_slot, hint, put_plugin
from mastering_rt.session.model import PluginRef, Session

FILE = "file"
ANSWER_S = 10.0


def find_plugin(wanted: str) -> PluginRef:
    """A plugin by its path, or by its name as the last scan found it or as its file is called. UsageProblem with the names there are."""
    path = os.path.abspath(os.path.expanduser(wanted))
    if os.path.exists(path):
        return PluginRef(path)
    known = Catalogue().plugins
    plain = wanted.strip().casefold()
    found = next((plugin for plugin in known if (plugin.usable or plugin.blocked) and plain in (plugin.name.casefold(), Path(plugin.path).stem.casefold())), None)
    if found is not None:
        return reference_to(found)
    paths = installed()
    path = next((path for path in paths if Path(path).stem.casefold() == plain), "")
    if path:
        return PluginRef(path)
    names = [Path(path).stem for path in paths]
    raise UsageProblem(f"There is no plugin {wanted!r}{hint(wanted, names, 'there are ' + ', '.join(names) if names else 'none is installed')}")


def reference_to(found: Found) -> PluginRef:
    """A plugin of the catalogue, set as it comes."""
    return PluginRef(found.path, found.name, found.identifier, found.vendor, found.version, found.format, latency=found.latency)


class Readers:
    """Plugins that read what is typed for them, loaded at most once for each slot; in a `with` block, which lets them go. rate_of: the rate of
    the song, asked for when the first is loaded."""

    def __init__(self, rate_of: Callable[[], float] | None = None) -> None:
        self._rate_of = rate_of or (lambda: RATE_HZ)
        self._units: dict[str, Unit] = {}

    def __enter__(self) -> "Readers":
        return self

    def __exit__(self, *error: object) -> None:
        for unit in self._units.values():
            unit.close(wait=True)

    def unit(self, name: str, plugin: PluginRef) -> Unit:
        """The plugin of a slot, set as it is now. UsageProblem."""
        setup, unit = setup_of(plugin), self._units.get(name)
        if unit is not None and unit.setup.same_plugin(setup):
            unit.follow(setup)
            return unit
        if unit is not None:
            unit.close()
        unit = self._units[name] = Unit(setup, self._rate_of(), title=plugin.title, may_load=is_allowed)
        if not unit.wait() or unit.facts is None:
            raise UsageProblem(why_not(plugin.title, unit))
        return unit


def set_typed(session: Session, name: str, wanted: str, text: str, readers: Readers) -> Session:
    """Put a plugin into a slot (`file`), or move one of its parameters to what the plugin reads from a text. UsageProblem."""
    if wanted == FILE:
        found = find_plugin(text)
        allow_here(found.path)
        return put_plugin(session, name, found)
    plugin = find_slot(session, name).plugin
    if plugin is None:
        raise UsageProblem(f"{name} is an empty slot, so it has no parameter {wanted!r}; name its plugin first, as in {name}.{FILE}=NAME.")
    unit = readers.unit(name, plugin)
    assert unit.facts is not None
    index, value = _read(unit, plugin, wanted, text)
    return put_plugin(session, name, with_values(with_facts(plugin, unit.facts), {index: value}, parameter_names(unit.facts)))


def _read(unit: Unit, plugin: PluginRef, wanted: str, text: str) -> tuple[int, float]:
    assert unit.facts is not None
    parameter = find_parameter(unit.facts, wanted)
    if parameter is None:
        names = [p.name.lower().replace(" ", "_") for p in unit.facts.parameters]
        raise UsageProblem(f"{plugin.title} has no parameter {wanted!r}{hint(wanted, names, 'it has ' + ', '.join(names))}")
    share = share_typed(text, parameter.unit)
    if share is not None:
        return parameter.index, share
    unit.ask(wire.AskText(0, parameter.index, 0.0, *for_plugin(text, parameter.unit)))
    told = unit.next_happening(lambda told: told.text is not None, ANSWER_S)
    if told is not None and told.text is not None and told.text.meanings:
        raise UsageProblem(f"{plugin.title} {parameter.name}: {unclear(text, told.text.meanings)}")
    if told is None or told.text is None or told.text.problem or not was_read(text, told.text.text):
        raise UsageProblem(f"{plugin.title} cannot read {text!r} for {parameter.name}; its value now is {parameter.text!r}.")
    return parameter.index, told.text.value
