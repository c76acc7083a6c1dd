"""The one table of commands: what can be done, by which keys, when. Menu, shortcuts, palette and the shortcut sheet are made from it."""
from gui.acts.acts import Acts
from gui.command import Asks, Command, Need, at_chain, with_eq, with_song, with_stage
from gui.controls.menu import Menu
from gui.theme import theme
from gui.window.compare import MONITOR
from gui.window.compared import DIGITS
from gui.window.splitter import STEP
from mastering_rt.session.model import LETTERS

SLOTS = 9
with_marker = Need(lambda acts: acts.hearing.has_song and bool(acts.desk.session.markers), "No marker was set.")


def monitor_command(field: str, title: str, key: str) -> Command:
    """A switch of the monitor section."""
    return Command(id=f"monitor.{field}", in_blind=field != "unity", title=title, keys=(key,), group="Monitor", run=lambda acts: acts.hearing.toggle_monitor(field),
                   on=lambda acts: bool(getattr(acts.desk.monitor, field)))


def slot_command(place: int) -> Command:
    """The editor of one slot, 1-based."""
    return Command(id=f"chain.select_{place}", title=f"Open slot {place}", keys=(f"Ctrl+{place}",), group="Chain", part="Open a slot",
                   run=lambda acts: acts.shaping.select_at(place - 1), enabled=Need(lambda acts: len(acts.desk.session.chain) >= place, f"The chain has no slot {place}."))


SPLITS = (("song_higher", "Song higher", "song_split", 1), ("song_lower", "Song lower", "song_split", -1),
          ("meters_wider", "Meters wider", "meters_split", -1), ("meters_narrower", "Meters narrower", "meters_split", 1))


def split_command(id: str, title: str, name: str, way: int) -> Command:
    """A gutter moved without a mouse."""
    return Command(id=f"view.{id}", in_blind=True, title=title, group="View", part="Sizes", run=lambda acts: getattr(acts.window, name).step(way * STEP),
                   repeats=True)


def density_command(density: str) -> Command:
    """One of the densities, or whatever fits the window."""
    return Command(id=f"view.{density}", in_blind=True, title=f"{density.capitalize()} density", group="View", on=lambda acts: acts.window.density_wish == density,
                   run=lambda acts: acts.viewing.set_density(density))


def reference_command(place: int, key: str) -> Command:
    """One of the references, 0-based."""
    return Command(id=f"hear.reference_{place + 1}", title=f"Hear reference {place + 1}", keys=(key,), group="Compare", part="Hear a reference",
                   run=lambda acts: acts.comparing.hear_reference_at(place),
                   enabled=Need(lambda acts: acts.comparing.has_reference_at(place), f"There is no reference {place + 1}."))


def snapshot_command(place: int, letter: str) -> Command:
    """What was put aside under a letter."""
    return Command(id=f"hear.snapshot_{letter.lower()}", title=f"Hear snapshot {letter}", keys=(f"F{place}",), group="Compare", part="Hear a snapshot",
                   run=lambda acts: acts.comparing.hear_snapshot(letter), enabled=with_song)


def store_command(place: int, letter: str) -> Command:
    """Puts the chain aside under a letter."""
    return Command(id=f"compare.store_{letter.lower()}", title=f"Store the chain as {letter}", keys=(f"Shift+F{place}",), group="Compare", part="Store a snapshot",
                   run=lambda acts: acts.comparing.store(letter))


def heard(source: str) -> Asks:
    return lambda acts: acts.desk.heard == source


COMMANDS: tuple[Command, ...] = (
    Command(id="file.open", title="Open...", keys=("Ctrl+O",), group="File", run=lambda a: a.files.ask_open()),
    Command(id="file.exchange", title="Exchange the mix...", keys=("Ctrl+Shift+O",), group="File", run=lambda a: a.files.ask_exchange(), enabled=with_song),
    Command(id="file.demo", title="Open the demo mix", group="File", run=lambda a: a.files.unless_unsaved(a.recovery.open_demo)),
    Command(id="file.forget_recent", title="Forget recent files", group="File", run=lambda a: a.settings.forget_recent(),
            enabled=Need(lambda a: bool(a.files.recent()), "No file was opened yet.")),
    Command(id="file.save", title="Save", keys=("Ctrl+S",), group="File", run=lambda a: a.files.save()),
    Command(id="file.save_as", title="Save as...", keys=("Ctrl+Shift+S",), group="File", run=lambda a: a.files.ask_save()),
    Command(id="file.render", title="Render...", keys=("Ctrl+R",), group="File", run=lambda a: a.rendering.open(), enabled=with_song),
    Command(id="file.stop", title="Stop what goes on", keys=("Ctrl+.",), group="File", run=lambda a: a.background.stop_told(),
            enabled=Need(lambda a: a.background.told is not None, "Nothing goes on in the background.")),
    Command(id="file.preferences", title="Preferences...", keys=("Ctrl+P",), group="File", run=lambda a: a.preferring.open()),
    Command(id="file.quit", in_blind=True, title="Quit", keys=("Ctrl+Q",), group="File", run=lambda a: a.window.close()),

    Command(id="edit.undo", title="Undo", keys=("Ctrl+Z",), group="Edit", run=lambda a: a.shaping.undo(), repeats=True,
            enabled=Need(lambda a: bool(a.desk.history.undo_sentence), "Nothing was done yet.")),
    Command(id="edit.redo", title="Redo", keys=("Ctrl+Shift+Z", "Ctrl+Y"), group="Edit", run=lambda a: a.shaping.redo(), repeats=True,
            enabled=Need(lambda a: bool(a.desk.history.redo_sentence), "Nothing was undone.")),
    Command(id="edit.copy", title="Copy settings", keys=("Ctrl+C",), group="Edit", run=lambda a: a.shaping.copy(), enabled=with_stage),
    Command(id="edit.paste", title="Paste settings", keys=("Ctrl+V",), group="Edit", run=lambda a: a.shaping.paste(), enabled=Need(lambda a: a.shaping.can_paste, "No settings of a stage of this kind were copied.")),

    Command(id="song.play", in_blind=True, title="Play or stop", keys=("Space",), group="Song", run=lambda a: a.hearing.play_or_stop(), enabled=with_song,
            on=lambda a: a.desk.player.status.playing),
    Command(id="song.start", in_blind=True, part="Go", title="To the start", keys=("Home",), group="Song", run=lambda a: a.hearing.to_start(), enabled=with_song),
    Command(id="song.end", in_blind=True, part="Go", title="To the end", keys=("End",), group="Song", run=lambda a: a.hearing.to_end(), enabled=with_song),
    Command(id="song.back", in_blind=True, title="Back 1 s", keys=(",",), group="Song", run=lambda a: a.hearing.nudge(-1.0), enabled=with_song, repeats=True, part="Go"),
    Command(id="song.forward", in_blind=True, title="On 1 s", keys=(".",), group="Song", run=lambda a: a.hearing.nudge(1.0), enabled=with_song, repeats=True, part="Go"),
    Command(id="song.back_fine", in_blind=True, title="Back 50 ms", keys=("<",), group="Song", run=lambda a: a.hearing.nudge(-0.05), enabled=with_song,
            repeats=True, part="Go"),
    Command(id="song.forward_fine", in_blind=True, title="On 50 ms", keys=(">",), group="Song", run=lambda a: a.hearing.nudge(0.05), enabled=with_song,
            repeats=True, part="Go"),
    Command(id="loop.from", title="Loop from here", keys=("[",), group="Song", run=lambda a: a.hearing.loop_from_here(), enabled=with_song),
    Command(id="loop.to", title="Loop to here", keys=("]",), group="Song", run=lambda a: a.hearing.loop_to_here(), enabled=with_song),
    Command(id="loop.switch", title="Loop", keys=("L",), group="Song", run=lambda a: a.hearing.switch_loop(), enabled=with_song,
            on=lambda a: a.desk.session.loop is not None and a.desk.session.loop.on),

    Command(id="song.later", in_blind=True, part="Go", title="Later finding or marker", keys=("K",), group="Song", run=lambda a: a.markers.go(1), enabled=with_song,
            repeats=True),
    Command(id="song.earlier", in_blind=True, part="Go", title="Earlier finding or marker", keys=("J",), group="Song", run=lambda a: a.markers.go(-1),
            enabled=with_song, repeats=True),
    Command(id="marker.add", part="Markers", title="Set a marker", keys=("N",), group="Song", run=lambda a: a.markers.add(), enabled=with_song),
    Command(id="marker.name", part="Markers", title="Name the marker...", keys=("Shift+N",), group="Song", run=lambda a: a.markers.ask_name(), enabled=with_marker),
    Command(id="marker.move", part="Markers", title="Move the marker here", keys=("Ctrl+M",), group="Song", run=lambda a: a.markers.move_nearest(),
            enabled=with_marker),
    Command(id="marker.remove", part="Markers", title="Remove the marker", keys=("Ctrl+Shift+N",), group="Song", run=lambda a: a.markers.remove(),
            enabled=with_marker),

    Command(id="hear.mix", title="Hear the mix", keys=("1",), group="Compare", run=lambda a: a.hearing.hear("mix"), on=heard("mix")),
    Command(id="hear.master", title="Hear the master", keys=("2",), group="Compare", run=lambda a: a.hearing.hear("master"), on=heard("master")),
    Command(id="hear.swap", title="The other one", keys=("`",), group="Compare", run=lambda a: a.hearing.swap()),
    Command(id="hear.matched", title="Matched loudness", keys=("M",), group="Compare", run=lambda a: a.hearing.set_matched(not a.desk.matched),
            on=lambda a: a.desk.matched),
    Command(id="hear.without", title="Without the stage", keys=("\\",), group="Compare", enabled=with_stage, on=lambda a: bool(a.desk.without),
            run=lambda a: a.hearing.set_without(a.shaping.selected, not a.desk.without)),
    *(reference_command(place, key) for place, key in enumerate(DIGITS)),
    Command(id="compare.add", title="Add a reference...", group="Compare", run=lambda a: a.comparing.ask_add()),
    *(snapshot_command(place, letter) for place, letter in enumerate(LETTERS, 1)),
    *(store_command(place, letter) for place, letter in enumerate(LETTERS, 1)),
    Command(id="hear.delta", title="Delta of the stage", keys=("Z",), group="Compare", enabled=with_stage, on=heard("delta"),
            run=lambda a: a.hearing.set_delta(a.shaping.selected, a.desk.heard != "delta")),
    Command(id="hear.delta_level", title="Take the gain out of deltas", group="Compare", on=lambda a: a.hearing.delta_levelled,
            run=lambda a: a.hearing.level_delta(not a.hearing.delta_levelled)),

    Command(id="blind.open", title="Blind test", keys=("X",), group="Compare", run=lambda a: a.blind.toggle(), enabled=with_song,
            on=lambda a: a.blind.is_open),
    Command(id="blind.a", title="Listen to A", keys=("A",), group="Compare", run=lambda a: a.blind.listen("a"),
            enabled=Need(lambda a: a.blind.running, "No blind test is under way.")),

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
            enabled=Need(lambda a: a.thresholds.possible, "It takes a song, a selected dynamic EQ, and no other search.")),
    Command(id="chain.thresholds_stop", title="Stop listening to the song", group="Chain", run=lambda a: a.thresholds.stop(),
            enabled=Need(lambda a: a.thresholds.job is not None, "The song is not being listened to.")),
    Command(id="preset.open", part="Presets", title="Presets...", keys=("Ctrl+Shift+P",), group="Chain", run=lambda a: a.presets.open()),
    Command(id="preset.save", part="Presets", title="Save the chain as a preset...", group="Chain", run=lambda a: a.presets.ask_save()),
    Command(id="preset.save_stage", part="Presets", title="Save the stage as a preset...", group="Chain", run=lambda a: a.presets.ask_save(True), enabled=with_stage),
    Command(id="preset.keep", part="Presets", title="Presets keep ceiling and gains", group="Chain", run=lambda a: a.presets.toggle_keep_levels(),
            on=lambda a: a.desk.session.keep_levels),
    Command(id="chain.remove", title="Remove", keys=("Delete",), group="Chain", run=lambda a: a.shaping.remove_selected(), enabled=at_chain,
            from_palette=with_stage),
    *(slot_command(place) for place in range(1, SLOTS + 1)),
    Command(id="band.next", title="Next band", keys=("PgDown",), group="Chain", run=lambda a: a.shaping.next_band(1), enabled=with_eq, repeats=True,
            part="Bands"),
    Command(id="band.previous", title="Band before", keys=("PgUp",), group="Chain", run=lambda a: a.shaping.next_band(-1), enabled=with_eq, repeats=True,
            part="Bands"),

    Command(id="view.findings", title="Findings", keys=("Shift+F",), group="View", run=lambda a: a.findings.open(), enabled=with_song),
    Command(id="view.psr", title="PSR in the song view", group="View", run=lambda a: a.viewing.toggle_psr(), enabled=with_song,
            on=lambda a: a.window.song.view.scene.lane == "psr"),
    Command(id="view.meters", title="Meters in a window", keys=("Ctrl+Shift+M",), group="View", run=lambda a: a.viewing.open_meters()),
    Command(id="view.journal", title="Journal", keys=("Ctrl+J",), group="View", run=lambda a: a.journal.open()),
    Command(id="file.recall", title="Export the recall sheet...", group="File", run=lambda a: a.journal.export()),
    Command(id="view.device", title="Audio device...", keys=("Ctrl+,",), group="View", run=lambda a: a.viewing.open_device()),
    Command(id="view.latency", title="Measure the latency", group="View", run=lambda a: a.latency.measure(),
            enabled=Need(lambda a: a.latency.job is None, "It is being measured.")),
    Command(id="view.dark", in_blind=True, title="Dark", group="View", run=lambda a: a.viewing.set_theme("dark"), on=lambda _: theme.name == "dark"),
    Command(id="view.light", in_blind=True, title="Light", group="View", run=lambda a: a.viewing.set_theme("light"), on=lambda _: theme.name == "light"),
    *(density_command(density) for density in ("automatic", "comfortable", "compact")),
    Command(id="view.larger", in_blind=True, title="Larger interface", keys=("Ctrl++", "Ctrl+="), group="View", run=lambda a: a.viewing.step_scale(1)),
    Command(id="view.smaller", in_blind=True, title="Smaller interface", keys=("Ctrl+-",), group="View", run=lambda a: a.viewing.step_scale(-1)),
    Command(id="view.usual", in_blind=True, title="Usual size", keys=("Ctrl+0",), group="View", run=lambda a: a.viewing.step_scale(0)),
    Command(id="view.motion", in_blind=True, title="Reduce motion", group="View", run=lambda a: a.viewing.toggle_motion(), on=lambda _: theme.reduce_motion),
    Command(id="view.compact_mode", title="Compact mode", keys=("Ctrl+\\",), group="View", on=lambda a: a.window.compact.on,
            run=lambda a: a.viewing.set_compact_mode(not a.window.compact.on), enabled=Need(lambda a: not a.blind.is_open, "A blind test takes the whole window.")),
    Command(id="view.full_screen", in_blind=True, title="Full screen", keys=("F11",), group="View", run=lambda a: a.viewing.toggle_full_screen(),
            on=lambda a: a.window.isFullScreen()),
    *(split_command(*row) for row in SPLITS),
    Command(id="view.next_zone", in_blind=True, title="Next zone", keys=("F6",), group="View", run=lambda a: a.viewing.next_zone(1), part="Focus"),
    Command(id="view.previous_zone", in_blind=True, title="Zone before", keys=("Shift+F6",), group="View", run=lambda a: a.viewing.next_zone(-1), part="Focus"),
    Command(id="view.levels", title="Say the levels", keys=("Ctrl+L",), group="View", run=lambda a: a.viewing.say_levels()),
    Command(id="view.song_numbers", title="Say the whole song", keys=("Ctrl+Shift+L",), group="View", run=lambda a: a.viewing.say_song(), enabled=with_song),

    Command(id="help.commands", title="Commands and values...", keys=("Ctrl+K",), group="Help", run=lambda a: a.viewing.open_palette(), in_blind=True),
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
    """The kinds of stage; the new one goes behind the selected one, as with the add key."""
    return acts.window.chain.open_add_menu()
