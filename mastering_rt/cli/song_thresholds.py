"""Thresholds from the song on the command line: `dynamic_eq.band1_threshold=p90`, `dynamic_eq.thresholds=p90` for all bands that are on."""
import os
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from mastering_rt.audio.mix import open_mix, open_source
from mastering_rt.session.model import Session
from mastering_rt.session.settings import with_slot

SETTING = re.compile(r"\s*([^.=+\s]+)\s*\.\s*(?:band([0-9]+)_(?:threshold|relative)|thresholds)\s*=\s*p([0-9]+(?:\.[0-9]+)?)\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Wish:
    """One setting of this kind; band None: all that are on."""

    slot: str
    band: int | None
    percentile: float


def split(settings: Iterable[str]) -> tuple[list[str], list[Wish]]:
    """The settings that are numbers, and those that the song has to be asked for."""
    plain, wishes = [], []
    for setting in settings:
        match = SETTING.fullmatch(setting)
        if match:
            wishes.append(Wish(match[1].lower(), int(match[2]) if match[2] else None, float(match[3])))
        else:
            plain.append(setting)
    return plain, wishes


def apply(session: Session, wishes: list[Wish], path: str, tell: Callable[[str, float], None]) -> tuple[Session, tuple[str, ...]]:
    """The session with the thresholds that the song asks for, and sentences on what could not be set. MasteringError."""
    from mastering_rt.offline.band_thresholds import KIND, thresholds_of_song, with_thresholds

    notices: tuple[str, ...] = ()
    if not wishes:
        return session, notices
    source = session.source
    song = open_source(source) if source is not None and source.path == os.path.abspath(path) else open_mix(path)
    for wish in wishes:
        if wish.slot == KIND:
            session, _ = with_slot(session, wish.slot, KIND)
        found = thresholds_of_song(session, wish.slot, song, wish.percentile, None if wish.band is None else (wish.band,), tell)
        session, notices = with_thresholds(session, found), (*notices, *found.notices)
    return session, notices
