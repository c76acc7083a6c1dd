"""One question that is answered by a line of text."""
from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from gui.dialogs.dialog import Dialog, Form
from gui.dialogs.entry import Entry


def ask_text(window: QWidget, title: str, label: str, now: str, then: Callable[[str], object], *, verb: str = "Set") -> Dialog:
    """`then` gets what was typed, unless the question was left. Enter in the line answers it."""
    dialog = Dialog(window, title)
    form, entry = Form(), Entry(label)
    entry.setText(now)
    form.add(label, entry)
    dialog.body.addWidget(form)
    dialog.add_answer("cancel", "Cancel", safe=True).main = False
    dialog.add_answer("set", verb).main = True
    entry.returnPressed.connect(lambda: dialog.answer("set"))
    dialog.answered.connect(lambda answer: then(entry.text()) if answer == "set" else None)
    dialog.open()
    entry.setFocus()
    entry.selectAll()
    return dialog
