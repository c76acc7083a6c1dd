"""Opens the palette over a window, follows what is typed, does what is chosen."""
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from gui.acts.acts import Acts
from gui.controls import access
from gui.keyboard import Keyboard
from gui.palette.entries import Entry, Finder
from gui.palette.view import PaletteView

KEPT = 5


class CommandPalette:
    """`toggle` from key, menu or title strip. `chosen_last` are the ids of the commands that were chosen here, the newest first."""

    def __init__(self, acts: Acts, keyboard: Keyboard) -> None:
        self._acts = acts
        self._keyboard = keyboard
        self._finder: Finder | None = None
        self._focus_before: QWidget | None = None
        self.chosen_last: list[str] = []
        self.view = PaletteView(acts.window)
        self.view.line.textEdited.connect(self.look)
        self.view.line.stepped.connect(lambda by: self.view.results.select(self.view.results.selected + by))
        self.view.line.taken.connect(self.take)
        self.view.line.completed.connect(self.complete)
        self.view.line.left.connect(self.close)
        self.view.results.taken.connect(self.take)

    @property
    def is_open(self) -> bool:
        return not self.view.isHidden()

    def toggle(self) -> None:
        """Open, or away with it."""
        if self.is_open:
            self.close(True)
        else:
            self.open()

    def open(self, line: str = "") -> None:
        """With a line to begin with."""
        self._focus_before = self._acts.window.focusWidget()
        self._finder = Finder(self._acts, self._keyboard)
        self.view.line.setText(line)
        self._acts.window.make_room(0, self._acts.window.title.height() + self.view.full_height())
        self.look(line)
        self.view.show()
        self.view.raise_()
        self.view.line.setFocus(Qt.FocusReason.OtherFocusReason)
        access.announce(self.view, "Commands. Type a command or a value, arrows choose, Enter does it, Escape leaves.")

    def close(self, give_back: bool = True) -> None:
        """Away; by Esc the keyboard goes back to where it was."""
        if not self.is_open:
            return
        before, self._focus_before, self._finder = self._focus_before, None, None
        self.view.hide()
        self._acts.window.give_room_back()
        if give_back:
            self._acts.window.rest_keyboard(before)

    def look(self, line: str) -> None:
        """Find what the line names."""
        if self._finder is None:
            return
        found = self._finder.find(line)
        if not line.strip():
            found = self._used_first(found)
        self.view.results.show_entries(found)
        strip = self._acts.window.title
        self.view.place(strip.command_key.geometry().center().x(), strip.height())

    def _used_first(self, entries: list[Entry]) -> list[Entry]:
        """What was chosen here lately, then the rest."""
        by_id = {entry.id: entry for entry in entries if entry.id}
        used = [by_id[id] for id in self.chosen_last if id in by_id]
        return [*used, *(entry for entry in entries if entry not in used)]

    def complete(self) -> None:
        """Tab: the name of what is selected, to go on typing."""
        entry = self.view.results.entry
        if entry is not None:
            line = entry.complete or entry.words
            self.view.line.setText(line)
            self.look(line)

    def take(self) -> None:
        """Enter or a click: do it, ask for the value that is missing, or say why it cannot be done."""
        entry = self.view.results.entry
        if entry is None:
            return
        if entry.why:
            self._acts.window.status.show_help(f"{entry.words}: {entry.why}")
            access.announce(self.view, entry.why, urgent=True)
        elif entry.complete:
            entry.run()
            self.complete()
        else:
            self.close(True)
            if entry.id:
                self.chosen_last = [entry.id, *(id for id in self.chosen_last if id != entry.id)][:KEPT]
            entry.run()
