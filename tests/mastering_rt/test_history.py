"""Undo and redo: one gesture is one step, told in the words of the field."""
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsp_core.params import index_of, params_of
from mastering_rt.session import edits
from mastering_rt.session.changes import changes, describe_change, spoken
from mastering_rt.session.history import SAME_RUN_S, History
from mastering_rt.session.model import Loop, OutputSpec, Session, Slot, Source
from mastering_rt.session.presets import find_preset
from tests.sessions import SESSIONS, few

CHAIN = (Slot("eq", "eq"), Slot("compressor", "compressor"), Slot("limiter", "limiter"))
SESSION = Session(source=Source("/a/mix.wav", 48000, 2, 4800000), chain=CHAIN)


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def gain(session, value):
    return edits.set_value(session, "limiter", "gain", value)


def history(**how):
    told = []
    return History(SESSION, on_step=lambda session, sentence: told.append(sentence), **how), told


def test_a_drag_is_one_step():
    h, told = history()
    h.begin_gesture()
    for value in range(1, 50):
        h.edit(gain(h.session, value / 10))
    assert told == []
    assert h.session.chain[2].value("gain") == 4.9, "the present follows the hand"
    h.end_gesture()
    assert told == ["Limiter drive 0.0 → +4.9 dB"]
    assert h.undo() == SESSION
    assert h.redo().chain[2].value("gain") == 4.9
    assert told[1:] == ["Undo: Limiter drive 0.0 → +4.9 dB", "Redo: Limiter drive 0.0 → +4.9 dB"]


def test_a_drag_of_two_parameters_is_one_step():
    h, told = history()
    h.begin_gesture()
    h.edit(edits.set_value(h.session, "eq", "band3_freq", 160))
    h.edit(edits.set_value(h.session, "eq", "band3_gain", -2))
    h.end_gesture()
    assert told == ["EQ band 3 frequency 200 → 160 Hz; EQ band 3 gain 0.0 → −2.0 dB"]
    assert h.undo() == SESSION


def test_a_gesture_that_ends_where_it_began_is_nothing():
    h, told = history()
    h.edit(gain(h.session, 1))
    h.undo()
    h.begin_gesture()
    h.edit(gain(h.session, 3))
    h.edit(gain(h.session, 0))
    h.end_gesture()
    assert told[2:] == []
    assert h.undo_sentence == ""
    assert h.redo_sentence != "", "redo is still there"
    h.begin_gesture()
    h.end_gesture()
    assert h.undo_sentence == ""


def test_a_gesture_can_be_left():
    h, told = history()
    h.begin_gesture()
    h.edit(gain(h.session, 3))
    assert h.cancel_gesture() == SESSION == h.session
    h.end_gesture()
    assert told == []
    assert h.steps == ()


def test_undo_in_the_middle_of_a_gesture_takes_the_gesture_back():
    h, _ = history()
    h.begin_gesture()
    h.edit(gain(h.session, 3))
    assert h.undo() == SESSION
    assert h.redo().chain[2].value("gain") == 3


def test_a_forgotten_gesture_ends_when_the_next_begins():
    h, _ = history()
    h.begin_gesture()
    h.edit(gain(h.session, 3))
    h.begin_gesture()
    h.edit(gain(h.session, 5))
    h.end_gesture()
    assert [step.sentence for step in h.steps] == ["Limiter drive 0.0 → +3.0 dB", "Limiter drive +3.0 → +5.0 dB"]


def test_wheel_notches_of_one_run_are_one_step():
    clock = Clock()
    h, _ = history(now=clock)
    for value in (0.1, 0.2, 0.3):
        h.edit(gain(h.session, value), key="limiter.gain")
        clock.now += SAME_RUN_S * 0.9
    h.edit(edits.set_value(h.session, "limiter", "release", 100), key="limiter.release")
    h.edit(gain(h.session, 0.4), key="limiter.gain")
    clock.now += SAME_RUN_S * 1.1
    h.edit(gain(h.session, 0.5), key="limiter.gain")
    assert [step.sentence for step in h.steps] == [
        "Limiter drive 0.0 → +0.3 dB",
        "Limiter release 150 → 100 ms",
        "Limiter drive +0.3 → +0.4 dB",
        "Limiter drive +0.4 → +0.5 dB",
    ]


def tap(h, change, key="steps of limiter.gain"):
    h.begin_gesture(key)
    h.edit(change(h.session))
    h.end_gesture()


def test_taps_of_one_control_within_a_second_are_one_step():
    clock = Clock()
    h, told = history(now=clock)
    for value in (0.1, 0.2, 0.3):
        tap(h, lambda s, value=value: gain(s, value))
        clock.now += SAME_RUN_S * 0.9
    tap(h, lambda s: edits.set_value(s, "limiter", "release", 100), "steps of limiter.release")
    tap(h, lambda s: gain(s, 0.4))
    clock.now += SAME_RUN_S * 1.1
    tap(h, lambda s: gain(s, 0.5))
    assert [step.sentence for step in h.steps] == [
        "Limiter drive 0.0 → +0.3 dB",
        "Limiter release 150 → 100 ms",
        "Limiter drive +0.3 → +0.4 dB",
        "Limiter drive +0.4 → +0.5 dB",
    ]
    assert len(told) == 6, "each is kept against a crash as soon as it is done"


def test_a_hold_between_taps_is_a_step_of_its_own():
    h, _ = history(now=Clock())
    tap(h, lambda s: gain(s, 1))
    tap(h, lambda s: gain(s, 2), "")
    tap(h, lambda s: gain(s, 3))
    tap(h, lambda s: gain(s, 4))
    assert [step.after.chain[2].value("gain") for step in h.steps] == [1, 2, 4]


@pytest.mark.parametrize("between", ["undo", "save", "nothing done", "another edit"])
def test_taps_do_not_go_on_across(between):
    h, _ = history(now=Clock())
    tap(h, lambda s: gain(s, 1))
    if between == "undo":
        h.undo()
        h.redo()
    elif between == "save":
        h.mark_saved()
    elif between == "nothing done":
        h.begin_gesture()
        h.end_gesture()
    else:
        h.edit(edits.set_value(h.session, "limiter", "release", 100))
    tap(h, lambda s: gain(s, 2))
    assert h.undo().chain[2].value("gain") == 1


def test_taps_against_the_end_of_the_range_go_on():
    clock = Clock()
    h, told = history(now=clock)
    for value in (1, 1, 1, 2):
        tap(h, lambda s, value=value: gain(s, value))
        clock.now += SAME_RUN_S * 0.9
    assert len(h.steps) == 1
    assert len(told) == 2


def test_a_run_that_comes_back_leaves_no_step():
    h, _ = history(now=Clock())
    h.edit(gain(h.session, 1), key="k")
    h.edit(gain(h.session, 0), key="k")
    assert h.steps == ()
    assert h.session == SESSION


def test_a_run_that_came_back_never_goes_on_with_the_step_before_it():
    h, _ = history(now=Clock())
    h.edit(edits.set_value(h.session, "limiter", "release", 100))
    for value in (1, 0, 2):
        tap(h, lambda s, value=value: gain(s, value))
    assert [step.sentence for step in h.steps] == ["Limiter release 150 → 100 ms", "Limiter drive 0.0 → +2.0 dB"]
    h.undo()
    assert h.session.chain[2].value("release") == 100


def test_it_is_told_which_steps_go_on():
    found = []
    h = History(SESSION, now=Clock(), on_step=lambda session, sentence: found.append(h.joined))
    for value in (1, 2, 3):
        tap(h, lambda s, value=value: gain(s, value))
    h.undo()
    h.redo()
    tap(h, lambda s: gain(s, 4))
    assert found == [False, True, True, False, False, False]


@pytest.mark.parametrize("between", ["undo", "save", "gesture"])
def test_runs_end(between):
    h, _ = history(now=Clock())
    h.edit(gain(h.session, 1), key="k")
    if between == "undo":
        h.undo()
        h.redo()
    elif between == "save":
        h.mark_saved()
    else:
        h.begin_gesture()
        h.edit(gain(h.session, 2))
        h.end_gesture()
    count = len(h.steps)
    h.edit(gain(h.session, 3), key="k")
    assert len(h.steps) == count + 1


@pytest.mark.slow
@few
@given(
    sessions=st.lists(SESSIONS, min_size=1, max_size=8), moves=st.lists(st.sampled_from(["edit", "undo", "redo"]), max_size=30)
)
def test_undo_and_redo_walk_one_line(sessions, moves):
    """Against the plain model: a list of sessions and a place in it."""
    h, line, place, feed = History(sessions[0], now=Clock()), [sessions[0]], 0, iter(sessions[1:])
    for move in moves:
        if move == "edit":
            new = next(feed, None)
            if new is not None and new != line[place]:
                line, place = [*line[: place + 1], new], place + 1
                h.edit(new)
        elif move == "undo":
            place = max(0, place - 1)
            assert h.undo() == line[place]
        else:
            place = min(len(line) - 1, place + 1)
            assert h.redo() == line[place]
        assert h.session == line[place]
        assert bool(h.undo_sentence) == (place > 0)
        assert bool(h.redo_sentence) == (place < len(line) - 1)
        assert h.has_unsaved_changes == (h.session != sessions[0])


def test_the_way_back_is_bounded():
    h, _ = history(limit=10)
    for value in range(1, 25):
        h.edit(gain(h.session, value))
    assert len(h.steps) == 10
    for _ in range(30):
        h.undo()
    assert h.session.chain[2].value("gain") == 14


def test_saved_is_a_place_on_the_line():
    h, _ = history()
    h.edit(gain(h.session, 1))
    h.mark_saved()
    assert not h.has_unsaved_changes
    h.undo()
    assert h.has_unsaved_changes
    h.redo()
    assert not h.has_unsaved_changes


def test_a_recovered_session_is_not_saved():
    h = History(SESSION, saved=False)
    assert h.has_unsaved_changes
    h.mark_saved()
    assert not h.has_unsaved_changes


def test_an_edit_can_have_a_name_of_its_own():
    h, told = history()
    h.edit(edits.replace_chain(h.session, find_preset("demo").chain), sentence="Preset demo")
    h.begin_gesture()
    h.edit(gain(h.session, 1), sentence="Matched to -9 LUFS")
    h.end_gesture()
    assert told == ["Preset demo", "Matched to -9 LUFS"]


def test_an_edit_that_changes_nothing_is_no_step():
    h, told = history()
    h.edit(gain(h.session, 0))
    assert told == []
    assert h.steps == ()


def set_to(param, value, slot="limiter"):
    return edits.set_value(SESSION, slot, param, value)


@pytest.mark.parametrize(("new", "sentence"), [
    (SESSION, "Nothing changed"),
    (set_to("ceiling", -0.3), "Limiter ceiling −1.00 → −0.30 dBTP"),
    (set_to("ceiling", -1.001), "Limiter ceiling −1.000 → −1.001 dBTP"),
    (set_to("threshold", -20.5, "compressor"), "Compressor threshold −18.0 → −20.5 dB"),
    (set_to("ratio", 1.5, "compressor"), "Compressor ratio 1.00 : 1 → 1.50 : 1"),
    (set_to("detector_low_cut", 90, "compressor"), "Compressor detector low cut off → 90 Hz"),
    (set_to("auto_release", 1, "compressor"), "Compressor auto release on"),
    (set_to("detector", 1, "compressor"), "Compressor detector Peak → RMS"),
    (set_to("rms_window", 50, "compressor"), "Compressor RMS window 20 → 50 ms"),
    (set_to("band2_type", 3, "eq"), "EQ band 2 type Bell → Low cut"),
    (set_to("band2_q", 1.5, "eq"), "EQ band 2 Q 0.71 → 1.50"),
    (set_to("band2_on", 0, "eq"), "EQ band 2 off"),
    (set_to("band6_freq", 3200, "eq"), "EQ band 6 frequency 3 kHz → 3.2 kHz"),
    (set_to("bypass", 1, "eq"), "EQ bypassed"),
    (edits.remove_stage(SESSION, "eq"), "EQ removed"),
    (edits.add_stage(SESSION, "compressor"), "Compressor 2 added"),
    (edits.move_stage(SESSION, "eq", 1), "Compressor moved before EQ"),
    (edits.move_stage(SESSION, "eq", 2), "EQ moved to the end"),
    (edits.move_stage(SESSION, "limiter", 0), "Limiter moved before EQ"),
    (edits.replace_chain(SESSION, CHAIN[::-1]), "Order → Limiter, Compressor, EQ"),
    (edits.rename_stage(SESSION, "compressor", "Glue"), "Compressor is now called Glue"),
    (edits.set_loop(SESSION, 48000, 60 * 48000), "Loop 0:01.000 to 1:00.000"),
    (edits.set_notes(SESSION, "x"), "Notes edited"),
    (edits.set_outputs(SESSION, [OutputSpec()]), "Deliverables changed"),
    (edits.add_marker(SESSION, 24000, "chorus"), "Marker chorus at 0:00.500"),
    (edits.set_source(SESSION, Source("/b/mix v2.wav", 48000, 2, 100)), "Source mix.wav → mix v2.wav"),
    (edits.set_source(SESSION, Source("/a/mix.wav", 48000, 2, 99, 5.0)), "Source mix.wav read again"),
    (edits.set_keep_levels(SESSION, True), "Presets keep ceiling and gains"),
])
def test_sentences(new, sentence):
    assert describe_change(SESSION, new) == sentence


def test_sentences_back():
    looped = edits.set_loop(SESSION, 4800, 9600)
    assert describe_change(looped, edits.switch_loop(looped, False)) == "Loop off"
    assert describe_change(looped, SESSION) == "Loop removed"
    assert describe_change(Session(loop=Loop(1, 2)), Session(loop=Loop(5, 9))) == "Loop frame 5 to frame 9"
    assert describe_change(set_to("bypass", 1, "eq"), SESSION) == "EQ back in"
    assert describe_change(Session(), SESSION) == "Source none → mix.wav; EQ added and 2 more changes"
    marked = edits.add_marker(SESSION, 24000, "chorus")
    assert describe_change(marked, SESSION) == "Marker chorus removed"
    assert describe_change(edits.set_keep_levels(SESSION, True), SESSION) == "Presets set ceiling and gains"


def test_many_changes_are_counted():
    many = edits.set_values(SESSION, "compressor", {"threshold": -20, "ratio": 2, "attack": 30, "release": 100, "makeup": 1})
    assert (
        describe_change(SESSION, many)
        == "Compressor threshold −18.0 → −20.0 dB; Compressor ratio 1.00 : 1 → 2.00 : 1 and 3 more changes"
    )


TOLD = ("source", "chain", "loop", "markers", "notes", "outputs", "references", "snapshots", "keep_levels")


@pytest.mark.slow
@few
@given(old=SESSIONS, new=SESSIONS)
def test_every_difference_is_told_and_no_other(old, new):
    told = list(changes(old, new))
    if all(getattr(old, part) == getattr(new, part) for part in TOLD):
        assert told == []
    same_but = [(a.name, a.kind, a.values, a.label) for a in old.chain] == [
        (b.name, b.kind, b.values, b.label) for b in new.chain
    ]
    if not same_but or any(getattr(old, part) != getattr(new, part) for part in ("notes", "loop", "snapshots")):
        assert told
        assert all(sentence.strip() for sentence in told)
    assert list(changes(old, old)) == []


def test_a_label_that_names_its_band_does_not_name_it_twice():
    assert spoken(params_of("saturation")[index_of("saturation", "band1_drive")]) == "band 1 drive"
    assert spoken(params_of("eq")[index_of("eq", "band3_gain")]) == "band 3 gain"
    assert spoken(params_of("multiband")[index_of("multiband", "band2_on")]) == "band 2"


def test_words_that_come_later_reach_all_that_was_told():
    """Also what was taken back meanwhile; of steps that have become one, the one."""
    words, clock = ["percent"], Clock()
    h, told = history(now=clock, describe=lambda old, new: f"{words[0]} {new.chain[2].value('gain'):g}")
    for value in (1.0, 2.0):
        h.edit(gain(h.session, value), key="drive")
    h.undo()
    h.edit(gain(h.session, 3.0), sentence="Preset")
    h.redo()
    assert told == ["percent 1", "percent 2", "Undo: percent 2", "Preset"]
    words[0] = "dB"
    assert h.reword() == [("Undo: percent 2", "Undo: dB 2"), ("percent 2", "dB 2")]
    assert h.reword() == []
