"""Foreign plugins in the window: looked for, listed, put into the chain, their own windows, and taken in again after a failure."""
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from gui.acts.part import Part, short
from gui.acts.plugin_folders import PluginFolders
from gui.controls.menu import Menu
from gui.dialogs.plugins import PluginDialog
from gui.dialogs.toasts import Toast
from gui.editors.plugin import PREFIX
from mastering_rt.desk.jobs import Job
from mastering_rt.errors import UsageProblem
from mastering_rt.plugins.changes import changes_between
from mastering_rt.plugins.scan import Catalogue, Found, try_plugin, watched_folders
from mastering_rt.session.model import Slot

if TYPE_CHECKING:
    from gui.acts.acts import Acts

MOST_OFFERED = 40


class Plugins(Part):
    """The catalogue is read when something first asks for it; from then on its folders are watched."""

    _catalogue: Catalogue | None = None
    _folders: PluginFolders | None = None
    dialog: PluginDialog | None = None

    def __init__(self, acts: "Acts") -> None:
        super().__init__(acts)
        self.desk.plugins.has_asker = True
        self._question: Toast | None = None
        self._waiting: dict[str, str] = {}
        self._asked: set[str] = set()

    @property
    def catalogue(self) -> Catalogue:
        if self._catalogue is None:
            self._catalogue = Catalogue()
            self.watch()
        return self._catalogue

    def watch(self) -> None:
        """Follow the folders, once there is a list that could be wrong."""
        if self._catalogue is not None and self._catalogue.plugins and self._folders is None:
            self._folders = PluginFolders(self.window)
            self._folders.changed.connect(self.look)
            self._follow_folders()

    def _follow_folders(self) -> None:
        """Behind the window: they may be many, or on a disk that sleeps."""
        self.acts.background.add(Job("Watching plugins", lambda progress, cancelled: watched_folders()), self._folders_known, quiet=True)

    def _folders_known(self, job: Job[dict[str, float]]) -> None:
        if self._folders is not None and job.result is not None and self._folders.follow(job.result):
            self._follow_folders()

    def offer(self, menu: Menu, after: int | None) -> None:
        """The plugins that a scan has found, their list, and the scan, behind the stages of the add menu."""
        menu.addSeparator()
        usable = [found for found in self.catalogue.plugins if found.usable]
        if usable:
            self.desk.plugins.expect()
        for found in usable[:MOST_OFFERED]:
            menu.add(found.title, partial(self.add, found, after))
        if self.catalogue.plugins:
            menu.add("List of plugins...", self.open)
        menu.add("Look for plugins again" if usable else "Look for plugins", self.scan)

    # looking

    def scan(self) -> None:
        """Try what is new, in the background; each in a process of its own."""
        job = Job("Looking for plugins", lambda progress, cancelled: Catalogue().scan(progress=progress, cancelled=cancelled))
        self.acts.background.add(job, self._scanned)

    def look(self) -> None:
        """The folders have changed: try what is new, and say what became of the rest."""
        self.acts.background.add(Job("Comparing plugins", lambda progress, cancelled: Catalogue().stale()), self._compared, quiet=True)

    def _compared(self, job: Job[bool]) -> None:
        if job.result:
            scan = Job("Looking at new plugins", lambda progress, cancelled: Catalogue().scan(progress=progress, cancelled=cancelled))
            self.acts.background.add(scan, self._looked)

    def _scanned(self, job: Job[tuple[Found, ...]]) -> None:
        found = self._looked(job, quiet=True)
        if found is not None:
            bad = sum(not plugin.usable for plugin in found)
            self.window.status.show_help(f"{len(found) - bad} plugins can be used" + (f", {bad} cannot" if bad else ""))

    def _looked(self, job: Job[tuple[Found, ...]], quiet: bool = False) -> tuple[Found, ...] | None:
        before = self.catalogue.plugins
        self._catalogue = None
        if job.result is None:
            self.tell(job.problem)
            return None
        if self._folders is not None:
            self._follow_folders()
        changes = changes_between(before, self.catalogue.plugins)
        used = [found for found in changes.replaced if self.desk.plugins.holding(found.path)]
        if changes.sentence and not quiet:
            self.tell(changes.sentence)
        for found in used:
            self.tell(f"{found.title} was replaced while it is in use. The one that was loaded plays on.",
                      (("Reload it", partial(self.reload, found.path)),))
        self._renew()
        self.changed()
        return job.result

    def reload(self, path: str) -> None:
        """Begin anew with a plugin's file as it is now."""
        self.desk.plugins.reload(path)
        self.changed()

    # the list

    def open(self) -> None:
        """All that were found, with what their tests found."""
        if self.dialog is None:
            self.dialog = dialog = PluginDialog(self.window, self.catalogue.plugins)
            dialog.add_asked.connect(lambda path: self._with(path, lambda found: self.add(found, None)))
            dialog.test_asked.connect(lambda path: self._work(f"Testing {Path(path).stem}", partial(tested, path)))
            dialog.block_asked.connect(lambda path, on: self._work(f"Trying {Path(path).stem}", lambda: Catalogue().block(path, on)))
            dialog.scan_asked.connect(self.scan)
            dialog.answered.connect(lambda _answer: self._closed())
            dialog.open()

    def _closed(self) -> None:
        self.dialog = None

    def _with(self, path: str, act: Callable[[Found], object]) -> None:
        found = next((found for found in self.catalogue.plugins if found.path == path), None)
        if found is not None:
            act(found)

    def _work(self, doing: str, act: Callable[[], object]) -> None:
        """Something that takes a plugin to be loaded; the list is shown anew behind it."""
        def done(job: Job[object]) -> None:
            self._catalogue = None
            if job.problem:
                self.tell(job.problem)
            self._renew()
            self.changed()
        self.acts.background.add(Job(doing, lambda progress, cancelled: act()), done)

    def _renew(self) -> None:
        if self.dialog is not None:
            self.dialog.show_plugins(self.catalogue.plugins)

    # slots

    def add(self, found: Found, after: int | None) -> None:
        """A new slot with this plugin behind the one at `after`, or the selected one, and its editor."""
        names: list[str] = []
        place = self.acts.shaping.place_for("plugin", after)
        if self.attempt(lambda: names.append(self.desk.plugins.add(found, place))):
            self.acts.shaping.select(names[0])
            if self.dialog is None:
                self.window.rest_keyboard()

    def show_editor(self, slot: str, shown: bool) -> None:
        """The plugin's own window."""
        act = self.desk.plugins.open_editor if shown else self.desk.plugins.close_editor
        self.attempt(lambda: act(slot))

    def type_value(self, slot: str, param_id: str, text: str) -> None:
        """A text for one of the plugin's parameters."""
        self.attempt(lambda: self.desk.plugins.type_value(slot, int(param_id.removeprefix(PREFIX)), text))

    def notes_on(self, slot: Slot) -> str:
        """What is known of the plugin in a slot from its tests."""
        plugin = slot.plugin
        found = next((one for one in self.catalogue.plugins if plugin is not None and one.path == plugin.path), None)
        return found.tested_words if found is not None else ""

    def ask_locate(self, slot: str) -> None:
        """Where the plugin is that is not where it was. Plugins are folders on some systems and files on others; a file inside will do."""
        path, _ = QFileDialog.getOpenFileName(self.window, "Locate the plugin", str(self.folder_for("plugins")), "Plugins (*.vst3 *.component *.so)")
        if path:
            self.locate(slot, path)

    def locate(self, slot: str, path: str) -> None:
        """Take a slot's plugin from this file, if it is that plugin."""
        def done(job: Job[Found]) -> None:
            found = job.result
            self.attempt(lambda: refuse(job.problem) if found is None else self.desk.plugins.locate(slot, found))
        self.acts.background.add(Job("Looking at the plugin", lambda progress, cancelled: try_plugin(bundle_of(path))), done)

    def revive_at(self, place: int) -> None:
        """Take a plugin in again that was given up, or let it be loaded."""
        slot = self.desk.session.chain[place]
        unit = self.desk.plugins.unit(slot.name)
        if unit is not None and unit.asks:
            self.allow([unit.setup.path])
        else:
            self.desk.plugins.revive(slot.name)
            self.changed()

    # plugins that only the session has named

    def follow(self) -> None:
        """Some times a second: ask once about each plugin that waits for the user's word, and about all in one question."""
        waiting = self.desk.plugins.waiting
        if waiting.keys() != self._waiting.keys():
            self._waiting, unanswered = waiting, self._question is not None
            if self._question is not None:
                self._question.leave()
            if waiting and (unanswered or waiting.keys() - self._asked):
                self._asked |= waiting.keys()
                self._ask(waiting)

    def _ask(self, waiting: dict[str, str]) -> None:
        it, titles = ("them", "plugins") if len(waiting) > 1 else ("it", next(iter(waiting.values())))
        title = f"The session wants to load {len(waiting)} plugins." if len(waiting) > 1 else f"The session wants to load {short(titles)}."
        sentence = (f"{', '.join(waiting)}: that is no folder of plugins, and no scan has tried {it}. A plugin is a program; load {it} if you trust "
                    "who sent the session.")
        question = self._question = self.window.toasts.tell(title, sentence, [(f"Load {it}", lambda: self.allow(list(waiting))), ("Not now", lambda: None)],
                                                            fault=True)
        question.left.connect(self._answered, Qt.ConnectionType.SingleShotConnection)

    def _answered(self) -> None:
        self._question = None

    def allow(self, paths: Sequence[str]) -> None:
        """Let sessions load these, from now on."""
        for path in paths:
            self.attempt(partial(self.desk.plugins.allow, path))


def bundle_of(path: str) -> str:
    """The plugin that a file belongs to: itself, or the folder around it that is one."""
    return next((str(around) for around in (Path(path), *Path(path).parents) if around.suffix.lower() in (".vst3", ".component")), path)


def tested(path: str) -> Found:
    """One plugin at length, kept for the list."""
    from mastering_rt.plugins.test import test_one

    found = test_one(path)
    Catalogue().keep(found)
    return found


def refuse(problem: str) -> None:
    raise UsageProblem(problem)
