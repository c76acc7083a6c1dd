"""The chain and its values: select, add, move, bypass, remove, presets, copy and paste, undo."""
import re
from collections.abc import Iterable

from PySide6.QtCore import Qt

from dsp_core.params import params_of
from gui.acts.part import Part
from gui.controls.hand import hand
from gui.controls.menu import Menu
from gui.editors import EqEditor
from gui.editors.plugin import PREFIX
from gui.theme import numbers
from mastering_rt.offline.render import ceiling_of
from mastering_rt.session import edits
from mastering_rt.session.model import PluginRef, Slot
from mastering_rt.session.placing import place_behind
from mastering_rt.session.presets import Preset, apply_preset, is_same_plugin, list_presets, stage_preset

CURVES = ("eq", "dynamic_eq")
NODE = re.compile(r"band\d+_(freq|gain)")
NEUTRAL = "Neutral"
PRESET_LOADED = "Preset "           # so begins what undo and journal say of a preset that was chosen


class Shaping(Part):
    """`selected` names the slot whose editor is open; "" while the chain is empty."""

    selected = ""
    presets_changed = 0                      # counts, so that who shows them knows when to look again
    _offered: tuple[Preset, ...] = ()
    _copied: Slot | None = None
    _place = 0

    # selecting

    def settle(self) -> None:
        """After any change of the chain: what is selected exists, and where it went away its neighbour is selected."""
        names = [slot.name for slot in self.desk.session.chain]
        if self.selected in names:
            self._place = names.index(self.selected)
        else:
            self._place = max(0, min(self._place, len(names) - 1))
            self.selected = names[self._place] if names else ""

    @property
    def slot(self) -> Slot | None:
        """The selected slot."""
        return next((slot for slot in self.desk.session.chain if slot.name == self.selected), None)

    def select(self, name: str) -> None:
        """Open a slot's editor. What was left out or heard alone was so for the stage before."""
        if name != self.selected:
            self.selected = name
            if self.desk.without:
                self.desk.leave_out("")
            if self.desk.heard == "delta":
                self.desk.hear("master")
        self.changed()

    def select_at(self, place: int) -> None:
        """By its place, 0 first."""
        chain = self.desk.session.chain
        if 0 <= place < len(chain):
            self.select(chain[place].name)

    # the chain

    def add(self, kind: str, place: int | None = None) -> None:
        """A new stage, by default behind the selected one, and its editor; the keyboard is on its slot."""
        before = {slot.name for slot in self.desk.session.chain}
        if not self.attempt(lambda: self.desk.edit(lambda s: edits.add_stage(s, kind, place))):
            return
        fresh = next((slot.name for slot in self.desk.session.chain if slot.name not in before), "")
        self.select(fresh)
        self.window.rest_keyboard()

    def add_behind_selected(self, kind: str) -> None:
        """A new stage behind the selected one."""
        self.add(kind, self.place_for(kind))

    def place_for(self, kind: str, after: int | None = None) -> int:
        """Where a new stage goes: behind the one at `after`, by default the selected one, and before a limiter or clipper that closes the chain."""
        chain = self.desk.session.chain
        names = [slot.name for slot in chain]
        if after is None and self.selected not in names:
            return edits.fitting_position(chain, kind)
        return place_behind(chain, kind, names.index(self.selected) if after is None else after)

    def move(self, start: int, end: int) -> None:
        """From one place to another. Where that takes the ceiling away, it is said."""
        moved, ceiling_dbtp = self.desk.session.chain[start], ceiling_of(self.desk.session.chain)
        if not self.attempt(lambda: self.desk.edit(lambda s: edits.move_stage(s, moved.name, end))):
            return
        chain = self.desk.session.chain
        if ceiling_dbtp is not None and ceiling_of(chain) is None:
            last = next(slot for slot in reversed(chain) if not slot.bypassed)
            self.tell(f"{last.title} stands after the limiter now: its ceiling of {numbers.quantity(ceiling_dbtp, 'dBTP', 2)} no longer holds.",
                      [("Undo", self.undo)])

    def move_selected(self, step: int) -> None:
        """One place to the left or to the right."""
        names = [slot.name for slot in self.desk.session.chain]
        if self.selected in names and 0 <= names.index(self.selected) + step < len(names):
            self.move(names.index(self.selected), names.index(self.selected) + step)

    def bypass_at(self, place: int, bypassed: bool) -> None:
        name = self.desk.session.chain[place].name
        self.attempt(lambda: self.desk.edit(lambda s: edits.set_value(s, name, "bypass", float(bypassed))))

    def toggle_bypass(self) -> None:
        """Bypass the selected stage, or take it in again."""
        self.attempt(lambda: self.desk.edit(lambda s: edits.toggle_bypass(s, self.selected)))

    def remove_at(self, place: int) -> None:
        name = self.desk.session.chain[place].name
        self.attempt(lambda: self.desk.edit(lambda s: edits.remove_stage(s, name)))

    def remove_selected(self) -> None:
        self.attempt(lambda: self.desk.edit(lambda s: edits.remove_stage(s, self.selected)))

    def duplicate_selected(self) -> None:
        """A copy right behind it, selected."""
        names = {slot.name for slot in self.desk.session.chain}
        if self.attempt(lambda: self.desk.edit(lambda s: edits.duplicate_stage(s, self.selected))):
            self.select(next(slot.name for slot in self.desk.session.chain if slot.name not in names))
            self.window.rest_keyboard()

    # values

    def set_value(self, slot: str, param_id: str, value: float) -> None:
        """One parameter, as a hand moves it."""
        if param_id.startswith(PREFIX):
            done = self.attempt(lambda: self.desk.plugins.set_value(slot, int(param_id.removeprefix(PREFIX)), value / 100))
        else:
            done = self.attempt(lambda: self.desk.set_value(slot, param_id, value))
        if done:
            self._tick_node(slot, (param_id,))

    def set_values(self, slot: str, values: dict[str, float]) -> None:
        """Several parameters of a stage that one hand moves together: one edit."""
        if self.attempt(lambda: self.desk.set_values(slot, values)):
            self._tick_node(slot, values)

    def _tick_node(self, slot: str, param_ids: Iterable[str]) -> None:
        """The first steps want a node of a curve moved, by whatever hand; nothing else is that step."""
        if slot.startswith(CURVES) and any(NODE.fullmatch(param_id) for param_id in param_ids):
            self.window.steps.tick("shape")

    def set_by_name(self, slot: str, param_id: str, value: float) -> None:
        """One parameter, named rather than touched: its stage is opened, so that it is seen, and the keyboard can go on with it."""
        self.begin_gesture()
        self.set_value(slot, param_id, value)
        self.end_gesture()
        self.select(slot)
        control = self.window.stage.control_of(param_id)
        if control is not None:
            control.setFocus(Qt.FocusReason.OtherFocusReason)

    def toggle_lock(self, slot: str, param_id: str) -> None:
        """Let presets, pasted settings and a reset leave a parameter alone, or not."""
        found = next((one for one in self.desk.session.chain if one.name == slot), None)
        if found is not None:
            self.attempt(lambda: self.desk.edit(lambda s: edits.set_lock(s, slot, param_id, param_id not in found.locked)))

    def add_lock(self, slot: str, param_id: str, menu: Menu) -> None:
        """The row of a value's own menu."""
        found = next((one for one in self.desk.session.chain if one.name == slot), None)
        menu.addSeparator()
        menu.add("Locked against presets", lambda: self.toggle_lock(slot, param_id), checked=found is not None and param_id in found.locked)

    def begin_gesture(self, param_id: str = "") -> None:
        """A hand begins to move a parameter; steps of one that follow each other quickly are one undo step."""
        self.desk.begin_gesture(f"steps of {self.selected}.{param_id}" if hand.stepping else "")

    def end_gesture(self) -> None:
        self.desk.end_gesture()
        self.changed()

    def reset_selected(self) -> None:
        """All values of the selected stage back to their defaults, a plugin as it comes; a bypassed stage stays bypassed."""
        if self.slot is not None:
            self._put(Slot(self.slot.kind, self.slot.kind, plugin=self._as_it_comes(self.slot)))

    def copy(self, name: str = "") -> None:
        """Keep the settings of a stage for `paste`, by default those of the selected one."""
        self._copied = next((slot for slot in self.desk.session.chain if slot.name == (name or self.selected)), None)
        if self._copied is not None:
            self.window.status.show_help(f"Settings of {self._copied.title} copied")

    @property
    def can_paste(self) -> bool:
        return self.slot is not None and self.can_paste_into(self.slot)

    def can_paste_into(self, slot: Slot) -> bool:
        """Whether settings of a stage of its kind were copied."""
        return self._copied is not None and self._copied.kind == slot.kind

    def paste(self) -> None:
        """The copied settings into the selected stage of the same kind; those of a plugin with the plugin."""
        if self.can_paste and self._copied is not None:
            self._put(self._copied)

    def _put(self, copied: Slot) -> None:
        slot = self.slot
        if slot is not None:
            self.attempt(lambda: self.desk.edit(lambda s: edits.paste_stage(s, slot.name, copied)))

    def next_band(self, step: int) -> None:
        """The next band of an equaliser, round the end."""
        frame = self.window.stage.frame
        if frame is not None and isinstance(frame.editor, EqEditor):
            frame.editor.plot.focus_next(step)

    # presets

    def offer_presets(self, slot: Slot) -> tuple[Preset, ...]:
        """What the header of a stage offers: its neutral values, then its settings in every preset of a chain, then its own presets. Of a
        plugin those of the same plugin."""
        neutral = Slot(slot.kind, slot.kind, plugin=self._as_it_comes(slot))
        presets = [entry.preset for entry in list_presets().entries]
        chains = [stage_preset(preset_title(preset.name), one) for preset in presets if preset.scope == "chain"
                  for one in preset.chain if fits(one, slot) and not same_values(one, neutral)]
        own = [preset for preset in presets if preset.scope == "stage" and preset.chain and fits(preset.chain[0], slot)]
        self._offered = (stage_preset(NEUTRAL, neutral), *chains, *own)
        return self._offered

    def _as_it_comes(self, slot: Slot) -> PluginRef | None:
        return self.desk.plugins.states.as_it_comes(slot.name, slot.plugin) if slot.plugin is not None else None

    def choose_stage_preset(self, slot: str, index: int) -> None:
        """One of those offered last."""
        preset = self._offered[index]
        self.attempt(lambda: self.desk.edit(lambda s: apply_preset(s, preset, slot), sentence=f"{PRESET_LOADED}{preset.name}"))

    # undo

    def undo(self) -> None:
        self.desk.undo()
        self.changed()

    def redo(self) -> None:
        self.desk.redo()
        self.changed()


def same_values(one: Slot, other: Slot) -> bool:
    """Whether two stages of a kind sound alike; bypass apart."""
    return all(one.value(param.id) == other.value(param.id) for param in params_of(one.kind) if param.id != "bypass") and \
        set_alike(one.plugin, other.plugin)


def set_alike(one: PluginRef | None, other: PluginRef | None) -> bool:
    """Whether a plugin is set as another one is, wherever their files are."""
    if one is None or other is None:
        return one is other
    return is_same_plugin(one, other) and (one.state, one.values) == (other.state, other.values)


def fits(preset: Slot, slot: Slot) -> bool:
    """Whether a preset's stage can be set on this one: the same kind, and the same plugin."""
    if preset.kind != slot.kind or preset.plugin is None or slot.plugin is None:
        return preset.kind == slot.kind and (preset.plugin is None) == (slot.plugin is None)
    return is_same_plugin(preset.plugin, slot.plugin)


def preset_title(name: str) -> str:
    """A preset's name as it is shown: the built-in ones are plain words."""
    return name[:1].upper() + name[1:] if name.islower() else name
