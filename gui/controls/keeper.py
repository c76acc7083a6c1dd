"""Widgets that come and go are made once, hidden in place of being deleted, and used again.

To make an editor costs more than a picture has time. And PySide6 (before Python 3.12) takes a reference of None that it never gives back
for every virtual function of every object that is made, so that a window that makes widgets in steady use counts up for ever.
"""
from collections.abc import Hashable, Iterator
from itertools import chain
from typing import Generic, TypeVar

from PySide6.QtWidgets import QWidget

Kind = TypeVar("Kind", bound=Hashable)
Thing = TypeVar("Thing", bound=QWidget)


class Keeper(Generic[Kind, Thing]):
    """At most `most` of each kind; the others are deleted. Whoever takes one fills it anew."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: dict[Kind, list[Thing]] = {}

    def __iter__(self) -> Iterator[Thing]:
        return chain.from_iterable(self._kept.values())

    def keep(self, kind: Kind, thing: Thing) -> None:
        """It is not needed for now."""
        kept = self._kept.setdefault(kind, [])
        thing.hide()
        if len(kept) < self._most:
            kept.append(thing)
        else:
            thing.deleteLater()

    def take(self, kind: Kind) -> Thing | None:
        """The one that was kept first, or None: then it has to be made."""
        kept = self._kept.get(kind)
        return kept.pop(0) if kept else None
