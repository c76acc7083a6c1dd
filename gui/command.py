"""What a command is: an id, a title, keys, and what has to be there for it, with the sentence that says so where it is not."""
from collections.abc import Callable
from dataclasses import dataclass

from gui.acts.acts import Acts
from gui.editors import EqEditor

Act = Callable[[Acts], object]
Asks = Callable[[Acts], bool]


@dataclass(frozen=True)
class Need:
    """What has to be there, and what is said while it is not; while it is on its way, what is said instead."""

    there: Asks
    why: str
    on_its_way: Callable[[Acts], str] = lambda acts: ""

    def __call__(self, acts: Acts) -> bool:
        return self.there(acts)

    def missing(self, acts: Acts) -> str:
        """The sentence for now; empty where nothing is ever missing."""
        return self.on_its_way(acts) or self.why


def _eq_is_open(acts: Acts) -> bool:
    frame = acts.window.stage.frame
    return frame is not None and isinstance(frame.editor, EqEditor)


def _song_coming(acts: Acts) -> str:
    coming = acts.background.song_coming
    return f"{coming[0]}; wait for it, or open another song." if coming is not None else ""


def _at_chain(acts: Acts) -> bool:
    """Chain or stage have the keyboard, or nobody has: a stage is not removed by a key that was meant for the song."""
    focus = acts.window.focusWidget()
    return with_stage(acts) and (focus is None or focus is acts.window or acts.window.chain.isAncestorOf(focus) or acts.window.stage.isAncestorOf(focus))


always = Need(lambda _: True, "")
with_song = Need(lambda acts: acts.hearing.has_song, "No song is open.", _song_coming)
with_stage = Need(lambda acts: acts.shaping.slot is not None, "The chain is empty.")
with_eq = Need(_eq_is_open, "No equaliser is open.")
at_chain = Need(_at_chain, "The keyboard is elsewhere: choose a slot of the chain first.")


@dataclass(frozen=True, kw_only=True)
class Command:
    """One thing that can be done. `keys`: the first is the one that is shown. `group` names its menu and its part of the sheet,
    `part` a menu inside that one.

    on: whether it is in force, for commands that switch. repeats: whether a held key does it again and again. in_blind: whether a blind test
    goes on beside it, because it alters neither the sound nor what may be known of it. from_palette: what has to be there when it is chosen
    by name, where that is less than a key needs.
    """

    id: str
    title: str
    keys: tuple[str, ...] = ()
    group: str
    run: Act
    enabled: Need = always
    on: Asks | None = None
    repeats: bool = False
    part: str = ""
    in_blind: bool = False
    from_palette: Need | None = None

    def why_not(self, acts: Acts, *, chosen: bool = False) -> str:
        """Why it cannot be done now; empty while it can. `chosen` by its name, not by its key."""
        need = self.from_palette if chosen and self.from_palette is not None else self.enabled
        return "" if need(acts) else need.missing(acts)
