"""A screen without a screen, with a window manager or without, and a hand on the windows of plugins there."""
import os
import shutil
import subprocess
from contextlib import contextmanager

from tests.mastering_rt.helpers import until

TOOLS = ("Xvfb", "xdotool", "xprop")


def why_not(manager=""):
    """What is missing; "" when nothing is."""
    missing = [tool for tool in (*TOOLS, *filter(None, [manager])) if shutil.which(tool) is None]
    return f"{', '.join(missing)} is not installed" if missing else ""


@contextmanager
def screen(manager=""):
    """Gives the environment that programs on it need."""
    server = subprocess.Popen(["Xvfb", "-displayfd", "1", "-noreset", "-screen", "0", "1280x800x24"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    environment = {**os.environ, "DISPLAY": f":{server.stdout.readline().strip()}"}
    managing = None
    try:
        if manager:
            managing = subprocess.Popen([manager], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            until(lambda: "window id" in told(environment, "xprop", "-root", "_NET_SUPPORTING_WM_CHECK"))
        yield environment
    finally:
        for process in filter(None, (managing, server)):
            process.kill()
            process.wait()
        server.stdout.close()


def told(environment, *command):
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=20).stdout


class Hand:
    """On the windows of one process."""

    def __init__(self, environment, pid):
        self.environment, self.pid = environment, pid

    def window(self):
        """The number of the window that is seen; "" while there is none."""
        found = self._do("search", "--onlyvisible", "--pid", str(self.pid), "--name", ".").split()
        return found[-1] if found else ""

    def title(self, window):
        return self._do("getwindowname", window).strip()

    def size(self, window):
        lines = dict(line.split("=") for line in self._do("getwindowgeometry", "--shell", window).split() if "=" in line)
        return int(lines.get("WIDTH", 0)), int(lines.get("HEIGHT", 0))

    def drag(self, window, start, end):
        """Hold the left button from one place in the window to another, on the way in steps as a hand makes them."""
        (x, y), (to_x, to_y) = start, end
        self._do("mousemove", "--window", window, str(x), str(y), "mousedown", "1")
        for step in range(1, 6):
            self._do("mousemove", "--window", window, str(round(x + (to_x - x) * step / 5)), str(round(y + (to_y - y) * step / 5)))
        self._do("mouseup", "1")

    def press(self, window, place, button):
        self._do("mousemove", "--window", window, *map(str, place), "click", str(button))

    def close(self, window):
        """By the key of the window manager for it, which does what the cross in a frame does."""
        self._do("windowactivate", "--sync", window, "key", "alt+F4")

    def _do(self, *words):
        return told(self.environment, "xdotool", *words)
