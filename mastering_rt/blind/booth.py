"""Where a blind test is taken: it plays what a key stands for, takes answers, keeps the log. It shows nothing but how far the test is."""
import secrets
import time
from collections.abc import Callable
from pathlib import Path

from mastering_rt.blind.log import BlindLog, Record
from mastering_rt.blind.order import Bits
from mastering_rt.blind.stand import Paired, Stand, check
from mastering_rt.blind.trials import USUAL, Answer, BlindTest, Key, Kind, Plan, Result
from mastering_rt.desk.sides import Side
from mastering_rt.errors import UsageProblem

NEEDED: dict[Kind, frozenset[str]] = {"abx": frozenset("x"), "preference": frozenset("ab")}
Pair = tuple[Side, Side]


class Booth:
    """`start`, then `listen` and `answer` until it is over, or `stop`. on_result is told every result.

    `test`, `playing` (the key that is heard) and `paired` are all there is to see.
    """

    def __init__(self, stand: Stand, log: Path, on_result: Callable[[Result], object] = lambda result: None, *,
                 bits: Bits = secrets.randbits, clock: Callable[[], float] = time.time) -> None:
        self.log = BlindLog(log)
        self.test: BlindTest | None = None
        self.playing: Key = "a"
        self.paired: Paired | None = None
        self.last: Result | None = None
        self._stand, self._on_result, self._bits, self._clock = stand, on_result, bits, clock
        self._sides: Pair = (Side("mix"), Side("master"))
        self._heard = ""
        self._since = 0.0

    @property
    def running(self) -> bool:
        return self.test is not None and not self.test.over

    def waits_for(self, sides: Pair, names: tuple[str, str]) -> str:
        """What has to come before a test of these sides can start, as a sentence; empty when it can. UsageProblem when it never can."""
        paired = self._stand.pair(*sides)
        if isinstance(paired, str):
            return paired
        check(paired, names)
        return ""

    def start(self, sides: Pair, names: tuple[str, str], kind: Kind = "abx", trials: int = USUAL) -> BlindTest:
        """Seal an order and begin. UsageProblem when the two cannot be compared blindly now, SessionProblem when the log cannot be written."""
        if self.running:
            raise UsageProblem("A blind test is under way already; finish or stop it first.")
        paired = self._stand.pair(*sides)
        if isinstance(paired, str):
            raise UsageProblem(paired)
        check(paired, names)
        plan = Plan(*names, kind, trials, f"matched {paired.basis} within {max(abs(paired.residual_lu), 0.005):.2f} LU")
        test = BlindTest(plan, self._bits, self._clock)
        self.log.sealed(test)
        self.test, self.paired, self._sides = test, paired, sides
        self._stand.begin(*sides)
        self._next_trial()
        return test

    def _next_trial(self) -> None:
        self._heard, self._since = "", self._clock()
        self.listen("a")

    def listen(self, key: Key) -> None:
        """Hear A, B or X of this trial; pressed again it is switched to again, as any other. UsageProblem without a test."""
        test = self._running_test()
        side = self._sides[test.side(key)]
        self.playing = key
        self._heard += key
        self._stand.play(side)

    def answer(self, choice: Answer) -> None:
        """Answer this trial. UsageProblem before what is asked about was heard, so that no finger answers twice."""
        test = self._running_test()
        missing = NEEDED[test.plan.kind] - set(self._heard)
        if missing:
            raise UsageProblem(f"Listen to {' and '.join(sorted(missing)).upper()} first, then answer.")
        test.answer(choice)
        now = self._clock()
        try:
            self.log.answered(test, choice, self._heard, now - self._since, now)
        finally:
            if test.over:
                self._close(test)
            else:
                self._next_trial()

    def stop(self) -> Result | None:
        """End it now; what was answered counts. None when no test is under way."""
        if self.test is None or self.test.over:
            return None
        self.test.stop()
        self._close(self.test)
        return self.last

    def _close(self, test: BlindTest) -> None:
        self._stand.end()
        if test.result is not None:
            self.last = test.result
            self._on_result(test.result)
            self.log.opened(test.result, self._clock())

    def _running_test(self) -> BlindTest:
        if self.test is None or self.test.over:
            raise UsageProblem("No blind test is under way; start one first.")
        return self.test

    def records(self) -> tuple[Record, ...]:
        """Every test of this session, oldest first."""
        return self.log.records()
