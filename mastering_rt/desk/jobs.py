"""Work that takes longer than a blink: it runs on a thread, tells how far it is, can be stopped, and ends with a result or a sentence."""
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from mastering_rt.errors import Cancelled, MasteringError

Result = TypeVar("Result")
Progress = Callable[[str, float], None]


class Job(Generic[Result]):
    """`work(progress, cancelled)` on its own thread. `result` or `problem` (a sentence) stand once `done`; `error` is what it was."""

    def __init__(self, title: str, work: Callable[[Progress, Callable[[], bool]], Result]) -> None:
        self.title = title
        self.doing, self.share = title, 0.0
        self.result: Result | None = None
        self.problem = ""
        self.error: MasteringError | None = None
        self.cancelled = False
        self._work = work
        self._cancel, self._done = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name=title, daemon=True)
        self._thread.start()

    def cancel(self) -> None:
        """Ask it to stop; what it had begun to write is removed."""
        self._cancel.set()

    @property
    def stopping(self) -> bool:
        """Whether it was asked to stop; it may have been too late for that."""
        return self._cancel.is_set()

    @property
    def done(self) -> bool:
        return self._done.is_set()

    def wait(self, seconds: float | None = None) -> bool:
        """True when it is done within that time."""
        return self._done.wait(seconds)

    def _run(self) -> None:
        try:
            self.result = self._work(self._tell, self._cancel.is_set)
        except Cancelled as error:
            self.cancelled, self.error, self.problem = True, error, str(error)
        except MasteringError as error:
            self.error, self.problem = error, str(error)
        except MemoryError:
            self.problem = f"{self.title}: there is not enough memory. Close other programs or use a shorter file."
        except Exception as error:
            self.problem = f"{self.title} failed inside the program: {type(error).__name__}: {error}. Please report this."
            raise
        finally:
            self._done.set()

    def _tell(self, what: str, share: float) -> None:
        self.doing, self.share = what, share
