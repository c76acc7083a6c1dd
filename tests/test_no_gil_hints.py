"""A cdef function that may raise takes the GIL when it returns to nogil code. Cython only hints at it; here it is a failure."""
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
TRANSLATE = """
import os, sys
from Cython.Build import cythonize
cythonize(sys.argv[2:], force=True, build_dir=sys.argv[1], language="c++",
          nthreads=os.cpu_count() if sys.platform.startswith("linux") else 0,
          compiler_directives=dict(language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False))
"""


def gil_hints(folder, scratch):
    """Lines in which Cython says that nogil code of `folder` will take the GIL."""
    sources = sorted(str(p.relative_to(folder)) for p in folder.rglob("*.pyx"))
    done = subprocess.run([sys.executable, "-c", TRANSLATE, str(scratch), *sources], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return [line for line in (done.stdout + done.stderr).splitlines() if "require the GIL" in line]


@pytest.fixture(scope="module")
def core(tmp_path_factory):
    """A copy of the sources, so that nothing in the checkout is translated anew."""
    copy = tmp_path_factory.mktemp("core")
    for path in (ROOT / "dsp_core").rglob("*"):
        if path.suffix in (".pyx", ".pxd", ".py", ".h"):
            target = copy / path.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    return copy


def test_native_code_never_takes_the_gil(core, tmp_path):
    hints = gil_hints(core, tmp_path)
    assert not hints, "add noexcept, or an exception value, to:\n" + "\n".join(hints)


def test_a_forgotten_noexcept_is_seen(tmp_path):
    (tmp_path / "forgotten.pyx").write_text("cdef void f() nogil:\n    pass\n\ndef g():\n    with nogil:\n        f()\n")
    assert any("'f'" in line for line in gil_hints(tmp_path, tmp_path / "out"))
