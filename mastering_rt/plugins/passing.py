"""How memory comes to a worker that was started before it was known which memory it would serve."""
import contextlib
import mmap
import os
import socket
import sys

from mastering_rt.plugins.memory import Shared

NOWHERE = "-"


class Passage:
    """The host's end. `argument` is what the worker is told on its command line, `inherited` the descriptors its process has to be given."""

    def __init__(self) -> None:
        self.argument, self.inherited = NOWHERE, tuple[int, ...]()
        if sys.platform != "win32":              # there memory has a name
            self._ours, self._theirs = socket.socketpair()
            self.argument, self.inherited = str(self._theirs.fileno()), (self._theirs.fileno(),)

    def was_inherited(self) -> None:
        """The worker's process has its end."""
        if sys.platform != "win32":
            self._theirs.close()

    def give(self, memory: Shared) -> None:
        """At most once. Never waits."""
        if sys.platform != "win32":
            with contextlib.suppress(OSError):
                socket.send_fds(self._ours, [b"m"], [memory.descriptor])

    def close(self) -> None:
        if sys.platform != "win32":
            self._ours.close()


def receive(argument: str, handle: str, size: int) -> mmap.mmap:
    """In the worker: the memory that was given, or that goes by this handle. OSError when the host is gone."""
    if sys.platform == "win32":
        return mmap.mmap(-1, size, tagname=handle)
    with socket.socket(fileno=int(argument)) as ours:
        descriptors = socket.recv_fds(ours, 1, 1)[1]
    if not descriptors:
        raise ConnectionError("the host gave no memory")
    memory = mmap.mmap(descriptors[0], size)
    os.close(descriptors[0])
    return memory
