"""Tells when the folders that plugins are installed in have changed, once they have come to rest."""
from collections.abc import Mapping

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

REST_MS = 1000                   # an installer writes for a while


class PluginFolders(QObject):
    """`changed`: something was added, removed or replaced. It looks at no disk itself: tell it what there is, again after each scan, because new
    plugins have folders of their own."""

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._there: dict[str, float] = {}
        self._watcher = QFileSystemWatcher(self)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self.changed)
        self._watcher.directoryChanged.connect(lambda _path: self._rest.start())
        self._watcher.fileChanged.connect(lambda _path: self._rest.start())

    def follow(self, folders: Mapping[str, float]) -> bool:
        """Watch these, of which is known when each last changed. True when that is news: look again then, because something may have happened
        before they were watched."""
        if folders == self._there:
            return False
        if self._there:
            self._rest.start()
        self._there = dict(folders)
        watched = {*self._watcher.directories(), *self._watcher.files()}
        if new := folders.keys() - watched:
            self._watcher.addPaths(sorted(new))
        if gone := watched - folders.keys():
            self._watcher.removePaths(sorted(gone))
        return True
