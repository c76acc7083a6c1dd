"""What sounds, as it is shown while it plays: bars, spectrum, histories, playhead. Paced, so that the page stays under its budget."""
from collections import deque
from math import inf

import numpy as np

from dsp_core.params import MEASURES, REDUCING
from gui.acts.acts import Acts
from gui.bridge.heard_song import place_of
from gui.bridge.inside import InsideLook
from gui.bridge.model import shows_width
from gui.bridge.order import OrderHeard
from gui.editors import ClipperEditor, CompressorEditor, LimiterEditor
from gui.editors.frame import StageFrame
from gui.meters.ballistics import Hold, Pace
from gui.meters.reading import Reading
from gui.meters.scales import reduction_range
from gui.theme import theme
from mastering_rt.desk.desk import Pulse
from mastering_rt.desk.levels import Levels, Peaks, StageLevels
from mastering_rt.measure.basis import Basis
from mastering_rt.measure.spectrum import SpectrumMeter
from mastering_rt.playback.telemetry import MASTER_TRUE_PEAK, STAGE_FIGURES, UNKNOWN, Records, figures_of, joined

ASIDE = ("reference", "other", "delta")   # what is heard beside mix and master
BIN_S = 0.01
PAST_BINS = 2000                 # more than the longest history shows, because the histogram looks back further
IN_PEAK, OUT_PEAK, DETECTOR_LEVEL, REDUCTION, MEASURE = map(STAGE_FIGURES.index, ("in_peak", "out_peak", "detector", "reduction_db", "measure"))
DETECTOR = 2
SETTLE_S = 4.0                   # after the last sound bars fall and marks let go
SPECTRA_PER_S = {"comfortable": 30.0, "compact": 60.0}
HISTORIES_PER_S, SLOTS_PER_S, CLOCKS_PER_S, HISTOGRAMS_PER_S = 30.0, 15.0, 10.0, 2.0
CALM_PX_PER_S = 30.0             # of the playhead
HISTOGRAM_DB = np.arange(-72.0, 1.0)
HISTOGRAM_KEEP = 0.9995          # per bin: music of the last 20 s counts most
SLOT_RANGE_DB = 6.0


class Motion:
    """`show` once per frame with what the desk brought, or `glance` in every second one while `calm`."""

    def __init__(self, acts: Acts) -> None:
        self._acts = acts
        self._playing = False
        self._sounded_s = -inf
        self.resting = False                     # nothing sounds, and what sounded last has fallen
        self.calm = False                        # it plays, and nothing moves so fast that it wants more than 30 pictures a second, but the peaks
        self._slots, self._clock, self._histograms = Pace(SLOTS_PER_S), Pace(CLOCKS_PER_S), Pace(HISTOGRAMS_PER_S)
        self._spectra_per_s = SPECTRA_PER_S["comfortable"]
        self._spectra, self._histories = Pace(self._spectra_per_s), Pace(HISTORIES_PER_S)
        self._holds: dict[str, Hold] = {}
        self._stages: list[tuple[StageLevels, ...]] = []         # since the slots were last shown
        self._counts: dict[str, np.ndarray] = {}
        self._meter: SpectrumMeter | None = None
        self._windows = -1
        self._meter_of: str | bool = False       # what else is heard, if it is
        self._past: deque[Records] = deque()
        self._past_bins = 0
        self._past_of: tuple[str, ...] = ()
        self._heard_order = OrderHeard()
        self._fresh: list[Records] = []          # not yet shown
        self._recording = False                  # whether the open editor has a history
        self._open: StageFrame | None = None
        self._inside = InsideLook(acts)
        self._unseen: list[np.ndarray] = []      # detector levels that are not yet in the histogram
        self.basis = Basis()

    def show(self, pulse: Pulse, time_s: float) -> None:
        """Everything that moves."""
        status = pulse.status
        if status.playing and not self._playing:
            self._acts.window.meters.peak.play_began()
            self._acts.window.steps.tick("play")
        self._playing = status.playing
        if len(pulse.records) or status.playing:
            self._sounded_s = time_s
        self._show_place(pulse, time_s)
        desk = self._acts.desk
        of_order = self._heard_order.follow(desk.session.chain, self._swapping, len(pulse.records))
        self.resting = time_s - self._sounded_s > SETTLE_S
        if self.resting:
            if self._acts.window.stage.frame is not self._open:
                self._take(pulse.records, time_s, of_order=of_order)
            return
        self._acts.window.meters.show_reading(self._reading(pulse, time_s))
        self._show_slots(pulse, time_s, of_order=of_order)
        self._take(pulse.records, time_s, of_order=of_order)
        self._show_histogram(time_s)
        self._show_spectrum(pulse, time_s)
        self._inside.show(time_s)

    def _swapping(self) -> bool:
        return self._acts.desk.player.swapping

    def glance(self, peaks: Peaks, time_s: float) -> None:
        """The peaks of what is heard, between two pictures of everything: they jump, all else glides or stands."""
        self._acts.window.meters.peak.show_peaks(peaks.peak_db, peaks.rms_db, peaks.true_peak_db, time_s)

    # time

    def _show_place(self, pulse: Pulse, time_s: float) -> None:
        song, status = self._acts.window.song, pulse.status
        song.view.set_position(status.frame)
        frame, rate, guest = place_of(self._acts.desk)
        if guest is not None:
            song.guest.set_position(frame)
        if self._clock.due(time_s) or song.transport.play_key.playing != status.playing:
            self.calm = status.playing and song.view.pixels_per_frame * self._acts.desk.player.song_rate_hz <= CALM_PX_PER_S
            song.transport.show_playing(status.playing, frame / rate)

    # meters

    def _reading(self, pulse: Pulse, time_s: float) -> Reading:
        """The heard source as the meters take it; while nothing plays only what was integrated stays."""
        desk, playing, readings = self._acts.desk, pulse.status.playing, pulse.readings
        heard, other = (readings.mix, readings.master) if desk.heard == "mix" else (readings.master, readings.mix)
        if desk.heard in ASIDE:
            heard, other = readings.aside, readings.master if desk.heard == "reference" else readings.mix
        now, beside = (heard, other) if playing else (Levels(integrated_lufs=heard.integrated_lufs), Levels())
        sound = pulse.aside if desk.heard in ASIDE else pulse.frames[:, :2] if desk.heard == "mix" else pulse.frames[:, 2:]
        return Reading(
            time_s=time_s, peak_dbfs=now.peak_db, rms_dbfs=now.rms_db, true_peak_dbtp=now.true_peak_db, momentary_lufs=now.momentary_lufs,
            short_term_lufs=now.short_term_lufs, integrated_lufs=now.integrated_lufs, measuring=True, other_momentary_lufs=beside.momentary_lufs,
            other_short_term_lufs=beside.short_term_lufs, reduction_db=pulse.readings.reduction_db if playing else 0.0, fed=desk.heard in ("mix", "reference"),
            correlation=now.correlation, balance_db=-now.balance_db if now.balance_db is not None else None, side_mid_db=now.side_mid_db,
            psr_db=now.psr_db, points=sound if len(sound) else None)

    # slots

    def _show_slots(self, pulse: Pulse, time_s: float, *, of_order: bool) -> None:
        """Reduction of each dynamics stage: the largest since it was last shown, and a mark that holds it; the figures that others have."""
        stages = pulse.readings.stages
        if stages and of_order:
            self._stages.append(stages)
        if not self._slots.due(time_s):
            return
        chain = self._acts.desk.session.chain
        known = [stages for stages in self._stages if len(stages) == len(chain)]
        self._stages.clear()
        for place, (widget, slot) in enumerate(zip(self._acts.window.chain.slots, chain, strict=False)):
            if slot.bypassed:
                continue
            if slot.kind in REDUCING and not shows_width(slot):
                now = max([stages[place].reduction_db for stages in known], default=0.0)
                held = self._holds.setdefault(slot.name, Hold()).follow(now, time_s)
                widget.show_reduction(now, held, number_db=now, range_db=max(SLOT_RANGE_DB, reduction_range(held)))
            elif known and slot.kind in MEASURES:
                widget.show_words(MEASURES[slot.kind].text(known[-1][place].measure))

    # histories

    def _take(self, records: Records, time_s: float, *, of_order: bool) -> None:
        """Keeps the last seconds of the chain in this order, and shows them in the open editor; the others get theirs when they are opened."""
        order = self._heard_order.order
        if order is not self._past_of:
            if order != self._past_of:
                self._forget_past()
            self._past_of = order
        if len(records) and of_order:
            self._past.append(records)
            self._past_bins += len(records)
            while self._past_bins - len(self._past[0]) >= PAST_BINS:
                self._past_bins -= len(self._past.popleft())
            if self._recording:
                self._fresh.append(records)
        frame = self._acts.window.stage.frame
        if frame is not self._open:
            self._open = frame
            self._recording = frame is not None and isinstance(frame.editor, CompressorEditor | LimiterEditor | ClipperEditor)
            self._open_history()
            self._fresh.clear()
        elif self._fresh and self._histories.due(time_s):
            self._push_history(joined(self._fresh))
            self._fresh.clear()

    def _forget_past(self) -> None:
        self._past.clear()
        self._past_bins = 0

    def _open_history(self) -> None:
        """An editor that has just been opened gets its past."""
        frame = self._open
        if frame is not None and isinstance(frame.editor, CompressorEditor | LimiterEditor | ClipperEditor):
            frame.editor.clear()
        self._unseen.clear()
        self._counts.pop(self._acts.window.stage.slot, None)
        if self._past:
            self._push_history(joined(list(self._past)))

    def _push_history(self, records: Records) -> None:
        chain, slot = self._acts.desk.session.chain, self._acts.window.stage.slot
        place = next((index for index, known in enumerate(chain) if known.name == slot), None)
        editor = self._open.editor if self._open is not None else None
        if place is None or not isinstance(editor, CompressorEditor | LimiterEditor | ClipperEditor):
            return
        rows = figures_of(records, place, *shown_figures(editor, last=place == len(chain) - 1))
        if rows is None:
            return
        editor.push(rows, BIN_S)
        if isinstance(editor, CompressorEditor):
            self._unseen.append(rows[:, DETECTOR])

    def _show_histogram(self, time_s: float) -> None:
        """How often the compressor has seen which level lately."""
        frame = self._open
        if not self._unseen or frame is None or not isinstance(frame.editor, CompressorEditor) or not self._histograms.due(time_s):
            return
        levels = np.concatenate(self._unseen)
        self._unseen.clear()
        known = levels[levels > HISTOGRAM_DB[0] - 0.5]
        counts = self._counts.setdefault(self._acts.window.stage.slot, np.zeros(len(HISTOGRAM_DB)))
        counts *= HISTOGRAM_KEEP ** len(levels)
        np.add.at(counts, np.clip(np.rint(known - HISTOGRAM_DB[0]).astype(np.intp), 0, len(counts) - 1), 1.0)
        frame.editor.transfer.set_histogram(HISTOGRAM_DB, counts.copy())

    # spectrum

    def set_basis(self, basis: Basis) -> None:
        """Measure the spectra otherwise from now on."""
        self.basis, self._meter = basis, None
        self._acts.window.stage.each(lambda frame: frame.editor.spectrum.set_basis(basis) if frame.editor.spectrum is not None else None)

    def _show_spectrum(self, pulse: Pulse, time_s: float) -> None:
        """Measured only while an editor is open that shows it, and handed on when there is something new."""
        frame = self._acts.window.stage.frame
        if frame is None or frame.editor.spectrum is None:
            self._meter = None
            return
        rate = self._acts.desk.player.rate_hz
        heard = self._acts.desk.heard
        if self._meter is None or self._meter.rate != rate or self._meter_of != (heard in ASIDE and heard):
            self._meter, self._windows, self._meter_of = SpectrumMeter(rate, self.basis), 0, heard in ASIDE and heard
        per_s = self._acts.preferring.spectra_per_s or SPECTRA_PER_S[theme.density]
        if per_s != self._spectra_per_s:
            self._spectra_per_s, self._spectra = per_s, Pace(per_s)
        self._meter.push(spectrum_frames(pulse, heard))
        if frame.isVisible() and self._meter.windows != self._windows and self._spectra.due(time_s):
            self._windows = self._meter.windows
            found, plot = self._meter.read(), frame.editor.spectrum
            held = plot.show_hold
            first, second = ("master", "ref") if heard == "reference" else ("mix", "master")
            plot.set_spectrum(first, found.hz, found.mix_db, found.mix_hold_db if held else None)
            plot.set_spectrum(second, found.hz, found.master_db, found.master_hold_db if held else None)

    def forget(self) -> None:
        """Another song: what was seen of the one before is gone."""
        self._meter = None
        self._counts.clear()
        self._holds.clear()
        self._stages.clear()
        self._forget_past()
        self._open = None
        self._acts.window.meters.begin_song()
        for frame in self._acts.window.stage.frames.values():
            frame.editor.clear()


def shown_figures(editor: CompressorEditor | LimiterEditor | ClipperEditor, *, last: bool) -> tuple[tuple[int, ...], int]:
    """What the history of an editor shows of each record, as columns for `figures_of`, and how many of them are levels. last: the stage is the
    last of its chain, whose true peak is that of the master; no other's is known."""
    if isinstance(editor, CompressorEditor):
        return (IN_PEAK, OUT_PEAK, DETECTOR_LEVEL, REDUCTION), 3
    if isinstance(editor, ClipperEditor):
        return (IN_PEAK, OUT_PEAK, REDUCTION, MEASURE), 2
    return (OUT_PEAK, MASTER_TRUE_PEAK if last else UNKNOWN, REDUCTION), 2


def spectrum_frames(pulse: Pulse, heard: str) -> np.ndarray:
    """What stands in the plot of spectra: mix and master, mix and another chain, or master and reference."""
    if heard not in ASIDE:
        return pulse.frames
    return np.concatenate([pulse.frames[:, 2:] if heard == "reference" else pulse.frames[:, :2], pulse.aside], axis=1)
