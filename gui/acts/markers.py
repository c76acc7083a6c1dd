"""Markers in the song: put, named, moved, taken away; and the way from one finding or marker to the next."""
from PySide6.QtCore import QPoint

from gui.acts.part import Part, short
from gui.controls import access
from gui.controls.menu import Menu, menu_on
from gui.dialogs.ask_text import ask_text
from gui.theme import numbers
from mastering_rt.session import edits
from mastering_rt.session.model import Marker, Session

NEAR_S = 0.02                    # so near, the playhead stands on it


class Markers(Part):
    """Markers are known by their places in the session's list, 0 first, which is the order of the song."""

    @property
    def _all(self) -> tuple[Marker, ...]:
        return self.desk.session.markers

    @property
    def _here(self) -> int:
        return self.desk.player.status.frame

    @property
    def nearest(self) -> int | None:
        """The one nearest to the playhead."""
        found = self._all
        return min(range(len(found)), key=lambda index: abs(found[index].frame - self._here)) if found else None

    def add(self) -> None:
        """At the playhead, with a number for a name."""
        frame = min(self._here, self.desk.song.frames - 1) if self.desk.song is not None else 0
        names = {marker.name for marker in self._all}
        name = next(name for number in range(1, len(names) + 2) if (name := f"Marker {number}") not in names)
        if self.attempt(lambda: self.desk.edit(lambda s: edits.add_marker(s, frame, name), sentence=f"{name} set")):
            self._say(f"{name} at {self._clock(frame)}")

    def move(self, index: int, frame: int) -> None:
        """To another place."""
        marker, last = self._all[index], self.desk.song.frames - 1 if self.desk.song is not None else frame
        self._change(marker, min(max(frame, 0), last), marker.name, f"{marker.name} moved")

    def move_nearest(self) -> None:
        """The nearest one to the playhead."""
        if self.nearest is not None:
            self.move(self.nearest, self._here)

    def ask_name(self, index: int | None = None) -> None:
        """Of one marker, the nearest where none is said."""
        index = self.nearest if index is None else index
        if index is None:
            return
        marker = self._all[index]
        ask_text(self.window, f"{short(marker.name)} at {self._clock(marker.frame)}", "Name", marker.name, lambda words: self._name(marker, words))

    def _name(self, marker: Marker, words: str) -> None:
        words = " ".join(words.split())
        if words and marker in self._all:
            self._change(marker, marker.frame, words, f"{marker.name} is now called {words}")

    def _change(self, marker: Marker, frame: int, name: str, sentence: str) -> None:
        def change(session: Session) -> Session:
            return edits.add_marker(edits.remove_marker(session, marker), frame, name, marker.note)
        self.attempt(lambda: self.desk.edit(change, sentence=sentence))

    def remove(self, index: int | None = None) -> None:
        """One marker, the nearest where none is said."""
        index = self.nearest if index is None else index
        if index is not None:
            marker = self._all[index]
            if self.attempt(lambda: self.desk.edit(lambda s: edits.remove_marker(s, marker), sentence=f"{marker.name} removed")):
                self._say(f"{marker.name} removed")

    def loop_between(self, index: int) -> None:
        """From this marker to the next one, or to the end of the song."""
        later = [marker.frame for marker in self._all if marker.frame > self._all[index].frame]
        if self.desk.song is not None:
            self.acts.hearing.draw_loop(self._all[index].frame, later[0] if later else self.desk.song.frames)

    def open_menu(self, index: int, at: QPoint) -> Menu:
        """Everything that can be done with one."""
        menu = menu_on(self.window)
        menu.add("Go there", lambda: self.acts.hearing.seek(self._all[index].frame))
        menu.add("Loop to the next one", lambda: self.loop_between(index))
        menu.add("Name...", lambda: self.ask_name(index))
        menu.add("Move to the playhead", lambda: self.move(index, self._here))
        menu.add("Remove", lambda: self.remove(index))
        menu.open_at(at)
        return menu

    # from one to the next

    def go(self, step: int) -> None:
        """To the next finding or marker, later for 1 and earlier for -1; a few milliseconds before the playhead count as where it is."""
        findings = [(mark.frame, index) for index, mark in enumerate(self.window.song.view.scene.findings)]
        places = sorted([*((frame, index, "") for frame, index in findings), *((marker.frame, -1, marker.name) for marker in self._all)])
        here = self._here + step * round(NEAR_S * self.desk.player.song_rate_hz)
        past = [place for place in places if place[0] > here] if step > 0 else [place for place in reversed(places) if place[0] < here]
        if not past:
            self._say(f"No finding or marker {'after' if step > 0 else 'before'} this place")
            return
        frame, finding, name = past[0]
        self.acts.hearing.seek(frame)
        if name:
            self._say(f"{name} at {self._clock(frame)}")
        else:
            self.acts.findings.say(finding)

    def _clock(self, frame: int) -> str:
        return numbers.clock(frame / self.desk.player.song_rate_hz)

    def _say(self, words: str) -> None:
        self.window.status.show_help(words)
        access.announce(self.window, words)
