"""The equaliser's editor: curve and nodes over both spectra, the table of bands below."""
from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QRect, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dsp_core.params.eq import EQ_PHASES
from gui.controls.choice import Choice
from gui.controls.field import Sentence
from gui.editors.editor import StageEditor
from gui.editors.eq_bands import PARAMS, Response
from gui.editors.eq_hand import NEW_BAND_HZ, EqHand
from gui.editors.eq_plot import VIEWS_DB
from gui.editors.eq_table import BandTable
from gui.editors.eq_value import HeaderValue
from gui.editors.spectrum_menu import SpectrumMenu
from mastering_rt.measure.basis import Basis

USUAL_VIEW_DB = VIEWS_DB[1]
MINIMUM = EQ_PHASES.index("Minimum")


class EqEditor(StageEditor):
    """`response` tells what the equaliser does at the sample rate of now; feed spectra to `plot.set_spectrum`.

    `basis_wished` asks for spectra made otherwise; answer by measuring so and `plot.set_basis`.
    """

    header_ids = ("auto_gain",)

    basis_wished = Signal(Basis)

    def __init__(self, response: Response, parent: QWidget | None = None, *, kind: str = "eq") -> None:
        super().__init__(kind, parent)
        self.plot = self.spectrum = EqHand(response, self)
        self.table = BandTable(self.plot, self)
        self.values: dict[str, float] = {}
        self._sentence = Sentence()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.plot, 1)
        column.addWidget(self.table)
        self.plot.value_wished.connect(lambda param_id, value: self._from_plot({param_id: value}))
        self.plot.values_wished.connect(self._from_plot)
        self.plot.band_selected.connect(self.table.select)
        self.plot.typing_wished.connect(self._type_into)
        self.plot.refused.connect(self._refuse)
        self.table.value_wished.connect(self._from_table)
        self.table.band_chosen.connect(self.plot.choose)
        self.table.band_wished.connect(lambda: self.plot.add_band(NEW_BAND_HZ, 0.0))
        self.scale = HeaderValue(PARAMS["gain_scale"], "EQ gain scale", "Scale ", self)
        self.scale.edited.connect(partial(self._from_table, "gain_scale"))
        self.scale.gesture_started.connect(partial(self.gesture_started.emit, "gain_scale"))
        self.scale.gesture_ended.connect(partial(self.gesture_ended.emit, "gain_scale"))
        self.chosen = {param_id: Choice(PARAMS[param_id].label, PARAMS[param_id].choices, name=f"EQ {param_id}")
                       for param_id in ("phase", "length")}
        for param_id, choice in self.chosen.items():
            choice.edited.connect(partial(self._choose, param_id))
        for part in (self.plot, self.table):
            part.gesture_started.connect(self.gesture_started)
            part.gesture_ended.connect(self.gesture_ended)
        self.table.select(self.plot.selected)
        self.table.show_values({})

    def show_values(self, values: Mapping[str, float]) -> None:
        self.values.update(values)
        self.plot.set_values(self.values)
        self.table.show_values(self.values)
        self.scale.show_value(self.values.get("gain_scale", PARAMS["gain_scale"].default))
        for param_id, choice in self.chosen.items():
            choice.show_value(int(self.values.get(param_id, PARAMS[param_id].default)))
        self._offer_length()

    def select(self, number: int) -> None:
        """Make a band the one that is edited."""
        self.plot.choose(number)

    def forget(self) -> None:
        super().forget()
        self.plot.choose_view(USUAL_VIEW_DB)
        self.plot.choose(1)
        self._sentence.hide()

    def header_options(self) -> list[QWidget]:
        """The gain scale, the gain range, the menu of the spectra, phase and length."""
        view = Choice("View", [f"±{v:g} dB" for v in VIEWS_DB], name="EQ view")
        view.show_value(VIEWS_DB.index(self.plot.view_db))
        view.edited.connect(lambda index: self.plot.choose_view(VIEWS_DB[index]))
        self.plot.view_chosen.connect(lambda db: view.show_value(VIEWS_DB.index(db)))
        spectrum = SpectrumMenu(self.plot)
        spectrum.basis_wished.connect(self.basis_wished)
        return [self.scale, view, spectrum, *self.chosen.values()]

    def _from_plot(self, values: Mapping[str, float]) -> None:
        self.values.update(values)
        self.table.show_values(self.values)
        self.wish(values)

    def _from_table(self, param_id: str, value: float) -> None:
        self.values[param_id] = value
        self.plot.set_values(self.values)
        self.table.show_values(self.values)
        self.value_wished.emit(param_id, value)

    def _choose(self, param_id: str, index: int) -> None:
        """A choice is a whole gesture by itself."""
        self.gesture_started.emit(param_id)
        self._from_table(param_id, float(index))
        self._offer_length()
        self.gesture_ended.emit(param_id)

    def _offer_length(self) -> None:
        """Minimum phase has no filter that could be long or short."""
        length = self.chosen["length"]
        if length.parentWidget() is not None:  # else it would be a window
            length.setVisible(self.chosen["phase"].value != MINIMUM)

    def fit_options(self) -> None:
        self._offer_length()

    def _type_into(self, number: int) -> None:
        self.plot.choose(number)
        self.table.cells[number - 1].type_value()

    def refusal(self) -> str:
        """The sentence that is shown because something could not be done, or ""."""
        return self._sentence.words()

    def _refuse(self, words: str) -> None:
        """Say why nothing happened."""
        place = self.plot.mapFromGlobal(self.plot.cursor().pos())
        self._sentence.tell(words, self.plot, QRect(place.x(), place.y(), 1, 1))
