"""The hidden order of a test: drawn once, sealed by a hash that is published first, and opened when the test is over."""
import hashlib
import hmac
import secrets
from collections.abc import Callable

SALT_BITS = 128                  # too many to try, so that the hash tells nothing of the order
Bits = Callable[[int], int]      # so many random bits as a number: secrets.randbits, or Random(seed).getrandbits for a test of the tests


def seal_of(subject: str, salt: str, order: str) -> str:
    """SHA-256, as hex, of what is tested, the salt and the order, in this order and in lines of their own."""
    return hashlib.sha256(f"{subject}\n{salt}\n{order}\n".encode()).hexdigest()


def holds(seal: str, subject: str, salt: str, order: str) -> bool:
    """Whether an opened order is the one that was sealed."""
    return hmac.compare_digest(seal, seal_of(subject, salt, order))


class HiddenOrder:
    """One letter per trial, "a" or "b", each of its own throw. `letter` is for whoever plays the sound, `open` for the end.

    Neither its text nor what it shows of itself tells the order.
    """

    __slots__ = ("_order", "_salt", "seal")

    def __init__(self, subject: str, trials: int, bits: Bits = secrets.randbits) -> None:
        self._salt = f"{bits(SALT_BITS):0{SALT_BITS // 4}x}"
        self._order = "".join("ab"[bits(1)] for _ in range(trials))
        self.seal = seal_of(subject, self._salt, self._order)

    def letter(self, trial: int) -> str:
        """Of one trial, 0 first."""
        return self._order[trial]

    def open(self) -> tuple[str, str]:
        """(salt, order): with them anybody can compute the seal."""
        return self._salt, self._order

    def __repr__(self) -> str:
        return f"HiddenOrder(sealed as {self.seal[:12]}...)"

    __str__ = __repr__
