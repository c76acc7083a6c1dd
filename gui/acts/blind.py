"""The blind test: opening it, taking it, coming back from it."""
from typing import TYPE_CHECKING

from gui.acts.part import Part
from gui.controls import access
from gui.theme import numbers
from mastering_rt.blind.stand import Paired
from mastering_rt.blind.words import pair_text, verdict
from mastering_rt.desk.sides import MASTER, MIX, Side
from mastering_rt.errors import MasteringError

if TYPE_CHECKING:
    from gui.acts.acts import Acts

FADE_MS = 15
HELP = "A, B and X switch what plays. Left or right arrow answers. The order was sealed before the first trial."
Pair = tuple[tuple[Side, Side], tuple[str, str]]


class Blind(Part):
    """`open` shows the view, `start` seals a test; `follow` some times a second. Only the booth knows what plays."""

    def __init__(self, acts: "Acts") -> None:
        super().__init__(acts)
        self._was_running = False

    @property
    def is_open(self) -> bool:
        return not self.window.blind.isHidden()

    @property
    def running(self) -> bool:
        return self.desk.blind.running

    def pairs(self) -> list[Pair]:
        """What can be compared blindly."""
        desk, session = self.desk, self.desk.session
        found = [(MIX, MASTER)]
        if "delta" not in {side.kind for side in desk.compare.pair}:
            found.append(desk.compare.pair)
        if self.acts.shaping.slot is not None:
            found.append((MASTER, Side("without", self.acts.shaping.slot.name)))
        found += [(MASTER, Side("snapshot", snapshot.letter)) for snapshot in session.snapshots]
        found += [(MASTER, Side("reference", reference.id)) for reference in session.references if reference.locked]
        different = {frozenset(sides): sides for sides in reversed(found)}
        return [(sides, (desk.compare.title(sides[0]), desk.compare.title(sides[1]))) for sides in reversed(different.values())]

    def _chosen(self) -> Pair:
        pairs = self.pairs()
        return pairs[min(self.window.blind.setup.pairs.value, len(pairs) - 1)]

    def toggle(self) -> None:
        """X: open the view, in it start, during a test hear X."""
        if self.running:
            self.listen("x")
        elif self.is_open:
            self.start()
        else:
            self.open()

    def press(self) -> None:
        """The key in the compare bar: there and back."""
        if self.is_open:
            self.leave()
        else:
            self.open()

    def open(self) -> None:
        """Show what can be asked. It takes the whole window."""
        self.acts.viewing.set_compact_mode(False)
        self.window.blind.setup.show_pairs([pair_text_of(names) for _, names in self.pairs()])
        self.window.show_blind(True)
        self.window.compare.blind.show_value(True)
        self._show_past()
        self.follow()
        self.window.blind.take_focus()
        self.changed()

    def leave(self) -> None:
        """Esc: stop the test that runs, else go back to the chain."""
        if self.running:
            self.attempt(self.desk.blind.stop)
            self.follow()
            return
        self.window.show_blind(False)
        self.window.compare.blind.show_value(False)
        self.window.rest_keyboard()
        self.changed()

    def start(self) -> None:
        """Begin, if it can be begun now."""
        setup = self.window.blind.setup
        sides, names = self._chosen()
        if self.waiting():
            self.follow()
            return
        self.attempt(lambda: self.desk.blind.start(sides, names, setup.wished_kind, setup.wished_trials))  # type: ignore[arg-type]
        self.follow()
        if self.running:
            self.window.blind.take_focus()
            self.window.status.show_help(HELP)
            access.announce(self.window.blind, self.window.blind.trial.spoken_value())

    def refuse(self) -> None:
        """Something was asked for that has to wait until the test is over."""
        self.window.status.show_help("A blind test is under way, so the sound stays as it is. Esc stops it.")

    def waiting(self) -> str:
        """What has to come before, or why it cannot be."""
        try:
            return self.desk.blind.waits_for(*self._chosen())
        except MasteringError as problem:
            return str(problem)

    def listen(self, letter: str) -> None:
        """Hear A, B or X."""
        if self.running:
            self.attempt(lambda: self.desk.blind.listen(letter))  # type: ignore[arg-type]
            self.follow()

    def answer(self, letter: str) -> None:
        """X is A or B; or A or B is better."""
        before = self.desk.blind.test.answered if self.desk.blind.test is not None else 0
        self.attempt(lambda: self.desk.blind.answer(letter))  # type: ignore[arg-type]
        self.follow()
        test = self.desk.blind.test
        if self.running and test is not None and test.answered > before:
            access.announce(self.window.blind, f"Trial {self.window.blind.trial.count}")

    # the picture

    def follow(self) -> None:
        """The view as the booth is."""
        view, running = self.window.blind, self.running
        if running != self._was_running:
            self._was_running = running
            self._turn(running)
        if not self.is_open:
            return
        if running:
            self._show_trial()
        else:
            view.setup.show_waiting(self.waiting())

    def _turn(self, running: bool) -> None:
        """A test has begun or is over."""
        view, booth = self.window.blind, self.desk.blind
        if not self.is_open:
            self.open()
        self.window.cover(running)
        view.show_running(running)
        if running and booth.test is not None and booth.paired is not None:
            view.trial.show_test(booth.test.plan.kind, pair_text(booth.test.plan), self._facts(booth.paired))
            self.window.compare.plate.show_ground(f"{booth.paired.basis}, ±{abs(booth.paired.residual_lu):.1f} LU")
            view.result.show_records([record for record in booth.records() if record.id != booth.test.id])
        else:
            self._show_past()
            view.take_focus()
            if booth.last is not None:
                access.announce(view, verdict(booth.last), urgent=True)
        self.changed()

    def _show_past(self) -> None:
        """The last result and all tests of the session."""
        records = self.desk.blind.records()
        last = next((record.result for record in reversed(records) if record.result is not None and record.proven), None)
        self.window.blind.result.show_result(last)
        self.window.blind.result.show_records(records)

    def _show_trial(self) -> None:
        booth = self.desk.blind
        if booth.test is not None:
            self.window.blind.trial.show_trial(booth.playing, booth.test.answered, booth.test.plan.trials)

    def _facts(self, paired: Paired) -> list[str]:
        """What makes it fair, in the foot of the pane."""
        loop, rate = self.desk.session.loop, self.desk.player.song_rate_hz
        looped = loop is not None and loop.on
        passage = f"Loop {numbers.clock(loop.start_frame / rate, 0)}–{numbers.clock(loop.stop_frame / rate, 0)}" if loop and looped else "Whole song"
        return [passage, f"Matched within {max(abs(paired.residual_lu), 0.005):.2f} LU", f"{abs(paired.apart_samples)} samples apart", f"Fade {FADE_MS} ms"]


def pair_text_of(names: tuple[str, str]) -> str:
    """ "Mix against Master". """
    return f"{names[0]} against {names[1]}"
