"""One worker's process, as the host sees it: started, spoken to, listened to, ended."""
import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import BinaryIO

from mastering_rt.places import logs_dir
from mastering_rt.plugins import wire
from mastering_rt.plugins.memory import Shared
from mastering_rt.plugins.passing import Passage

LOG_BYTES = 1 << 20
LAST_WORDS_S = 2.0
MOST_ORDERS = 1024               # that wait to be read; a hand that moves a control makes 60 in a second


class Process:
    """Starts a worker, which waits to be told what to `load`. `news` brings what it says, and None when it has ended. Under Linux it ends
    with the thread that it was started on. It imports nothing from the folder that the host was started in, and holds no folder."""

    def __init__(self) -> None:
        self._passage = Passage()
        try:
            self._child = _started(self._passage)
        except OSError:
            self._passage.close()
            raise
        finally:
            self._passage.was_inherited()
        self.news: queue.SimpleQueue[wire.News | None] = queue.SimpleQueue()
        self._orders: queue.Queue[wire.Order | None] = queue.Queue(MOST_ORDERS)
        self.is_deaf = False                     # it has left so many orders unread that none is taken any more
        threading.Thread(target=self._listen, name="plugin news", daemon=True).start()
        threading.Thread(target=self._write, name="plugin orders", daemon=True).start()

    @property
    def pid(self) -> int:
        return self._child.pid

    @property
    def lives(self) -> bool:
        return self._child.poll() is None

    def load(self, memory: Shared, order: wire.Load) -> bool:
        """Serve this memory with this plugin. False when nobody listens any more."""
        self._passage.give(memory)
        return self.tell(order)

    def tell(self, order: wire.Order) -> bool:
        """Give an order, which is read after all that were given before. Never waits. False when nobody will read it."""
        try:
            self._orders.put_nowait(order)
        except queue.Full:
            self.is_deaf = True
        return not self.is_deaf

    def _write(self) -> None:
        """What waits here for a worker that does not read, until that is ended, is this thread and nobody else."""
        stream: BinaryIO = self._child.stdin  # type: ignore[assignment]
        with contextlib.suppress(OSError, ValueError):
            while (order := self._orders.get()) is not None:
                wire.send(stream, order)
        self.is_deaf = True

    def _listen(self) -> None:
        stream: BinaryIO = self._child.stdout  # type: ignore[assignment]
        with contextlib.suppress(OSError, ValueError):
            while (news := wire.read_news(stream)) is not None:
                self.news.put(news)
        self.news.put(None)

    def end(self, kindly: bool = False) -> int:
        """Let it go, or kill it; gives its exit status. Nothing of it is left then."""
        if kindly and self.tell(wire.Quit()):
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._child.wait(LAST_WORDS_S)
        if self._child.poll() is None:
            self._child.kill()
        status = self._child.wait()
        self._passage.close()
        with contextlib.suppress(queue.Full):
            self._orders.put_nowait(None)        # a thread that still has orders to write meets the end of the pipe
        for stream in (self._child.stdin, self._child.stdout):
            with contextlib.suppress(OSError, ValueError):
                if stream is not None:
                    stream.close()
        return status


def _started(passage: Passage) -> subprocess.Popen[bytes]:
    root = str(Path(__file__).parents[2])
    paths = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))
    quiet = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": paths, "PYTHONFAULTHANDLER": "1"}
    with worker_log() as log:
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "mastering_rt.plugins.worker", passage.argument, str(os.getpid())], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=log, env={**os.environ, **quiet}, pass_fds=passage.inherited, start_new_session=True,
            cwd=os.path.abspath(os.sep))


def how_it_ended(status: int) -> str:
    """An exit status as the end of a sentence that begins with the plugin."""
    if status >= 0:
        return f"ended its process (status {status})"
    with contextlib.suppress(ValueError):
        return {signal.SIGSEGV: "crashed (segmentation fault)", signal.SIGABRT: "crashed (abort)", signal.SIGKILL: "was killed"}.get(
            signal.Signals(-status), f"crashed ({signal.Signals(-status).name})")
    return f"crashed (signal {-status})"


def worker_log() -> BinaryIO:
    """Where workers write what plugins print."""
    path = _log_path()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        trim_log()
        return open(path, "ab")
    except OSError:
        return open(os.devnull, "ab")


def trim_log() -> None:
    """Begin it anew when it has grown long. Whoever writes to it goes on at its end, wherever that is."""
    path = _log_path()
    with contextlib.suppress(OSError):
        if path.stat().st_size > LOG_BYTES:
            os.truncate(path, 0)


def _log_path() -> Path:
    return logs_dir() / "plugins.log"
