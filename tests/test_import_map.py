"""Imports go one way: gui -> mastering_rt -> dsp_core. Each library that touches the world outside has one home."""
import ast
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CYTHON = {"cpython", "cython", "libc", "libcpp"}
TABLE = ("dsp_core.param", "dsp_core.params")            # for everybody
QT = ("PySide6", "shiboken6", "pyqtgraph")
HOMES = {"sounddevice": "mastering_rt/playback/device.py", "pedalboard": "mastering_rt/plugins/worker.py",
         "soundfile": "mastering_rt/audio/files.py", "soxr": "mastering_rt/audio/resample.py"}
WINDOW_DOOR = ("mastering_rt/cli/", "gui.app")          # the command that opens the window has to name it
CYTHON_IMPORT = re.compile(r"^\s*(?:from\s+(\S+)\s+c?import\s+(.*)|c?import\s+(.*))$", re.MULTILINE)


def inside(name, package):
    return name == package or name.startswith(package + ".")


def python_imports(source):
    """Full names of what a Python file imports, also by importlib; relative imports keep their dots."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{'.' * node.level}{node.module or ''}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if called in ("import_module", "__import__", "importorskip"):
                yield str(node.args[0].value)


def cython_imports(source):
    for module, names, whole in CYTHON_IMPORT.findall(source):
        if module:
            yield from (f"{module}.{name.split()[0]}" for name in names.strip("() \\").split(",") if name.strip("() \\"))
        else:
            yield from (name.split()[0] for name in whole.split(","))


def why_wrong(where, name):
    """The rule that the file `where` breaks by importing `name`; empty when it may."""
    folder, top = where.split("/")[0], name.split(".")[0]
    if name.startswith("."):
        return "imports are written out from the top"
    if top in HOMES and not where.startswith(HOMES[top]):
        return f"{top} is imported only in {HOMES[top]}"
    if folder == "dsp_core" and top not in {"dsp_core"} | CYTHON | sys.stdlib_module_names:
        return "dsp_core needs the standard library only"
    if where.startswith(WINDOW_DOOR[0]) and inside(name, WINDOW_DOOR[1]):
        return ""
    if folder == "mastering_rt" and top in ("gui", *QT):
        return "mastering_rt knows no windows"
    if folder == "gui" and top == "dsp_core" and not any(inside(name, table) for table in TABLE):
        return "of dsp_core, gui sees the parameter table only"
    return "tests are for tests" if top == "tests" else ""


def broken_rules(root):
    wrong = []
    for folder in ("dsp_core", "mastering_rt", "gui"):
        for path in sorted((root / folder).rglob("*.p*")):
            if path.suffix in (".py", ".pyx", ".pxd"):
                where, source = path.relative_to(root).as_posix(), path.read_text(encoding="utf-8")
                names = python_imports(source) if path.suffix == ".py" else cython_imports(source)
                wrong += [f"{where} imports {name}: {why}" for name in names if (why := why_wrong(where, name))]
    return wrong


@pytest.mark.slow
def test_imports_go_one_way():
    assert not broken_rules(ROOT), "\n".join(broken_rules(ROOT))


@pytest.mark.parametrize(("where", "line"), [
    ("dsp_core/units.pxd", "from numpy cimport ndarray"), ("dsp_core/a/b.pyx", "cimport numpy as np"),
    ("dsp_core/x.py", "import mastering_rt"), ("dsp_core/x.py", "import os, numpy"),
    ("mastering_rt/x.py", "def f():\n    from gui import app"), ("mastering_rt/x.py", "import PySide6.QtCore"),
    ("mastering_rt/x.py", "import sounddevice"), ("mastering_rt/playback/other.py", "import sounddevice as sd"),
    ("mastering_rt/audio/cut.py", "import soxr"), ("mastering_rt/cli/x.py", "from gui.controls import knob"),
    ("mastering_rt/x.py", "import importlib\nimportlib.import_module('pedalboard')"),
    ("mastering_rt/plugins/unit.py", "import pedalboard"), ("mastering_rt/x.py", "from tests import signals"), ("gui/x.py", "import soundfile"),
    ("gui/x.py", "from dsp_core import stages"), ("gui/x.py", "from dsp_core.engine.engine import Engine"),
    ("gui/x.py", "import dsp_core"), ("gui/x.py", "from . import theme")])
def test_each_rule_is_seen_to_break(tmp_path, where, line):
    (tmp_path / where).parent.mkdir(parents=True)
    (tmp_path / where).write_text(f"{line}\n")
    assert len(broken_rules(tmp_path)) == 1


@pytest.mark.parametrize(("where", "line"), [
    ("dsp_core/units.pxd", "from libc.math cimport exp, log"), ("mastering_rt/cli/jobs.py", "from gui.app import run"),
    ("dsp_core/a.pyx", "from dsp_core.params import LABELS\ncimport cython"),
    ("mastering_rt/playback/device.py", "import sounddevice"), ("mastering_rt/plugins/worker.py", "import pedalboard"),
    ("mastering_rt/x.py", "from dsp_core.engine.engine import Engine\nimport numpy"),
    ("gui/x.py", "from dsp_core.params import STAGES"),
    ("gui/x.py", "from dsp_core import params\nfrom mastering_rt.session import model\nimport PySide6")])
def test_what_is_allowed_passes(tmp_path, where, line):
    (tmp_path / where).parent.mkdir(parents=True)
    (tmp_path / where).write_text(f"{line}\n")
    assert not broken_rules(tmp_path)
