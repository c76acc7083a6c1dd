"""A stage editor with its header: title, preset, modes | options, Without, Delta. What the window puts into the stage zone."""
from collections.abc import Mapping

from PySide6.QtCore import QRect, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.controls.base import Painted
from gui.controls.header import StageHeader
from gui.editors.editor import StageEditor


class StageFrame(Painted, QWidget):
    """Header and editor speak with one voice: `value_wished`, `values_wished`, `gesture_started`, `gesture_ended`, and what is about the whole stage.

    `slot` is what it edits. `held`: whether a hand, or the burst of a key or wheel, has not let go of it yet.
    """

    value_wished = Signal(str, float)
    values_wished = Signal(object)
    gesture_started = Signal(str)
    gesture_ended = Signal(str)
    preset_chosen = Signal(int)
    without_edited = Signal(bool)
    delta_edited = Signal(bool)

    def __init__(self, editor: StageEditor, parent: QWidget | None = None, *, title: str = "") -> None:
        super().__init__(parent)
        self.editor = editor
        self.slot = ""
        self.held = False
        self.header = StageHeader(editor.kind, self, ids=editor.header_ids, stage=title)
        for option in editor.header_options():
            self.header.options.addWidget(option)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(editor, 1)
        editor.value_wished.connect(self.value_wished)
        editor.values_wished.connect(self.values_wished)
        editor.gesture_started.connect(self.gesture_started)
        editor.gesture_ended.connect(self.gesture_ended)
        self.gesture_started.connect(lambda _id: self._hold(True))
        self.gesture_ended.connect(lambda _id: self._hold(False))
        self.header.edited.connect(self._from_header)
        self.header.preset_chosen.connect(self.preset_chosen)
        self.header.without_edited.connect(self.without_edited)
        self.header.delta_edited.connect(self.delta_edited)
        self.set_up(title or editor.accessibleName(), "panel", focus=False)

    def give(self, slot: str, title: str) -> None:
        """Edit this slot from now on. Values, and whatever else follows from the session, are told as to a new one."""
        if self.slot:
            self.editor.forget()
        self.slot = slot
        self.header.show_title(title)
        self.setAccessibleName(title)

    def _hold(self, held: bool) -> None:
        self.held = held

    def show_values(self, values: Mapping[str, float]) -> None:
        """Several values from the model at once; emits nothing."""
        for param_id in self.header.parts.keys() & values.keys():
            self.header.show_value(param_id, values[param_id])
        self.editor.show_values(values)

    def show_compact(self, compact: bool) -> None:
        """The header alone, with what is about the whole stage."""
        self.editor.setVisible(not compact)
        self.header.show_compact(compact)
        if not compact:
            self.editor.fit_options()

    def draw(self, painter: QPainter, area: QRect) -> None:
        """The ground is all there is."""

    def _from_header(self, param_id: str, value: float) -> None:
        """A choice in the header is a whole gesture by itself."""
        self.gesture_started.emit(param_id)
        self.editor.show_value(param_id, value)
        self.value_wished.emit(param_id, value)
        self.gesture_ended.emit(param_id)
