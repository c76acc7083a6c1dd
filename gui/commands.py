"""The one table of commands: what can be done, by which keys, when. Menu, shortcuts and the shortcut sheet are made from it."""
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QPoint
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from gui.acts.acts import Acts
from gui.acts.shaping import preset_title
from gui.controls.menu import Menu
from gui.editors import EqEditor
from gui.theme import theme
from gui.window.compare import MONITOR
from gui.window.compared import DIGITS
from mastering_rt.session.model import LETTERS as LETTERS_OF_SNAPSHOTS

Act = Callable[[Acts], object]
Asks = Callable[[Acts], bool]
SLOTS = 9
LETTERS = {"blind.a": "a", "chain.bypass": "b", "blind.open": "x"}       # in a blind test the key of each is a letter to listen to
SIGNS = ("?", "<", ">")          # typed signs: which key they lie on, and whether it takes Shift, differs between keyboards


def always(_acts: Acts) -> bool:
    """Nothing has to be there for it."""
    return True


def with_song(acts: Acts) -> bool:
    return acts.hearing.has_song


def with_stage(acts: Acts) -> bool:
    """A slot is selected."""
    return acts.shaping.slot is not None


def with_eq(acts: Acts) -> bool:
    """An equaliser is open."""
    frame = acts.window.stage.frame
    return frame is not None and isinstance(frame.editor, EqEditor)


def at_chain(acts: Acts) -> bool:
    """Chain or stage have the keyboard, or nobody has: a stage is not removed by a key that was meant for the song."""
    focus = acts.window.focusWidget()
    return with_stage(acts) and (focus is None or focus is acts.window or acts.window.chain.isAncestorOf(focus) or acts.window.stage.isAncestorOf(focus))


@dataclass(frozen=True, kw_only=True)
class Command:
    """One thing that can be done. `keys`: the first is the one that is shown. `group` names its menu and its part of the sheet.

    on: whether it is in force, for commands that switch. repeats: whether a held key does it again and again. in_blind: whether a blind test
    goes on beside it, because it alters neither the sound nor what may be known of it.
    """

    id: str
    title: str
    keys: tuple[str, ...] = ()
    group: str
    run: Act
    enabled: Asks = always
    on: Asks | None = None
    repeats: bool = False
    in_menu: bool = True
    in_blind: bool = False


def monitor_command(field: str, title: str, key: str) -> Command:
    """A switch of the monitor section."""
    return Command(id=f"monitor.{field}", in_blind=field != "unity", title=title, keys=(key,), group="Monitor", run=lambda acts: acts.hearing.toggle_monitor(field),
                   on=lambda acts: bool(getattr(acts.desk.monitor, field)))


def slot_command(place: int) -> Command:
    """The editor of one slot, 1-based."""
    return Command(id=f"chain.select_{place}", title=f"Open slot {place}", keys=(f"Ctrl+{place}",), group="Chain", in_menu=False,
                   run=lambda acts: acts.shaping.select_at(place - 1), enabled=lambda acts: len(acts.desk.session.chain) >= place)


def density_command(density: str) -> Command:
    """One of the densities, or whatever fits the window."""
    return Command(id=f"view.{density}", in_blind=True, title=f"{density.capitalize()} density", group="View", on=lambda acts: acts.window.density_wish == density,
                   run=lambda acts: acts.viewing.set_density(density))


def reference_command(place: int, key: str) -> Command:
    """One of the references, 0-based."""
    return Command(id=f"hear.reference_{place + 1}", title=f"Hear reference {place + 1}", keys=(key,), group="Compare", in_menu=False,
                   run=lambda acts: acts.comparing.hear_reference_at(place), enabled=lambda acts: acts.comparing.has_reference_at(place))


def snapshot_command(place: int, letter: str) -> Command:
    """What was put aside under a letter."""
    return Command(id=f"hear.snapshot_{letter.lower()}", title=f"Hear snapshot {letter}", keys=(f"F{place}",), group="Compare", in_menu=False,
                   run=lambda acts: acts.comparing.hear_snapshot(letter), enabled=with_song)


def store_command(place: int, letter: str) -> Command:
    """Puts the chain aside under a letter."""
    return Command(id=f"compare.store_{letter.lower()}", title=f"Store the chain as {letter}", keys=(f"Shift+F{place}",), group="Compare", in_menu=False,
                   run=lambda acts: acts.comparing.store(letter))


def heard(source: str) -> Asks:
    return lambda acts: acts.desk.heard == source


COMMANDS: tuple[Command, ...] = (
    Command(id="file.open", title="Open...", keys=("Ctrl+O",), group="File", run=lambda a: a.files.ask_open()),
    Command(id="file.exchange", title="Exchange the mix...", keys=("Ctrl+Shift+O",), group="File", run=lambda a: a.files.ask_exchange(), enabled=with_song),
    Command(id="file.demo", title="Open the demo mix", group="File", run=lambda a: a.files.unless_unsaved(a.recovery.open_demo)),
    Command(id="file.save", title="Save", keys=("Ctrl+S",), group="File", run=lambda a: a.files.save()),
    Command(id="file.save_as", title="Save as...", keys=("Ctrl+Shift+S",), group="File", run=lambda a: a.files.ask_save()),
    Command(id="file.render", title="Render...", keys=("Ctrl+R",), group="File", run=lambda a: a.rendering.open(), enabled=with_song),
    Command(id="file.quit", in_blind=True, title="Quit", keys=("Ctrl+Q",), group="File", run=lambda a: a.window.close()),

    Command(id="edit.undo", title="Undo", keys=("Ctrl+Z",), group="Edit", run=lambda a: a.shaping.undo(), repeats=True,
            enabled=lambda a: bool(a.desk.history.undo_sentence)),
    Command(id="edit.redo", title="Redo", keys=("Ctrl+Shift+Z", "Ctrl+Y"), group="Edit", run=lambda a: a.shaping.redo(), repeats=True,
            enabled=lambda a: bool(a.desk.history.redo_sentence)),
    Command(id="edit.copy", title="Copy settings", keys=("Ctrl+C",), group="Edit", run=lambda a: a.shaping.copy(), enabled=with_stage),
    Command(id="edit.paste", title="Paste settings", keys=("Ctrl+V",), group="Edit", run=lambda a: a.shaping.paste(), enabled=lambda a: a.shaping.can_paste),

    Command(id="song.play", in_blind=True, title="Play or stop", keys=("Space",), group="Song", run=lambda a: a.hearing.play_or_stop(), enabled=with_song,
            on=lambda a: a.desk.player.status.playing),
    Command(id="song.start", in_blind=True, title="To the start", keys=("Home",), group="Song", run=lambda a: a.hearing.to_start(), enabled=with_song),
    Command(id="song.end", in_blind=True, title="To the end", keys=("End",), group="Song", run=lambda a: a.hearing.to_end(), enabled=with_song),
    Command(id="song.back", in_blind=True, title="Back 1 s", keys=(",",), group="Song", run=lambda a: a.hearing.nudge(-1.0), enabled=with_song, repeats=True, in_menu=False),
    Command(id="song.forward", in_blind=True, title="On 1 s", keys=(".",), group="Song", run=lambda a: a.hearing.nudge(1.0), enabled=with_song, repeats=True, in_menu=False),
    Command(id="song.back_fine", in_blind=True, title="Back 50 ms", keys=("<",), group="Song", run=lambda a: a.hearing.nudge(-0.05), enabled=with_song,
            repeats=True, in_menu=False),
    Command(id="song.forward_fine", in_blind=True, title="On 50 ms", keys=(">",), group="Song", run=lambda a: a.hearing.nudge(0.05), enabled=with_song,
            repeats=True, in_menu=False),
    Command(id="loop.from", title="Loop from here", keys=("[",), group="Song", run=lambda a: a.hearing.loop_from_here(), enabled=with_song),
    Command(id="loop.to", title="Loop to here", keys=("]",), group="Song", run=lambda a: a.hearing.loop_to_here(), enabled=with_song),
    Command(id="loop.switch", title="Loop", keys=("L",), group="Song", run=lambda a: a.hearing.switch_loop(), enabled=with_song,
            on=lambda a: a.desk.session.loop is not None and a.desk.session.loop.on),

    Command(id="hear.mix", title="Hear the mix", keys=("1",), group="Compare", run=lambda a: a.hearing.hear("mix"), on=heard("mix")),
    Command(id="hear.master", title="Hear the master", keys=("2",), group="Compare", run=lambda a: a.hearing.hear("master"), on=heard("master")),
    Command(id="hear.swap", title="The other one", keys=("`",), group="Compare", run=lambda a: a.hearing.swap(), in_menu=False),
    Command(id="hear.matched", title="Matched loudness", keys=("M",), group="Compare", run=lambda a: a.hearing.set_matched(not a.desk.matched),
            on=lambda a: a.desk.matched),
    Command(id="hear.without", title="Without the stage", keys=("\\",), group="Compare", enabled=with_stage, on=lambda a: bool(a.desk.without),
            run=lambda a: a.hearing.set_without(a.shaping.selected, not a.desk.without)),
    *(reference_command(place, key) for place, key in enumerate(DIGITS)),
    Command(id="compare.add", title="Add a reference...", group="Compare", run=lambda a: a.comparing.ask_add()),
    *(snapshot_command(place, letter) for place, letter in enumerate(LETTERS_OF_SNAPSHOTS, 1)),
    *(store_command(place, letter) for place, letter in enumerate(LETTERS_OF_SNAPSHOTS, 1)),
    Command(id="hear.delta", title="Delta of the stage", keys=("Z",), group="Compare", enabled=with_stage, on=heard("delta"),
            run=lambda a: a.hearing.set_delta(a.shaping.selected, a.desk.heard != "delta")),

    Command(id="blind.open", title="Blind test", keys=("X",), group="Compare", run=lambda a: a.blind.toggle(), enabled=with_song,
            on=lambda a: a.blind.is_open),
    Command(id="blind.a", title="Listen to A", keys=("A",), group="Compare", in_menu=False, run=lambda a: a.blind.listen("a"),
            enabled=lambda a: a.blind.running),

    *(monitor_command(field, title, key) for field, _, title, key, _ in MONITOR),
    Command(id="monitor.louder", in_blind=True, title="Louder by 0.5 dB", keys=("Ctrl+Up",), group="Monitor", run=lambda a: a.hearing.step_level(1), repeats=True),
    Command(id="monitor.softer", in_blind=True, title="Softer by 0.5 dB", keys=("Ctrl+Down",), group="Monitor", run=lambda a: a.hearing.step_level(-1),
            repeats=True),
    Command(id="monitor.clear", title="Clear peaks and lamps", keys=("Shift+Backspace",), group="Monitor",
            run=lambda a: clear(a)),

    Command(id="chain.add", title="Add a stage...", keys=("Insert",), group="Chain", run=lambda a: add_menu(a)),
    Command(id="chain.bypass", title="Bypass", keys=("B",), group="Chain", run=lambda a: a.shaping.toggle_bypass(), enabled=with_stage,
            on=lambda a: a.shaping.slot is not None and a.shaping.slot.bypassed),
    Command(id="chain.left", title="Move left", keys=("Ctrl+Left",), group="Chain", run=lambda a: a.shaping.move_selected(-1), enabled=with_stage),
    Command(id="chain.right", title="Move right", keys=("Ctrl+Right",), group="Chain", run=lambda a: a.shaping.move_selected(1), enabled=with_stage),
    Command(id="chain.duplicate", title="Duplicate", keys=("Ctrl+D",), group="Chain", run=lambda a: a.shaping.duplicate_selected(), enabled=with_stage),
    Command(id="chain.reset", title="Values to default", group="Chain", run=lambda a: a.shaping.reset_selected(), enabled=with_stage),
    Command(id="chain.loudness", title="Target loudness...", keys=("Ctrl+T",), group="Chain", run=lambda a: a.loudness.ask(), enabled=with_song),
    Command(id="chain.thresholds", title="Thresholds from the song...", group="Chain", run=lambda a: a.thresholds.ask(),
            enabled=lambda a: a.thresholds.possible),
    Command(id="chain.thresholds_stop", title="Stop listening to the song", group="Chain", run=lambda a: a.thresholds.stop(),
            enabled=lambda a: a.thresholds.job is not None),
    Command(id="chain.remove", title="Remove", keys=("Delete",), group="Chain", run=lambda a: a.shaping.remove_selected(), enabled=at_chain),
    *(slot_command(place) for place in range(1, SLOTS + 1)),
    Command(id="band.next", title="Next band", keys=("PgDown",), group="Chain", run=lambda a: a.shaping.next_band(1), enabled=with_eq, repeats=True,
            in_menu=False),
    Command(id="band.previous", title="Band before", keys=("PgUp",), group="Chain", run=lambda a: a.shaping.next_band(-1), enabled=with_eq, repeats=True,
            in_menu=False),

    Command(id="view.findings", title="Findings", keys=("Shift+F",), group="View", run=lambda a: a.findings.open(), enabled=with_song),
    Command(id="view.psr", title="PSR in the song view", group="View", run=lambda a: a.viewing.toggle_psr(), enabled=with_song,
            on=lambda a: a.window.song.view.scene.lane == "psr"),
    Command(id="view.meters", title="Meters in a window", keys=("Ctrl+Shift+M",), group="View", run=lambda a: a.viewing.open_meters()),
    Command(id="view.journal", title="Journal", keys=("Ctrl+J",), group="View", run=lambda a: a.journal.open()),
    Command(id="file.recall", title="Export the recall sheet...", group="File", run=lambda a: a.journal.export()),
    Command(id="view.device", title="Audio device...", keys=("Ctrl+,",), group="View", run=lambda a: a.viewing.open_device()),
    Command(id="view.dark", in_blind=True, title="Dark", group="View", run=lambda a: a.viewing.set_theme("dark"), on=lambda _: theme.name == "dark"),
    Command(id="view.light", in_blind=True, title="Light", group="View", run=lambda a: a.viewing.set_theme("light"), on=lambda _: theme.name == "light"),
    *(density_command(density) for density in ("automatic", "comfortable", "compact")),
    Command(id="view.larger", in_blind=True, title="Larger interface", keys=("Ctrl++", "Ctrl+="), group="View", run=lambda a: a.viewing.step_scale(1)),
    Command(id="view.smaller", in_blind=True, title="Smaller interface", keys=("Ctrl+-",), group="View", run=lambda a: a.viewing.step_scale(-1)),
    Command(id="view.usual", in_blind=True, title="Usual size", keys=("Ctrl+0",), group="View", run=lambda a: a.viewing.step_scale(0)),
    Command(id="view.motion", in_blind=True, title="Reduce motion", group="View", run=lambda a: a.viewing.toggle_motion(), on=lambda _: theme.reduce_motion),
    Command(id="view.full_screen", in_blind=True, title="Full screen", keys=("F11",), group="View", run=lambda a: a.viewing.toggle_full_screen(),
            on=lambda a: a.window.isFullScreen()),
    Command(id="view.next_zone", in_blind=True, title="Next zone", keys=("F6",), group="View", run=lambda a: a.viewing.next_zone(1), in_menu=False),
    Command(id="view.previous_zone", in_blind=True, title="Zone before", keys=("Shift+F6",), group="View", run=lambda a: a.viewing.next_zone(-1), in_menu=False),
    Command(id="view.levels", title="Say the levels", keys=("Ctrl+L",), group="View", run=lambda a: a.viewing.say_levels()),

    Command(id="help.shortcuts", title="Shortcuts", keys=("?",), group="Help", run=lambda a: a.viewing.open_shortcuts()),
    Command(id="help.first_minute", title="First steps", group="Help", run=lambda a: a.viewing.show_first_minute()),
    Command(id="help.messages", title="Last messages", group="Help", run=lambda a: a.viewing.open_messages()),
    Command(id="help.about", title="About Mastering RT", group="Help", run=lambda a: a.viewing.open_about()),
)


def clear(acts: Acts) -> None:
    """Everything that latches starts anew."""
    acts.hearing.forget_peaks()
    acts.hearing.clear_drops()


def add_menu(acts: Acts) -> Menu:
    """The kinds of stage; the new one goes behind the selected one."""
    names = [slot.name for slot in acts.desk.session.chain]
    after = names.index(acts.shaping.selected) if acts.shaping.selected in names else None
    return acts.window.chain.open_add_menu(after)


class Keyboard:
    """The table on the keyboard of one window, and as menu and sheet."""

    def __init__(self, acts: Acts, window: QWidget) -> None:
        self._acts = acts
        self._window = window
        self.shortcuts = [self._shortcut(command, keys) for command in COMMANDS for keys in command.keys if keys not in SIGNS]
        self._signs = {keys: command for command in COMMANDS for keys in command.keys if keys in SIGNS}
        acts.window.sign_typed.connect(self._take_sign)
        acts.viewing.shortcuts = groups

    def _shortcut(self, command: Command, keys: str) -> QShortcut:
        shortcut = QShortcut(QKeySequence(keys), self._window)
        shortcut.setAutoRepeat(command.repeats)
        shortcut.activated.connect(partial(self.run, command))
        return shortcut

    def _take_sign(self, sign: str, repeated: bool) -> None:
        command = self._signs.get(sign)
        if command is not None and (command.repeats or not repeated):
            self.run(command)

    def run(self, command: Command) -> None:
        """Do it if it can be done now."""
        letter = LETTERS.get(command.id, "")
        if self._acts.blind.running and letter:
            self._acts.blind.listen(letter)
        elif self._acts.blind.running and not command.in_blind:
            self._acts.blind.refuse()
        elif command.enabled(self._acts):
            command.run(self._acts)

    def open_menu(self, at: QPoint) -> Menu:
        """All groups as menus of a menu."""
        menu = Menu(self._window)
        for group in dict.fromkeys(command.group for command in COMMANDS):
            self._add_group(menu, group)
        menu.open_at(at)
        return menu

    def _add_group(self, menu: Menu, group: str) -> None:
        part = Menu(menu)
        part.setTitle(group)
        for command in (command for command in COMMANDS if command.group == group and command.in_menu):
            part.add(command.title, partial(self.run, command), key_text(command.keys[0]) if command.keys else "",
                     enabled=command.enabled(self._acts), checked=command.on(self._acts) if command.on is not None else None)
        if group == "Chain":
            self._add_presets(part)
        menu.addMenu(part)

    def _add_presets(self, part: Menu) -> None:
        part.addSeparator()
        presets = Menu(part)
        presets.setTitle("Load a preset")
        fill_presets(presets, self._acts)
        part.addMenu(presets)


def fill_presets(menu: Menu, acts: Acts) -> None:
    """The chain presets there are."""
    for name in acts.shaping.chain_presets():
        menu.add(preset_title(name), partial(acts.shaping.load_preset, name))


def groups() -> Sequence[tuple[str, list[tuple[str, str]]]]:
    """Every command that has a key, as (group, [(keys, title)]); what is numbered stands in one row."""
    found: dict[str, list[tuple[str, str]]] = {}
    for command in COMMANDS:
        if command.keys and not command.id.startswith("chain.select_"):
            found.setdefault(command.group, []).append((key_text(command.keys[0]), command.title.rstrip(".")))
        elif command.id == "chain.select_1":
            found.setdefault(command.group, []).append((f"Ctrl+1 ... {SLOTS}", "Open a slot"))
    found["Chain"] += [("Arrows", "Step; with Shift fine"), ("Alt+Arrows", "Width of a band"),
                       ("Enter, Esc", "Type, take back"), ("Backspace", "Default")]
    return list(found.items())


def key_text(keys: str) -> str:
    """A key as it is printed on a keyboard."""
    return {"PgDown": "Page down", "PgUp": "Page up"}.get(keys, keys)
