"""The stage zone: the editor of the selected slot under its header, or what to do while the chain is empty."""
from collections.abc import Callable, Collection, Iterator

from PySide6.QtCore import QPoint, QRect, Signal, SignalInstance
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from gui.controls.base import Painted
from gui.controls.buttons import Button
from gui.controls.keeper import Keeper
from gui.controls.plane import Words
from gui.controls.value_hand import ValueHand
from gui.editors import DeesserEditor, DynamicEqEditor, EqEditor, LimiterEditor, Models, PluginEditor, make_editor
from gui.editors.frame import StageFrame
from gui.editors.spectral import SpectralEditor
from gui.plots.layers import LayeredPlot
from gui.theme import paint, theme
from mastering_rt.measure.basis import Basis
from mastering_rt.measure.curves import EqCurves, clipper_db, compressor_db

MOST_SPARE = 8                   # frames of a kind that are kept while no stage needs them: as many as a chain is likely to have at once


EMPTY = "The chain is empty: the master is the mix. Add a stage or load a preset."
COMING = "The chain comes with the song. Another song can be opened meanwhile."


class EmptyChain(Painted, QWidget):
    """One line and two ways on; while a song is on its way only the line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._compact = self._coming = False
        self.words = Words(EMPTY, self, align=paint.CENTER)
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
        self._compact = compact
        self._show_keys()

    def show_coming(self, coming: bool) -> None:
        """A song is on its way, and a chain with it."""
        if coming != self._coming:
            self._coming = coming
            self.words.show_words(COMING if coming else EMPTY)
            self._show_keys()

    def _show_keys(self) -> None:
        for key in (self.add_key, self.preset_key):
            key.setVisible(not (self._compact or self._coming))


class StageZone(Painted, QWidget):
    """One frame per slot, made when it is first opened and kept, because building one costs more than a picture has time.

    The frame of a stage that is gone edits the next one of its kind. Its wishes carry the name of the slot in front. `frame_made` comes
    whenever a slot has got a frame, `frame_built` only where it is a new one.
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
    frame_built = Signal(StageFrame)
    keyboard_free = Signal()                 # what had the keyboard is no longer shown

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.frames: dict[str, StageFrame] = {}
        self._spare: Keeper[str, StageFrame] = Keeper(MOST_SPARE)
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
            if frame is not None:
                self._let_go(slot)
            frame = self._spare.take(kind)
            if frame is None:
                frame = self._make(kind, title)
                self.frame_built.emit(frame)
            frame.give(slot, title)
            self.frames[slot] = frame
            self.frame_made.emit(slot)
        self._show(slot)
        return frame

    def close_stage(self) -> None:
        """Nothing is selected because there is nothing."""
        self._show("")

    def keep_only(self, slots: Collection[str]) -> None:
        """Let the frames of slots go that are no longer in the chain."""
        for name in [name for name in self.frames if name not in slots]:
            self._let_go(name)

    def _let_go(self, name: str) -> None:
        """For the next stage of its kind; but what a hand still holds is not given to another."""
        gone = self.frames.pop(name)
        self._free_keyboard(gone)
        if gone.held or QApplication.mouseButtons():
            gone.hide()
            gone.deleteLater()
        else:
            self._spare.keep(gone.editor.kind, gone)

    def _all(self) -> Iterator[StageFrame]:
        """Those that wait for a stage as well."""
        yield from self.frames.values()
        yield from self._spare

    def show_rate(self, rate_hz: float) -> None:
        """The sample rate that equaliser curves are drawn for."""
        if rate_hz != self.rate_hz:
            self.rate_hz = rate_hz
            for frame in self._all():
                frame.editor.show_rate(rate_hz)
                if isinstance(frame.editor, EqEditor):
                    frame.editor.plot.set_response(EqCurves(rate_hz))
                elif isinstance(frame.editor, DynamicEqEditor | DeesserEditor):
                    frame.editor.show_response(EqCurves(rate_hz))

    def _make(self, kind: str, title: str) -> StageFrame:
        editor = make_editor(kind, Models(EqCurves(self.rate_hz), compressor_db, clipper_db))
        editor.show_rate(self.rate_hz)
        frame = StageFrame(editor, self, title=title)
        frame.header.without.show_hint(self._without_key)
        frame.show_compact(self._compact)
        frame.gesture_started.connect(self.gesture_started)
        frame.gesture_ended.connect(self.gesture_ended)
        frame.header.levelled_edited.connect(self.levelled_edited)
        self._pass_on(frame, (frame.value_wished, self.value_wished), (frame.values_wished, self.values_wished),
                      (frame.preset_chosen, self.preset_chosen), (frame.without_edited, self.without_edited), (frame.delta_edited, self.delta_edited))
        if isinstance(editor, EqEditor | SpectralEditor):
            editor.basis_wished.connect(self.basis_wished)
        elif isinstance(editor, LimiterEditor):
            editor.target_asked.connect(self.target_asked)
        elif isinstance(editor, PluginEditor):
            self._pass_on(frame, (editor.editor_wished, self.editor_wished), (editor.locate_asked, self.locate_asked), (editor.typed, self.text_typed))
        return frame

    @staticmethod
    def _pass_on(frame: StageFrame, *signals: tuple[SignalInstance, SignalInstance]) -> None:
        """With the name of the slot that the frame edits now."""
        for said, told in signals:
            said.connect(lambda *values, told=told: told.emit(frame.slot, *values))

    def _show(self, slot: str) -> None:
        self.slot = slot
        self.empty.setVisible(not slot)
        for name, frame in self.frames.items():
            if name != slot:
                self._free_keyboard(frame)
        for name, frame in self.frames.items():
            frame.setVisible(name == slot)
        self.place()

    def _free_keyboard(self, frame: StageFrame) -> None:
        """Before a frame is hidden that has it: else Qt would give it to whatever is next in the window."""
        focus = self.window().focusWidget()
        if focus is not None and frame.isAncestorOf(focus):
            self.keyboard_free.emit()

    def show_compact(self, compact: bool) -> None:
        """In compact mode the name of the stage, its preset and what is heard of it; everything again behind it."""
        self._compact = compact
        for frame in self._all():
            frame.show_compact(compact)
        self.empty.show_compact(compact)

    def show_keys(self, shown: Callable[[str], str]) -> None:
        """The key of what every header has."""
        self._without_key = shown("hear.without")
        for frame in self._all():
            frame.header.without.show_hint(self._without_key)

    def each(self, act: Callable[[StageFrame], object]) -> None:
        """Do something with every frame there is."""
        for frame in self.frames.values():
            act(frame)

    def control_of(self, param_id: str) -> QWidget | None:
        """What the shown editor has for a parameter, if that is on the screen."""
        found = self.frame.findChildren(ValueHand) if self.frame is not None else []
        return next((hand for hand in found if hand.param.id == param_id and hand.isVisible()), None)

    def plots_area(self) -> QRect:
        """What the plots of the shown editor cover together; nothing where it has none."""
        plots = self.frame.editor.findChildren(LayeredPlot) if self.frame is not None else []
        area = QRect()
        for plot in (plot for plot in plots if plot.isVisible()):
            area |= QRect(plot.mapTo(self, QPoint()), plot.size())
        return area

    def resizeEvent(self, event: object) -> None:
        self.place()

    def place(self) -> None:
        """The shown frame fills the zone."""
        self.empty.setGeometry(self.rect())
        if self.frame is not None:
            self.frame.setGeometry(self.rect())
