"""The song zone: transport, time and legend over the view of the whole song."""
from PySide6.QtCore import QRect, Signal
from PySide6.QtGui import QAccessible, QPainter
from PySide6.QtWidgets import QWidget

from gui.controls.base import Painted
from gui.controls.buttons import Toggle
from gui.controls.transport import Transport
from gui.plots.song import SongView
from gui.plots.song_markers import MarkedSongView
from gui.theme import paint, theme

WIDEST_NAME = 220


class Legend(Painted, QWidget):
    """Which colour is what: a box where it is filled because it is heard, a line where it is not."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.heard = "master"
        self.names = {"mix": "Mix", "master": "Master", "ref": "Reference"}
        self.set_up("Legend", "panel", focus=False)

    def show_heard(self, heard: str) -> None:
        """What is filled."""
        if heard != self.heard:
            self.heard = heard
            self.update()

    def show_names(self, names: dict[str, str]) -> bool:
        """What the sources are called; whether that takes another width."""
        if names == self.names:
            return False
        self.names = names
        self.update()
        return True

    def entries(self) -> tuple[tuple[str, str, bool], ...]:
        """(words, colour, filled) from left to right."""
        reduction = "Gain reduction" if theme.density == "comfortable" else "GR"
        if self.heard == "ref":
            return ((self.names["ref"], "ref", True),)
        return (("Mix", "mix", self.heard == "mix"), (self.names["master"], "master", self.heard == "master"), (reduction, "gr", True))

    def measure(self) -> None:
        entries = self.entries()
        marks = theme.px(14 + 6) * len(entries) + theme.px(16) * (len(entries) - 1)
        self.setFixedSize(marks + sum(self._width(words) for words, _, _ in entries), theme.px(24))

    @staticmethod
    def _width(words: str) -> int:
        return min(paint.text_width(words, "text"), theme.px(WIDEST_NAME))

    def draw(self, painter: QPainter, area: QRect) -> None:
        x, middle = 0, self.height() // 2
        for words, color, filled in self.entries():
            size = theme.px(11)
            if filled:
                paint.fill(painter, QRect(x + theme.px(2), middle - size // 2, size, size), f"{color}_mid")
            else:
                paint.fill(painter, QRect(x, middle - 1, theme.px(14), 2), color)
            x += theme.px(14 + 6)
            width = self._width(words)
            paint.text(painter, QRect(x, 0, width, self.height()), words, "text", "text2")
            x += width + theme.px(16)

    def spoken_role(self) -> QAccessible.Role:
        return QAccessible.Role.StaticText

    def spoken_value(self) -> str:
        return f"{self.names[self.heard]} is filled{'' if self.heard == 'ref' else ', the other a line'}"


class SongZone(Painted, QWidget):
    """`transport` and `view` ask for themselves; this only puts them in their places."""

    findings_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.transport = Transport(self)
        self.legend = Legend(self)
        self._blind = False
        self.findings = Toggle("No findings", self, icon="flag", name="Findings")
        self.findings.setCheckable(False)
        self.findings.hide()
        self.findings.clicked.connect(lambda: self.findings_asked.emit())
        self.view = MarkedSongView(self)
        self.guest = SongView(self)
        self.guest.setAccessibleName("Reference")
        self.guest.set_heard("ref")
        self.guest.hide()
        self.set_up("Song", "panel", focus=False)

    def show_heard(self, heard: str) -> None:
        """What is filled, here and in the view: "mix", "master", or "ref", which the guest's view shows."""
        self.legend.show_heard(heard)
        self.view.set_heard("master" if heard == "ref" else heard)
        self.place()

    def show_names(self, master: str, reference: str) -> None:
        """What is called so in the legend and where something is missing."""
        if self.legend.show_names({"mix": "Mix", "master": master, "ref": reference}):
            self.view.set_names(master)
            self.place()

    def show_guest(self, on: bool) -> None:
        """A reference, in its own time, in the place of the song."""
        if on == self.guest.isHidden():
            self.guest.set_lane(self.view.scene.lane)
            self.guest.setVisible(on)
            self.view.setVisible(not on)

    def show_findings(self, words: str, help: str = "") -> None:
        """How many there are, or how far one has looked; nothing without a song."""
        shown = bool(words) and not self._blind
        if words != self.findings.text() or self.findings.isHidden() == shown:
            self.findings.setText(words)
            self.findings.setAccessibleDescription(words)
            self.findings.measure()
            self.findings.setVisible(shown)
            self.place()
        self.findings.setStatusTip(help)

    def show_blind(self, blind: bool) -> None:
        """The wave in grey, and nothing said of sources."""
        self._blind = blind
        self.legend.setVisible(not blind)
        self.findings.setVisible(bool(self.findings.text()) and not blind)
        self.place()
        self.view.set_blind(blind)

    def measure(self) -> None:
        self.place()

    def resizeEvent(self, event: object) -> None:
        self.place()

    def place(self) -> None:
        """Header above, view below."""
        header, margin = theme.px(theme.sizes.song_header), theme.px(12)
        self.legend.measure()
        right = self.width() - margin
        if not self.findings.isHidden():
            right -= self.findings.width()
            self.findings.move(right, (header - self.findings.height()) // 2)
            right -= theme.px(20 if theme.density == "comfortable" else 12)
        self.legend.move(right - self.legend.width(), (header - self.legend.height()) // 2)
        self.transport.setGeometry(theme.px(8), 0, max(1, self.legend.x() - 2 * margin), header)
        for view in (self.view, self.guest):
            view.setGeometry(0, header, self.width(), max(1, self.height() - header))
