"""Presets: listed, tagged, marked as favourites, loaded, saved and deleted."""
from collections.abc import Callable
from dataclasses import dataclass

from dsp_core.params import LABELS
from gui.acts.part import Part
from gui.acts.shaping import PRESET_LOADED, preset_title
from gui.dialogs.dialog import Dialog, Form, ask
from gui.dialogs.entry import Entry
from gui.dialogs.presets import PresetDialog, PresetRow
from mastering_rt.errors import UsageProblem
from mastering_rt.session import edits, presets


@dataclass(frozen=True)
class Offered:
    """One preset as it is listed. kind: of its stage, "" for a whole chain."""

    name: str
    kind: str
    tags: tuple[str, ...]
    description: str
    built_in: bool
    favourite: bool

    @property
    def title(self) -> str:
        """As it is shown."""
        return preset_title(self.name)

    @property
    def what_for(self) -> str:
        """ "Whole chain", "Compressor"."""
        return LABELS.get(self.kind, self.kind) if self.kind else "Whole chain"


class Presets(Part):
    """`open` shows them all; `load` puts one in place, which is one step for undo."""

    dialog: PresetDialog | None = None

    def all(self) -> list[Offered]:
        """Favourites first, then built-in ones, then by name."""
        favourites = self.acts.settings.favourites()
        found = [offered(entry, favourites) for entry in presets.list_presets().entries]
        return sorted(found, key=lambda one: not one.favourite)

    def of_chain(self) -> list[Offered]:
        """For a whole chain."""
        return [one for one in self.all() if not one.kind]

    def of_stage(self, kind: str) -> list[Offered]:
        """For one kind of stage."""
        return [one for one in self.all() if one.kind == kind]

    def load(self, name: str) -> bool:
        """A chain in place of the chain; a stage's values into the selected stage of its kind, else into the only one there is."""
        def change() -> None:
            preset = presets.find_preset(name)
            slot = self.acts.shaping.slot
            target = slot.name if preset.scope == "stage" and preset.chain and slot is not None and slot.kind == preset.chain[0].kind else None
            self.desk.edit(lambda s: presets.apply_preset(s, preset, target), sentence=f"{PRESET_LOADED}{preset_title(preset.name)}")
        return self.attempt(change)

    def load_file(self, path: str) -> bool:
        """A preset file, or the chain of a session file, that was dropped on the chain."""
        return self.load(path)

    def toggle_keep_levels(self) -> None:
        """Whether a preset leaves trim gain, limiter drive and ceiling alone."""
        keep = not self.desk.session.keep_levels
        self.attempt(lambda: self.desk.edit(lambda s: edits.set_keep_levels(s, keep)))

    # the sheet

    def open(self) -> None:
        """Browse them; loading leaves the sheet open, so that one after another can be heard."""
        if self.dialog is not None:
            return
        slot = self.acts.shaping.slot
        self.dialog = dialog = PresetDialog(self.window, self._rows(), slot.kind if slot is not None else "", self.desk.session.keep_levels)
        dialog.load_asked.connect(self._load_row)
        dialog.favourite_asked.connect(self._toggle_favourite)
        dialog.delete_asked.connect(self._ask_delete)
        dialog.keep_edited.connect(lambda _on: self.toggle_keep_levels())
        dialog.save_asked.connect(self.ask_save)
        dialog.answered.connect(lambda _answer: self._closed())
        dialog.open()

    def _closed(self) -> None:
        self.dialog = None

    def _rows(self) -> list[PresetRow]:
        return [PresetRow(one.name, one.title, one.kind, one.what_for, one.tags, one.description, one.favourite, one.built_in) for one in self.all()]

    def _renew(self) -> None:
        if self.dialog is not None:
            self.dialog.show_presets(self._rows())

    def _load_row(self, name: str) -> None:
        if self.load(name) and self.dialog is not None:
            self.dialog.show_done(f"{preset_title(name)} is loaded. Ctrl+Z takes it back.")

    def _toggle_favourite(self, name: str) -> None:
        kept = self.acts.settings.favourites()
        self.acts.settings.keep_favourites(kept ^ {name.casefold()})
        self._renew()

    def _ask_delete(self, name: str) -> None:
        ask(self.window, f"Delete the preset {preset_title(name)}?", "Its file is removed. Sessions that were made with it stay as they are.",
            (("delete", "Delete it"), ("keep", "Keep it")), "keep", lambda answer: self._delete(name) if answer == "delete" else None)

    def _delete(self, name: str) -> None:
        if self.attempt(lambda: presets.delete_preset(name)):
            self._renew()

    # saving

    def ask_save(self, stage: bool = False) -> None:
        """Name, tags and description of a new preset: of the whole chain, or of the selected stage."""
        slot = self.acts.shaping.slot if stage else None
        title = f"Save {slot.title} as a preset" if slot is not None else "Save the chain as a preset"
        dialog = Dialog(self.window, title)
        form, name, tags, words = Form(), Entry("Name"), Entry("Tags"), Entry("Description")
        tags.setPlaceholderText("loud, acoustic, vinyl")
        for label, entry in (("Name", name), ("Tags", tags), ("Description", words)):
            form.add(label, entry)
        dialog.body.addWidget(form)
        dialog.add_answer("cancel", "Cancel", safe=True).main = False
        dialog.add_answer("save", "Save").main = True
        name.returnPressed.connect(lambda: dialog.answer("save"))
        dialog.answered.connect(lambda answer: self.save(name.text(), tags.text(), words.text(), stage) if answer == "save" else None)
        dialog.open()
        name.setFocus()

    def save(self, name: str, tags: str = "", description: str = "", stage: bool = False, overwrite: bool = False) -> bool:
        """Keep it; one of the same name is replaced only after a question."""
        name, category = " ".join(name.split()), ", ".join(tags_of(tags))

        def keep() -> None:
            slot = self.acts.shaping.slot
            if not name:
                raise UsageProblem("A preset needs a name. Nothing was saved.")
            if stage and slot is None:
                raise UsageProblem("There is no stage whose preset could be saved.")
            preset = presets.stage_preset(name, slot, description, category) if stage and slot is not None else \
                presets.chain_preset(name, self.desk.session, description, category)
            presets.save_preset(preset, overwrite=overwrite)
        if not overwrite and self._is_own(name):
            self._ask_overwrite(name, lambda: self.save(name, tags, description, stage, True))
            return False
        saved = self.attempt(keep)
        if saved:
            self.acts.shaping.presets_changed += 1
            self.tell(f"Preset {name} is saved.")
            self._renew()
            self.changed()
        return saved

    def _is_own(self, name: str) -> bool:
        return any(one.name.casefold() == name.casefold() and not one.built_in for one in self.all())

    def _ask_overwrite(self, name: str, then: Callable[[], object]) -> None:
        ask(self.window, f"There is a preset {name} already.", "The new one would take its place.",
            (("replace", "Replace it"), ("keep", "Keep it")), "keep", lambda answer: then() if answer == "replace" else None)


def offered(entry: presets.Entry, favourites: frozenset[str]) -> Offered:
    """A preset of the list as it is shown."""
    preset = entry.preset
    kind = preset.chain[0].kind if preset.scope == "stage" and preset.chain else ""
    return Offered(preset.name, kind, tags_of(preset.category), preset.description, entry.path is None, preset.name.casefold() in favourites)


def tags_of(text: str) -> tuple[str, ...]:
    """Words or phrases between commas."""
    return tuple(tag for part in text.split(",") if (tag := " ".join(part.split())))
