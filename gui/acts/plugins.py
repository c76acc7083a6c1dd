"""Foreign plugins in the window: looked for, put into the chain, their own windows, and taken in again after a failure."""
from functools import partial

from gui.acts.part import Part
from gui.controls.menu import Menu
from mastering_rt.desk.jobs import Job
from mastering_rt.plugins.scan import Catalogue, Found

MOST_OFFERED = 40


class Plugins(Part):
    """The catalogue is read when a menu first asks for it."""

    _catalogue: Catalogue | None = None

    @property
    def catalogue(self) -> Catalogue:
        if self._catalogue is None:
            self._catalogue = Catalogue()
        return self._catalogue

    def offer(self, menu: Menu, place: int) -> None:
        """The plugins that a scan has found, and the scan, behind the stages of the add menu."""
        menu.addSeparator()
        usable = [found for found in self.catalogue.plugins if found.usable]
        for found in usable[:MOST_OFFERED]:
            menu.add(found.title, partial(self.add, found, place))
        menu.add("Look for plugins again" if usable else "Look for plugins", self.scan)

    def scan(self) -> None:
        """Try what is new, in the background; each in a process of its own."""
        job = Job("Looking for plugins", lambda progress, cancelled: Catalogue().scan(progress=progress, cancelled=cancelled))
        self.acts.background.add(job, self._scanned)

    def _scanned(self, found: tuple[Found, ...]) -> None:
        self._catalogue = None
        bad = sum(not plugin.usable for plugin in found)
        self.window.status.show_help(f"{len(found) - bad} plugins can be used" + (f", {bad} cannot" if bad else ""))

    def add(self, found: Found, place: int) -> None:
        """A new slot with this plugin, and its editor."""
        names: list[str] = []
        if self.attempt(lambda: names.append(self.desk.plugins.add(found, place))):
            self.acts.shaping.select(names[0])

    def show_editor(self, slot: str, shown: bool) -> None:
        """The plugin's own window."""
        act = self.desk.plugins.open_editor if shown else self.desk.plugins.close_editor
        self.attempt(lambda: act(slot))

    def revive_at(self, place: int) -> None:
        """Take a plugin in again that was given up."""
        self.desk.plugins.revive(self.desk.session.chain[place].name)
        self.changed()
