"""The page of all shortcuts, out of the table of commands."""
from pathlib import Path

PLACE = Path(__file__).resolve().parent / "guide" / "shortcuts.md"
HEAD = """# Every command and its keys

Made from the table of commands by `./dev docs shortcuts`; the program's own sheet (`?`) shows the same with the keys as you have changed them.
Each command stands in the menu at the upper left and is found by its name after `Ctrl+K`. Keys are changed in [Preferences](preferences.md).
`Blind` marks what may be done while a blind test is under way.

Digits always switch sources, so typing a value begins with Enter. Single letters work unless a text field has the keyboard.
"""
FOOT = """
## In every control

| keys | do |
|---|---|
| Arrows, with Shift | one step, a tenth of it |
| Page up, Page down | ten steps |
| Home, End | lowest, highest value |
| Enter, Esc | type a value, take it back |
| Backspace | the default |
| Alt+arrows on a node of the equaliser | its width |
| Tab, F6 | the next control, the next zone |
"""


def page() -> str:
    """As it stands in docs/guide/shortcuts.md."""
    from gui.commands import COMMANDS
    from gui.keymap import key_text

    rows: dict[str, list[str]] = {}
    for command in COMMANDS:
        keys = ", ".join(f"`` {key_text(key)} ``" if "`" in key else f"`{key_text(key)}`" for key in command.keys)
        where = f"{command.group} > {command.part}" if command.part else command.group
        rows.setdefault(command.group, []).append(
            f"| {command.title.rstrip('.')} | {keys} | {where} | {'Blind' if command.in_blind else ''} |")
    groups = [f"## {group}\n\n| command | keys | menu | |\n|---|---|---|---|\n" + "\n".join(lines) + "\n" for group, lines in rows.items()]
    return HEAD + "\n" + "\n".join(groups) + FOOT


def write() -> None:
    """Writes the page."""
    PLACE.write_text(page(), encoding="utf-8")
