"""Memory for two processes that has no name, so nothing of it can stay behind, whoever dies first."""
import mmap
import os
import sys
import tempfile

if sys.platform != "win32":
    import fcntl


class Shared:
    """`size` bytes, zeroed. `handle` is what a worker that inherits it opens again with `open_shared`."""

    def __init__(self, size: int) -> None:
        self.size = size
        if sys.platform == "win32":
            self.descriptor = -1
            self.handle = f"mastering-rt-{os.getpid()}-{id(self)}"
            self.bytes = mmap.mmap(-1, size, tagname=self.handle)
            return
        self.descriptor = _nameless()
        os.ftruncate(self.descriptor, size)
        _keep_size(self.descriptor)
        self.handle = str(self.descriptor)
        self.bytes = mmap.mmap(self.descriptor, size)

    @property
    def inherited(self) -> tuple[int, ...]:
        """Descriptors that the worker's process has to be given."""
        return () if self.descriptor < 0 else (self.descriptor,)

    def close_descriptor(self) -> None:
        """No further worker will come. The memory itself goes with the last who uses it."""
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1


def open_shared(handle: str, size: int) -> mmap.mmap:
    """In the worker."""
    if sys.platform == "win32":
        return mmap.mmap(-1, size, tagname=handle)
    descriptor = int(handle)
    memory = mmap.mmap(descriptor, size)
    os.close(descriptor)
    return memory


def _nameless() -> int:
    if hasattr(os, "memfd_create"):
        return os.memfd_create("mastering-rt plugin", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    file, path = tempfile.mkstemp(prefix="mastering-rt-")
    os.unlink(path)
    return file


def _keep_size(descriptor: int) -> None:
    """Under Linux nobody can cut it off any more: the host would be ended when it touches what is no longer there."""
    if sys.platform == "linux":
        fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SEAL | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW)
