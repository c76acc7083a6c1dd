"""A blind test from its first trial to its result. It says which side a key plays, to nobody but who plays it."""
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Literal

from mastering_rt.blind.binomial import as_uneven, at_least
from mastering_rt.blind.order import Bits, HiddenOrder
from mastering_rt.errors import UsageProblem

Kind = Literal["abx", "preference"]
Key = Literal["a", "b", "x"]
Answer = Literal["a", "b"]
KINDS: Final = ("abx", "preference")
FEWEST, MOST, USUAL = 10, 25, 16


@dataclass(frozen=True)
class Plan:
    """What is asked: the names of the two sides, the kind, how many trials, and how both were brought to one level.

    In an ABX test A is the first side and B the second, and X one of them, anew in each trial. In a preference test A is one of the
    sides and B the other, anew in each trial. UsageProblem for a number of trials out of range.
    """

    first: str
    second: str
    kind: Kind = "abx"
    trials: int = USUAL
    basis: str = ""              # "matched over loop 2:05 to 2:26, within 0.01 LU"

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise UsageProblem(f"There is no blind test of kind {self.kind!r}; there are {' and '.join(KINDS)}.")
        if not FEWEST <= self.trials <= MOST:
            raise UsageProblem(f"A blind test cannot have {self.trials} trials; it has {FEWEST} to {MOST}, usually {USUAL}.")


@dataclass(frozen=True)
class Result:
    """What came out. hits: right answers of an ABX test, answers for the first side of a preference test. p: of that many or more right by
    guessing; of a split as uneven by chance; None when nothing was answered. stopped: before all planned trials were answered, which
    counts those that were."""

    plan: Plan
    id: str
    answers: str
    order: str
    salt: str
    seal: str
    stopped: bool
    hits: int = field(init=False)
    p: float | None = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "hits", hits_of(self.answers, self.order))
        object.__setattr__(self, "p", p_of(self.plan.kind, self.hits, self.answered))

    @property
    def answered(self) -> int:
        return len(self.answers)


def hits_of(answers: str, order: str) -> int:
    """Answers that agree with the order: what X was, or under which letter the first side played."""
    return sum(answer == letter for answer, letter in zip(answers, order))


def p_of(kind: Kind, hits: int, answered: int) -> float | None:
    """One-sided for ABX, two-sided for a preference."""
    if not answered:
        return None
    return float(at_least(hits, answered) if kind == "abx" else as_uneven(hits, answered))


def subject_of(plan: Plan, id: str) -> str:
    """What a seal stands for besides the order: changed afterwards, it would no longer hold."""
    return f"{id} {plan.kind} {plan.trials}: {plan.first} / {plan.second}"


class BlindTest:
    """`side` for the player, `answer` and `stop` for the listener; `result` when it is over, and nothing of it before."""

    def __init__(self, plan: Plan, bits: Bits = secrets.randbits, clock: Callable[[], float] = time.time) -> None:
        self.plan = plan
        self.began = clock()
        self.id = f"{bits(64):016x}"
        self._order = HiddenOrder(subject_of(plan, self.id), plan.trials, bits)
        self._answers = ""
        self.result: Result | None = None

    @property
    def seal(self) -> str:
        """The hash that was published before the first trial."""
        return self._order.seal

    @property
    def answered(self) -> int:
        return len(self._answers)

    @property
    def over(self) -> bool:
        return self.result is not None

    def side(self, key: Key) -> int:
        """0 for the first side, 1 for the second: what `key` plays in this trial. For the player alone."""
        if self.over:
            raise UsageProblem("The blind test is over; begin another one.")
        letter = self._order.letter(self.answered)
        if self.plan.kind == "abx":
            return "ab".index(letter if key == "x" else key)
        if key == "x":
            raise UsageProblem("A preference test has no X; listen to A and B.")
        return "ab".index(key) ^ "ab".index(letter)

    def answer(self, choice: Answer) -> None:
        """X is A or B; or A or B is preferred. The last one ends the test."""
        if self.over:
            raise UsageProblem("The blind test is over; begin another one.")
        if choice not in ("a", "b"):
            raise UsageProblem(f"{choice!r} is no answer; answer a or b.")
        self._answers += choice
        if self.answered == self.plan.trials:
            self._open(stopped=False)

    def stop(self) -> Result:
        """End it here: what was answered counts, and that it was stopped stays with the result."""
        return self.result or self._open(stopped=True)

    def _open(self, stopped: bool) -> Result:
        salt, order = self._order.open()
        self.result = Result(self.plan, self.id, self._answers, order, salt, self.seal, stopped)
        return self.result
