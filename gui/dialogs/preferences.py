"""Preferences: how the window looks, how meters read, where files lie, which keys do what. Every choice takes effect while it is open."""
from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from dsp_core.param import Param
from gui.controls.buttons import Toggle
from gui.controls.choice import Choice, Segmented
from gui.controls.plane import Plane
from gui.controls.value import LevelFader
from gui.dialogs.dialog import Dialog, Form
from gui.dialogs.key_list import KeyList, KeyRow
from gui.dialogs.render import TARGET
from gui.meters.loudness_face import KINDS
from gui.theme import numbers, theme
from gui.window.settings import AUTOMATIC, Habits, Looks, MeterScales
from mastering_rt.measure.scales import K_SYSTEM_DB, PPM_SCALES, VU_REFERENCES_DBFS

WIDTH, FIELD, KEYS_HEIGHT = 760, 340, 224
PAGES = ("Window", "Meters and sound", "Files", "Keys")
THEMES, DENSITIES = ("dark", "light"), (AUTOMATIC, "comfortable", "compact")
SPECTRA = ((0.0, "As the density asks"), (15.0, "15 a second"), (30.0, "30 a second"), (60.0, "60 a second"))
FOLDERS = (("open", "Mixes"), ("save", "Sessions"), ("render", "Masters"), ("reference", "References"))
SCALE = Param(id="scale", label="", low=80, high=200, default=100, unit="%", step=10, decimals=0, help="Size of everything, on top of the system's")
OF_THE_MIX = "Beside the mix, or used last"


@dataclass(frozen=True)
class Wishes:
    """Everything that stands in the dialog but the keys."""

    looks: Looks
    habits: Habits
    scales: MeterScales
    folders: tuple[str, ...]                 # in the order of FOLDERS; "" where none was chosen


class Preferences(Dialog):
    """`wished` comes with every change. Keys are in `keys`, which speaks for itself."""

    wished = Signal(Wishes)

    def __init__(self, window: QWidget, now: Wishes, rows: Sequence[KeyRow]) -> None:
        super().__init__(window, "Preferences", aside="takes effect at once", width=WIDTH)
        self.now = now
        self.pages = Segmented(PAGES, name="Page")
        self.keys = KeyList(rows, min(theme.px(KEYS_HEIGHT), window.height() - theme.px(330)))
        self.forms: list[QWidget] = [self._window_page(), self._meters_page(), self._files_page(), self.keys]
        self.body.addWidget(self.pages)
        self.body.addSpacing(theme.px(8))
        for form in self.forms:
            self.body.addWidget(form)
        highest = max(form.sizeHint().height() for form in self.forms)
        for form in self.forms:
            form.setMinimumHeight(highest)
        self.pages.edited.connect(self.show_page)
        self.add_answer("close", "Close", safe=True)
        self.show_page(0)

    def show_page(self, index: int) -> None:
        """One page at a time; all are as high as the highest."""
        self.pages.show_value(index)
        for place, form in enumerate(self.forms):
            form.setVisible(place == index)
        self.place()

    # pages

    def _window_page(self) -> Plane:
        looks = self.now.looks
        self.theme = Segmented(("Dark", "Light"), name="Theme")
        self.theme.show_value(THEMES.index(looks.theme))
        self.theme.edited.connect(lambda index: self._look(theme=THEMES[index]))
        self.density = Segmented(("Automatic", "Comfortable", "Compact"), name="Density")
        self.density.show_value(DENSITIES.index(looks.density))
        self.density.edited.connect(lambda index: self._look(density=DENSITIES[index]))
        self.scale = LevelFader(SCALE, width=FIELD)
        self.scale.setAccessibleName("Interface scale")
        self.scale.show_value(100 * looks.scale)
        self.scale.gesture_ended.connect(lambda: self._look(scale=round(self.scale.value / 100, 2)))
        self.motion = Toggle("Reduce motion")
        self.motion.show_value(looks.reduce_motion)
        self.motion.edited.connect(lambda on: self._look(reduce_motion=on))
        return form_of(("Theme", self.theme), ("Density", self.density), ("Interface scale", self.scale), ("Motion", self.motion))

    def _meters_page(self) -> Plane:
        habits = self.now.habits
        rates = [rate for rate, _ in SPECTRA]
        self.spectra = Choice("", [words for _, words in SPECTRA], plane="control", width=FIELD, name="Spectrum rate")
        self.spectra.setStatusTip("How often the spectrum is drawn; fewer pictures spare the processor")
        self.spectra.show_value(rates.index(habits.spectra_per_s) if habits.spectra_per_s in rates else 0)
        self.spectra.edited.connect(lambda index: self._habit(spectra_per_s=rates[index]))
        self.matched = Toggle("Begin with matched loudness", name="Begin with matched loudness")
        self.matched.show_value(habits.matched)
        self.matched.edited.connect(lambda on: self._habit(matched=on))
        return form_of(*self._scales(), ("Spectrum", self.spectra), ("Comparing", self.matched))

    def _scales(self) -> tuple[tuple[str, QWidget], ...]:
        """How meters are marked."""
        scales, ppm = self.now.scales, [scale.id for scale in PPM_SCALES]
        self.loudness = Segmented(tuple(KINDS.values()), name="Scale of the loudness meter")
        self.loudness.show_value(list(KINDS).index(scales.loudness))
        self.loudness.edited.connect(lambda index: self._scale(loudness=list(KINDS)[index]))
        self.target = LevelFader(TARGET, width=FIELD)
        self.target.setAccessibleName("Loudness target")
        self.target.setStatusTip("0 LU of the loudness meter on its scales of LU, and what Target loudness begins with")
        self.target.show_value(scales.target_lufs)
        self.target.gesture_ended.connect(lambda: self._scale(target_lufs=round(self.target.value, 1)))
        self.k = Segmented([f"K-{headroom}" for headroom in K_SYSTEM_DB], name="K-System meter")
        self.k.show_value(K_SYSTEM_DB.index(scales.k_headroom_db))
        self.k.edited.connect(lambda index: self._scale(k_headroom_db=K_SYSTEM_DB[index]))
        self.ppm = Choice("", [scale.title for scale in PPM_SCALES], plane="control", width=FIELD, name="Programme meter")
        self.ppm.show_value(ppm.index(scales.ppm))
        self.ppm.edited.connect(lambda index: self._scale(ppm=ppm[index]))
        self.vu = Segmented([numbers.number(level, 0) for level in VU_REFERENCES_DBFS], name="0 VU in dBFS")
        self.vu.show_value(VU_REFERENCES_DBFS.index(scales.vu_reference_dbfs))
        self.vu.edited.connect(lambda index: self._scale(vu_reference_dbfs=VU_REFERENCES_DBFS[index]))
        return (("Loudness meter", self.loudness), ("Loudness target", self.target), ("K-System", self.k), ("Programme meter", self.ppm),
                ("0 VU, dBFS", self.vu))

    def _files_page(self) -> Plane:
        self.places = [Choice("", [folder or OF_THE_MIX], plane="control", width=FIELD, name=f"Folder for {words.lower()}", chevron=False)
                       for folder, (_, words) in zip(self.now.folders, FOLDERS, strict=True)]
        for index, choice in enumerate(self.places):
            choice.clicked.disconnect()
            choice.clicked.connect(lambda _checked=False, index=index: self._ask_folder(index))
        self.watch = Toggle("Tell when the mix changes on disk", name="Tell when the mix changes on disk")
        self.watch.show_value(self.now.habits.watch_mix)
        self.watch.edited.connect(lambda on: self._habit(watch_mix=on))
        self.demo = Toggle("Open the demo mix when nothing else is asked for", name="Open the demo mix at the start")
        self.demo.show_value(self.now.habits.demo_first)
        self.demo.edited.connect(lambda on: self._habit(demo_first=on))
        return form_of(*((words, choice) for (_, words), choice in zip(FOLDERS, self.places, strict=True)), ("Mix", self.watch), ("Start", self.demo))

    def _ask_folder(self, index: int) -> None:
        folder = QFileDialog.getExistingDirectory(self.window(), f"Folder for {FOLDERS[index][1].lower()}", self.now.folders[index])
        if folder:
            folders = tuple(folder if place == index else kept for place, kept in enumerate(self.now.folders))
            self.places[index].show_choices([folder])
            self._wish(replace(self.now, folders=folders))

    # wishes

    def _look(self, **changes: object) -> None:
        self._wish(replace(self.now, looks=replace(self.now.looks, **changes)))  # type: ignore[arg-type]

    def _habit(self, **changes: object) -> None:
        self._wish(replace(self.now, habits=replace(self.now.habits, **changes)))  # type: ignore[arg-type]

    def _scale(self, **changes: object) -> None:
        self._wish(replace(self.now, scales=replace(self.now.scales, **changes)))  # type: ignore[arg-type]

    def _wish(self, wishes: Wishes) -> None:
        self.now = wishes
        self.wished.emit(wishes)


def form_of(*rows: tuple[str, QWidget]) -> Plane:
    """A page: labels and controls at the left."""
    page, form = Plane(), Form()
    for label, control in rows:
        form.add(label, control)
    row = QHBoxLayout(page)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(form, 0, Qt.AlignmentFlag.AlignTop)
    row.addStretch(1)
    return page
