"""Memory for two processes that has no name, so nothing of it can stay behind, whoever dies first."""
import mmap
import os
import sys
import tempfile

if sys.platform != "win32":
    import fcntl


class Shared:
    """`size` bytes, zeroed. A worker is given its `descriptor`, or the name that stands in `handle` on systems whose memory has one (`passing`)."""

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
        self.handle = ""
        self.bytes = mmap.mmap(self.descriptor, size)

    def close_descriptor(self) -> None:
        """No further worker will come. The memory itself goes with the last who uses it."""
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1


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
