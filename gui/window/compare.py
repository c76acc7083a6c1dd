"""The compare bar: what is heard, at which level, what one stage does, and what the monitors make of it."""
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QRect, Signal
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSpacerItem, QVBoxLayout, QWidget

from dsp_core.param import Param
from gui.blind.cover import BlindPlate
from gui.controls.base import Painted
from gui.controls.buttons import Toggle
from gui.controls.keys import MatchedKey, SourceKey
from gui.controls.value import LevelFader
from gui.theme import paint, theme
from gui.window.compared import DIGITS, ReferenceKeys, SnapshotKeys
from gui.window.layout import LINE
from mastering_rt.playback.monitor import MonitorSettings

LEVEL = Param(id="level", label="Monitor", low=-60, high=0, default=0, unit="dB", step=0.5,
              help="Level of the loudspeakers, never of the file; Ctrl+Up and Ctrl+Down")
MONITOR = (                      # field of the settings, word on its key, name, key, help
    ("mono", "Mono", "Mono", "Shift+M", "The sum of both channels on both speakers"),
    ("side", "Side", "Side", "Shift+S", "What the channels do not share"),
    ("left", "L", "Left alone", "Shift+L", "The left channel alone"),
    ("right", "R", "Right alone", "Shift+R", "The right channel alone"),
    ("swap", "Swap", "Swap left and right", "Shift+W", "Left and right exchanged"),
    ("polarity", "Ø", "Invert the right", "Shift+P", "The right channel with its polarity inverted"),
    ("dim", "Dim", "Dim", "Shift+D", "20 dB down"),
    ("unity", "1:1", "Unity gain", "Shift+U", "The limiter's drive taken back from what is heard, in place of the match; never from the file"))
ONLY_COMFORTABLE = ("swap", "polarity")
LINES = {"mix": "mix", "master": "master", "reference": "ref", "other": "master"}


def with_key(words: str, keys: str) -> str:
    """A sentence of help with the key that does the same."""
    return f"{words}, {keys}" if keys else words


class MonitorSection(Painted, QWidget):
    """Toggles for what is heard in the room, and its level. `edited` gives the whole setting."""

    edited = Signal(MonitorSettings)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.settings = MonitorSettings()
        self.toggles = {row[0]: self._toggle(*row) for row in MONITOR}
        self.level = LevelFader(LEVEL, self)
        self.level.edited.connect(lambda level: self._put("level_db", level))
        self._grid = QGridLayout(self)
        self._row = QHBoxLayout()
        self._row.addStretch(1)
        for toggle in self.toggles.values():
            self._row.addWidget(toggle)
        self._grid.addLayout(self._row, 0, 0)
        self._grid.addWidget(self.level, 1, 0)
        self.set_up("Monitor", "panel", focus=False)

    def _toggle(self, field: str, words: str, name: str, key: str, help: str) -> Toggle:
        toggle = Toggle(words, self, loud=True, height=24, name=name)
        toggle.setStatusTip(with_key(help, key))
        toggle.edited.connect(partial(self._put, field))
        return toggle

    def show_settings(self, settings: MonitorSettings) -> None:
        """Model to widget; emits nothing."""
        if settings != self.settings:
            self.settings = settings
            for name, toggle in self.toggles.items():
                toggle.show_value(getattr(settings, name))
            self.level.show_value(settings.level_db)

    def show_keys(self, shown: Callable[[str], str]) -> None:
        """The keys in the help."""
        for field, _, _, _, help in MONITOR:
            self.toggles[field].setStatusTip(with_key(help, shown(f"monitor.{field}")))

    def _put(self, name: str, value: Any) -> None:
        self.settings = replace(self.settings, **{name: value})
        self.edited.emit(self.settings)

    def measure(self) -> None:
        comfortable = theme.density == "comfortable"
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setVerticalSpacing(theme.px(4 if comfortable else 0))
        self._row.setSpacing(theme.px(4))
        for name, toggle in self.toggles.items():
            toggle.setVisible(comfortable or name not in ONLY_COMFORTABLE)
            toggle.measure()
        shown = [toggle for toggle in self.toggles.values() if not toggle.isHidden()]
        row = sum(toggle.width() for toggle in shown) + theme.px(4) * (len(shown) - 1)
        self.level.show_width(max(theme.sizes.monitor, round(row / theme.scale)))


class CompareBar(Painted, QWidget):
    """Keys from left to right as one compares; a line of the heard colour closes the bar below."""

    chosen = Signal(str)
    matched_edited = Signal(bool)
    delta_edited = Signal(bool)
    blind_asked = Signal()
    monitor_edited = Signal(MonitorSettings)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.heard = "master"
        self.hidden_sources = False
        self._compact = False
        self.mix = SourceKey("mix", "Mix", "1", self)
        self.master = SourceKey("master", "Master", "2", self)
        self.matched = MatchedKey(self)
        self.references = ReferenceKeys(self)
        self.snapshots = SnapshotKeys(self)
        self.blind = Toggle("Blind", self, hint="X", width=96, height=24)
        self.delta = Toggle("Delta", self, loud=True, hint="Z", width=96, height=24)
        self.plate = BlindPlate(self)
        self.plate.hide()
        self.monitor = MonitorSection(self)
        self._row = QHBoxLayout(self)
        self._gaps = [QSpacerItem(0, 0) for _ in range(3)]
        for key in (self.mix, self.master, self.matched):
            self._row.addWidget(key)
        for gap, part in zip(self._gaps, (self.references, self.snapshots, None), strict=True):
            self._row.addSpacerItem(gap)
            if part is not None:
                self._row.addWidget(part)
        self._row.insertWidget(0, self.plate)
        self._both = QVBoxLayout()
        self._both.addWidget(self.blind)
        self._both.addWidget(self.delta)
        self._row.addLayout(self._both)
        self._row.addStretch(1)
        self._row.addWidget(self.monitor)
        self._connect()
        self.show_heard("master")
        self.set_up("Compare", "panel", focus=False)

    def _connect(self) -> None:
        for key in (self.mix, self.master):
            key.chosen.connect(partial(self.chosen.emit, key.source))
        self.matched.edited.connect(self.matched_edited)
        self.delta.edited.connect(self.delta_edited)
        self.blind.clicked.connect(lambda: self.blind_asked.emit())
        self.monitor.edited.connect(self.monitor_edited)

    def show_keys(self, shown: Callable[[str], str]) -> None:
        """The keys that do the same, as hints and in the help."""
        for key, id in ((self.mix, "hear.mix"), (self.master, "hear.master"), (self.matched, "hear.matched"), (self.delta, "hear.delta"),
                        (self.blind, "blind.open")):
            key.show_hint(shown(id))
        for key, words in ((self.mix, "Hear the mix"), (self.master, "Hear the master")):
            key.setStatusTip(f"{with_key(words, shown(f'hear.{key.source}'))}{'; ' if shown('hear.swap') else ''}"
                             f"{shown('hear.swap')}{' goes back and forth' if shown('hear.swap') else ''}")
        self.blind.setStatusTip(with_key("A blind test: whether you can tell the two apart, or which one you prefer", shown("blind.open")))
        self.delta.setStatusTip(with_key("Only what the selected stage adds or takes away", shown("hear.delta")))
        self.monitor.show_keys(shown)
        self.references.show_keys([shown(f"hear.reference_{place}") for place in range(1, len(DIGITS) + 1)])
        self.snapshots.show_keys(shown)

    def show_heard(self, heard: str, changed: str = "") -> None:
        """"mix", "master", "delta", "reference" or "other"; one of them is solid. `changed` says how the chain that is heard differs from the
        session's ("without EQ"): it is the master, with a word of warning."""
        self.heard = heard
        self.mix.show_heard(heard == "mix")
        self.master.show_heard(heard == "master" or (heard == "other" and bool(changed)))
        self.master.show_note(changed)
        self.delta.show_value(heard == "delta")
        self.update(self.line_area())

    def show_blind(self, blind: bool) -> None:
        """During a blind test: that it is one, in the place of the sources."""
        for part in (self.mix, self.master, self.matched, self.references, self.snapshots):
            part.setVisible(not blind)
        for key in (self.blind, self.delta):
            key.setVisible(not blind and not self._compact)
        self.plate.setVisible(blind)
        self.hidden_sources = blind
        self.update()

    def show_compact(self, compact: bool) -> None:
        """In compact mode the delta stands at the stage, and a blind test takes the whole window."""
        self._compact = compact
        for key in (self.blind, self.delta):
            key.setVisible(not compact and not self.hidden_sources)
        self.fit()

    def line_area(self) -> QRect:
        """The line of the heard colour."""
        return QRect(0, self.height() - theme.px(LINE), self.width(), theme.px(LINE))

    def measure(self) -> None:
        comfortable = theme.density == "comfortable"
        self._row.setContentsMargins(theme.px(8), 0, theme.px(8), theme.px(LINE))
        self._row.setSpacing(theme.px(4))
        for gap in self._gaps:
            gap.changeSize(theme.px(20 if comfortable else 8), 0)
        for key in (self.blind, self.delta):
            key.show_width(theme.sizes.blind_key)
        self._both.setSpacing(theme.px(4 if comfortable else 2))
        self._row.invalidate()
        self.fit()

    def fit(self) -> None:
        """The references get what room the others leave."""
        taken = sum(part.sizeHint().width() if part.layout() else part.width() for part in (self.mix, self.master, self.matched, self.blind, self.monitor)
                    if part is not self.blind or not self._compact)
        taken += self.snapshots.sizeHint().width() + sum(gap.sizeHint().width() for gap in self._gaps)
        self.references.fit(self.width() - taken - theme.px(2 * 8 + 8 * 4 + 8))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.fit()

    def draw(self, painter: QPainter, area: QRect) -> None:
        paint.fill(painter, self.line_area(), "select" if self.hidden_sources else LINES.get(self.heard, "select"))
