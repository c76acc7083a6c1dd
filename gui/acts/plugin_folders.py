"""Tells when the folders that plugins are installed in have changed, once they have come to rest."""
from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

from mastering_rt.plugins.scan import watched_folders

REST_MS = 1000                   # an installer writes for a while


class PluginFolders(QObject):
    """`changed`: something was added, removed or replaced. Call `follow` after a scan: new plugins have folders of their own."""

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._watcher = QFileSystemWatcher(self)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self.changed)
        self._watcher.directoryChanged.connect(lambda _path: self._rest.start())
        self._watcher.fileChanged.connect(lambda _path: self._rest.start())
        self.follow()

    def follow(self) -> None:
        """Watch what is there now."""
        there, watched = set(watched_folders()), {*self._watcher.directories(), *self._watcher.files()}
        if there - watched:
            self._watcher.addPaths(sorted(there - watched))
        if watched - there:
            self._watcher.removePaths(sorted(watched - there))
