"""What the threads of this process have had of the processors, and how long they waited for one, as the kernel counts it. Linux only."""
import os
import threading
from pathlib import Path

NS = 1e-9
STOLEN = 8                       # the word of the first line in /proc/stat


class ThreadTimes:
    """Of one thread: `read` gives its seconds on a processor and its seconds in the queue for one, since it began."""

    def __init__(self, native_id):
        self._file = os.open(f"/proc/self/task/{native_id}/schedstat", os.O_RDONLY)

    def read(self):
        ran, queued = os.pread(self._file, 64, 0).split()[:2]
        return int(ran) * NS, int(queued) * NS

    def close(self):
        os.close(self._file)


def own():
    """Times of the calling thread."""
    return ThreadTimes(threading.get_native_id())


def others():
    """Times of all other threads that Python knows, those that may hold the interpreter."""
    me = threading.get_native_id()
    found = []
    for thread in threading.enumerate():
        if thread.native_id not in (None, me):
            try:
                found.append(ThreadTimes(thread.native_id))
            except OSError:
                continue                         # it has ended meanwhile
    return found


def named(name):
    """Times of all threads that have this name for the kernel."""
    found = []
    for task in Path("/proc/self/task").iterdir():
        try:
            if (task / "comm").read_text().strip() == name:
                found.append(ThreadTimes(task.name))
        except OSError:
            continue                             # it has ended meanwhile
    return found


class Stolen:
    """What the machine under a virtual one has kept back of its processors: `read` gives seconds of all of them together, in steps of 10 ms."""

    def __init__(self):
        self._file = os.open("/proc/stat", os.O_RDONLY)

    def read(self):
        return int(os.pread(self._file, 256, 0).split(maxsplit=9)[STOLEN]) / os.sysconf("SC_CLK_TCK")

    def close(self):
        os.close(self._file)


def known():
    """Whether the kernel counts."""
    return Path("/proc/self/schedstat").exists()
