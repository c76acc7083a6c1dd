"""A mapping that cannot be changed, so that a session is a value: it can be hashed, shared between threads and compared."""
from collections.abc import Mapping
from typing import Any, NoReturn, TypeVar

V = TypeVar("V")


class Frozen(dict[str, V]):
    """A dict without the ways to change it. Copies of it are the same object, and its hash is worked out once."""

    _hash: int | None = None

    def __hash__(self) -> int:  # type: ignore[override]
        if self._hash is None:
            self._hash = hash(frozenset(self.items()))
        return self._hash

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("a session cannot be changed in place; make a new one with the functions of mastering_rt.session.edits")

    __setitem__ = __delitem__ = __ior__ = _refuse
    update = pop = popitem = clear = setdefault = _refuse

    def __copy__(self) -> "Frozen[V]":
        return self

    def __deepcopy__(self, memo: object) -> "Frozen[V]":
        return self

    def __reduce__(self) -> tuple[type, tuple[dict[str, V]]]:
        return Frozen, (dict(self),)


def freeze(value: Any) -> Any:
    """Plain data with every dict frozen and every list a tuple."""
    if isinstance(value, Mapping):
        return Frozen({key: freeze(item) for key, item in value.items()})
    if isinstance(value, list | tuple):
        return tuple(freeze(item) for item in value)
    return value


def thaw(value: Any) -> Any:
    """The opposite of `freeze`: plain dicts and lists."""
    if isinstance(value, Mapping):
        return {key: thaw(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [thaw(item) for item in value]
    return value
