"""What the commands of the picture do: views, themes, sizes, zones."""
import pytest

from gui.theme import theme
from tests.gui.commands.by_hand import does


@does("view.meters")
def opens_the_meters_and_puts_them_away(rig, press, tmp_path):
    press()
    assert rig.program.bridge.figures.seen
    rig.activate()
    press()
    assert not rig.program.bridge.figures.seen


@does("view.findings")
def lists_the_findings(rig, press, tmp_path):
    press()
    assert type(rig.dialog).__name__ == "FindingsDialog"
    rig.key("Escape")
    assert rig.dialog is None


@does("view.journal")
def shows_the_journal(rig, press, tmp_path):
    press()
    assert type(rig.dialog).__name__ == "JournalDialog"
    rig.key("Escape")
    assert rig.dialog is None


@does("help.commands")
def opens_the_palette(rig, press, tmp_path):
    press()
    assert rig.program.palette.is_open
    rig.key("Escape")
    assert not rig.program.palette.is_open


@does("view.dark", "view.light")
def paints(rig, press, tmp_path):
    name = press.command.id.removeprefix("view.")
    rig.acts.viewing.set_theme("light" if name == "dark" else "dark")
    press()
    assert theme.name == name and press.on and rig.program.settings.looks().theme == name


@does("view.automatic", "view.comfortable", "view.compact")
def chooses_the_density(rig, press, tmp_path):
    wish = press.command.id.removeprefix("view.")
    press()
    assert press.on and theme.density == ("comfortable" if wish == "automatic" else wish)


@does("view.larger", "view.smaller", "view.usual")
def scales(rig, press, tmp_path):
    rig.acts.viewing.step_scale(2)
    press()
    assert theme.scale == pytest.approx({"view.larger": 1.3, "view.smaller": 1.1, "view.usual": 1.0}[press.command.id])


@does("view.song_higher", "view.song_lower", "view.meters_wider", "view.meters_narrower")
def moves_a_gutter(rig, press, tmp_path):
    rig.window.split(330, 380)
    before = rig.window.song.height(), rig.window.meters.width()
    press()
    after = rig.window.song.height(), rig.window.meters.width()
    by = {"view.song_higher": (24, 0), "view.song_lower": (-24, 0), "view.meters_wider": (0, 24), "view.meters_narrower": (0, -24)}[press.command.id]
    assert (after[0] - before[0], after[1] - before[1]) == by
    rig.window._reset(0, 0)


@does("view.psr")
def shows_the_psr(rig, press, tmp_path):
    press()
    assert rig.window.song.view.scene.lane == "psr" and press.on
    press()
    assert rig.window.song.view.scene.lane == "loudness" and not press.on


@does("view.motion")
def reduces_motion(rig, press, tmp_path):
    press()
    assert theme.reduce_motion and press.on


@does("view.latency")
def measures_the_latency(rig, press, _):
    press()
    rig.until(lambda: "makes no sound" in rig.told)
    rig.key("Space")
    rig.until(lambda: rig.playing)


@does("view.compact_mode")
def makes_the_window_compact(rig, press, _):
    press()
    assert press.on and rig.window.compact.on and not rig.window.stage.frame.editor.isVisible() and rig.acts.settings.compact()
    press()
    assert not press.on and rig.window.stage.frame.editor.isVisible() and not rig.acts.settings.compact()


@does("view.full_screen")
def fills_the_screen(rig, press, tmp_path):
    press()
    assert rig.window.isFullScreen() and press.on
    press()
    assert not rig.window.isFullScreen()
    rig.window.resize(1600, 900)


@does("view.next_zone", "view.previous_zone")
def walks_the_zones(rig, press, tmp_path):
    window = rig.window
    zones = [window.compare, window.song, window.chain, window.stage, window.meters, window.title]
    seen = []
    for _ in zones:
        press()
        seen.append(next(zone for zone in zones if zone.isAncestorOf(window.focusWidget())))
    assert seen == (zones if press.command.id == "view.next_zone" else zones[::-1])


@does("view.levels")
def says_the_levels(rig, press, tmp_path):
    rig.wait_for_facts()
    press()
    assert rig.window.status.help.startswith("Master: Integrated") and "LUFS" in rig.window.status.help


@does("view.song_numbers")
def says_the_whole_song(rig, press, tmp_path):
    rig.wait_for_facts()
    press()
    assert rig.window.status.help.startswith("Whole song. Mix: Integrated") and "; Master: Integrated" in rig.window.status.help


@does("help.first_minute")
def shows_the_first_steps(rig, press, tmp_path):
    press()
    assert rig.window.steps.isVisible()
    rig.click(rig.window.steps.hide_key)
    assert not rig.window.steps.isVisible() and rig.program.settings.first_minute_hidden()
