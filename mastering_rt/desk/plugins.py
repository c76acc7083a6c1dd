"""Foreign plugins as the desk has them: put into the chain, moved by hand, and what they did by themselves, in undo and journal."""
from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from mastering_rt.desk.plugin_states import PluginStates, holds
from mastering_rt.desk.plugin_texts import OF_A_STEP, PluginTexts
from mastering_rt.errors import UsageProblem, reason
from mastering_rt.identity import is_another
from mastering_rt.plugins import wire
from mastering_rt.plugins.allowed import allow, allow_here
from mastering_rt.plugins.changes import elsewhere
from mastering_rt.plugins.scan import Catalogue, Found
from mastering_rt.plugins.spare import spares
from mastering_rt.plugins.texts import for_plugin, share_typed, unclear, was_read
from mastering_rt.plugins.typed import reference_to
from mastering_rt.plugins.unit import Happening, Unit
from mastering_rt.plugins.units import KIND, parameter_names, why_not, with_values
from mastering_rt.session import edits
from mastering_rt.session.model import PluginRef, Session, Slot

if TYPE_CHECKING:
    from mastering_rt.desk.desk import Desk

TYPED, STEPS = 1, 2              # numbers of questions for texts: of what was typed, and of the steps of a choice
MOST_CHOICES = 64


class Plugins:
    """Control thread. Slots are named by their names in the chain."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self.texts = PluginTexts(desk)
        self._typed: dict[tuple[str, int], str] = {}         # texts that plugins were asked to read
        self._steps: dict[tuple[str, int], list[str]] = {}
        self.states = PluginStates(desk)
        self.has_asker = False                   # somebody asks the user about what is `waiting`; else a sentence says how to allow it
        self._expecting = False

    def expect(self) -> None:
        """A plugin will be wanted, or wanted back: keep a worker's process ready for it."""
        if not self._expecting:
            self._expecting = True
            spares.keep()

    def close(self) -> None:
        """Keep none any more."""
        if self._expecting:
            self._expecting = False
            spares.let_go()

    def unit(self, slot: str) -> Unit | None:
        """What hosts the plugin of a slot; None for an empty slot, and for a moment after it was filled."""
        unit, plugin = self._desk.player.units.get(slot), next((there.plugin for there in self._desk.session.chain if there.name == slot), None)
        if unit is None or plugin is None:
            return unit
        return unit if unit.setup.path == plugin.path and not is_another(unit.setup.identifier, plugin.identifier) else None

    def add(self, found: Found, position: int | None = None) -> str:
        """A new slot with this plugin; gives the slot's name. UsageProblem."""
        names = {slot.name for slot in self._desk.session.chain}
        reference = reference_to(found)

        def change(session: Session) -> Session:
            session = edits.add_stage(session, KIND, position)
            fresh = next(slot.name for slot in session.chain if slot.name not in names)
            return edits.put_plugin(session, fresh, reference)
        session = self._desk.edit(change)
        return next(slot.name for slot in session.chain if slot.name not in names)

    def set_value(self, slot: str, index: int, value: float) -> None:
        """One parameter of the plugin, 0..1. UsageProblem for an empty slot."""
        unit = self.unit(slot)
        names = parameter_names(unit.facts if unit else None)
        self._desk.edit(lambda s: edits.put_plugin(s, slot, with_values(self._reference(slot), {index: value}, names)), key=f"{slot}.{index}")

    def type_value(self, slot: str, index: int, text: str) -> None:
        """The same by a text that the plugin reads; the value comes with a later poll. "40 %" is a share of the range. UsageProblem."""
        unit = self.unit(slot)
        parameter = next((p for p in unit.facts.parameters if p.index == index), None) if unit is not None and unit.facts is not None else None
        if unit is None or parameter is None or unit.phase != "running":
            raise UsageProblem(f"{self._slot(slot).title} does not run, so it cannot read {text!r}.")
        share = share_typed(text, parameter.unit)
        if share is not None:
            self.set_value(slot, index, share)
        else:
            self._typed[slot, index] = text
            unit.ask(wire.AskText(TYPED, index, 0.0, *for_plugin(text, parameter.unit)))

    def choices(self, slot: str) -> dict[int, tuple[str, ...]]:
        """Parameter index -> the texts of its steps, of the parameters that have few; they come a moment after the plugin."""
        return {index: tuple(texts) for (name, index), texts in self._steps.items() if name == slot and all(texts)}

    def _ask_steps(self, slot: str) -> None:
        """Texts of steps are asked for when the plugin runs already, because some take long to write them."""
        unit = self.unit(slot)
        for parameter in unit.facts.parameters if unit is not None and unit.facts is not None else ():
            if 1 < parameter.steps <= MOST_CHOICES:
                self._steps[slot, parameter.index] = [""] * parameter.steps
                for step in range(parameter.steps):
                    assert unit is not None
                    unit.ask(wire.AskText(STEPS, parameter.index, value=step / (parameter.steps - 1)))

    def _take_text(self, slot: str, told: wire.Text) -> None:
        unit, plugin = self.unit(slot), self._slot(slot).plugin
        if unit is not None and plugin is not None:
            self.texts.take(unit, plugin, told)
        if told.ask == OF_A_STEP:
            return
        if told.ask == STEPS:
            texts = self._steps.get((slot, told.index), [])
            step = round(told.value * (len(texts) - 1))
            if 0 <= step < len(texts):
                texts[step] = told.text or f"{step + 1}"
            return
        typed = self._typed.pop((slot, told.index), "")
        if told.meanings:
            name = parameter_names(unit.facts if unit else None).get(told.index, "")
            self._desk.say(f"{self._slot(slot).title} {name}: {unclear(typed, told.meanings)} The value stays as it was.")
        elif told.problem or not was_read(typed, told.text):
            self._desk.say(f"{self._slot(slot).title} cannot read {typed!r}; the value stays as it was.")
        else:
            self.set_value(slot, told.index, told.value)

    def open_editor(self, slot: str) -> None:
        """The plugin's own window. UsageProblem while the plugin does not run."""
        unit = self.unit(slot)
        if unit is None or not (self.states.opening(slot, unit) and unit.ask(wire.OpenEditor(self._window_title(slot)))):
            raise UsageProblem(f"{self._slot(slot).title} does not run, so it has no window to show.")

    def _window_title(self, slot: str) -> str:
        number = next(number for number, there in enumerate(self._desk.session.chain, 1) if there.name == slot)
        return f"{self._slot(slot).title}, slot {number} - Mastering RT"

    def close_editor(self, slot: str) -> None:
        unit = self.unit(slot)
        if unit is not None:
            unit.ask(wire.CloseEditor())

    def revive(self, slot: str) -> None:
        """Take a plugin in again that was given up."""
        unit = self.unit(slot)
        if unit is not None:
            unit.revive()

    def allow(self, path: str) -> None:
        """Let this and all later sessions load a plugin from here; what waits for that loads a moment later. UsageProblem."""
        try:
            allow(path)
        except OSError as error:
            allow_here(path)
            raise UsageProblem(f"That {path} may be loaded cannot be kept ({reason(error)}); it holds until the program ends.") from None

    @property
    def waiting(self) -> dict[str, str]:
        """Paths of plugins of the chain that wait for the user's word -> what they are called."""
        units = [(slot.plugin, self.unit(slot.name)) for slot in self._desk.session.chain if slot.plugin is not None]
        return {plugin.path: plugin.title for plugin, unit in units if unit is not None and unit.asks}

    def _ask_about(self, slot: str) -> None:
        """A plugin that nobody has named but the session. The same one from where a scan knows it needs no question."""
        wanted, unit = self._reference(slot), self.unit(slot)
        if not self._take_from_elsewhere(slot, wanted, f"where no plugins are: {wanted.path}") and unit is not None and not self.has_asker:
            self._desk.say(why_not(wanted.title, unit))

    def locate(self, slot: str, found: Found) -> None:
        """The plugin of a slot from another place, with all that it was set to. UsageProblem when it is another plugin."""
        wanted = self._reference(slot)
        if not found.usable:
            raise UsageProblem(f"{found.title} {found.problem}. {wanted.title} stays as it is.")
        if is_another(wanted.identifier, found.identifier):
            raise UsageProblem(f"{found.title} is another plugin than {wanted.title}, whose settings are kept in this slot. Choose the file of {wanted.title}.")
        allow(found.path)
        self._move_to(slot, wanted, found)

    def reload(self, path: str) -> None:
        """Begin anew with the file of a plugin that was replaced, in every slot that holds it, each as it is set."""
        for slot in self.holding(path):
            unit = self.unit(slot)
            if unit is not None:
                unit.reload()

    def holding(self, path: str) -> list[str]:
        """Names of the slots with the plugin of this file."""
        return [slot.name for slot in self._desk.session.chain if slot.plugin is not None and slot.plugin.path == path]

    def _move_to(self, slot: str, wanted: PluginRef, found: Found) -> None:
        moved = replace(wanted, path=found.path)
        self._desk.rebase(lambda s: edits.put_plugin(s, slot, moved) if holds(s, slot, wanted) else s, f"{wanted.title} taken from {found.path}")

    def _look_elsewhere(self, slot: str) -> None:
        """A plugin that is not where it was may have moved."""
        unit = self.unit(slot)
        if unit is not None and unit.missing:
            wanted = self._reference(slot)
            self._take_from_elsewhere(slot, wanted, f"no longer at {wanted.path}")

    def _take_from_elsewhere(self, slot: str, wanted: PluginRef, instead: str) -> bool:
        found = elsewhere(wanted, Catalogue().plugins)
        if found is not None:
            self._move_to(slot, wanted, found)
            self._desk.say(f"{wanted.title} is {instead}. It was found at {found.path} and is taken from there.")
        return found is not None

    def take(self, plugins: Sequence[tuple[str, Happening]]) -> None:
        """What came with a poll. A slot that has just been removed or given another plugin has nothing to tell any more."""
        for slot, told in plugins:
            if not self._holds_what_tells(slot):
                continue
            if told.moved:
                self._follow_hand(slot, dict(told.moved))
            elif told.state is not None:
                self.states.answered(slot, told.state)
            elif told.text is not None:
                self._take_text(slot, told.text)
            elif told.editor is not None and not told.editor.is_open:
                self._editor_closed(slot, told.editor)
            elif told.asks:
                self._ask_about(slot)
            elif told.sentence and not told.ready:
                self._look_elsewhere(slot)
            elif told.ready:
                self.expect()
                self._ready(slot)

    def _holds_what_tells(self, slot: str) -> bool:
        return any(there.name == slot and there.plugin is not None for there in self._desk.session.chain) and self.unit(slot) is not None

    def _follow_hand(self, slot: str, values: dict[int, float]) -> None:
        """A hand in the plugin's own window, or the plugin itself."""
        self.states.moved(slot)
        unit, reference = self.unit(slot), self._reference(slot)
        for index, value in values.items():
            if unit is not None and unit.values.get(index) == value:
                self.texts.know(unit, reference, index, value, unit.texts.get(index, ""))
        changed = with_values(reference, values, parameter_names(unit.facts if unit else None))
        self._edit_quietly(slot, changed, key=f"{slot} window")

    def _editor_closed(self, slot: str, editor: wire.Editor) -> None:
        if editor.problem:
            self._desk.say(f"The window of {self._slot(slot).title} cannot be shown: {editor.problem}")
        self.states.closed(slot)

    def _ready(self, slot: str) -> None:
        unit = self.unit(slot)
        if unit is not None:
            self.states.ready(slot, unit)
            self.texts.loaded(unit, self._reference(slot))
            self._desk.measure_again()
            self._ask_steps(slot)

    def _edit_quietly(self, slot: str, reference: PluginRef, key: str) -> None:
        """Where a blind test keeps the sound as it is, what a plugin does by itself is not written down."""
        if not self._desk.blind.running:
            self._desk.edit(lambda s: edits.put_plugin(s, slot, reference), key=key)

    def _slot(self, name: str) -> Slot:
        return edits.find_slot(self._desk.session, name)

    def _reference(self, name: str) -> PluginRef:
        plugin = self._slot(name).plugin
        if plugin is None:
            raise UsageProblem(f"{self._slot(name).title} is an empty slot; choose a plugin for it.")
        return plugin
