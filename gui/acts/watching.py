"""The file of the mix on the disk: when somebody exports it anew, the window asks whether to take it, and the chain stays as it is."""
import os
import threading
from typing import TYPE_CHECKING

from gui.acts.part import Part
from gui.dialogs.toasts import Toast
from mastering_rt.desk.opening import Opened
from mastering_rt.session.model import Source

if TYPE_CHECKING:
    from gui.acts.acts import Acts

CHANGED = "The mix changed on disk."
EVERY_S = 2.0
State = tuple[int, float]                    # size in bytes, time of the last change


class Look:
    """One thread that looks at one file again and again: a disk that has gone away may answer late. `seen` is (how many looks, the last state)."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.seen: tuple[int, State | None] = (0, None)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watching the mix", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """No further look."""
        self._over.set()

    def _run(self) -> None:
        while not self._over.wait(EVERY_S):
            self.seen = (self.seen[0] + 1, state_of(self.path))


class Watching(Part):
    """`poll` some times a second, `stop` at the end. It asks when two looks saw the same, so never about a file that is still being written."""

    def __init__(self, acts: "Acts") -> None:
        super().__init__(acts)
        self._look: Look | None = None
        self._looks = 0
        self._source: Source | None = None
        self._before: State | None = None
        self._settled: State | None = None       # what was asked about already
        self._toast: Toast | None = None

    def poll(self) -> None:
        """Take what was seen."""
        source = self.desk.song.source if self.desk.song is not None else None
        if source is not self._source:
            self._source, self._before, self._settled = source, None, None
            self.stop()
            self._dismiss()
        if source is not None and self._look is None:
            self._look, self._looks = Look(source.path), 0
        if self._look is not None and self._look.seen[0] != self._looks:
            self._looks, state = self._look.seen
            if self.acts.settings.habits().watch_mix:
                self._seen(state)

    def stop(self) -> None:
        """No file is looked at any more."""
        if self._look is not None:
            self._look.stop()
            self._look = None

    def _seen(self, now: State | None) -> None:
        """Asks once for each new state of the file, when two looks saw the same."""
        before, self._before = self._before, now
        if now is None or self._source is None or now != before or now == self._settled:
            return
        self._settled = now
        if now != (self._source.size, self._source.modified):
            self._dismiss()
            name = os.path.basename(self._source.path)
            self._toast = self.window.toasts.tell(CHANGED, f"{name} was written again. The chain stays as it is.",
                                                  [("Reload", self.reload), ("Keep", lambda: None)], fault=True)

    def _dismiss(self) -> None:
        toast, self._toast = self._toast, None
        if toast is not None and toast in self.window.toasts.shown and toast.title == CHANGED:
            toast.leave()

    def reload(self) -> None:
        """The new file in place of the old one, from where it was heard."""
        if self._source is None:
            return
        self._toast = None
        self.acts.files.start(self._source.path, self._take)

    def _take(self, path: str, opened: Opened) -> None:
        status = self.desk.player.status
        frame, playing, rate = status.frame, status.playing, self.desk.player.song_rate_hz
        if opened.song is None:
            return
        self.desk.take_song(opened.song)
        self.acts.hearing.seek(round(frame * self.desk.player.song_rate_hz / rate))
        if playing and not self.desk.player.status.playing:
            self.acts.hearing.play_or_stop()
        self.tell("The new mix is there. Chain, loop and markers are as they were.")
        self.changed()


def state_of(path: str) -> State | None:
    """Size and time of the last change; None for a file that is not there."""
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return None
    return found.st_size, found.st_mtime
