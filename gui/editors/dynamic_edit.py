"""Edits of the dynamic equaliser's bands: wishes for values and the gestures around them. `dynamic_plot` draws, `dynamic_node` has the hand."""
from collections.abc import Mapping

from PySide6.QtCore import QPointF, QTimer, Signal
from PySide6.QtWidgets import QWidget

from dsp_core.params.dynamic_eq import DYNAMIC_EQ_BANDS
from gui.controls.hand import hand
from gui.controls.value_hand import WHEEL_REST_MS, as_shown
from gui.editors.band_plot import BandsShown
from gui.editors.dynamic_curves import band_of
from gui.editors.eq_bands import Band
from gui.plots.axes import Axis
from gui.theme import theme

VIEWS_DB = (3.0, 6.0, 12.0, 30.0)
INSET_PX = 9


class DynamicEdit(BandsShown):
    """Spectra with the bands of a dynamic equaliser, whose values can be wished otherwise."""

    typing_wished = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("dynamic_eq", parent)
        self.view_db = VIEWS_DB[1]
        self.selected = 1
        self.gesture = ""
        self._before: dict[str, float] = {}
        self._bands: list[Band] | None = None
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(WHEEL_REST_MS)
        self._rest.timeout.connect(self.end)

    @property
    def gains(self) -> Axis:
        """Vertical axis of the curves."""
        area, inset = self.plot_area, theme.px(INSET_PX)
        return Axis(-self.view_db, self.view_db, area.top() + area.height() - inset, area.top() + inset)

    @property
    def count(self) -> int:
        return DYNAMIC_EQ_BANDS

    def titles(self) -> list[str]:
        ids = [f"band{n}_freq" for n in range(1, DYNAMIC_EQ_BANDS + 1)]
        return [self.params[id].text(self.value(id)) for id in ids]

    def band(self, number: int) -> Band:
        """A band as the pictures take it."""
        return self.bands()[number - 1]

    def bands(self) -> list[Band]:
        """All of them, read once for each set of values."""
        if self._bands is None:
            self._bands = [band_of(self.value, n) for n in range(1, DYNAMIC_EQ_BANDS + 1)]
        return self._bands

    def band_words(self, number: int) -> str:
        """ "Bell, 2.5 kHz, 0.0 dB, range −3.0 dB"."""
        head = f"band{number}_"
        words = [self.params[head + name].text(self.value(head + name)) for name in ("type", "freq", "gain")]
        words.append(f"range {self.params[head + 'range'].text(self.value(head + 'range'))}")
        return ", ".join(words + ["off"] * (self.value(head + "on") < 0.5))

    def changed(self) -> None:
        self._bands = None
        super().changed()

    def choose(self, number: int) -> None:
        """Another band, by hand."""
        if number != self.selected:
            self.band_chosen.emit(number)

    def begin(self, param_id: str) -> None:
        """The first wish of a gesture is about to come."""
        if not self.gesture:
            self.gesture, self._before = param_id, dict(self.values)
            self.gesture_started.emit(param_id)

    def end(self) -> None:
        """The hand has let go, or rests."""
        self._rest.stop()
        if self.gesture:
            ended, self.gesture = self.gesture, ""
            self.gesture_ended.emit(ended)

    def give_back(self) -> None:
        """To the values from before the gesture."""
        if self.gesture:
            before = {param_id: self._before[param_id] for param_id, value in self.values.items() if self._before.get(param_id, value) != value}
            if before:
                self.wish_together(before)
            self.end()

    def wish_all(self, values: Mapping[str, float]) -> None:
        """Some values as one whole gesture."""
        self.end()
        self.begin(next(iter(values)))
        self.wish_together(values)
        self.end()

    def nudge(self, param_id: str, steps: float) -> None:
        """By notches of the wheel or key presses, as part of a gesture that ends when it rests."""
        param = self.params[param_id]
        with hand.steps():
            self.begin(param_id)
        self._rest.start()
        self.wish(param_id, as_shown(param, param.nudge(self.value(param_id), steps), 1 if abs(steps) < 1 else 0))

    def node_point(self, number: int) -> QPointF:
        """Where frequency and gain put a node."""
        band = self.band(number)
        return QPointF(self.frequencies.px(band.freq_hz), self.gains.px(band.gain_db))

    def move_node(self, number: int, at: QPointF, *, fine: bool) -> QPointF:
        """Frequency and gain of a point; gives the point that they can have."""
        freq, gain = self.params[f"band{number}_freq"], self.params[f"band{number}_gain"]
        hz, db = freq.clamp(self.frequencies.value(at.x())), gain.clamp(self.gains.value(at.y()))
        shown = {param.id: as_shown(param, value, 1 if fine else 0) for param, value in ((freq, hz), (gain, db))}
        fresh = {param_id: value for param_id, value in shown.items() if value != self.value(param_id)}
        if fresh:
            self.wish_together(fresh)
        return QPointF(self.frequencies.px(hz), self.gains.px(db))
