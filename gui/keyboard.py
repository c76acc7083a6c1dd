"""The table of commands on the keyboard of one window, and as its menu."""
from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtCore import QPoint
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from gui.acts.acts import Acts
from gui.command import Command
from gui.commands import COMMANDS
from gui.controls.menu import Menu, menu_on
from gui.keymap import SIGNS, Keymap, table

HEARD_GROUPS = ("Song", "Compare", "Monitor", "View")
LETTERS = {"blind.a": "a", "chain.bypass": "b", "blind.open": "x"}       # in a blind test the key of each is a letter to listen to


class Keyboard:
    """`run` is the only way to a command, whether a key, the menu or the palette asks for it."""

    def __init__(self, acts: Acts, window: QWidget) -> None:
        self._acts = acts
        self._window = window
        self.keymap = Keymap(acts.settings.keys(), self._keys_changed)
        self.shortcuts: list[QShortcut] = []
        self._beside: list[QWidget] = []         # other windows of the program, in which keys mean the same
        self._signs: dict[str, Command] = {}
        acts.window.sign_typed.connect(self._take_sign)
        self._bind()

    def _keys_changed(self) -> None:
        self._acts.settings.keep_keys(self.keymap.changed)
        self._bind()

    def _bind(self) -> None:
        """Every key to its command, and every place that shows a key told."""
        for shortcut in self.shortcuts:
            shortcut.setEnabled(False)
            shortcut.deleteLater()
        bound = [(command, keys) for command in COMMANDS for keys in self.keymap.of(command.id)]
        windows = (self._window, *self._beside)
        self.shortcuts = [self._shortcut(command, keys, window) for window in windows for command, keys in bound if keys not in SIGNS]
        self._signs = {keys: command for command, keys in bound if keys in SIGNS}
        self._acts.window.show_keys(self.keymap.shown)

    def also_in(self, window: QWidget) -> None:
        """The keys of the program in another window of it as well."""
        self._beside.append(window)
        self._bind()

    def _shortcut(self, command: Command, keys: str, window: QWidget) -> QShortcut:
        shortcut = QShortcut(QKeySequence(keys), window)
        shortcut.setAutoRepeat(command.repeats)
        shortcut.activated.connect(partial(self.run if window is self._window else self._run_beside, command))
        return shortcut

    def _run_beside(self, command: Command) -> None:
        """From another window; what shows itself in the main one brings that to the front."""
        if command.group not in HEARD_GROUPS or command.title.endswith("..."):
            self._window.activateWindow()
        self.run(command)

    def _take_sign(self, sign: str, repeated: bool) -> None:
        command = self._signs.get(sign)
        if command is not None and (command.repeats or not repeated):
            self.run(command)

    def run(self, command: Command, *, chosen: bool = False) -> None:
        """Do it if it can be done now. `chosen` by its name: then what the keyboard is on does not matter."""
        letter, why = LETTERS.get(command.id, ""), command.why_not(self._acts, chosen=chosen)
        if self._acts.blind.running and letter:
            self._acts.blind.listen(letter)
        elif self._acts.blind.running and not command.in_blind:
            self._acts.blind.refuse()
        elif why:
            self._acts.window.status.show_help(f"{command.title.rstrip('.')}: {why}")
        else:
            command.run(self._acts)

    def run_by_id(self, id: str) -> None:
        """For what names a command without knowing it."""
        self.run(table()[id])

    def open_menu(self, at: QPoint) -> Menu:
        """All groups as menus of a menu."""
        menu = menu_on(self._window)
        for group in dict.fromkeys(command.group for command in COMMANDS):
            self._add_group(menu, group)
        menu.open_at(at)
        return menu

    def _add_group(self, menu: Menu, group: str) -> None:
        part = menu.add_menu(group)
        inner: dict[str, Menu] = {"": part}
        for command in (command for command in COMMANDS if command.group == group):
            if command.part not in inner:
                inner[command.part] = part.add_menu(command.part)
            inner[command.part].add(command.title, partial(self.run, command), self.keymap.shown(command.id),
                                    enabled=not command.why_not(self._acts), checked=command.on(self._acts) if command.on is not None else None)
        if group == "File":
            self._add_rows(part, "Open recent", ((path.name, partial(self._acts.files.open, str(path))) for path in self._acts.files.recent()))
        elif group == "Chain":
            presets = self._acts.presets
            self._add_rows(part, "Load a preset", ((entry.title, partial(presets.load, entry.name)) for entry in presets.of_chain()))

    def _add_rows(self, part: Menu, title: str, rows: Iterable[tuple[str, Callable[[], object]]]) -> None:
        """A menu inside a menu, greyed while there is nothing in it."""
        part.addSeparator()
        inner = part.add_menu(title)
        for words, act in rows:
            inner.add(words, act)
        inner.setEnabled(bool(inner.actions()))
