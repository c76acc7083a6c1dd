"""What all parts of the acts share: the desk, the window, and how a refusal becomes a sentence in it."""
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from gui.dialogs.toasts import Action
from gui.window.main import MainWindow
from mastering_rt.desk.desk import Desk
from mastering_rt.errors import MasteringError

if TYPE_CHECKING:
    from gui.acts.acts import Acts

LONGEST_TITLE = 56
LONGEST_NAME, KEPT_END = 36, 12
MARKS = (". ", ": ", "; ", ", ")


class Part:
    """A part of the acts."""

    def __init__(self, acts: "Acts") -> None:
        self.acts = acts

    @property
    def desk(self) -> Desk:
        return self.acts.desk

    @property
    def window(self) -> MainWindow:
        return self.acts.window

    def folder_for(self, what: str) -> Path:
        """Where a file of this kind lay last, else beside the mix; the demo's at home, because it lies in no folder of the user's."""
        kept, source = self.acts.settings.folder(what), self.desk.session.source
        if kept and Path(kept).is_dir():
            return Path(kept)
        return Path(source.path).parent if source is not None and not self.acts.recovery.is_demo() else Path.home()

    @property
    def has_song(self) -> bool:
        """Whether there is something to hear."""
        return self.desk.song is not None

    def changed(self) -> None:
        """The picture has to follow."""
        self.acts.changed()

    def attempt(self, act: Callable[[], object]) -> bool:
        """Do it; what cannot be done is said in the window. True when it was done."""
        try:
            act()
        except MasteringError as problem:
            self.tell(str(problem))
            return False
        finally:
            self.changed()
        return True

    def tell(self, sentences: str, actions: Sequence[Action] = (), *, fault: bool = False) -> None:
        """A toast: the fact, and the rest that explains it."""
        self.window.toasts.tell(*split_sentences(sentences), actions, fault=fault)


def short(name: str, most: int = LONGEST_NAME) -> str:
    """A file name in a title: of a very long one its beginning and its end, which tell it from others."""
    return name if len(name) <= most else f"{name[:most - KEPT_END - 1]}…{name[-KEPT_END:]}"


def split_sentences(text: str) -> tuple[str, str]:
    """The fact and what explains it: the first sentence if it is short, else as much of it as makes a line."""
    for mark in MARKS:
        head, found, rest = text.partition(mark)
        if found and len(head) <= LONGEST_TITLE:
            return (f"{head}.", rest) if mark == ". " else (head, rest[:1].upper() + rest[1:])
    return ("", text) if len(text) > LONGEST_TITLE else (text, "")
