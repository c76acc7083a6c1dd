"""The states of foreign plugins, kept in the session: as they come, what their own windows did to them, and what is known only when one asks."""
import time
from base64 import b64encode
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from mastering_rt.plugins import wire
from mastering_rt.plugins.unit import Happening, Unit
from mastering_rt.plugins.units import another_version, with_facts, with_state
from mastering_rt.session import edits
from mastering_rt.session.model import PluginRef, Session, Slot
from mastering_rt.session.presets import is_same_plugin

if TYPE_CHECKING:
    from mastering_rt.desk.desk import Desk

BEFORE_ITS_WINDOW = 1            # numbers of questions for a state: the answer is compared with; all above are for the session
REST_S = 2.0                     # after the last move in a plugin's own window its state is worth asking for
MOST_QUESTIONS = 64              # whose plugins may still answer
PATIENCE_S = 0.5                 # for all states that are missing from a session that is to be saved


class Known(NamedTuple):
    """The state that a plugin told, and how it was set in the session then."""

    state: str
    reference: PluginRef


class PluginStates:
    """Control thread. Slots are named by their names in the chain; only slots that are there are asked about."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._question = BEFORE_ITS_WINDOW
        self._open: set[str] = set()             # slots whose windows are open
        self._moved: dict[str, float] = {}       # slots that moved by themselves or in their windows since their states were kept, and when they did last
        self._asked: set[str] = set()            # of these who were asked since
        self._questions: dict[int, PluginRef] = {}           # that were not answered yet -> how the plugin was set when it was asked
        self._known: dict[str, Known] = {}       # of slots whose windows were opened, as they were when they answered last
        self._looked_at: Session | None = None

    # what happens

    def opening(self, slot: str, unit: Unit) -> bool:
        """Its own window is about to open. False while the plugin does not run."""
        self._open.add(slot)
        return unit.ask(wire.AskState(BEFORE_ITS_WINDOW))

    def moved(self, slot: str) -> None:
        """It moved, by a hand in its own window or by itself."""
        self._moved[slot] = time.monotonic()
        self._asked.discard(slot)

    def closed(self, slot: str) -> None:
        """Its own window is closed."""
        self._open.discard(slot)
        self._ask(slot)

    def ready(self, slot: str, unit: Unit) -> None:
        """It runs, for the first time or again: without a window, and says who it is, and which version."""
        self._open.discard(slot)
        reference, facts = edits.find_slot(self._desk.session, slot).plugin, unit.facts
        if reference is None or facts is None or (reference.identifier, reference.version) == (facts.identifier, facts.version):
            return
        if said := another_version(reference, facts):
            self._desk.say(f"{said} The session names the new version from now on.")
        self._renew(slot, reference, lambda plugin: with_facts(plugin, facts), f"{reference.name or facts.name} loaded")

    def answered(self, slot: str, told: wire.State) -> None:
        """It told its state."""
        reference = edits.find_slot(self._desk.session, slot).plugin
        if reference is None:
            return
        if told.ask == BEFORE_ITS_WINDOW:
            self._known[slot] = Known(b64encode(told.state).decode(), reference)
        elif self._held or not still_holds(self._questions.pop(told.ask, reference), reference):
            self._asked.discard(slot)
        else:
            self._keep(slot, reference, told)

    def poll(self) -> None:
        """Ask those that have come to rest, and keep what is known of those that were never set."""
        if self._held:
            return
        session, now = self._desk.session, time.monotonic()
        if session is not self._looked_at:
            names = {slot.name for slot in session.chain}
            for known in (self._open, self._asked):
                known.intersection_update(names)
            self._moved = {slot: at for slot, at in self._moved.items() if slot in names}
            self._known = {slot: known for slot, known in self._known.items() if slot in names}
        for slot in [slot for slot, at in self._moved.items() if slot not in self._asked and now - at >= REST_S]:
            self._ask(slot)
        if session is not self._looked_at:
            unknown = [slot for slot in session.chain if slot.plugin is not None and not slot.plugin.state]
            if sum(self._fill(slot) for slot in unknown) == len(unknown):
                self._looked_at = self._desk.session

    @property
    def about_to_tell(self) -> bool:
        """Whether the session is about to be given the state of a plugin that comes as it is: what is found out before is found out twice."""
        return any(self._is_awaited(slot) for slot in self._desk.session.chain if slot.plugin is not None and not slot.plugin.state)

    def _is_awaited(self, slot: Slot) -> bool:
        unit = self._desk.plugins.unit(slot.name)
        if unit is None:
            return False
        return (unit.phase == "starting" and not unit.failures) or (unit.phase == "running" and bool(unit.as_it_comes[0]) and not self._held)

    @property
    def _held(self) -> bool:
        """A hand is at the session, or a blind test keeps it as it is."""
        return self._desk.history.in_gesture or self._desk.blind.running

    # keeping

    def settle(self) -> None:
        """Have in the session what the plugins' own windows have done. Waits for the plugins, but never long."""
        if self._held:
            return
        waiting = {slot for slot in {*self._open, *self._moved} if self._ask(slot)}
        since, end = self._question - len(waiting), time.monotonic() + PATIENCE_S
        while waiting and time.monotonic() < end:
            for slot, told in self._desk.player.units.happenings():
                if told.state is not None and told.state.ask > since:
                    waiting.discard(slot)
                self._hand_on(slot, told)
            if waiting:
                time.sleep(0.001)

    def _hand_on(self, slot: str, told: Happening) -> None:
        if told.sentence:
            self._desk.say(told.sentence)
        self._desk.plugins.take([(slot, told)])

    def _ask(self, slot: str) -> bool:
        unit, reference = self._desk.plugins.unit(slot), edits.find_slot(self._desk.session, slot).plugin
        if unit is None or reference is None or not unit.ask(wire.AskState(self._question + 1)):
            return False
        self._question += 1
        self._questions = dict([*self._questions.items(), (self._question, reference)][-MOST_QUESTIONS:])
        self._asked.add(slot)
        return True

    def _keep(self, slot: str, reference: PluginRef, told: wire.State) -> None:
        """Moves are steps already, and the state becomes a part of them; what else was done in the window is a step of its own."""
        kept, known = with_state(reference, told.state, told.preset), self._known.get(slot)
        moved = slot in self._moved or (known is not None and known.reference != reference)
        self._known[slot] = Known(kept.state, kept)
        if slot in self._asked:
            self._moved.pop(slot, None)
        if kept.state == reference.state:
            return
        self._desk.plugins.texts.restated(reference, kept)
        if moved:
            self._desk.rebase(lambda s: edits.put_plugin(s, slot, kept) if holds(s, slot, reference) else s, "")
        elif known is None or kept.state != known.state:
            self._desk.edit(lambda s: edits.put_plugin(s, slot, kept), key=f"{slot} window")

    def _fill(self, slot: Slot) -> bool:
        """A plugin as it comes is a state, too: the next version may come otherwise. False while it does not run."""
        reference = slot.plugin
        assert reference is not None
        neutral = self.as_it_comes(slot.name, reference)
        if neutral.state:
            self._desk.plugins.texts.restated(reference, replace(reference, state=neutral.state))
            self._renew(slot.name, reference, lambda plugin: plugin if plugin.state else replace(plugin, state=neutral.state, preset=neutral.preset))
        return bool(neutral.state)

    def as_it_comes(self, slot: str, reference: PluginRef) -> PluginRef:
        """The plugin of a slot with nothing set: in the state that it told when it was loaded, or without one while it is not."""
        unit = self._desk.plugins.unit(slot)
        state, preset = unit.as_it_comes if unit is not None and unit.phase == "running" else (b"", b"")
        return with_state(replace(reference, values={}), state, preset)

    def _renew(self, slot: str, reference: PluginRef, change: Callable[[PluginRef], PluginRef], sentence: str = "") -> None:
        """In every session that undo can reach and that has this plugin in this slot."""
        def renewed(session: Session) -> Session:
            there = next((there.plugin for there in session.chain if there.name == slot), None)
            return edits.put_plugin(session, slot, change(there)) if there is not None and is_same_plugin(there, reference) else session
        self._desk.rebase(renewed, sentence, saved=True)


def still_holds(asked: PluginRef, now: PluginRef) -> bool:
    """Whether a state that was asked for belongs to the plugin as it is set now: its own base, and nothing was taken back meanwhile."""
    return asked.state == now.state and asked.values.keys() <= now.values.keys()


def holds(session: Session, slot: str, reference: PluginRef) -> bool:
    """Whether a slot of this name holds this plugin, set exactly so."""
    found = next((there for there in session.chain if there.name == slot), None)
    return found is not None and found.plugin == reference
