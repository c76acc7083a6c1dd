"""Single keys from a terminal, without Enter. Elsewhere there are none."""
import sys
from collections.abc import Iterator
from contextlib import contextmanager


class Keys:
    """`read` gives the keys pressed since the last call; arrow keys by name."""

    def read(self) -> list[str]:
        return []


class _TerminalKeys(Keys):
    NAMES = {"\x1b[D": "left", "\x1b[C": "right", "\x1b[H": "home", "\x1b[A": "up", "\x1b[B": "down"}

    def read(self) -> list[str]:
        import os
        import select

        if not select.select([sys.stdin], [], [], 0)[0]:
            return []
        text = os.read(sys.stdin.fileno(), 256).decode(errors="replace")
        found = []
        while text:
            name = next((seq for seq in self.NAMES if text.startswith(seq)), "")
            found.append(self.NAMES[name] if name else text[0])
            text = text[len(name) or 1:]
        return found


class _WindowsKeys(Keys):
    NAMES = {"K": "left", "M": "right", "G": "home", "H": "up", "P": "down"}

    def read(self) -> list[str]:
        import msvcrt  # type: ignore[import-not-found,unused-ignore]

        found = []
        while msvcrt.kbhit():  # type: ignore[attr-defined,unused-ignore]
            key = msvcrt.getwch()  # type: ignore[attr-defined,unused-ignore]
            found.append(self.NAMES.get(msvcrt.getwch(), "") if key in "\x00\xe0" else key)  # type: ignore[attr-defined,unused-ignore]
        return found


@contextmanager
def terminal_keys() -> Iterator[Keys]:
    """Keys while the block runs; the terminal is as before afterwards. Without a terminal: no keys."""
    if not sys.stdin.isatty():
        yield Keys()
        return
    if sys.platform == "win32":
        yield _WindowsKeys()
        return
    import termios
    import tty

    before = termios.tcgetattr(sys.stdin)
    try:
        tty.setcbreak(sys.stdin)
        yield _TerminalKeys()
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)
