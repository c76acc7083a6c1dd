"""What was set, as it is shown: session, chain, the open stage, what is heard. Widgets are told values; nothing of this comes back."""
import time
from collections.abc import Sequence
from functools import cache
from math import inf

import numpy as np

from dsp_core.params import MEASURES, REDUCING, params_of
from dsp_core.params.common import PLACEMENTS
from gui.acts.acts import Acts
from gui.acts.part import short
from gui.acts.shaping import same_values
from gui.bridge.chosen import Chosen
from gui.bridge.compared import Compared, shown_source
from gui.bridge.once import Once
from gui.bridge.plugins import Trouble, plugin_state, trouble_of
from gui.bridge.shown import Shown, words_of
from gui.bridge.song import WholeSong
from gui.controls.header import StageHeader
from gui.controls.lock import PartLock
from gui.controls.slot import SlotState
from gui.controls.value import ValueControl
from gui.editors import PluginEditor
from gui.editors.eq_bands import LEFT, MID, RIGHT, SIDE, bands_of
from gui.editors.frame import StageFrame
from gui.plots.history import HistoryPlot
from gui.plots.song_markers import Mark
from gui.theme import theme
from gui.window.title import DeviceState
from mastering_rt.desk.comparing import CHAINS
from mastering_rt.desk.desk import Desk
from mastering_rt.desk.sides import MASTER, MIX
from mastering_rt.measure.curves import EqCurves
from mastering_rt.offline.measured import Spectra
from mastering_rt.offline.render import ceiling_of
from mastering_rt.session.history import Step
from mastering_rt.session.model import Slot, param_of
from mastering_rt.session.presets import Preset, list_presets

OTHER = {"mix": "master", "master": "mix", "ref": "master"}
SLOT_CURVE_HZ = np.geomspace(20, 20000, 64)
SLOT_CURVE_DB = 9.0
NOT_OFFERED = -1
LONGEST_WINDOW_TITLE = 80
OWN_SETTINGS = "Own settings"


class Model:
    """`show` whenever something may have changed; each part looks first whether it has."""

    def __init__(self, acts: Acts, song: WholeSong) -> None:
        self._acts = acts
        self._song = song
        self._once = Once()
        self._heard_side = MASTER
        self._offered: tuple[Preset, ...] = ()
        self._chosen = Chosen(lambda: [entry.preset for entry in list_presets().entries if entry.preset.scope == "chain"])
        self._spectra: Spectra | None = None
        self._compared = Compared(acts)
        self._shown = Shown(acts, song)

    def show(self) -> None:
        """Everything that follows from the session and from what is heard."""
        self._acts.shaping.settle()
        self._show_heard()
        self._show_compare()
        self._compared.show()
        self._shown.show()
        self._show_chain()
        self._show_stage()
        self._show_loop()
        self._show_markers()
        self._show_spectra()
        self._show_title()

    def dress(self, frame: StageFrame) -> None:
        """A new editor: in the colours and at the levels of now."""
        desk = self._acts.desk
        show_heard(frame, shown_source(desk.heard))
        show_gains(frame, gains_of(desk))
        show_names(frame, names_of(desk))
        self._compared.dress(frame)
        show_spectra(frame, self._spectra, fresh=desk.spectra is not None)

    # what is heard

    def _show_heard(self) -> None:
        desk, window = self._acts.desk, self._acts.window
        words = words_of(self._acts)
        if not self._once.fresh("heard", desk.heard, desk.compare.side, self._acts.shaping.selected, words, change_of(desk)):
            return
        source = shown_source(desk.heard)
        if desk.compare.side != self._heard_side:
            self._heard_side = desk.compare.side
            window.meters.peak.play_began()      # its number is of one sound, and several have the master's colour
        window.compare.show_heard(desk.heard, change_of(desk))
        window.song.show_heard(source)
        window.meters.show_source(source, words, other=OTHER[source])
        window.stage.each(lambda frame: show_heard(frame, source))

    def _show_compare(self) -> None:
        desk, bar, facts = self._acts.desk, self._acts.window.compare, self._song.facts
        readings, gains = desk.meters.readings, gains_of(desk)
        down = (gains["mix"], desk.gain_db(MASTER))
        mix = facts.mix.integrated_lufs if facts is not None else readings.mix.integrated_lufs
        bar.mix.show_loudness(mix, measuring=facts is None, turned_down_db=down[0])
        master = facts.master.integrated_lufs if facts is not None else readings.master.integrated_lufs
        aside = desk.gain_db(desk.compare.side) if change_of(desk) else down[1]
        bar.master.show_loudness(master, measuring=desk.measuring or facts is None, turned_down_db=aside)
        bar.monitor.show_settings(desk.monitor)
        bar.delta.setEnabled(bool(self._acts.shaping.selected))
        names = names_of(desk)
        if self._once.fresh("names", names):
            self._acts.window.stage.each(lambda frame: show_names(frame, names))
        if self._once.fresh("gains", gains):
            self._acts.window.stage.each(lambda frame: show_gains(frame, gains))
        ceiling = ceiling_of(desk.heard_chain) if desk.heard not in ("mix", "reference", "delta") else None
        self._acts.window.meters.peak.show_ceiling(ceiling if ceiling is not None else 0.0)

    # the chain

    def _show_chain(self) -> None:
        acts, desk = self._acts, self._acts.desk
        chain = desk.session.chain
        latencies = desk.player.stage_latencies
        known = latencies if len(latencies) == len(chain) else (0,) * len(chain)
        changes = tuple(self._song.change_of(place) for place in range(len(chain)))
        troubles = tuple(trouble_of(desk, slot) for slot in chain)
        if not self._once.fresh("chain", chain, known, changes, acts.shaping.selected, desk.without, theme.density, troubles):
            return
        states = [slot_state(slot, place, known[place], changes[place], desk.without, troubles[place]) for place, slot in enumerate(chain)]
        places = [slot.name for slot in chain]
        strip, selected = acts.window.chain, places.index(acts.shaping.selected) if acts.shaping.selected in places else -1
        if self._once.fresh("states", states, selected, theme.density):
            strip.show_chain(states, selected)
        facts = self._song.fresh
        strip.show_sum(facts.change_lu if facts is not None else None, sum(known), desk.player.rate_hz)
        for widget, slot in zip(strip.slots, chain, strict=True):
            if slot.kind == "eq":
                widget.show_curve(eq_curve(slot, desk.player.rate_hz), SLOT_CURVE_DB)
            else:
                widget.show_curve(None)
                if slot.kind not in MEASURES or slot.bypassed:
                    widget.show_words(param_of("trim", "gain").text(slot.value("gain")) if slot.kind == "trim" else "")
                if shows_width(slot):
                    widget.show_words(*width_words(slot))
                elif slot.kind in REDUCING and not widget.has_bar:
                    widget.show_reduction(0.0, 0.0, number_db=0.0)

    # the open stage

    def _show_stage(self) -> None:
        acts, zone = self._acts, self._acts.window.stage
        slot = acts.shaping.slot
        zone.show_rate(acts.desk.player.rate_hz)
        zone.keep_only([s.name for s in acts.desk.session.chain])
        if slot is None:
            zone.close_stage()
            return
        if zone.slot != slot.name or zone.frame is None:
            zone.open(slot.name, slot.kind, slot.title)
        frame = zone.frame
        if frame is None:
            return
        if self._once.fresh("stage", slot, frame):
            frame.show_values({**defaults_of(slot.kind), **slot.values})
            frame.editor.show_bypassed(slot.bypassed)
        if self._once.fresh("locks", slot.locked, frame):
            lockable: list[ValueControl | PartLock] = [*frame.findChildren(ValueControl), *frame.findChildren(PartLock)]
            for control in lockable:
                control.show_locked(control.param.id in slot.locked)
        if isinstance(frame.editor, PluginEditor):
            state = plugin_state(acts.desk, slot, acts.plugins.notes_on(slot))
            if self._once.fresh("plugin", state, frame):
                frame.editor.show_plugin(state)
        self._show_header(frame, slot)
        rows = self._song.rows_of(slot.name)
        frame.editor.show_facts(rows, stale=self._song.fresh is None)
        history, most = getattr(frame.editor, "history", None), self._song.most_of(slot.name)
        if most is not None and isinstance(history, HistoryPlot):
            history.set_reduction_range(most)

    def _show_header(self, frame: StageFrame, slot: Slot) -> None:
        desk, header = self._acts.desk, frame.header
        header.without.show_value(desk.without == slot.name)
        header.without.setEnabled(not slot.bypassed)
        header.delta.show_value(desk.heard == "delta")
        header.levelled.show_value(self._acts.hearing.delta_levelled)
        header.levelled.setEnabled(desk.heard == "delta")
        plugin = (slot.plugin.path, slot.plugin.identifier, bool(slot.plugin.state)) if slot.plugin is not None else None
        if self._once.fresh("offer", slot.name, slot.kind, plugin, desk.history, self._acts.shaping.presets_changed):
            self._offered = self._acts.shaping.offer_presets(slot)
            header.preset.choices = [preset.name for preset in self._offered]
        steps = desk.history.steps
        if self._once.fresh("preset", slot, desk.history, steps[-1:], self._acts.shaping.presets_changed):
            self._show_preset(header, slot, steps)

    def _show_preset(self, header: StageHeader, slot: Slot, steps: Sequence[Step]) -> None:
        """The name of the preset that was chosen for the stage; and whether it was edited since then."""
        chosen = self._chosen.of(slot.name, steps, self._acts.desk.session)
        if same_values(slot, self._offered[0].chain[0]):
            header.preset.show_value(0)
        elif chosen is None:
            header.preset.show_value(NOT_OFFERED, OWN_SETTINGS)
        elif not same_values(slot, chosen.slot):
            header.preset.show_value(NOT_OFFERED, f"{chosen.title}, edited")
        else:
            names = [preset.name for preset in self._offered]
            header.preset.show_value(names.index(chosen.title) if chosen.title in names else NOT_OFFERED, chosen.title)

    # spectra of the whole song

    def _show_spectra(self) -> None:
        spectra, song = self._acts.desk.spectra, self._acts.desk.song
        if self._once.fresh("spectra of song", song):
            self._spectra = None
            self._acts.window.stage.each(forget_spectra)
        if self._once.fresh("spectra", spectra):
            self._spectra = spectra or self._spectra
            self._acts.window.stage.each(lambda frame: show_spectra(frame, self._spectra, fresh=spectra is not None))

    # loop and title

    def _show_loop(self) -> None:
        session, song = self._acts.desk.session, self._acts.window.song
        if self._once.fresh("loop", session.loop, self._acts.desk.song):
            loop, rate = session.loop, self._acts.desk.player.song_rate_hz
            song.view.set_loop((loop.start_frame, loop.stop_frame) if loop else None, loop is not None and loop.on)
            span = (loop.start_frame / rate, loop.stop_frame / rate) if loop else (0.0, 0.0)
            song.transport.show_loop(loop is not None and loop.on, *span)

    def _show_markers(self) -> None:
        session = self._acts.desk.session
        if self._once.fresh("markers", session.markers, self._acts.desk.song):
            self._acts.window.song.view.set_markers([Mark(marker.frame, marker.name) for marker in session.markers])

    def _show_title(self) -> None:
        acts, desk = self._acts, self._acts.desk
        source = desk.session.source
        name = acts.files.session_name()
        mix = source.path.replace("\\", "/").rsplit("/", 1)[-1].rsplit(".", 1)[0] if source is not None else ""
        saved = self._saved_words()
        if self._once.fresh("title", name, mix, saved):
            acts.window.title.show_session(name, "" if mix == name else mix, saved)
            acts.window.setWindowTitle(f"{short(name, LONGEST_WINDOW_TITLE)}{'*' if desk.has_unsaved_changes else ''} - Mastering RT")
        if self._once.fresh("steps", desk.history.undo_sentence, desk.history.redo_sentence):
            acts.window.title.show_steps(desk.history.undo_sentence, desk.history.redo_sentence)
        acts.window.title.render_key.setEnabled(desk.song is not None)

    def _saved_words(self) -> str:
        desk, at = self._acts.desk, self._acts.files.saved_at_s
        if desk.has_unsaved_changes:
            return "edited" if desk.session_path is not None else "not saved"
        if desk.session_path is None:
            return ""
        return f"saved {ago(time.monotonic() - at)}" if at is not None else "saved"

    def show_device(self) -> None:
        """Device, load and dropouts, some times a second."""
        player, title = self._acts.desk.player, self._acts.window.title
        device, status = player.device, player.status
        if device is None:
            title.device.show_state(DeviceState())
        else:
            name = device.info.title if device.info.is_clock else device.info.name
            frames = status.block_frames or device.frames
            title.device.show_state(DeviceState(name, player.rate_hz, frames, device.latency_ms, status.load, True, self._acts.blind.running))
        title.lamp.show_drops(self._acts.hearing.drops)
        dialog = self._acts.viewing.device_dialog
        if dialog is not None:
            drops = f"{self._acts.hearing.drops} since the lamp was cleared"
            dialog.show_running(player.rate_hz, player.song_rate_hz, status.block_frames, device.latency_ms if device is not None else 0.0, drops)


@cache
def defaults_of(kind: str) -> dict[str, float]:
    """What is not among a slot's own values."""
    return {param.id: param.default for param in params_of(kind)}


def gains_of(desk: Desk) -> dict[str, float]:
    """What the match takes off each source of the displays."""
    side = desk.compare.side
    own = {"mix": desk.gain_db(MIX), "master": desk.gain_db(side if side.kind in (*CHAINS, "delta") else MASTER), "ref": 0.0}
    return {**own, "ref": desk.gain_db(side)} if side.kind == "reference" else own


def change_of(desk: Desk) -> str:
    """How the chain that is heard differs from the session's, where it is that one with something changed; else nothing."""
    side = desk.compare.side
    if side.kind == "order":
        return "in another order"
    return f"without {next((slot.title for slot in desk.session.chain if slot.name == side.name), side.name)}" if side.kind == "without" else ""


def names_of(desk: Desk) -> dict[str, str]:
    """What each source of the displays is called: the one in the master's colour may be another chain, or a delta."""
    side = desk.compare.side
    other = desk.heard in ("other", "delta")
    return {"mix": "Mix", "master": desk.compare.title(side) if other else "Master",
            "ref": desk.compare.title(side) if desk.heard == "reference" else "Reference"}


def show_names(frame: StageFrame, names: dict[str, str]) -> None:
    """The legend of its spectra."""
    if frame.editor.spectrum is not None:
        frame.editor.spectrum.set_names(names)


def show_spectra(frame: StageFrame, spectra: Spectra | None, *, fresh: bool) -> None:
    """How the whole song is spread; that of the master only while it belongs to the chain as it is."""
    plot = frame.editor.spectrum
    if plot is not None and spectra is not None:
        plot.set_song("mix", spectra.mix.hz, spectra.mix.levels_db)
        plot.set_song("master", spectra.master.hz if fresh else None, spectra.master.levels_db)


def forget_spectra(frame: StageFrame) -> None:
    """Another song."""
    if frame.editor.spectrum is not None:
        frame.editor.spectrum.set_song("mix", None)
        frame.editor.spectrum.set_song("master", None)


def show_gains(frame: StageFrame, gains: dict[str, float]) -> None:
    """Spectra are drawn at the level they play at."""
    if frame.editor.spectrum is not None:
        for name, gain in gains.items():
            frame.editor.spectrum.set_matched(name, gain)


def show_heard(frame: StageFrame, source: str) -> None:
    """An editor in the colours of what is heard."""
    frame.editor.set_heard(source, OTHER[source])


def slot_state(slot: Slot, place: int, latency: int, change_lu: float | None, without: str, trouble: Trouble | None = None) -> SlotState:
    """What a slot of the strip says."""
    left_out = slot.name == without
    if trouble is not None and not slot.bypassed:
        return SlotState(id=slot.name, name=slot.title, number=place + 1, placement=placement_words(slot), latency_samples=latency, bypassed=slot.bypassed,
                         fault=trouble.fault, consequence=trouble.consequence, remedy=trouble.remedy)
    return SlotState(id=slot.name, name=slot.title, number=place + 1, placement="Left out" if left_out else placement_words(slot), latency_samples=latency,
                     change_lu=None if left_out else change_lu, bypassed=slot.bypassed)


def placement_words(slot: Slot) -> str:
    """ "Stereo", "Mid"; for an equaliser also which channels its bands work on: "Stereo, M/S"."""
    words = PLACEMENTS[round(slot.value("placement"))]
    if slot.kind != "eq":
        return words
    channels = {band.channel for band in bands_of(dict(slot.values)) if band.on and not band.idle}
    parts = [short for short, pair in (("M/S", {MID, SIDE}), ("L/R", {LEFT, RIGHT})) if channels & pair]
    return ", ".join([words, *parts])


def shows_width(slot: Slot) -> bool:
    """The stereo stage says its width; one whose guard is on what that takes off."""
    return slot.kind == "stereo" and slot.value("guard") == 0


def width_words(slot: Slot) -> tuple[str, str]:
    """ "Width 60–140 %", "mono < 120 Hz"."""
    count = round(slot.value("bands")) + 1
    widths = sorted({round(slot.value(f"width{number}")) for number in range(1, count + 1)})
    width = "–".join(f"{value}" for value in dict.fromkeys((widths[0], widths[-1])))
    mono = param_of("stereo", "mono_below")
    below = slot.value(mono.id)
    return f"Width {width} %", f"mono < {mono.text(below)}" if below > mono.low else ""


def eq_curve(slot: Slot, rate_hz: float) -> list[float]:
    """The equaliser's gain at even places of the frequency axis; nothing where there is no sound."""
    found = np.asarray(EqCurves(rate_hz).whole_db(dict(slot.values), SLOT_CURVE_HZ)["mid"], dtype=np.float64)
    return [float(db) for db in np.nan_to_num(found, nan=0.0, posinf=SLOT_CURVE_DB, neginf=-inf).clip(-60, 60)]


def ago(seconds: float) -> str:
    """ "just now", "12 s ago", "3 min ago"."""
    if seconds < 5:
        return "just now"
    return f"{5 * int(seconds / 5)} s ago" if seconds < 60 else f"{seconds / 60:.0f} min ago" if seconds < 3600 else f"{seconds / 3600:.0f} h ago"
