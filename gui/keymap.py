"""Which keys mean which command: those of the table unless somebody changed them; and the sheet that lists them."""
from collections.abc import Callable, Mapping, Sequence
from functools import cache

from PySide6.QtGui import QKeySequence

from gui.command import Command
from gui.commands import COMMANDS, SLOTS
from gui.dialogs.key_list import KeyRow

SIGNS = ("?", "<", ">")          # typed signs: which key they lie on, and whether it takes Shift, differs between keyboards
RESERVED = {"Tab": "goes to the next control", "Shift+Tab": "goes to the control before", "Esc": "takes back", "Return": "types a value",
            "Enter": "types a value", "Backspace": "sets the default", **dict.fromkeys(("Left", "Right", "Up", "Down"), "steps a value")}
RUNS = {"chain.select_": (f"Ctrl+1 ... {SLOTS}", "Open a slot"), "hear.reference_": ("3 ... 9, 0", "Hear a reference"),
        "hear.snapshot_": ("F1 ... F4", "Hear a snapshot"), "compare.store_": ("Shift+F1 ... F4", "Store a snapshot")}
Groups = Sequence[tuple[str, list[tuple[str, str]]]]


@cache
def table() -> Mapping[str, Command]:
    """The commands by their ids."""
    return {command.id: command for command in COMMANDS}


class Keymap:
    """`changed` keys by the id of their command: none at all where the tuple is empty. `notice` is called after every change."""

    def __init__(self, changed: Mapping[str, tuple[str, ...]], notice: Callable[[], object] = lambda: None) -> None:
        self.changed = {id: keys for id, keys in changed.items() if id in table()}
        self.notice = notice

    def of(self, id: str) -> tuple[str, ...]:
        """The keys of a command; the first is the one that is shown."""
        return self.changed.get(id, table()[id].keys)

    def shown(self, id: str) -> str:
        """As it is printed on a keyboard; "" without a key."""
        keys = self.of(id)
        return key_text(keys[0]) if keys else ""

    def taken_by(self, keys: str, but: str = "") -> Command | None:
        """The command that these keys mean already, apart from one."""
        wanted = portable(keys)
        return next((command for command in COMMANDS if command.id != but and wanted in map(portable, self.of(command.id))), None)

    def refusal(self, keys: str) -> str:
        """Why keys can mean no command, as a sentence; "" if they can."""
        use = RESERVED.get(portable(keys))
        return f"{key_text(keys)} {use} in every control, so it cannot mean anything else." if use else ""

    def assign(self, id: str, keys: str) -> None:
        """These keys alone mean the command; whoever had them loses them. "" takes its keys away."""
        other = self.taken_by(keys, id) if keys else None
        if other is not None:
            self._put(other.id, tuple(k for k in self.of(other.id) if portable(k) != portable(keys)))
        self._put(id, (keys,) if keys else ())
        self.notice()

    def reset(self, id: str = "") -> None:
        """The table's own keys again, of one command or of all; of one, others lose those keys."""
        for keys in table()[id].keys if id else ():
            other = self.taken_by(keys, id)
            if other is not None:
                self._put(other.id, tuple(k for k in self.of(other.id) if portable(k) != portable(keys)))
        if id:
            self.changed.pop(id, None)
        else:
            self.changed.clear()
        self.notice()

    def _put(self, id: str, keys: tuple[str, ...]) -> None:
        if keys == table()[id].keys:
            self.changed.pop(id, None)
        else:
            self.changed[id] = keys

    def rows(self) -> list[KeyRow]:
        """Every command with its keys, for the list in which they are changed."""
        return [KeyRow(command.id, command.title.rstrip("."), command.group, ", ".join(map(key_text, self.of(command.id))), command.id in self.changed)
                for command in COMMANDS]

    def groups(self) -> Groups:
        """Every command that has a key, as (group, [(keys, title)]); what is numbered stands in one row."""
        found: dict[str, list[tuple[str, str]]] = {}
        for command in COMMANDS:
            run, keys = self._run_of(command.id), self.shown(command.id)
            if run is not None:
                rows = found.setdefault(command.group, [])
                rows.extend([run] if run not in rows else [])
            elif keys:
                found.setdefault(command.group, []).append((keys, command.title.rstrip(".")))
        found.setdefault("Chain", []).extend((("Arrows", "Step; with Shift fine"), ("Alt+Arrows", "Width of a band"),
                                              ("Enter, Esc", "Type, take back"), ("Backspace", "Default")))
        return list(found.items())

    def _run_of(self, id: str) -> tuple[str, str] | None:
        """The one row of what is numbered through, while its keys are those of the table."""
        stem = next((stem for stem in RUNS if id.startswith(stem)), None)
        return RUNS[stem] if stem is not None and not any(changed.startswith(stem) for changed in self.changed) else None


def portable(keys: str) -> str:
    """One spelling for all: that of the settings file."""
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.PortableText)


def key_text(keys: str) -> str:
    """A key as it is printed on a keyboard."""
    return keys.replace("PgDown", "Page down").replace("PgUp", "Page up")
