"""What a slot's own menu has of the table of commands: settings, and what is heard of the stage. It means that slot, whichever is open."""
from gui.acts.acts import Acts
from gui.controls.menu import Menu
from gui.keyboard import Keyboard
from gui.keymap import table
from mastering_rt.session.model import Slot


def add_rows(acts: Acts, keyboard: Keyboard, menu: Menu, place: int) -> None:
    """For the slot at a place of the chain. All but the copy open its editor, where one sees what they did."""
    slot = acts.desk.session.chain[place]
    _add(acts, keyboard, menu, slot, "edit.copy")
    _add(acts, keyboard, menu, slot, "edit.paste", enabled=acts.shaping.can_paste_into(slot))
    _add(acts, keyboard, menu, slot, "chain.reset")
    _add(acts, keyboard, menu, slot, "preset.save_stage")
    menu.addSeparator()
    _add(acts, keyboard, menu, slot, "hear.without", checked=acts.desk.without == slot.name)
    _add(acts, keyboard, menu, slot, "hear.delta", checked=acts.desk.heard == "delta" and acts.shaping.selected == slot.name)
    menu.addSeparator()
    _add(acts, keyboard, menu, slot, "chain.duplicate")


def _add(acts: Acts, keyboard: Keyboard, menu: Menu, slot: Slot, id: str, *, enabled: bool = True, checked: bool | None = None) -> None:
    command = table()[id]

    def run() -> None:
        if id == "edit.copy":
            acts.shaping.copy(slot.name)
            return
        acts.shaping.select(slot.name)
        keyboard.run(command, chosen=True)
    menu.add(command.title, run, keyboard.keymap.shown(id), enabled=enabled, checked=checked)
