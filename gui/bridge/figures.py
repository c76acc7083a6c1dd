"""The second window follows what is heard, or what comes out of the slot that was chosen; nothing is done while it is not seen."""
from gui.acts.acts import Acts
from gui.bridge.model import gains_of, names_of
from gui.bridge.shown import words_of
from gui.bridge.window_spectrum import WindowSpectrum
from gui.meters.ballistics import Pace
from gui.meters.distribution import HIGH_LUFS, LOW_LUFS
from gui.meters.reading import Reading
from gui.theme import numbers
from gui.window.meters_window import MetersWindow, Subject
from gui.window.settings import MeterScales
from mastering_rt.desk.desk import Pulse
from mastering_rt.desk.figures import LiveSource, Needling
from mastering_rt.errors import grouped
from mastering_rt.measure.report import FileReport
from mastering_rt.measure.true_peak import error_bar_text
from mastering_rt.session.model import Slot

BARS_PER_S, OCTAVES_PER_S, FIGURES_PER_S = 30.0, 6.0, 2.0
SUBJECTS = {"mix": ("mix", "mix", "Mix"), "master": ("master", "master", "Master"), "delta": ("aside", "master", "Delta"),
            "reference": ("aside", "ref", "Reference"), "other": ("aside", "master", "Other chain")}
COVERED = Subject("edge", "Covered", "A blind test is running")
CONVERTED = "The song plays at another rate than its own, so these are not its words"


class FigureWindow:
    """`open` and `close` the window; `follow` once per picture."""

    def __init__(self, acts: Acts) -> None:
        self._acts = acts
        self.window: MetersWindow | None = None
        self._slot = ""
        self._spectrum = WindowSpectrum(acts)
        self._bars, self._octaves, self._figures = Pace(BARS_PER_S), Pace(OCTAVES_PER_S), Pace(FIGURES_PER_S)
        self._report: FileReport | None = None
        self._covered = False
        acts.desk.figures.listen(False)
        acts.preferring.scales_changed = self._show_scales

    def _show_scales(self, scales: MeterScales) -> None:
        if self.window is not None:
            self.window.show_scales(scales)

    def toggle(self) -> None:
        """Opens the window, or closes it."""
        if self.window is None:
            self.window = MetersWindow()
            self.window.show_scales(self._acts.settings.scales())
            self.window.scales_chosen.connect(self._acts.preferring.take_scales)
            self.window.subject_chosen.connect(self.choose)
            plot = self.window.spectrum
            self.window.spectrum_menu.basis_wished.connect(lambda basis: self._spectrum.set_basis(plot, basis))
            self.window.shown_or_hidden.connect(self._seen)
            self.window.keyboard_free.connect(self._acts.window.activateWindow)
            self._acts.viewing.meters_made(self.window)
        if self.window.isVisible():
            self.window.close()
        else:
            self.window.show()
            self.window.raise_()
            self.window.activateWindow()

    def close(self) -> None:
        """With the program."""
        if self.window is not None:
            self.window.close()
            self.window.deleteLater()
            self.window = None

    @property
    def seen(self) -> bool:
        """Whether anybody can look at it."""
        return self.window is not None and self.window.isVisible() and not self.window.isMinimized()

    def _seen(self, seen: bool) -> None:
        self._acts.desk.figures.watched = seen
        self._acts.desk.figures.listen(seen)
        self._acts.desk.meter_behind(self._slot if seen else "")

    def choose(self, index: int) -> None:
        """0: what is heard; else what comes out of a slot of the chain."""
        chain = self._acts.desk.session.chain
        self._slot = chain[index - 1].name if 0 < index <= len(chain) else ""
        self._acts.desk.meter_behind(self._slot)

    def follow(self, pulse: Pulse, time_s: float) -> None:
        """Bars many times a second, the rest as often as one can read it."""
        window = self.window
        if window is None or not self.seen:
            return
        desk = self._acts.desk
        self._cover(window, desk.blind.running)
        if self._covered:
            return
        chain = desk.session.chain
        place = next((index for index, slot in enumerate(chain, 1) if slot.name == self._slot), 0)
        if self._slot and not place:
            self.choose(0)
        window.show_choices([slot.title for slot in chain], place)
        source, subject = self._subject(chain, place)
        window.show_subject(subject)
        if self._bars.due(time_s):
            show_bars(window, source.needling if pulse.status.playing else Needling(), time_s)
        window.show_points(not place)
        self._follow_spectrum(window, pulse, time_s)
        window.scope.show_reading(Reading(time_s=time_s, points=points_of(pulse, desk.heard)))
        if self._octaves.due(time_s):
            bands = source.bands()
            window.octaves.show_octaves(bands.correlation, bands.width_db)
            window.balance.show_balance(bands.balance_db)
        if self._figures.due(time_s):
            self._report = source.report()
            show_figures(window, self._report)
            window.past.show_past(source.short_term_lufs(), source.psr_db(), self._report.integrated_lufs if self._report else None)
            window.distribution.show_shares(*source.histograms(LOW_LUFS, HIGH_LUFS), self._report.short_term_percentiles_lufs if self._report else None,
                                            self._report.integrated_lufs if self._report else None)
            self._show_words(window, source, subject)

    def _follow_spectrum(self, window: MetersWindow, pulse: Pulse, time_s: float) -> None:
        if window.shows_spectrum:
            desk = self._acts.desk
            self._spectrum.follow(window.spectrum, pulse, names_of(desk), gains_of(desk), time_s)
        else:
            self._spectrum.rest()

    def _subject(self, chain: tuple[Slot, ...], place: int) -> tuple[LiveSource, Subject]:
        desk = self._acts.desk
        note = f"since it began, {numbers.clock(self._report.duration_s, 0)}" if self._report is not None else "nothing has been heard yet"
        if place:
            return desk.figures.of("tap"), Subject("master", f"Behind {place}: {chain[place - 1].title}", note)
        name, color, words = SUBJECTS.get(desk.heard, SUBJECTS["master"])
        if name == "aside":
            words = words_of(self._acts)
        return desk.figures.of(name), Subject(color, words, f"{note}, print level")

    def _show_words(self, window: MetersWindow, source: LiveSource, subject: Subject) -> None:
        player = self._acts.desk.player
        if subject.source == "mix" and player.rate_hz != player.song_rate_hz:
            window.bits.show_words((), CONVERTED)
        else:
            window.bits.show_words([(word.mask, word.finer) for word in source.words] if source.known else ())

    def _cover(self, window: MetersWindow, covered: bool) -> None:
        if covered != self._covered:
            self._covered = covered
            window.cover(covered)
        if covered:
            window.show_subject(COVERED)


def points_of(pulse: Pulse, heard: str) -> object:
    """What is heard, for the phase scope."""
    if heard in SUBJECTS and SUBJECTS[heard][0] == "aside":
        return pulse.aside
    return pulse.frames[:, :2] if heard == "mix" else pulse.frames[:, 2:]


def show_bars(window: MetersWindow, now: Needling, time_s: float) -> None:
    """What moves with the music."""
    window.k.show_levels(now.k_rms_dbfs, time_s, now.peak_dbfs)
    window.ppm.show_levels(now.ppm2_dbfs if window.ppm.face.kind == 2 else now.ppm1_dbfs, time_s)
    window.vu.show_levels(now.vu_dbfs, time_s)


def show_figures(window: MetersWindow, report: FileReport | None) -> None:
    """The tables, and how far the true peak may be off."""
    if report is None:
        window.levels.show_figures((numbers.UNKNOWN,) * 9)
        window.stereo.show_figures((numbers.UNKNOWN,) * 9)
        return
    number = numbers.number
    window.show_error_bar(f"True peak: off by {error_bar_text(report.sample_rate_hz)} at most")
    window.levels.show_figures((
        number(report.true_peak_dbtp, 2, plus=True), number(report.sample_peak_dbfs, 2, plus=True), grouped(report.overs) if report.overs is not None else numbers.UNKNOWN,
        number(report.rms_aes17_dbfs), number(report.rms_dbfs), number(report.crest_db), number(report.dr_db), number(report.plr_db),
        number(report.psr_min_db)))
    dc = report.dc_channels_percent or (None, None)
    window.stereo.show_figures((
        number(report.integrated_lufs), number(report.loudness_range_lu), number(report.max_short_term_lufs), number(report.max_momentary_lufs),
        number(report.correlation, 2, plus=True), number(report.correlation_min, 2, plus=True),
        numbers.balance(-report.balance_db if report.balance_db is not None else None), number(dc[0], 3, plus=True), number(dc[1], 3, plus=True)))
