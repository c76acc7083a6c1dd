"""Every view of the program, how it is opened, and how it is left again, for whoever takes pictures of it."""
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from docs.make import Studio

ALL = tuple(f"{size}-{theme}" for size in ("1280", "1920", "3840") for theme in ("dark", "light"))
PLUGIN = "ZamCompX2"
Act = Callable[["Studio"], object]


def nothing(_studio: "Studio") -> None:
    """For views that the window shows by itself."""


@dataclass(frozen=True)
class View:
    """`stage` is the editor that is open, put into the chain with these values where it is not there."""

    open: Act = nothing
    leave: Act = nothing
    stage: str = "eq"
    values: Mapping[str, float] = field(default_factory=dict)
    first_steps: bool = False


def dialog_of(part: str, name: str = "dialog") -> Act:
    """Closes the dialog of a part of the acts."""
    def close(studio: "Studio") -> None:
        dialog = getattr(getattr(studio.acts, part), name)
        if dialog is not None:
            dialog.answer("close")
    return close


def answer_all(studio: "Studio") -> None:
    """Closes whatever dialog is open, the safe way."""
    from gui.dialogs.dialog import Dialog

    for dialog in studio.window.findChildren(Dialog):
        if dialog.is_open():
            dialog.answer(dialog._safe)


def open_render(studio: "Studio") -> None:
    """With one file that was written and read back."""
    studio.acts.rendering.open()
    dialog = studio.acts.rendering.dialog
    if not studio.acts.rendering.runs:
        dialog.form.show_folder(studio.masters)
        dialog.form.edited.emit()
        dialog.render_key.click()
        studio.until(lambda: bool(dialog.back.sha256))
    else:
        studio.acts.rendering._show_run(0)


def open_presets(studio: "Studio") -> None:
    """With two of somebody's own."""
    acts = studio.acts
    if len(acts.presets.all()) < 5:
        acts.presets.save("Loud and clear", "loud, pop", "Bright, held together, for small speakers")
        acts.presets.save("Gentle tilt", "acoustic", "A wide tilt, nothing more", stage=True)
        acts.settings.keep_favourites(frozenset({"loud and clear"}))
        studio.run(6.5)                      # until the news has left
    acts.presets.open()


def open_palette(studio: "Studio") -> None:
    palette = studio.program.palette
    palette.open("comp")
    palette.view.line.setText("comp")


def open_blind(studio: "Studio") -> None:
    """In the middle of a test."""
    begin_blind(studio)
    studio.acts.blind.listen("x")


def begin_blind(studio: "Studio") -> None:
    blind = studio.acts.blind
    blind.open()
    studio.until(lambda: not blind.waiting())
    blind.start()


def open_blind_result(studio: "Studio") -> None:
    """Of a test that was answered without listening."""
    blind = studio.acts.blind
    if studio.desk.blind.last is None or studio.desk.blind.last.stopped:
        begin_blind(studio)
        while blind.running:
            blind.listen("x")
            blind.answer("a")
            studio.run(0.1)
    else:
        blind.open()


def leave_blind(studio: "Studio") -> None:
    while studio.acts.blind.is_open:
        studio.acts.blind.leave()
    studio.desk.hear("master")


def open_meters(studio: "Studio", view: int = 0) -> None:
    figures = studio.program.bridge.figures
    if not figures.seen:
        figures.toggle()
    figures.window.show_view(view)
    figures.window.resize(studio.window.size())
    studio.run(2.0)


def leave_meters(studio: "Studio") -> None:
    studio.program.bridge.figures.close()


def open_plugin(studio: "Studio") -> None:
    """A compressor of another maker, from the folders of the system."""
    from gui.editors import PluginEditor
    from mastering_rt.plugins.scan import Catalogue, installed

    slot = next((slot.name for slot in studio.desk.session.chain if slot.kind == "plugin"), "")
    if not slot:
        bundle = next((path for path in installed() if PLUGIN in path), None)
        if bundle is None:
            raise SystemExit(f"The picture of a plugin needs {PLUGIN} (Debian's package zam-plugins) in a folder of VST3 plugins.")
        studio.only_plugin(bundle)
        studio.acts.plugins.add(Catalogue().scan([studio.plugins])[0], 2)
        slot = studio.acts.shaping.selected
    studio.acts.shaping.select(slot)
    studio.until(lambda: isinstance(studio.window.stage.frame.editor, PluginEditor) and studio.window.stage.frame.editor.panel is not None)
    studio.until(lambda: not studio.desk.measuring)
    studio.window.setFocus()


def open_recovery(studio: "Studio") -> None:
    """As after a crash."""
    import time

    from mastering_rt.session.autosave import Recoverable

    left = Recoverable(Path("left"), studio.desk.session, studio.masters / "Tidewater.mrt", time.time(), 4, "Limiter drive 5.0 dB")
    studio.acts.recovery._answer_recover = lambda *_: None      # type: ignore[method-assign]  # it is only looked at
    studio.acts.recovery._ask_recover(left, None)


def open_toasts(studio: "Studio") -> None:
    viewing = studio.acts.viewing
    viewing.tell("The audio device no longer answers; the song waits. Choose another one or go on with the next.",
                 [("Devices", lambda: None), ("Go on", lambda: None)], fault=True)
    viewing.tell("The new mix is there. Chain, loop and markers are as they were.")


def leave_toasts(studio: "Studio") -> None:
    for toast in list(studio.window.toasts.shown):
        toast.leave()


def open_empty(studio: "Studio") -> None:
    studio.keep_only(())


def leave_empty(studio: "Studio") -> None:
    while len(studio.desk.session.chain) < len(studio.usual):
        studio.acts.shaping.undo()


MULTIBAND = {"bands": 2, "band1_threshold": -26, "band1_ratio": 2, "band2_threshold": -25, "band2_ratio": 1.8, "band3_threshold": -30, "band3_ratio": 2,
             "band4_threshold": -38, "band4_ratio": 2.5, "band4_makeup": 0.5}
DYNAMIC_EQ = {"band2_freq": 240, "band2_range": -4, "band2_threshold": -34, "band3_gain": 1, "band3_freq": 900, "band4_freq": 3400, "band4_range": -5,
              "band4_q": 2.2, "band4_threshold": -42}
SATURATION = {"character": 1, "bands": 2, "band1_drive": 5, "band2_drive": 7, "band3_drive": 4}
STEREO = {"bands": 3, "width1": 40, "width2": 95, "width3": 115, "width4": 135, "mono_below": 90}
DEESSER = {"threshold": -24, "range": 6, "from_freq": 5200, "to_freq": 9800}
RESONANCE = {"depth": 5, "sharpness": 14, "selectivity": 3}
CLIPPER = {"gain": 5, "ceiling": -3, "knee": 40}

VIEWS: dict[str, View] = {
    "window": View(),
    "first-minute": View(first_steps=True),
    "compressor": View(stage="compressor"),
    "limiter": View(stage="limiter"),
    "palette": View(open_palette, lambda studio: studio.program.palette.close(False)),
    "presets": View(open_presets, dialog_of("presets")),
    "preferences": View(lambda studio: studio.acts.preferring.open(), dialog_of("preferring")),
    "findings": View(lambda studio: studio.acts.findings.open(), dialog_of("findings")),
    "journal": View(lambda studio: studio.acts.journal.open(), dialog_of("journal")),
    "device": View(lambda studio: studio.acts.viewing.open_device(), dialog_of("viewing", "device_dialog")),
    "render": View(open_render, dialog_of("rendering")),
    "shortcut-sheet": View(lambda studio: studio.acts.viewing.open_shortcuts(), answer_all),
    "recovery": View(open_recovery, answer_all),
    "toasts": View(open_toasts, leave_toasts),
    "loudness": View(lambda studio: studio.acts.loudness.ask(), answer_all, stage="limiter"),
    "preferences-meters": View(lambda studio: (studio.acts.preferring.open(), studio.acts.preferring.dialog.show_page(1)), dialog_of("preferring")),
    "preferences-keys": View(lambda studio: (studio.acts.preferring.open(), studio.acts.preferring.dialog.show_page(3)), dialog_of("preferring")),
    "meters": View(open_meters, leave_meters),
    "meters-spectrum": View(lambda studio: open_meters(studio, 1), leave_meters),
    "blind": View(open_blind, leave_blind),
    "blind-result": View(open_blind_result, leave_blind),
    "compact": View(lambda studio: studio.compact(True), lambda studio: studio.compact(False), stage="limiter"),
    "multiband": View(stage="multiband", values=MULTIBAND),
    "dynamic-eq": View(stage="dynamic_eq", values=DYNAMIC_EQ),
    "saturation": View(stage="saturation", values=SATURATION),
    "stereo": View(stage="stereo", values=STEREO),
    "deesser": View(stage="deesser", values=DEESSER),
    "resonance": View(stage="resonance", values=RESONANCE),
    "clipper": View(stage="clipper", values=CLIPPER),
    "trim": View(stage="trim", values={"gain": -1.5}),
    "plugin": View(open_plugin),
    "empty-chain": View(open_empty, leave_empty, stage=""),
}
