"""A blind test on a desk: matched before it starts, and nothing that is sent, said or heard tells which side plays."""
import random
from dataclasses import replace

import numpy as np
import pytest

from mastering_rt.blind.booth import Booth
from mastering_rt.blind.stand import Paired, check
from mastering_rt.blind.words import TOO_FEW, verdict
from mastering_rt.desk.sides import MASTER, MIX, Side
from mastering_rt.errors import SessionProblem, UsageProblem
from mastering_rt.playback.monitor import MonitorSettings
from mastering_rt.session import comparing, edits
from tests import signals
from tests.mastering_rt.helpers import RATE, clock_desk, programme_file, until, write_song

pytestmark = pytest.mark.slow

SIDES, NAMES = (MIX, MASTER), ("Mix", "Master")


@pytest.fixture
def desk(tmp_path, monkeypatch):
    monkeypatch.setenv("MASTERING_RT_HOME", str(tmp_path / "home"))
    made = clock_desk()
    yield made
    made.close()


def ready(desk, path, gain=-4.0):
    """A desk with a mix, a chain, and everything measured and at rest."""
    desk.open(path)
    desk.edit(lambda s: edits.add_stage(s, "trim", values={"gain": gain}))
    until(lambda: not desk.blind.waits_for(SIDES, NAMES), desk.poll)
    return desk


class Spy:
    """An engine that remembers what it was told."""

    def __init__(self, engine):
        self._engine, self.told = engine, []

    def __getattr__(self, name):
        found = getattr(self._engine, name)
        if not callable(found):
            return found

        def call(*arguments):
            self.told.append((name, len(arguments), *(a for a in arguments if isinstance(a, bool))))
            return found(*arguments)
        return call


def seeded(desk, seed):
    desk.blind = Booth(desk._stand, desk.blind.log.path, bits=random.Random(seed).getrandbits, clock=lambda: 1e9)
    return desk.blind


def test_it_waits_until_the_match_is_certain(desk, tmp_path):
    desk.open(programme_file(tmp_path))
    desk.edit(lambda s: edits.add_stage(s, "trim", values={"gain": -4.0}))
    assert "still being measured" in desk.blind.waits_for(SIDES, NAMES)
    with pytest.raises(UsageProblem, match="still being measured"):
        desk.blind.start(SIDES, NAMES)
    until(lambda: not desk.blind.waits_for(SIDES, NAMES), desk.poll)
    assert not desk.player.matching
    test = desk.blind.start(SIDES, NAMES)
    assert test.plan.basis == "matched over the whole song within 0.01 LU"
    assert abs(desk.blind.paired.residual_lu) < 0.005


@pytest.mark.parametrize("seed", range(3))
def test_nothing_that_is_sent_or_shown_depends_on_what_x_is(desk, tmp_path, seed):
    """The same keys in tests with opposite orders: the same commands to the engine, the same status, the same log."""
    ready(desk, programme_file(tmp_path))
    desk.play_or_stop()
    seen = []
    for number in (2 * seed, 2 * seed + 1):
        booth = seeded(desk, number)
        spy = desk.player._engine = Spy(desk.player._engine)
        test = booth.start(SIDES, NAMES, trials=10)
        shown = []
        for _ in range(9):
            for key in "xaxbbxx":
                booth.listen(key)
                pulse = desk.poll()
                shown.append((desk.heard, pulse.status.heard, pulse.match, desk.levelled, desk.monitor, booth.playing, test.answered, test.over,
                              test.result, booth.last, pulse.sentences))
            booth.answer("a")
        desk.player._engine = spy._engine
        order = test._order.open()[1]
        told = [call for call in spy.told if call[0] != "read_status"]
        booth.stop()
        seen.append((told, shown, order))
        assert told == [("select", 2, True)] * (1 + 9 * 8)
    (told, shown, order), (other_told, other_shown, other_order) = seen
    assert order != other_order
    assert told == other_told
    assert [row[:-2] for row in shown] == [row[:-2] for row in other_shown]
    assert {row[0:2] for row in shown} == {("blind", "blind")}


PAIRS = [(Side("without", "trim"), MASTER), (Side("snapshot", "A"), Side("order", "trim limiter")), (Side("snapshot", "A"), MIX)]


@pytest.mark.parametrize("sides", PAIRS)
def test_other_chains_are_matched_and_as_untold(desk, tmp_path, sides):
    """The same for what plays beside the master: the same commands, and no reading that follows what is heard."""
    desk.open(programme_file(tmp_path))
    desk.edit(lambda s: edits.add_stage(edits.add_stage(s, "trim", values={"gain": -4.0}), "limiter", values={"gain": 3.0}))
    desk.edit(lambda s: comparing.store_snapshot(s, "A"))
    desk.set_value("limiter", "gain", 8.0)
    until(lambda: not desk.blind.waits_for(sides, ("One", "Two")), desk.poll)
    desk.play_or_stop()
    told, shown, orders = [], [], []
    for seed in (1, 2):
        booth = seeded(desk, seed)
        spy = desk.player._engine = Spy(desk.player._engine)
        test = booth.start(sides, ("One", "Two"), trials=10)
        orders.append(test._order.open()[1])
        assert abs(booth.paired.residual_lu) < 0.01
        for _ in range(9):
            for key in "xabx":
                booth.listen(key)
                pulse = desk.poll()
                shown.append((desk.heard, pulse.status.heard, set(pulse.records["aside_of"].tolist()) <= {-1}, float(np.abs(pulse.aside).sum()),
                              desk.figures.of("aside")._whole.programme.frames == 0,
                              pulse.match, desk.match, desk.compare.pair))
            booth.answer("a")
        told.append([call for call in spy.told if call[0] == "select"])
        desk.player._engine = spy._engine
        booth.stop()
    assert orders[0] != orders[1] and told[0] == told[1] == [("select", 2, True)] * 46
    assert len({row[:5] for row in shown}) == 1 and len({row[5:] for row in shown}) == 1
    assert shown[0][:5] == ("blind", "blind", True, 0.0, True)


def test_it_plays_what_the_order_says(desk, tmp_path):
    ready(desk, programme_file(tmp_path))
    booth = seeded(desk, 5)
    test = booth.start(SIDES, NAMES, trials=10)
    order = test._order.open()[1]
    for letter in order:
        for key, side in (("a", "mix"), ("b", "master"), ("x", ("mix", "master")["ab".index(letter)])):
            booth.listen(key)
            until(lambda side=side: desk.player._engine.read_status()["heard"] == {"mix": 0, "master": 1}[side])
        booth.answer(letter)
    assert (test.result.hits, test.result.answered, booth.running) == (10, 10, False)
    assert desk.heard == desk.compare.heard and desk.poll().status.heard in ("mix", "master")
    assert booth.records()[-1].proven


def test_an_answer_takes_listening_and_no_finger_answers_twice(desk, tmp_path):
    ready(desk, programme_file(tmp_path))
    booth = seeded(desk, 6)
    booth.start(SIDES, NAMES)
    with pytest.raises(UsageProblem, match="Listen to X first"):
        booth.answer("a")
    booth.listen("x")
    booth.answer("a")
    with pytest.raises(UsageProblem, match="Listen to X first"):
        booth.answer("a")
    assert booth.test.answered == 1
    assert verdict(booth.stop()) == TOO_FEW
    assert booth.stop() is None
    booth.start(SIDES, NAMES, "preference")
    with pytest.raises(UsageProblem, match="Listen to B first"):
        booth.answer("a")
    with pytest.raises(UsageProblem, match="no X"):
        booth.listen("x")


def test_while_it_runs_the_sound_stays(desk, tmp_path):
    ready(desk, programme_file(tmp_path))
    desk.edit(lambda s: edits.set_value(s, "trim", "gain", -5.0))
    until(lambda: not desk.blind.waits_for(SIDES, NAMES), desk.poll)
    before = desk.session
    desk.blind.start(SIDES, NAMES)
    for act in (lambda: desk.set_value("trim", "gain", 0.0), desk.undo, desk.redo, lambda: desk.hear("mix"), lambda: desk.set_matched(False),
                desk.swap_heard, lambda: desk.leave_out("trim"), lambda: desk.hear_delta_of("trim"), lambda: desk.load_preset("gentle"),
                lambda: desk.set_monitor(replace(desk.monitor, unity=True))):
        with pytest.raises(UsageProblem, match="blind test"):
            act()
    assert desk.session == before and desk.heard == "blind"
    desk.set_monitor(MonitorSettings(mono=True, level_db=-6.0))
    desk.player.seek(RATE)
    desk.blind.stop()
    desk.undo()
    assert desk.session.chain[0].value("gain") == -4.0


def test_another_song_ends_the_test_and_counts_what_was_answered(desk, tmp_path):
    ready(desk, programme_file(tmp_path))
    booth = desk.blind
    booth.start(SIDES, NAMES)
    booth.listen("x")
    booth.answer("b")
    desk.open(programme_file(tmp_path, 1.0, name="other.wav"))
    record, = booth.records()
    assert (record.result.stopped, record.result.answered, desk.heard) == (True, 1, "master")


def test_a_pair_that_would_clip_or_is_not_matched_is_refused(desk, tmp_path):
    x = signals.programme(4 * RATE) * 0.5
    x[:, 1000] = 1.5
    ready_path = write_song(tmp_path / "hot.wav", x)
    desk.open(ready_path)
    desk.edit(lambda s: edits.add_stage(s, "trim", values={"gain": -4.0}))
    desk.set_monitor(MonitorSettings(level_db=-10.0))
    until(lambda: not desk.blind.waits_for(SIDES, NAMES), desk.poll)
    desk.set_monitor(MonitorSettings(level_db=0.0))
    assert 1.5 * 10 ** (desk.gain_db(MIX) / 20) < 1.0
    desk.set_value("trim", "gain", 0.0)
    until(lambda: not desk.measuring, desk.poll)
    until(lambda: not desk.player.matching, desk.poll)
    with pytest.raises(UsageProblem, match=r"clip at \+3\.5 dBFS"):
        desk.blind.waits_for(SIDES, NAMES)
    desk.set_monitor(MonitorSettings(level_db=-4.0))
    desk.blind.start(SIDES, NAMES)
    with pytest.raises(UsageProblem, match="would clip"):
        desk.set_monitor(MonitorSettings(level_db=-3.0))
    check(Paired(0.1, (1.0, 1.0), 0, ""), NAMES)
    for bad, words in ((Paired(0.11, (1, 1), 0, ""), "0.11 LU"), (Paired(-0.2, (1, 1), 0, ""), "0.20 LU"), (Paired(0, (1, 1), -3, ""), "3 samples")):
        with pytest.raises(UsageProblem, match=words):
            check(bad, NAMES)


def test_what_cannot_be_compared_blindly_is_said(desk, tmp_path):
    with pytest.raises(UsageProblem, match="no mix"):
        desk.blind.waits_for(SIDES, NAMES)
    ready(desk, programme_file(tmp_path))
    with pytest.raises(UsageProblem, match="1"):
        desk.blind.waits_for((MIX, Side("reference", "1")), NAMES)
    with pytest.raises(UsageProblem, match="delta"):
        desk.blind.waits_for((MIX, Side("delta", "trim")), NAMES)
    desk.set_matched(False)
    assert "not matched" in desk.blind.waits_for(SIDES, NAMES)
    desk.set_matched(True)
    desk.leave_out("trim")
    until(lambda: not desk.blind.waits_for(SIDES, NAMES), desk.poll)
    (tmp_path / "home").mkdir(exist_ok=True)
    desk.blind.log.path = tmp_path / "mix.wav" / "x.jsonl"
    with pytest.raises(SessionProblem, match="log of blind tests"):
        desk.blind.start(SIDES, NAMES)
    assert desk.heard == "master" and not desk.blind.running


def test_silence_cannot_be_matched(desk, tmp_path):
    desk.open(write_song(tmp_path / "silence.wav", np.zeros((2, 2 * RATE))))
    until(lambda: not desk.measuring, desk.poll)
    with pytest.raises(UsageProblem, match="nothing to be heard"):
        until(lambda: not desk.blind.waits_for(SIDES, NAMES), desk.poll)


def test_the_log_follows_the_session_to_its_file(desk, tmp_path):
    ready(desk, programme_file(tmp_path))
    desk.blind.start(SIDES, NAMES)
    desk.blind.stop()
    unsaved = desk.blind.log.path
    assert unsaved.exists()
    desk.save(str(tmp_path / "song.mrt"))
    assert desk.blind.log.path == tmp_path / "song.blind.jsonl"
    assert len(desk.blind.records()) == 1 and not unsaved.exists()
    desk.open(str(tmp_path / "song.mrt"))
    assert len(desk.blind.records()) == 1
