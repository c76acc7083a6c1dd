"""Show a thing only when it has changed."""
from typing import Any


class Once:
    """Remembers what was shown last under each name."""

    def __init__(self) -> None:
        self._shown: dict[str, Any] = {}

    def fresh(self, name: str, *values: Any) -> bool:
        """Whether this differs from what was shown, and from now on counts as shown. Compared by identity first, then by value."""
        before = self._shown.get(name)
        if before is not None and len(before) == len(values) and all(a is b or a == b for a, b in zip(before, values, strict=True)):
            return False
        self._shown[name] = values
        return True
