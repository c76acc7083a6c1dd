"""What the commands for hearing do: sides, references, snapshots, match, monitor."""
from dataclasses import fields

from mastering_rt.playback.monitor import MonitorSettings
from tests import signals
from tests.gui.commands.by_hand import RATE, does
from tests.mastering_rt.helpers import write_song


@does("blind.open", "blind.a")
def opens_the_blind_test(rig, press, tmp_path):
    if press.command.id == "blind.a":
        press()
        assert not rig.acts.blind.is_open                # nothing to listen to before a test
        return
    press()
    assert press.on and rig.window.blind.isVisible()
    rig.key("Escape")
    assert not press.on


@does("hear.mix", "hear.master")
def hears(rig, press, tmp_path):
    rig.desk.hear("master" if press.command.id == "hear.mix" else "mix")
    press()
    assert f"hear.{rig.desk.heard}" == press.command.id and press.on
    rig.until(lambda: rig.desk.player.status.heard == rig.desk.heard)


@does("hear.swap")
def swaps(rig, press, tmp_path):
    for heard in ("mix", "master"):
        press()
        assert rig.desk.heard == heard


@does("compare.add", *(f"hear.reference_{place}" for place in range(1, 9)))
def adds_and_hears_references(rig, press, tmp_path):
    place = 1 if press.command.id == "compare.add" else int(press.command.id.rsplit("_", 1)[1])
    for number in range(place):
        with rig.picking(write_song(tmp_path / f"record {number}.wav", 0.1 * signals.programme(RATE, seed=number))):
            rig.acts.comparing.ask_add() if press.command.id != "compare.add" else press()
        rig.until(lambda number=number: len(rig.desk.session.references) == number + 1)
    rig.until(lambda: all(rig.desk.compare.references[r.id].ready for r in rig.desk.session.references))
    if press.command.id != "compare.add":
        press()
        assert (rig.desk.heard, rig.desk.compare.side.name) == ("reference", rig.desk.session.references[place - 1].id)


@does(*(f"hear.snapshot_{letter}" for letter in "abcd"), *(f"compare.store_{letter}" for letter in "abcd"))
def stores_and_hears_snapshots(rig, press, tmp_path):
    letter = press.command.id[-1].upper()
    if press.command.id.startswith("hear."):
        rig.acts.comparing.store(letter)
        press()
        assert (rig.desk.heard, rig.desk.compare.side.name) == ("other", letter)
    else:
        press()
        assert [(snapshot.letter, snapshot.chain) for snapshot in rig.desk.session.snapshots] == [(letter, rig.desk.session.chain)]


@does("hear.matched")
def matches(rig, press, tmp_path):
    press()
    assert not rig.desk.matched and not press.on
    rig.frames()
    assert not rig.window.compare.matched.isChecked()
    press()
    assert rig.desk.matched and press.on


@does("hear.without")
def leaves_out(rig, press, tmp_path):
    press()
    assert rig.desk.without == "eq" and press.on and rig.window.stage.frame.header.without.isChecked()
    press()
    assert rig.desk.without == "" and not press.on


@does("hear.delta_level")
def leaves_the_gain_in_deltas(rig, press, tmp_path):
    press()
    assert not rig.desk.player.wishes.delta_levelled and not press.on
    press()
    assert rig.desk.player.wishes.delta_levelled and press.on


@does("hear.delta")
def hears_the_difference(rig, press, tmp_path):
    press()
    assert rig.desk.heard == "delta" and press.on
    press()
    assert rig.desk.heard == "master"


@does(*(f"monitor.{field.name}" for field in fields(MonitorSettings) if field.name != "level_db"))
def alters_the_monitor(rig, press, tmp_path):
    field = press.command.id.removeprefix("monitor.")
    press()
    assert getattr(rig.desk.monitor, field) and press.on and rig.window.compare.monitor.toggles[field].isChecked()
    press()
    assert rig.desk.monitor == MonitorSettings() and not press.on


@does("monitor.louder", "monitor.softer")
def steps_the_level(rig, press, tmp_path):
    rig.acts.hearing.step_level(-4)
    press()
    assert rig.desk.monitor.level_db == (-1.5 if press.command.id == "monitor.louder" else -2.5)


@does("monitor.clear")
def clears(rig, press, tmp_path):
    peak = rig.window.meters.peak
    peak._told_now.largest_dbtp = 3.0
    press()
    assert peak.largest_dbtp() < 0
