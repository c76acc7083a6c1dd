"""Edits of the equaliser's bands: which is chosen, wishes for values, gestures around them. `eq_hand` gives it mouse and keys."""
from collections.abc import Mapping

from PySide6.QtCore import QPointF, QTimer, Signal
from PySide6.QtWidgets import QWidget

from dsp_core.params.eq import EQ_BANDS
from gui.controls.hand import hand
from gui.controls.value_hand import WHEEL_REST_MS, as_shown
from gui.editors.eq_bands import BAND_DEFAULTS, PARAMS, Response, free_band, new_band, solo_wish
from gui.editors.eq_plot import EqPlot

FULL = f"All {EQ_BANDS} bands are in use; take one out first."


class EqEdit(EqPlot):
    """An `EqPlot` whose values can be wished otherwise.

    `gesture_started` and `gesture_ended` name the parameter the gesture began with; a node moves frequency and gain in one.
    """

    value_wished = Signal(str, float)
    values_wished = Signal(object)           # several at once, by id: one edit
    gesture_started = Signal(str)
    gesture_ended = Signal(str)
    band_selected = Signal(int)
    typing_wished = Signal(int)
    view_chosen = Signal(float)
    refused = Signal(str)

    def __init__(self, response: Response, parent: QWidget | None = None) -> None:
        super().__init__(response, parent)
        self.gesture = ""
        self.before: dict[str, float] = {}
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(WHEEL_REST_MS)
        self._rest.timeout.connect(self.end)

    def choose(self, number: int) -> None:
        """Select a band as the hand does it."""
        if number != self.selected:
            self.end()
            self.select(number)
            self.band_selected.emit(number)

    def wish(self, values: Mapping[str, float]) -> None:
        """Ask for some values as one whole gesture."""
        self.end()
        self.begin(next(iter(values)))
        self.put(values)
        self.end()

    def add_band(self, freq_hz: float, gain_db: float) -> None:
        """Put the first free band here; `refused` says so when there is none."""
        band = free_band(self.bands)
        if band is None:
            self.refused.emit(FULL)
            return
        freq, gain = PARAMS[band.id("freq")], PARAMS[band.id("gain")]
        self.choose(band.number)
        self.wish(new_band(band, as_shown(freq, freq.clamp(freq_hz)), as_shown(gain, gain.clamp(gain_db))))

    def remove_band(self, number: int) -> None:
        """Back to its defaults: it is no longer used."""
        self.wish(BAND_DEFAULTS[number])

    def solo(self, number: int) -> None:
        """Hear what one band works on, alone; or no longer."""
        self.wish(solo_wish(self.bands, number))

    def add_at(self, at: QPointF) -> None:
        """Put a band under a point of the plot."""
        self.add_band(self.frequencies.value(at.x()), self.gains.value(at.y()))

    def choose_view(self, view_db: float) -> None:
        """Another gain range, by hand."""
        self.set_view(view_db)
        self.view_chosen.emit(view_db)

    def type_into(self, number: int) -> None:
        """Ask whoever has the numbers to open one for typing."""
        self.typing_wished.emit(number)

    def begin(self, param_id: str) -> None:
        if not self.gesture:
            self.gesture = param_id
            self.before = dict(self.values)
            self.gesture_started.emit(param_id)

    def end(self) -> None:
        self._rest.stop()
        if self.gesture:
            ended, self.gesture = self.gesture, ""
            self.gesture_ended.emit(ended)

    def put(self, values: Mapping[str, float]) -> None:
        """Show and emit what is different."""
        fresh = {i: v for i, v in values.items() if v != self.values.get(i, PARAMS[i].default)}
        if fresh:
            self.values.update(fresh)
            self.changed()
            if len(fresh) == 1:
                self.value_wished.emit(*fresh.popitem())
            else:
                self.values_wished.emit(fresh)

    def nudge(self, name: str, steps: float) -> None:
        """Move one value of the selected band by wheel notches or key steps, as part of a gesture that ends when it rests."""
        param = PARAMS[self.band.id(name)]
        with hand.steps():
            self.begin(param.id)
        self._rest.start()
        now = self.values.get(param.id, param.default)
        self.put({param.id: as_shown(param, param.nudge(now, steps), 1 if abs(steps) < 1 else 0)})
