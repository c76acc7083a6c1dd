"""The row above every editor, made from the table of parameters like the panel."""
from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QHBoxLayout, QWidget

from dsp_core.param import Param
from dsp_core.params import LABELS, params_of
from gui.controls.base import Painted
from gui.controls.buttons import Toggle
from gui.controls.choice import Choice
from gui.controls.parts import Part, make_lockable, make_part, show_on
from gui.controls.plane import Words
from gui.theme import theme

CLOSE = 4


class StageHeader(Painted, QWidget):
    """The row above every editor: title, preset, mode choices, placement | a host's options, Without, Delta."""

    edited = Signal(str, float)
    preset_chosen = Signal(int)
    without_edited = Signal(bool)
    delta_edited = Signal(bool)
    levelled_edited = Signal(bool)

    def __init__(self, kind: str, parent: QWidget | None = None, *, ids: Sequence[str] = ("placement",), stage: str = "", ground: str = "panel") -> None:
        super().__init__(parent)
        title = stage or LABELS[kind]
        self.parts: dict[str, Part] = {}
        self.title = Words(title, self, role="name", color="text", ground=ground)
        self.preset = Choice("", ["Neutral"], self, ground=ground, name=f"{title} preset")
        self.without = Toggle("Without", self, ground=ground, loud=True, hint="\\")
        self.delta = Toggle("Delta", self, ground=ground, loud=True)
        self.levelled = Toggle("Gain out", self, ground=ground, name=f"{title}: delta with the gain taken out")
        self.levelled.setStatusTip("The gain that explains most of a delta is taken out of it first; what is left is what else the stage does")
        self.row = QHBoxLayout(self)
        self.row.addWidget(self.title)
        self.row.addWidget(self.preset)
        for param in (p for wanted in ids for p in params_of(kind) if p.id == wanted):
            self._add(param, title, ground)
        self.row.addStretch(1)
        self.options = QHBoxLayout()
        self.row.addLayout(self.options)
        self.row.addWidget(self.without)
        self.row.addWidget(self.delta)
        self.row.addWidget(self.levelled)
        self.preset.edited.connect(self.preset_chosen)
        self.without.edited.connect(self.without_edited)
        self.delta.edited.connect(self.delta_edited)
        self.levelled.edited.connect(self.levelled_edited)
        self.set_up(f"{title} header", ground, focus=False)

    def _add(self, param: Param, title: str, ground: str) -> None:
        part = make_part(param, title, ground)
        if isinstance(part, Choice):
            part.deleteLater()
            part = Choice(param.label, param.choices, self, ground=ground, name=f"{title} {param.label.lower()}")
            part.setStatusTip(param.help)
            part.setAccessibleDescription(param.help)
            make_lockable(part, param)
        self.parts[param.id] = part
        show_on(part, param.default)
        part.edited.connect(lambda value, id=param.id: self.edited.emit(id, float(value)))
        self.row.addWidget(part)

    def show_title(self, title: str) -> None:
        """The same header for another stage of its kind."""
        before = self.title.words
        if title == before:
            return
        self.title.show_words(title)
        for part in (self, self.preset, self.levelled, *self.parts.values()):
            part.setAccessibleName(f"{title}{part.accessibleName().removeprefix(before)}")

    def show_compact(self, compact: bool) -> None:
        """Title, preset, Without and Delta are what compact mode has of a stage."""
        for index in range(self.options.count()):
            item = self.options.itemAt(index)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.setVisible(not compact)
        for part in self.parts.values():
            part.setVisible(not compact)

    def show_value(self, param_id: str, value: float) -> None:
        """Model to widget; emits nothing."""
        if param_id in self.parts:
            show_on(self.parts[param_id], value)

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            self._fit()
        return super().event(event)

    def _fit(self) -> None:
        """Where not all fits, choices stand closer and without their labels; what is chosen says enough. The last to go is the key of how
        deltas are heard, which has a command as well."""
        inside = [part for part in self.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
                  if not part.isHidden() or part is self.levelled]
        choices = [part for part in inside if isinstance(part, Choice)]
        others = sum(max(part.sizeHint().width(), part.minimumWidth()) for part in inside if not isinstance(part, Choice))
        margins = self.row.contentsMargins()
        room = self.width() - margins.left() - margins.right()
        gap = theme.px(12 if theme.density == "comfortable" else 8)
        brief = others + sum(choice.room() for choice in choices) + gap * len(inside) > room
        for choice in choices:
            choice.show_brief(brief)
        set_spacing(self.row, theme.px(CLOSE) if brief else gap)
        set_spacing(self.options, theme.px(CLOSE if brief else 8))
        closest = others + sum(choice.sizeHint().width() for choice in choices) + theme.px(CLOSE) * len(inside)
        self.levelled.setVisible(not brief or closest <= room)

    def measure(self) -> None:
        self.setFixedHeight(theme.px(theme.sizes.stage_header))
        self.row.setContentsMargins(theme.px(12), 0, theme.px(12), 0)
        self._fit()

    def spoken_role(self) -> QAccessible.Role:
        return QAccessible.Role.ToolBar


def set_spacing(row: QHBoxLayout, spacing: int) -> None:
    """Another gap. Setting the same one again would ask for another layout, and that for the gap, without an end."""
    if spacing != row.spacing():
        row.setSpacing(spacing)
