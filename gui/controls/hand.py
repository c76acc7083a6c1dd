"""The hand, of which there is one: whether the gesture that begins just now is a step, which goes on with the step before it."""
from collections.abc import Iterator
from contextlib import contextmanager


class Hand:
    """`stepping` while a gesture of an arrow key or of the wheel is told; whoever makes undo steps of gestures asks it then."""

    stepping = False

    @contextmanager
    def steps(self, stepping: bool = True) -> Iterator[None]:
        """What is told inside is a step, or is not."""
        before, self.stepping = self.stepping, stepping
        try:
            yield
        finally:
            self.stepping = before


hand = Hand()
