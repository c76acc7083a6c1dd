"""The plugins of one chain: a unit for each slot, from when the slot appears until it is gone, whatever stages come and go meanwhile."""
import shlex
import threading
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from msgspec.structs import replace

from dsp_core.offline.patience import patience
from dsp_core.offline.relay import Relay
from dsp_core.stages.plugin import Plugin
from dsp_core.stages.stage import Stage
from mastering_rt.errors import Check, MasteringError, go_on
from mastering_rt.plugins.allowed import is_allowed
from mastering_rt.plugins.health import LOOK_S
from mastering_rt.plugins.unit import Happening, Setup, Unit
from mastering_rt.plugins.wire import Facts, Parameter
from mastering_rt.session.model import PluginRef, Slot

KIND = "plugin"
STEREO = 0                       # of the parameter "placement"


class PluginProblem(MasteringError):
    """A foreign plugin that is not there, cannot be loaded, or failed while something had to be finished with it."""


def setup_of(plugin: PluginRef) -> Setup:
    """What the worker is to load."""
    values = tuple((int(key.split(" ", 1)[0]), value) for key, value in plugin.values.items())
    return Setup(plugin.path, plugin.name, b64decode(plugin.state), values, plugin.identifier)


def with_values(plugin: PluginRef, values: Mapping[int, float], names: Mapping[int, str]) -> PluginRef:
    """With these parameters moved; names are kept beside the numbers so that a person can read the file."""
    kept = {int(key.split(" ", 1)[0]): (key, value) for key, value in plugin.values.items()}
    kept.update({index: (f"{index} {names.get(index, '')}".rstrip(), min(1.0, max(0.0, value))) for index, value in values.items()})
    return replace(plugin, values={key: value for _, (key, value) in sorted(kept.items())})


def with_state(plugin: PluginRef, state: bytes, preset: bytes) -> PluginRef:
    """In this state. What was set stays on top of it: it may be younger."""
    return replace(plugin, state=b64encode(state).decode(), preset=b64encode(preset).decode())


def with_facts(plugin: PluginRef, facts: Facts) -> PluginRef:
    """As the plugin calls itself."""
    return replace(plugin, name=plugin.name or facts.name, identifier=facts.identifier, vendor=facts.vendor, version=facts.version,
                   format=facts.format, latency=facts.latency)


def another_version(plugin: PluginRef, facts: Facts | None) -> str:
    """What to say of a plugin that was set in another version; "" for the same, and where one of them is not known."""
    if facts is None or not plugin.version or plugin.version == facts.version:
        return ""
    return f"{plugin.title} is version {facts.version or 'unknown'} now, and was {plugin.version} when it was set. Listen whether it sounds as it did."


def has_plugins(chain: Iterable[Slot]) -> bool:
    return any(slot.plugin is not None for slot in chain)


def makes_run(before: Slot | None, slot: Slot) -> bool:
    """Whether a slot is fed by the one right before it, so that both take the way to their workers and back once. One that works on a part
    of the stereo sound is not: its other part does not go through the worker."""
    return before is not None and all(each.plugin is not None and each.value("placement") == STEREO for each in (before, slot))


class Units:
    """Of one rack, at the rate of its engine. Control thread only."""

    def __init__(self, rate_hz: float, device_frames: int = 0) -> None:
        self.rate_hz, self.device_frames = rate_hz, device_frames
        self._units: dict[str, Unit] = {}
        self._leaving: list[Unit] = []
        self._relays: list[Relay] = []
        self._parted: list[Relay] = []           # closed, and perhaps still looked at by the audio thread

    def __getitem__(self, name: str) -> Unit:
        return self._units[name]

    def get(self, name: str) -> Unit | None:
        """The unit of the slot of this name."""
        return self._units.get(name)

    @property
    def latencies(self) -> dict[str, int]:
        """Name of the slot -> samples by which its plugin is late now."""
        return {name: unit.latency for name, unit in self._units.items()}

    def stage(self, slot: Slot, before: Slot | None = None) -> Stage:
        """A fresh stage for a slot of kind plugin, in a chain behind `before`; its unit is the one that runs already, if it hosts the same
        plugin."""
        if slot.plugin is None:
            return Plugin(KIND, self.rate_hz, dict(slot.values))
        setup, unit = setup_of(slot.plugin), self._units.get(slot.name)
        if unit is None or not unit.setup.same_plugin(setup):
            if unit is not None:
                self._leaving.append(unit)
            unit = Unit(setup, self.rate_hz, title=slot.title, device_frames=self.device_frames, latency=slot.plugin.latency, may_load=is_allowed)
            self._units[slot.name] = unit
        else:
            unit.follow(setup)
        return Plugin(KIND, self.rate_hz, dict(slot.values), line=unit.line, plugin_latency=unit.latency, relay=self._relay(before, slot))

    def _relay(self, before: Slot | None, slot: Slot) -> Relay | None:
        """What carries the sound of the slot before to this one's plugin, where the two are a run."""
        if before is None or not makes_run(before, slot):
            return None
        leader, follower = self._units[before.name].line, self._units[slot.name].line
        found = next((relay for relay in self._relays if relay.leader is leader and relay.follower is follower), None)
        if found is None:
            found = Relay(leader, follower)
            self._relays.append(found)
        return found

    def fits(self, slot: Slot, stage: Stage, before: Slot | None = None) -> bool:
        """Whether a running stage is still the right one behind `before`: on its unit's line, fed as it should be, and as late as the plugin
        is now."""
        if slot.kind != KIND:
            return True
        unit = self._units.get(slot.name)
        if slot.plugin is None or unit is None:
            return slot.plugin is None and stage.line is None
        leader = self._units.get(before.name) if before is not None and makes_run(before, slot) else None
        fed_by = stage.relay.leader if stage.relay is not None else None
        return stage.line is unit.line and stage.plugin_latency == unit.latency and fed_by is (leader.line if leader is not None else None)

    @property
    def any(self) -> bool:
        """Whether there is anything that could be let go of."""
        return bool(self._units or self._leaving or self._relays)

    def set_aside(self, stages: Mapping[str, Stage], refused: bool) -> list[str]:
        """Where a wish was `refused`: the plugins that are late by another time than their running stages make up for are not to be heard.
        Their names."""
        aside = []
        for name, stage in stages.items():
            unit = self._units.get(name)
            if unit is not None and stage.kind == KIND and stage.line is unit.line:
                is_aside = refused and stage.plugin_latency != unit.latency
                unit.line.set_aside(is_aside)
                aside += [unit.title] * is_aside
        return aside

    def follow(self, slot: Slot) -> None:
        """The slot is set otherwise."""
        unit = self._units.get(slot.name)
        if unit is not None and slot.plugin is not None:
            unit.follow(setup_of(slot.plugin))

    def keep(self, stages: Mapping[str, Stage]) -> None:
        """Nothing runs any other stage of any slot any more."""
        kept = set(stages)
        used = [stage.relay for stage in stages.values() if stage.kind == KIND]
        for relay in [relay for relay in self._relays if relay not in used]:
            relay.close()
            self._relays.remove(relay)
            self._parted.append(relay)
        for name in [name for name in self._units if name not in kept]:
            self._leaving.append(self._units.pop(name))
        for unit in self._leaving:
            unit.close()
            unit.line.retire()
        self._leaving = []
        self._parted = [relay for relay in self._parted if not relay.part()]

    def happenings(self) -> list[tuple[str, Happening]]:
        """What has happened in each slot since the last call."""
        return [(name, happening) for name, unit in self._units.items() for happening in unit.happenings()]

    def close(self) -> None:
        """Let go of all workers, whoever still runs the stages: a device that hangs may."""
        for each in (*self._relays, *self._leaving, *self._units.values()):
            each.close()
        self._relays, self._leaving, self._units = [], [], {}


class _Held:
    """Lets go of a unit, and of the relay to it, when the last stage on its line does."""

    def __init__(self, unit: Unit, relay: Relay | None) -> None:
        self.unit, self.relay = unit, relay

    def __del__(self) -> None:
        if self.relay is not None:
            self.relay.close()
        self.unit.close()


def offline_stage(slot: Slot, rate_hz: float, leader: Stage | None = None, check: Check = go_on) -> Stage:
    """A stage with a worker of its own, which waits for every answer; fed by `leader`, where the two are a run. Blocks until the plugin is
    loaded, or `check` raises. PluginProblem."""
    plugin = slot.plugin
    if plugin is None or slot.bypassed:
        return Plugin(KIND, rate_hz, dict(slot.values))
    unit = Unit(setup_of(plugin), rate_hz, title=slot.title, patience=patience(), latency=plugin.latency, may_load=is_allowed)
    try:
        if not unit.wait(check=check):
            raise PluginProblem(why_not(slot.title, unit))
    except BaseException:
        unit.close()
        raise
    relay = Relay(leader.line, unit.line) if leader is not None and leader.line is not None else None
    return Plugin(KIND, rate_hz, dict(slot.values), line=unit.line, plugin_latency=unit.latency, keep=_Held(unit, relay), relay=relay)


def why_not(title: str, unit: Unit) -> str:
    """Why a unit does not run, and what can be done, for where nobody can be asked."""
    path = unit.setup.path
    if unit.asks:
        return f"{title} {unit.problem}: {path}. A plugin is a program; if you trust this one: mastering-rt plugins allow {shlex.quote(path)}"
    return f"{title} {unit.problem or 'did not load'}. Bypass or remove its slot, or bring the plugin back: {path}"


@contextmanager
def waiting_until(check: Check, stages: Sequence[Stage]) -> Iterator[None]:
    """While these are run offline: once `check`, which any thread may ask, raises, no answer of their plugins is waited for any more, however
    long it takes; and that is what is raised."""
    done = threading.Event()

    def watch() -> None:
        while not done.wait(LOOK_S):
            try:
                check()
            except Exception:
                let_go(stages)
                return
    if check is not go_on and _units_of(stages):
        threading.Thread(target=watch, name="plugins to be let go of", daemon=True).start()
    try:
        yield
    except PluginProblem:
        check()
        raise
    finally:
        done.set()


def let_go(stages: Sequence[Stage]) -> None:
    """Of the plugins of these, which are run offline: nobody waits for their answers any more."""
    for unit in _units_of(stages):
        unit.close()


def _units_of(stages: Sequence[Stage]) -> list[Unit]:
    return [stage.keep.unit for stage in stages if stage.kind == KIND and stage.keep is not None]


def check_plugins(stages: Sequence[Stage]) -> None:
    """PluginProblem if one of these, which are run offline, has failed."""
    for stage in stages:
        held = stage.keep if stage.kind == KIND else None
        if held is not None and (stage.line.fault or held.unit.failures):
            unit = held.unit
            unit.wait_for_end(1.0)
            raise PluginProblem(f"{unit.title} {unit.problem or 'did not answer'}, so what comes out would not be what you hear. "
                                "Try again, or bypass its slot.")


def versions_said(chain: Sequence[Slot], stages: Sequence[Stage]) -> list[str]:
    """Sentences about plugins of these offline stages that were set in another version."""
    held = [(slot.plugin, stage.keep) for slot, stage in zip(chain, stages, strict=True) if slot.plugin is not None and stage.kind == KIND]
    return [said for plugin, keep in held if keep is not None and (said := another_version(plugin, keep.unit.facts))]


def parameter_names(facts: Facts | None) -> dict[int, str]:
    """Parameter index -> name."""
    return {parameter.index: parameter.name for parameter in facts.parameters} if facts else {}


def find_parameter(facts: Facts, wanted: str) -> Parameter | None:
    """By its name without case and blanks, or by its number."""
    plain = "".join(wanted.lower().replace("_", " ").split())
    named = [p for p in facts.parameters if "".join(p.name.lower().replace("_", " ").split()) == plain]
    return next(iter(named), None) or next((p for p in facts.parameters if str(p.index) == plain), None)
