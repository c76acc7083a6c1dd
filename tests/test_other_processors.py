"""The native code is for every processor: where a cross compiler for 64-bit ARM is installed, all of it passes through that.

Kernels are written with vector extensions, so that NEON needs no line of its own; what asks for one processor must stand behind MRT_X86.
"""
import shutil
import subprocess
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
COMPILER = shutil.which("aarch64-linux-gnu-g++")
FLAGS = ["-std=c++17", "-fsyntax-only", "-fno-math-errno", "-fno-trapping-math", "-ffp-contract=off", "-Wall", "-Wno-unused-function", "-I."]
LANES = {path.name for path in (ROOT / "dsp_core/kernels").glob("*_lanes.h")}        # bodies that other headers include
KERNELS = sorted(path.name for path in (ROOT / "dsp_core/kernels").glob("*.h") if path.name not in LANES)
SOURCES = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "dsp_core").rglob("*.cpp"))

pytestmark = pytest.mark.skipif(COMPILER is None, reason="no aarch64-linux-gnu-g++ on this machine (Debian: g++-aarch64-linux-gnu)")


def compiled(*arguments, text=None):
    return subprocess.run([COMPILER, *FLAGS, *arguments], cwd=ROOT, input=text, capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize("kernel", KERNELS)
def test_a_kernel_compiles_for_arm(kernel):
    done = compiled("-Werror", "-x", "c++", "-", text=f'#include "dsp_core/kernels/{kernel}"\n')
    assert done.returncode == 0, done.stderr


def test_the_compiler_would_notice():
    done = compiled("-x", "c++", "-", text="#include <immintrin.h>\n")
    assert done.returncode != 0


@pytest.mark.slow
@pytest.mark.parametrize("source", SOURCES)
def test_a_generated_source_compiles_for_arm(source):
    """With the headers of this machine's Python: only its own sizes differ, which no line of ours depends on."""
    done = compiled("-Wno-unused-variable", "-I", sysconfig.get_paths()["include"], source)
    assert done.returncode == 0, done.stderr
