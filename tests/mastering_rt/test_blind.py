"""Blind tests: exact statistics, an order that nothing predicts, a log that proves it, sentences that claim no more than was shown."""
import json
import random
import re

import numpy as np
import pytest
from scipy.stats import binomtest, chisquare

from mastering_rt.blind.binomial import as_uneven, at_least, least_hits, least_majority, shares
from mastering_rt.blind.log import BlindLog, events
from mastering_rt.blind.order import HiddenOrder, holds
from mastering_rt.blind.trials import MOST, BlindTest, Plan, p_of, subject_of
from mastering_rt.blind.words import (
    APART,
    NOT_APART,
    NOT_SHOWN,
    TOO_FEW,
    explanation,
    p_text,
    score_text,
    sentence,
    short_verdict,
    stop_text,
    verdict,
)
from mastering_rt.errors import MasteringError, SessionProblem, UsageProblem

SCHEDULES = 10_000
PAIR = ("Mix", "Master")


def plan(kind="abx", trials=16):
    return Plan(*PAIR, kind, trials)


def run(answers, kind="abx", trials=16, seed=1):
    """A test whose answers are right ("r") or wrong, or for the first side ("r") or the second."""
    test = BlindTest(plan(kind, trials), random.Random(seed).getrandbits)
    for answer in answers:
        right = "a" if test.side("x" if kind == "abx" else "a") == 0 else "b"
        test.answer(right if answer == "r" else "ab"[right == "a"])
    return test.result or test.stop()


# statistics

@pytest.mark.parametrize("of", range(1, 26))
def test_p_is_the_exact_binomial(of):
    for hits in range(of + 1):
        assert p_of("abx", hits, of) == pytest.approx(binomtest(hits, of, alternative="greater").pvalue, rel=1e-12)
        assert p_of("preference", hits, of) == pytest.approx(binomtest(hits, of).pvalue, rel=1e-12)
    assert sum(shares(of)) == 1


def test_known_figures():
    """12 of 16 and 13 of 16, 9 and 8 of 10; the least that counts."""
    assert [round(float(at_least(*row)), 3) for row in ((12, 16), (13, 16), (9, 10), (8, 10))] == [0.038, 0.011, 0.011, 0.055]
    assert (least_hits(16), least_hits(10), least_hits(25), least_hits(4)) == (12, 9, 18, None)
    assert (least_majority(12), least_majority(5)) == (10, None)
    assert round(float(as_uneven(10, 12)), 3) == 0.039
    assert p_of("abx", 0, 0) is None
    with pytest.raises(ValueError, match="17 hits in 16"):
        at_least(17, 16)


# the order

def orders():
    """10 000 seeded orders of 16 as an array of 0 and 1."""
    bits = random.Random(20260101).getrandbits
    return np.array([[letter == "b" for letter in HiddenOrder("s", 16, bits).open()[1]] for _ in range(SCHEDULES)])


def test_the_order_is_fair_in_every_place_and_in_runs_and_pairs():
    """Chi-square: each trial, the number of b per test, the sixteen patterns of four, the lengths of runs. 0.001 is asked of each."""
    drawn = orders()
    for counts in drawn.sum(axis=0):
        assert chisquare([counts, SCHEDULES - counts]).pvalue > 0.001 / 16
    expected = np.array([float(share) for share in shares(16)]) * SCHEDULES
    counted = np.bincount(drawn.sum(axis=1), minlength=17)
    pooled = [counted[:4].sum(), *counted[4:13], counted[13:].sum()]
    assert chisquare(pooled, [expected[:4].sum(), *expected[4:13], expected[13:].sum()]).pvalue > 0.001
    patterns = (drawn.reshape(-1, 4) @ [8, 4, 2, 1]).astype(int)
    assert chisquare(np.bincount(patterns, minlength=16)).pvalue > 0.001
    changes = (drawn[:, 1:] != drawn[:, :-1]).sum(axis=1)
    runs = np.bincount(changes, minlength=16)
    expected = np.array([float(share) for share in shares(15)]) * SCHEDULES
    assert chisquare([runs[:4].sum(), *runs[4:12], runs[12:].sum()], [expected[:4].sum(), *expected[4:12], expected[12:].sum()]).pvalue > 0.001


def test_nothing_before_predicts_the_next():
    """The best guess from the last four letters, learned from one half, is right half of the time in the other half."""
    drawn = orders()
    learn, judge = drawn[:SCHEDULES // 2], drawn[SCHEDULES // 2:]

    def past_and_next(rows):
        windows = np.lib.stride_tricks.sliding_window_view(rows, 5, axis=1).reshape(-1, 5)
        return (windows[:, :4] @ [8, 4, 2, 1]).astype(int), windows[:, 4]

    past, following = past_and_next(learn)
    guess = np.bincount(past, weights=following, minlength=16) / np.bincount(past, minlength=16) > 0.5
    past, following = past_and_next(judge)
    right = int((guess[past] == following).sum())
    assert binomtest(right, len(following)).pvalue > 0.001


def test_the_order_of_a_preference_is_as_fair():
    """Which side is A, and so which answer is for the first side, over 10 000 tests."""
    bits = random.Random(7).getrandbits
    first_is_a = sum(BlindTest(plan("preference", 10), bits).side("a") == 0 for _ in range(SCHEDULES))
    assert binomtest(first_is_a, SCHEDULES).pvalue > 0.001
    always_a = [BlindTest(plan("preference", 10), bits) for _ in range(2000)]
    for test in always_a:
        for _ in range(10):
            test.answer("a")
    hits = np.bincount([test.result.hits for test in always_a], minlength=11)
    expected = np.array([float(share) for share in shares(10)]) * len(always_a)
    assert chisquare([hits[:3].sum(), *hits[3:8], hits[8:].sum()],
                     [expected[:3].sum(), *expected[3:8], expected[8:].sum()]).pvalue > 0.001


def test_without_a_seed_the_system_throws():
    drawn = {HiddenOrder("s", MOST).open() for _ in range(50)}
    assert len(drawn) == 50


def test_the_seal_holds_for_this_order_alone_and_tells_nothing():
    made = HiddenOrder("s", 16, random.Random(3).getrandbits)
    salt, order = made.open()
    assert holds(made.seal, "s", salt, order)
    other = order[:-1] + ("a" if order[-1] == "b" else "b")
    assert not holds(made.seal, "s", salt, other)
    assert not holds(made.seal, "t", salt, order)
    assert order not in repr(made) + str(made)
    test = BlindTest(plan(), random.Random(3).getrandbits)
    hidden = test._order.open()
    assert not any(secret in json.dumps({k: repr(v) for k, v in vars(test).items()}) for secret in hidden)


# a test

def test_a_and_b_stay_and_x_follows_the_order():
    test = BlindTest(plan(), random.Random(5).getrandbits)
    heard = []
    while not test.over:
        assert (test.side("a"), test.side("b")) == (0, 1)
        heard.append("ab"[test.side("x")])
        test.answer("a")
    assert "".join(heard) == test.result.order
    assert test.result.hits == test.result.order.count("a")
    with pytest.raises(UsageProblem, match="over"):
        test.side("x")
    with pytest.raises(UsageProblem, match="over"):
        test.answer("a")


def test_in_a_preference_a_and_b_are_always_both_sides():
    test = BlindTest(plan("preference", 12), random.Random(5).getrandbits)
    seen = set()
    while not test.over:
        assert {test.side("a"), test.side("b")} == {0, 1}
        seen.add(test.side("a"))
        with pytest.raises(UsageProblem, match="no X"):
            test.side("x")
        test.answer("ab"[test.side("b") == 0])          # always for the first side
    assert seen == {0, 1}
    assert (test.result.hits, short_verdict(test.result)) == (12, "Mix preferred")


def test_stopping_counts_what_was_answered():
    result = run("rrrrrrrwr")
    assert (result.stopped, result.answered, result.hits, result.p) == (True, 9, 8, pytest.approx(10 / 512))
    assert stop_text(result) == "Stopped after 9 of 16 trials; what was answered counts."
    assert run("", trials=10).p is None
    assert not run("r" * 16).stopped


@pytest.mark.parametrize(("trials", "kind", "words"), [(9, "abx", "9 trials"), (26, "abx", "26 trials"), (16, "abc", "'abc'")])
def test_what_cannot_be_planned(trials, kind, words):
    with pytest.raises(UsageProblem, match=words):
        plan(kind, trials)


# words

@pytest.mark.parametrize(("answers", "kind", "score", "p", "says", "why"), [
    ("r" * 13 + "w" * 3, "abx", "13 of 16", "0.011", APART, "Guessing gives 13 or more right in 1 of 94 tests."),
    ("r" * 12 + "w" * 4, "abx", "12 of 16", "0.038", APART, "Guessing gives 12 or more right in 1 of 26 tests."),
    ("r" * 11 + "w" * 5, "abx", "11 of 16", "0.105", NOT_SHOWN,
     "Guessing gives 11 or more right in 11 of 100 tests. 12 of 16 would have been needed. That does not prove that there is no difference."),
    ("r" * 6 + "w" * 4, "abx", "6 of 10", "0.377", NOT_SHOWN,
     "Guessing gives 6 or more right in 38 of 100 tests. 9 of 10 would have been needed. That does not prove that there is no difference."),
    ("r" * 8 + "w" * 8, "abx", "8 of 16", "0.598", NOT_APART,
     "Guessing gives 8 or more right in 60 of 100 tests. 12 of 16 would have been needed. That does not prove that there is no difference."),
    ("r" * 16, "abx", "16 of 16", "0.00002", APART, "Guessing gives 16 or more right in 1 of 65\N{NARROW NO-BREAK SPACE}536 tests."),
    ("w" * 16, "abx", "0 of 16", "1.000", NOT_APART,
     "Guessing gives 0 or more right in every test. 12 of 16 would have been needed. That does not prove that there is no difference."),
    ("r" * 4, "abx", "4 of 4", "0.062", TOO_FEW, "4 answers are too few: even all of them alike would not be beyond chance."),
    ("r" * 5, "abx", "5 of 5", "0.031", APART, "Guessing gives 5 or more right in 1 of 32 tests."),
    ("r" * 5 + "w" * 4, "abx", "5 of 9", "0.500", TOO_FEW,
     "Guessing gives 5 or more right in 50 of 100 tests. 8 of 9 would have been needed. That does not prove that there is no difference."),
    ("r", "preference", "1 of 1", "1.000", TOO_FEW, "1 answer is too few: even all of them alike would not be beyond chance."),
    ("", "abx", "0 of 0", "–", "Nothing was answered.", "Nothing can be said of it."),
    ("r" * 10 + "w" * 2, "preference", "10 of 12", "0.039", "You prefer Mix.", "Without a preference one side gets 10 or more in 1 of 26 tests."),
    ("w" * 9 + "r" * 3, "preference", "9 of 12", "0.146", "Master was chosen more often, which can be chance.",
     "Without a preference one side gets 9 or more in 15 of 100 tests. 10 of 12 would have been needed."),
    ("rw" * 5, "preference", "5 of 10", "1.000", "Neither was preferred.", "Without a preference one side gets 5 or more in every test. 9 of 10 would have been needed."),
])
def test_the_result_in_words(answers, kind, score, p, says, why):
    result = run(answers, kind, max(10, len(answers)))
    assert (score_text(result), p_text(result.p), verdict(result), explanation(result)) == (score, p, says, why)
    assert score in sentence(result) and p in sentence(result)


# the log

def finished(log, answers="rrwr", kind="abx", seed=1):
    test = BlindTest(plan(kind), random.Random(seed).getrandbits, clock=lambda: 1e9)
    log.sealed(test)
    for answer in answers:
        letter = "a" if test.side("x") == 0 else "b"
        choice = letter if answer == "r" else "ab"[letter == "a"]
        test.answer(choice)
        log.answered(test, choice, "abx", 3.0, 1e9)
    return test


def test_the_log_survives_a_restart_and_proves_itself(tmp_path):
    log = BlindLog(tmp_path / "folder" / "song.blind.jsonl")
    test = finished(log)
    log.opened(test.stop(), 1e9)
    finished(log, "rr", seed=2)
    done, left = BlindLog(log.path).records()
    assert done.proven and done.result == test.result and done.answers == test.result.answers
    assert left.result is None and len(left.answers) == 2
    assert [event["event"] for event in events(log.path)] == ["sealed", *["answer"] * 4, "opened", "sealed", "answer", "answer"]


def test_the_log_does_not_tell_the_order_before_the_end(tmp_path):
    """Two tests that differ in nothing but their hidden order leave the same log, but for id, seal and answers."""
    logged = []
    for seed in (1, 2):
        log = BlindLog(tmp_path / f"{seed}.jsonl")
        test = BlindTest(plan(), random.Random(seed).getrandbits, clock=lambda: 1e9)
        log.sealed(test)
        for _ in range(15):
            test.answer("a")
            log.answered(test, "a", "abx", 3.0, 1e9)
        logged.append(re.sub(r'("test": |"seal": )"[0-9a-f]+"', r"\1-", log.path.read_text()))
        assert test._order.open()[0] not in log.path.read_text()
    assert logged[0] == logged[1]


@pytest.mark.parametrize(("part", "other"), [('"order": "', '"order": "b'), ('"hits": ', '"hits": 1'), ('"first": "Mix"', '"first": "Master"')])
def test_a_log_that_was_changed_is_not_proven(tmp_path, part, other):
    log = BlindLog(tmp_path / "song.blind.jsonl")
    log.opened(finished(log).stop(), 1e9)
    assert log.records()[0].proven
    log.path.write_text(log.path.read_text().replace(part, other))
    assert not log.records()[0].proven


def test_a_line_that_was_cut_short_costs_no_other(tmp_path):
    log = BlindLog(tmp_path / "song.blind.jsonl")
    log.opened(finished(log).stop(), 1e9)
    with open(log.path, "ab") as file:
        file.write(b'{"event": "answ')
    log.opened(finished(log, "rrrr", seed=9).stop(), 1e9)
    assert [(record.proven, record.result.hits) for record in log.records()] == [(True, 3), (True, 4)]
    log.path.write_text(log.path.read_text() + '[1]\n{"event": "sealed", "test": "x"}\n{"event": "sealed"}\n')
    assert len(log.records()) == 2


def test_a_log_moves_with_the_session_and_repeats_nothing(tmp_path):
    log = BlindLog(tmp_path / "unsaved.jsonl")
    log.opened(finished(log).stop(), 1e9)
    for _ in range(2):
        log.move_to(tmp_path / "song.blind.jsonl")
        log.move_to(tmp_path / "unsaved.jsonl")
    log.move_to(tmp_path / "song.blind.jsonl")
    assert len(events(log.path)) == 6


def test_a_log_that_cannot_be_written_says_so(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(SessionProblem, match="log of blind tests"):
        finished(BlindLog(tmp_path / "file" / "x.jsonl"))
    assert issubclass(SessionProblem, MasteringError)
    assert subject_of(plan(), "1") != subject_of(plan("preference"), "1")
