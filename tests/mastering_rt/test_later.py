"""What is loaded late may be loaded by several threads at once: the whole song, the search for faults and the demo mix begin together."""
import subprocess
import sys

import pytest

from tests.jack import ROOT

TOGETHER = """
import sys, threading
from mastering_rt.measure.later import LOADING, fft, ndimage
sys.setswitchinterval(1e-5)
together, problems = threading.Barrier(4), []

def inspect():
    with LOADING:
        from mastering_rt.qc.inspect import inspect_blocks

def demo():
    with LOADING:
        from mastering_rt.demo.file import write_demo

def run(load):
    together.wait()
    try:
        load()
    except Exception as problem:
        problems.append(repr(problem))

threads = [threading.Thread(target=run, args=(load,)) for load in (lambda: fft.rfft, lambda: ndimage.minimum_filter1d, inspect, demo)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(problems)
"""


@pytest.mark.parametrize("turn", range(4))
def test_threads_that_load_at_once_do_not_meet(turn):
    out = subprocess.run([sys.executable, "-c", TOGETHER], cwd=ROOT, capture_output=True, text=True, check=False, timeout=100)
    assert (out.returncode, out.stdout.strip()) == (0, "[]"), out.stderr


@pytest.mark.parametrize("path", ["desk/looking.py", "offline/whole_song.py", "qc/examine.py", "demo/cached.py"])
def test_whoever_loads_it_late_takes_its_turn(path):
    """A late import of what needs scipy stands inside LOADING."""
    lines = (ROOT / "mastering_rt" / path).read_text(encoding="utf-8").splitlines()
    late = [index for index, line in enumerate(lines) if line.startswith(" ") and line.strip().startswith(("from mastering_rt.qc.inspect", "from mastering_rt.demo.file"))]
    assert late and all(lines[index - 1].strip() == "with LOADING:" for index in late)


STOPPED = """
import sys
from mastering_rt.measure.later import load
class Stop(Exception): pass
asked = []
def check():
    asked.append(None)
    if len(asked) == 3:
        raise Stop
try:
    load(check)
except Stop:
    print(sorted({"scipy.linalg", "scipy.signal", "scipy.stats"} & set(sys.modules)))
load(lambda: None)
from mastering_rt.qc.inspect import inspect_blocks
print("scipy.signal" in sys.modules)
"""


def test_loading_stops_between_two_parts_and_goes_on_later():
    """A song that is opened meanwhile waits for a part at most."""
    out = subprocess.run([sys.executable, "-c", STOPPED], cwd=ROOT, capture_output=True, text=True, check=False, timeout=100)
    assert (out.returncode, out.stdout.split("\n")[:2]) == (0, ["['scipy.linalg']", "True"]), out.stderr
