"""The spectrum of the second window, whatever stage is open: measured only while its view is seen."""
from gui.acts.acts import Acts
from gui.bridge.compared import shown_source
from gui.bridge.motion import ASIDE, spectrum_frames
from gui.meters.ballistics import Pace
from gui.plots.spectrum import SpectrumView
from mastering_rt.desk.desk import Pulse
from mastering_rt.measure.basis import Basis
from mastering_rt.measure.spectrum import SpectrumMeter

PER_S = 30.0
BESIDE = {"mix": "master", "master": "mix", "ref": "master"}


class WindowSpectrum:
    """`follow` once per picture while it is seen, `rest` while it is not."""

    def __init__(self, acts: Acts) -> None:
        self._acts = acts
        self._pace = Pace(PER_S)
        self._meter: SpectrumMeter | None = None
        self._of: object = None
        self._spectra: object = None
        self._windows = 0
        self.basis = Basis()

    def set_basis(self, plot: SpectrumView, basis: Basis) -> None:
        """Measure otherwise from now on."""
        self.basis, self._meter = basis, None
        plot.set_basis(basis)

    def rest(self) -> None:
        """Nobody looks."""
        self._meter = None

    def follow(self, plot: SpectrumView, pulse: Pulse, names: dict[str, str], gains: dict[str, float], time_s: float) -> None:
        """What is heard, and beside it what it is compared with, at the levels they play at."""
        desk = self._acts.desk
        source = shown_source(desk.heard)
        plot.set_heard(source, BESIDE[source])
        plot.set_names(names)
        for name, gain in gains.items():
            plot.set_matched(name, gain)
        self._show_song(plot)
        of = (desk.player.rate_hz, desk.song, desk.compare.side if desk.heard in ASIDE else None)
        if self._meter is None or of != self._of:
            self._meter, self._of, self._windows, self._pace = SpectrumMeter(desk.player.rate_hz, self.basis), of, 0, Pace(PER_S)
            for name in ("mix", "master", "ref"):
                plot.clear(name)
        if len(pulse.frames):
            self._meter.push(spectrum_frames(pulse, desk.heard))
        if self._meter.windows != self._windows and self._pace.due(time_s):
            self._windows = self._meter.windows
            found, held = self._meter.read(), plot.show_hold
            first, second = ("master", "ref") if desk.heard == "reference" else ("mix", "master")
            plot.set_spectrum(first, found.hz, found.mix_db, found.mix_hold_db if held else None)
            plot.set_spectrum(second, found.hz, found.master_db, found.master_hold_db if held else None)

    def _show_song(self, plot: SpectrumView) -> None:
        spectra = self._acts.desk.spectra
        if spectra is not self._spectra:
            self._spectra = spectra
            for name, found in (("mix", spectra.mix if spectra else None), ("master", spectra.master if spectra else None)):
                plot.set_song(name, found.hz if found is not None else None, found.levels_db if found is not None else None)
