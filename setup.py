"""Builds the Cython extensions of dsp_core, and nothing else. The only place for compiler flags and Cython directives.

MRT_DEBUG=1 turns bounds checks on, MRT_TSAN=1 builds with ThreadSanitizer.
"""
import os
import sys
from pathlib import Path

from Cython.Build import cythonize
from setuptools import Extension, setup

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT))
os.chdir(ROOT)
from dsp_core.params import STAGES, names  # noqa: E402

CPUS = os.cpu_count() or 1
DEBUG = os.environ.get("MRT_DEBUG") == "1"
TSAN = ["-fsanitize=thread"] if os.environ.get("MRT_TSAN") == "1" else []
# No fused multiply-add outside the kernels that ask for it: the same bits on every processor and at every cut of the stream.
FLAGS = (["/std:c++17", "/O2", "/fp:precise"] if sys.platform == "win32" else
         ["-std=c++17", "-O1" if DEBUG or TSAN else "-O3", "-g1", "-fno-math-errno", "-fno-trapping-math", "-ffp-contract=off",
          "-fvisibility=hidden", "-Wno-unused-function", *TSAN])
DIRECTIVES = dict(language_level=3, boundscheck=DEBUG, wraparound=False, cdivision=True, initializedcheck=DEBUG, auto_pickle=False,
                  freethreading_compatible=True, embedsignature=True)


def write_parameter_names() -> None:
    folder = Path("dsp_core/param_ids")
    folder.mkdir(exist_ok=True)
    for name, text in {"__init__": "", "common": names("common"), **{kind: names(kind) for kind in STAGES}}.items():
        target = folder / f"{name}.pxd"
        if not target.exists() or target.read_text() != text:
            target.write_text(text)


def extensions() -> list[Extension]:
    headers = sorted(str(p) for p in Path("dsp_core/kernels").glob("*.h"))
    return [Extension(".".join(source.with_suffix("").parts), [str(source)], language="c++", depends=headers,
                      extra_compile_args=FLAGS, extra_link_args=TSAN, include_dirs=["."])
            for source in sorted(Path("dsp_core").rglob("*.pyx"))]


write_parameter_names()
setup(ext_modules=cythonize(extensions(), nthreads=CPUS if sys.platform.startswith("linux") else 0, compiler_directives=DIRECTIVES),
      options={"build_ext": {"parallel": CPUS}})
