"""Thresholds from the song: for which bands of a dynamic equaliser, and at which percentile."""
from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from dsp_core.param import Param
from gui.controls.choice import Choice
from gui.controls.value import ValueControl
from gui.dialogs.dialog import Dialog, Form
from mastering_rt.offline.band_thresholds import HIGHEST_PERCENTILE, LOWEST_PERCENTILE, USUAL_PERCENTILE

PERCENTILE = Param(id="percentile", label="Percentile", low=LOWEST_PERCENTILE, high=HIGHEST_PERCENTILE, default=USUAL_PERCENTILE, unit="%", step=1,
                   decimals=0, help="Share of the time in which the band is softer than its threshold.")
SENTENCE = ("Every band hears the whole song as it comes out of the stages before. Its threshold goes where it is softer for this share of "
            "the time, so that it acts only where it exceeds its own norm.")
ALL = "All that are on"
WIDTH, FIELD = 480, 220


class ThresholdsDialog(Dialog):
    """Answers "set" or "cancel"; `bands` and `percentile` are what was chosen."""

    def __init__(self, window: QWidget, bands: Sequence[str]) -> None:
        super().__init__(window, "Thresholds from the song", SENTENCE, width=WIDTH)
        self.choice = Choice("", [ALL, *bands], plane="control", width=FIELD, name="Bands")
        self.value = ValueControl(PERCENTILE)
        self.value.show_value(USUAL_PERCENTILE)
        form = Form()
        form.add("Bands", self.choice)
        form.add("Percentile", self.value)
        self.body.addWidget(form)
        self.add_answer("set", "Set thresholds")
        self.add_answer("cancel", "Cancel", safe=True)

    @property
    def bands(self) -> tuple[int, ...] | None:
        """1-based; None: all that are on."""
        return (self.choice.value,) if self.choice.value else None

    @property
    def percentile(self) -> float:
        return float(self.value.value)
