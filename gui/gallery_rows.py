"""The rows of the gallery: which states each control is shown in."""
from collections.abc import Callable
from math import exp, sin

from PySide6.QtWidgets import QWidget

from dsp_core.param import Param
from dsp_core.params import params_of
from gui.controls.buttons import Button, IconButton, Toggle
from gui.controls.chain import ChainStrip
from gui.controls.choice import Choice, Segmented
from gui.controls.header import StageHeader
from gui.controls.keys import MatchedKey, SnapshotKey, SourceKey
from gui.controls.panel import Facts, StagePanel
from gui.controls.slot import SlotState, StageSlot
from gui.controls.transport import Transport
from gui.controls.value import LevelFader, ValueControl
from gui.gallery import LEFT, WIDTH, Sheet
from gui.theme import theme

PARAMS = {param.id: param for param in params_of("compressor")}


def value(now: float = -22.5, **state: bool) -> ValueControl:
    """A threshold."""
    control = ValueControl(PARAMS["threshold"], stage="Compressor")
    control.show_value(now)
    control.dragging = state.get("dragging", False)
    control.fine = state.get("fine", False)
    control.show_bypassed(state.get("bypassed", False))
    control.show_automated(state.get("automated", False))
    if state.get("hover"):
        control.show_hover(True)
    control.setEnabled(not state.get("disabled", False))
    return control


def values(sheet: Sheet) -> None:
    """Value controls."""
    focus, typing, moving = value(), value(), value(automated=True)
    moving.show_moving(-30)
    sheet.row("Value", [("normal", value()), ("hover", value(hover=True)), ("focus", focus), ("pressed, dragging", value(-21.8, dragging=True)),
                        ("fine, Shift held", value(-21.84, dragging=True, fine=True)), ("typing", typing), ("automated", moving),
                        ("stage bypassed", value(bypassed=True)), ("disabled", value(disabled=True))], lift=theme.px(8))
    sheet.surround(focus)
    typing.type_value("−19")


def toggle(words: str = "Loop", *, on: bool = False, loud: bool = False, **state: bool) -> Toggle:
    """A toggle."""
    key = Toggle(words, loud=loud)
    key.show_value(on)
    key.setDown(state.get("down", False))
    if state.get("hover"):
        key.show_hover(True)
    key.setEnabled(not state.get("disabled", False))
    return key


def toggles(sheet: Sheet) -> None:
    """Toggles and other keys."""
    focus = toggle()
    sheet.row("Toggle", [("off", toggle()), ("hover", toggle(hover=True)), ("focus", focus), ("pressed", toggle(down=True)), ("on", toggle(on=True)),
                         ("on, changes what you hear", toggle("Mono", on=True, loud=True)), ("disabled", toggle(disabled=True)),
                         ("with its key", Toggle("Blind", hint="X", width=96)), ("icon", Toggle("", icon="loop", name="Loop"))])
    sheet.surround(focus)
    down = Button("Reload")
    down.setDown(True)
    disabled = Button("Reload")
    disabled.setEnabled(False)
    main = Button("Open recovered", main=True, height=32)
    sheet.row("Button", [("verb", Button("Reload")), ("pressed", down), ("disabled", disabled), ("in a dialog", Button("Open saved", height=32)),
                         ("the safe one", main), ("quiet", Button("Clear", quiet=True)), ("icon", IconButton("undo", "Undo")),
                         ("icon on a plane", IconButton("add", "Add", plane="well"))])
    sheet.surround(main)


def choices(sheet: Sheet) -> None:
    """Segments and menus."""
    phase = Segmented(("Minimum", "Natural", "Linear"), name="Phase")
    off = Segmented(("RMS", "Peak"), name="Detector")
    off.setEnabled(False)
    preset = Choice("", ["Gentle tilt"], name="Preset")
    preset.show_value(0, "Gentle tilt, edited")
    hover = Choice("", ["Glue, slow"], name="Preset")
    hover.show_hover(True)
    placement = Choice("Placement", ["Stereo", "Mid"])
    sheet.row("Choice", [("segments", phase), ("disabled", off), ("menu", preset), ("hover", hover), ("with a label", placement),
                         ("in a form", Choice("", ["44.1 kHz, follows the song"], plane="control", width=230, name="Rate"))], pitch=225)


def source(kind: str, words: str, lufs: float | None, *, heard: bool = False, **state: object) -> SourceKey:
    """A source key as wide as in a narrow window."""
    key = SourceKey(kind, words)
    key.show_loudness(lufs, measuring=bool(state.get("measuring")), turned_down_db=float(str(state.get("down", 0.0))))
    key.show_heard(heard)
    key.show_fault(str(state.get("fault", "")))
    if state.get("hover"):
        key.show_hover(True)
    key.setFixedSize(theme.px(142), key.height())
    return key


def sources(sheet: Sheet) -> None:
    """Source keys."""
    focus = source("master", "Master", -12.1)
    empty = source("ref", "Ref 3", None)
    empty.show_note("empty")
    empty.setEnabled(False)
    sheet.row("Source key", [("idle", source("master", "Master", -12.1)), ("hover", source("master", "Master", -12.1, hover=True)), ("focus", focus),
                             ("heard", source("mix", "Mix", -17.9, heard=True)),
                             ("heard, turned down", source("master", "Master", -12.1, heard=True, down=-5.4)),
                             ("heard", source("ref", "Ref 1 Bright", -9.6, heard=True, down=-7.7)),
                             ("still measuring", source("master", "Master", -12.3, measuring=True)),
                             ("fault", source("ref", "Ref 2 Wide", None, fault="file is missing")), ("disabled", empty)])
    sheet.surround(focus)


def compare_bar(sheet: Sheet) -> None:
    """The compare bar's keys at their own width."""
    mix, master, ref = SourceKey("mix", "Mix", "1"), SourceKey("master", "Master", "2"), SourceKey("ref", "Ref 1 Bright", "3")
    mix.show_loudness(-17.9)
    master.show_loudness(-12.1, turned_down_db=-5.4)
    master.show_heard(True)
    ref.show_loudness(-9.6)
    matched, off = MatchedKey(), MatchedKey()
    matched.show_match(True, "over loop")
    off.show_match(False, louder="Master", by_db=5.4)
    letters = [SnapshotKey(letter) for letter in "ABCD"]
    for key, note in zip(letters, ("edited", "−0.3 LU", "+0.8 LU", "empty"), strict=True):
        key.show_state(note, current=note == "edited")
    fader = LevelFader(monitor_param())
    fader.show_value(-14)
    sheet.row("Compare bar", [("", mix), ("", master), ("matched", matched), ("not matched", off), ("", ref)], pitch=244)
    row: list[tuple[str, QWidget]] = [(f"snapshot {key.text()}", key) for key in letters]
    sheet.row("", [*row, ("monitor level", fader)], pitch=110)


def monitor_param() -> Param:
    """A monitor level."""
    return Param(id="monitor", label="Monitor", low=-60, high=0, default=-20, unit="dB", step=0.5, help="Level of the loudspeakers.")


def slot(live: str = "", *, ground: str = "bg", name: str = "Compressor", **state: object) -> StageSlot:
    """A slot as wide as on the picture of states."""
    card = StageSlot(SlotState(name=name, number=3, change_lu=-0.2, bypassed=bool(state.get("bypassed")), fault=str(state.get("fault", "")),
                               consequence=str(state.get("consequence", "")), remedy=str(state.get("remedy", ""))), ground=ground)
    if live == "reduction":
        card.show_reduction(2.5, 3.5, number_db=1.5, range_db=9)
    if state.get("hover"):
        card.show_hover(True)
    card.show_selected(bool(state.get("selected")))
    card.resize(theme.px(190), theme.px(theme.sizes.slot[1]))
    return card


def slots(sheet: Sheet) -> None:
    """Slots of the chain."""
    focus = slot("reduction")
    sheet.row("Slot", [("normal", slot("reduction")), ("hover", slot("reduction", hover=True)), ("focus", focus),
                       ("selected", slot("reduction", selected=True)), ("bypassed", slot(bypassed=True)),
                       ("plugin fault", slot(name="Tape Deck", fault="Crashed, music goes on", consequence="dry, aligned", remedy="Restart")),
                       ("plugin missing", slot(name="Tape Deck", fault="Not installed", consequence="settings kept", remedy="Find"))],
              pitch=206, band="bg")
    sheet.surround(focus)


def chain(sheet: Sheet) -> None:
    """A whole chain."""
    strip = ChainStrip()
    states = [SlotState(name=name, number=number, change_lu=change, bypassed=name == "Stereo", latency_samples=88 if name == "Limiter" else 0)
              for number, name, change in ((1, "EQ", -0.4), (2, "Dynamic EQ", -0.3), (3, "Compressor", -0.2), (4, "Tape Deck", 0.9), (5, "Stereo", 0.0),
                                           (6, "Limiter", 5.8))]
    strip.resize(theme.px(WIDTH - LEFT - 12), strip.height())
    strip.show_chain(states, selected=0)
    strip.show_sum(5.8, 152, 44100)
    strip.slots[0].show_curve([2.5 * exp(-((i - 20) / 9) ** 2) + 1.2 * sin(i / 9) for i in range(80)])
    strip.slots[3].show_words("THD 0.42 %", "isolated")
    for index, reduction in ((1, 2.6), (2, 1.5), (5, 2.2)):
        strip.slots[index].show_reduction(reduction, reduction + 1, number_db=reduction, range_db=9)
    sheet.row("Chain", [("", strip)], band="bg")


def stage(sheet: Sheet) -> None:
    """Header, strip and facts of a stage, all from the table."""
    header = StageHeader("compressor", ids=("detector", "detector_slope", "placement"))
    header.preset.show_value(0, "Glue, slow")
    header.resize(theme.px(1200), header.height())
    sheet.row("Stage header", [("", header)])
    panel = StagePanel("compressor")
    width = theme.px(1440)
    panel.resize(width, panel.heightForWidth(width))
    sheet.row("Stage panel", [("", panel)], lift=theme.px(16))
    facts = Facts()
    facts.show_facts([("Mean, loop", "−1.1 dB"), ("Most, loop", "−2.8 dB"), ("Over 1 dB", "52 %")])
    transport = Transport()
    transport.show_song(227.3)
    transport.show_loop(True, 125, 146)
    transport.show_playing(True, 133.709)
    transport.resize(theme.px(520), theme.px(40))
    sheet.row("Facts", [("facts", facts), ("", QWidget()), ("transport", transport)], height=72)


ROWS: tuple[Callable[[Sheet], None], ...] = (values, toggles, choices, sources, compare_bar, slots, chain, stage)
