"""The stage zone: the editor of the selected slot under its header, or what to do while the chain is empty."""
from collections.abc import Callable, Collection
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gui.controls.base import Painted
from gui.controls.buttons import Button
from gui.controls.plane import Words
from gui.editors import DeesserEditor, DynamicEqEditor, EqEditor, LimiterEditor, Models, PluginEditor, make_editor
from gui.editors.frame import StageFrame
from gui.editors.spectral import SpectralEditor
from gui.theme import paint, theme
from mastering_rt.measure.basis import Basis
from mastering_rt.measure.curves import EqCurves, clipper_db, compressor_db


class EmptyChain(Painted, QWidget):
    """One line and two ways on."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = Words("The chain is empty: the master is the mix. Add a stage or load a preset.", self, align=paint.CENTER)
        self.add_key = Button("Add a stage", self)
        self.preset_key = Button("Load a preset", self)
        keys = self._keys = QHBoxLayout()
        keys.addStretch(1)
        keys.addWidget(self.add_key)
        keys.addSpacing(theme.px(8))
        keys.addWidget(self.preset_key)
        keys.addStretch(1)
        column = QVBoxLayout(self)
        column.setSpacing(theme.px(12))
        column.addStretch(1)
        column.addWidget(self.words)
        column.addLayout(keys)
        column.addStretch(1)
        self.set_up("Empty chain", "panel", focus=False)

    def show_compact(self, compact: bool) -> None:
        """In one row there is room for the line only; the add key stands above it."""
        for key in (self.add_key, self.preset_key):
            key.setVisible(not compact)


class StageZone(Painted, QWidget):
    """One frame per slot, made when it is first opened and kept, because building one costs more than a picture has time.

    Its wishes carry the name of the slot in front.
    """

    value_wished = Signal(str, str, float)
    values_wished = Signal(str, object)
    gesture_started = Signal(str)
    gesture_ended = Signal(str)
    preset_chosen = Signal(str, int)
    without_edited = Signal(str, bool)
    delta_edited = Signal(str, bool)
    levelled_edited = Signal(bool)
    basis_wished = Signal(Basis)
    target_asked = Signal()
    editor_wished = Signal(str, bool)
    locate_asked = Signal(str)
    text_typed = Signal(str, str, str)
    frame_made = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.frames: dict[str, StageFrame] = {}
        self.slot = ""
        self.rate_hz = 48000.0
        self._without_key = "\\"
        self._compact = False
        self.empty = EmptyChain(self)
        self.set_up("Stage", "panel", focus=False)

    @property
    def frame(self) -> StageFrame | None:
        """The frame that is shown."""
        return self.frames.get(self.slot)

    def open(self, slot: str, kind: str, title: str) -> StageFrame:
        """Show the editor of a slot."""
        frame = self.frames.get(slot)
        if frame is None or frame.editor.kind != kind:
            frame = self.frames[slot] = self._make(slot, kind, title)
            self.frame_made.emit(slot)
        self._show(slot)
        return frame

    def close_stage(self) -> None:
        """Nothing is selected because there is nothing."""
        self._show("")

    def keep_only(self, slots: Collection[str]) -> None:
        """Let the frames of slots go that are no longer in the chain."""
        for name in [name for name in self.frames if name not in slots]:
            gone = self.frames.pop(name)
            gone.hide()
            gone.deleteLater()

    def show_rate(self, rate_hz: float) -> None:
        """The sample rate that equaliser curves are drawn for."""
        if rate_hz != self.rate_hz:
            self.rate_hz = rate_hz
            for frame in self.frames.values():
                frame.editor.show_rate(rate_hz)
                if isinstance(frame.editor, EqEditor):
                    frame.editor.plot.set_response(EqCurves(rate_hz))
                elif isinstance(frame.editor, DynamicEqEditor | DeesserEditor):
                    frame.editor.show_response(EqCurves(rate_hz))

    def _make(self, slot: str, kind: str, title: str) -> StageFrame:
        editor = make_editor(kind, Models(EqCurves(self.rate_hz), compressor_db, clipper_db))
        editor.show_rate(self.rate_hz)
        frame = StageFrame(editor, self, title=title)
        frame.header.without.show_hint(self._without_key)
        frame.show_compact(self._compact)
        frame.value_wished.connect(partial(self.value_wished.emit, slot))
        frame.values_wished.connect(partial(self.values_wished.emit, slot))
        frame.gesture_started.connect(self.gesture_started)
        frame.gesture_ended.connect(self.gesture_ended)
        frame.preset_chosen.connect(partial(self.preset_chosen.emit, slot))
        frame.without_edited.connect(partial(self.without_edited.emit, slot))
        frame.delta_edited.connect(partial(self.delta_edited.emit, slot))
        frame.header.levelled_edited.connect(self.levelled_edited)
        if isinstance(editor, EqEditor | SpectralEditor):
            editor.basis_wished.connect(self.basis_wished)
        elif isinstance(editor, LimiterEditor):
            editor.target_asked.connect(self.target_asked)
        elif isinstance(editor, PluginEditor):
            editor.editor_wished.connect(partial(self.editor_wished.emit, slot))
            editor.locate_asked.connect(partial(self.locate_asked.emit, slot))
            editor.typed.connect(partial(self.text_typed.emit, slot))
        return frame

    def _show(self, slot: str) -> None:
        self.slot = slot
        self.empty.setVisible(not slot)
        for name, frame in self.frames.items():
            frame.setVisible(name == slot)
        self.place()

    def show_compact(self, compact: bool) -> None:
        """In compact mode the name of the stage, its preset and what is heard of it; everything again behind it."""
        self._compact = compact
        self.each(lambda frame: frame.show_compact(compact))
        self.empty.show_compact(compact)

    def show_keys(self, shown: Callable[[str], str]) -> None:
        """The key of what every header has."""
        self._without_key = shown("hear.without")
        self.each(lambda frame: frame.header.without.show_hint(self._without_key))

    def each(self, act: Callable[[StageFrame], object]) -> None:
        """Do something with every frame there is."""
        for frame in self.frames.values():
            act(frame)

    def resizeEvent(self, event: object) -> None:
        self.place()

    def place(self) -> None:
        """The shown frame fills the zone."""
        self.empty.setGeometry(self.rect())
        if self.frame is not None:
            self.frame.setGeometry(self.rect())
