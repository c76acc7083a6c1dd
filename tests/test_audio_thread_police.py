"""Promise 1, watched from outside: no allocation, no lock, no system call on the audio thread, whatever the user does."""
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.hooked import build_library

ROOT = Path(__file__).parents[1]
pytestmark = [pytest.mark.slow, pytest.mark.realtime,
              pytest.mark.skipif(sys.platform != "linux", reason="the police knows glibc only"),
              pytest.mark.skipif(shutil.which("gcc") is None, reason="no gcc to build the police with")]


@pytest.fixture(scope="module")
def police(tmp_path_factory):
    return build_library("police", tmp_path_factory.mktemp("police"))


def run(police, *arguments):
    out = subprocess.run([sys.executable, "-m", "tests.police_run", *arguments], cwd=ROOT, capture_output=True, text=True, check=False,
                         env={**os.environ, "LD_PRELOAD": str(police)}, timeout=600)
    assert out.returncode == 0, out.stderr
    return json.loads(out.stdout.splitlines()[-1])


def test_the_police_sees_what_there_is_to_see(police):
    seen = run(police, "confess")
    assert seen["allocations"] >= 10
    assert seen["locks"] >= 5
    assert seen["syscalls"] >= 5 or os.uname().machine != "x86_64"


@pytest.mark.parametrize("seconds", [6, pytest.param(60, marks=pytest.mark.slow)])
def test_using_everything_at_once_leaves_the_audio_thread_clean(police, seconds):
    seen = run(police, str(seconds), "clock")
    assert seen["callbacks"] > 0.2 * seconds * 48000 / 64
    assert seen["deeds"] > 100
    assert (seen["allocations"], seen["locks"], seen["syscalls"]) == (0, 0, 0), seen
