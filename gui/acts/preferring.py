"""The preferences: shown, put into force at once, kept."""
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from gui.acts.part import Part
from gui.dialogs.key_list import KeyRow
from gui.dialogs.preferences import FOLDERS, Preferences, Wishes
from gui.window.settings import MeterScales

if TYPE_CHECKING:
    from gui.acts.acts import Acts
    from gui.keymap import Keymap


class Preferring(Part):
    """`keymap` is set by the keyboard of the window. spectra_per_s: how often spectra are drawn; 0 leaves it to the density."""

    dialog: Preferences | None = None
    keymap: "Keymap | None" = None

    def __init__(self, acts: "Acts") -> None:
        super().__init__(acts)
        habits = acts.settings.habits()
        self.spectra_per_s = habits.spectra_per_s
        if not habits.matched:
            self.desk.set_matched(False)
        self.scales_changed: Callable[[MeterScales], object] = lambda _scales: None      # for the window of meters
        self.window.meters.loudness.show_face(acts.settings.scales().face)

    def open(self) -> None:
        """All of them."""
        if self.dialog is not None:
            return
        self.dialog = dialog = Preferences(self.window, self._now(), self._key_rows())
        dialog.wished.connect(self._take)
        dialog.keys.assigned.connect(self._assign)
        dialog.keys.reset_asked.connect(self._reset)
        dialog.answered.connect(lambda _answer: self._closed())
        dialog.open()

    def _closed(self) -> None:
        self.dialog = None

    def _now(self) -> Wishes:
        settings = self.acts.settings
        return Wishes(settings.looks(), settings.habits(), settings.scales(), tuple(settings.folder(what) for what, _ in FOLDERS))

    def _take(self, wishes: Wishes) -> None:
        settings, looks = self.acts.settings, self.acts.settings.looks()
        settings.keep_habits(wishes.habits)
        self.spectra_per_s = wishes.habits.spectra_per_s
        if wishes.scales != settings.scales():
            self.take_scales(wishes.scales)
        for (what, _), folder in zip(FOLDERS, wishes.folders, strict=True):
            if folder and folder != settings.folder(what):
                settings.keep_folder(what, folder)
        if wishes.looks != looks:
            settings.keep_looks(wishes.looks)
            self.window.apply_looks(replace(wishes.looks))
        self.changed()

    def take_scales(self, scales: MeterScales) -> None:
        """Keep how meters are marked, and mark them so."""
        self.acts.settings.keep_scales(scales)
        self.window.meters.loudness.show_face(scales.face)
        self.scales_changed(scales)

    # keys

    def _key_rows(self) -> list[KeyRow]:
        return self.keymap.rows() if self.keymap is not None else []

    def _assign(self, id: str, keys: str) -> None:
        """What cannot be is said; what was taken from another command, too."""
        keymap, dialog = self.keymap, self.dialog
        if keymap is None or dialog is None:
            return
        refusal = keymap.refusal(keys) if keys else ""
        if refusal:
            dialog.keys.say(refusal, wrong=True)
            return
        other = keymap.taken_by(keys, id) if keys else None
        keymap.assign(id, keys)
        dialog.keys.show_rows(self._key_rows())
        if other is not None:
            left = keymap.shown(other.id)
            dialog.keys.say(f"{keys} meant {other.title.rstrip('.')} before, which {f'keeps {left}' if left else 'has no key now'}.", wrong=not left)
        else:
            dialog.keys.say(f"{keys} it is." if keys else "It has no key now; menu and palette still do it.")

    def _reset(self, id: str) -> None:
        if self.keymap is not None and self.dialog is not None:
            self.keymap.reset(id)
            self.dialog.keys.show_rows(self._key_rows())
            self.dialog.keys.say("The usual keys are back.")
