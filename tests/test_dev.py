"""The script `dev`: says what is missing and how to get it, installs where it may, and does nothing a second time."""
import ast
import importlib.machinery
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

ROOT = Path(__file__).parents[1]
posix = pytest.mark.skipif(os.name != "posix", reason="package managers of Linux")


@pytest.fixture
def dev(monkeypatch):
    """The script as a module of its own."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    loader = importlib.machinery.SourceFileLoader("dev", str(ROOT / "dev"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("dev", loader))
    loader.exec_module(module)
    module.WINDOWS = module.MAC = False
    return module


def need(dev, name="a compiler", there=False, apt="g++", rpm="/usr/bin/g++"):
    return dev.Need(name, "builds", lambda: there, apt, rpm)


def program(folder, name, script):
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def test_readable_by_an_old_python():
    ast.parse((ROOT / "dev").read_text(encoding="utf-8"), feature_version=(3, 7))


def test_old_python_is_told(dev, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(dev, "sys", SimpleNamespace(version_info=(3, 9, 2, "final", 0), executable="/usr/bin/python3"))
    with pytest.raises(dev.Stop, match=r"needs Python 3\.11 or newer; /usr/bin/python3 is 3\.9\.2"):
        dev.require_python()


@posix
def test_newer_python_on_the_path_is_used(dev, monkeypatch, tmp_path):
    program(tmp_path, "python3.12", f'echo "$@" >> "{tmp_path}/asked"')
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    old = SimpleNamespace(version_info=(3, 9, 2, "final", 0), executable="python3", exit=sys.exit, argv=["dev", "test", "quick"])
    monkeypatch.setattr(dev, "sys", old)
    with pytest.raises(SystemExit) as left:
        dev.require_python()
    assert left.value.code == 0
    assert (tmp_path / "asked").read_text().splitlines()[-1] == f"{ROOT / 'dev'} test quick"


@posix
@pytest.mark.parametrize(("manager", "command"), [
    ("apt-get", "sudo apt-get install g++ libportaudio2"),
    ("dnf", "sudo dnf install /usr/bin/g++ 'libportaudio.so.2()(64bit)'"),
    ("zypper", "sudo zypper install /usr/bin/g++ 'libportaudio.so.2()(64bit)'"),
    ("pacman", "sudo pacman -S --needed gcc portaudio"),
    ("none", "(your package manager; these are Debian's names) g++ libportaudio2")])
def test_command_fits_the_machine(dev, monkeypatch, tmp_path, manager, command):
    program(tmp_path, manager, "")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert dev.command_for([need(dev), dev.library("libportaudio.so.2", "libportaudio2", "")]) == command


@posix
def test_user_without_rights_gets_the_command(dev, monkeypatch, tmp_path, capsys):
    program(tmp_path, "apt-get", f"touch {tmp_path}/called")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    wanted = [need(dev), need(dev, "there", True)], [need(dev, "PortAudio", apt="libportaudio2")]
    monkeypatch.setattr(dev, "needs", lambda job: wanted)
    with pytest.raises(dev.Stop, match=r"\n    sudo apt-get install g\+\+ libportaudio2\n"):
        dev.complete_system("build")
    assert capsys.readouterr().out == "dev: Missing: a compiler, PortAudio (builds).\n"
    assert not (tmp_path / "called").exists()


@posix
def test_root_installs_and_fetches_the_lists_when_they_are_missing(dev, monkeypatch, tmp_path):
    """An apt-get that finds packages only after an update, and whose installation makes the need vanish."""
    log, lists, done = (tmp_path / name for name in ("log", "lists", "done"))
    found = f"test -e {lists} || exit 100; touch {done}"
    program(tmp_path / "bin", "apt-get", f'echo "$@" >> {log}\ncase "$*" in *update) touch {lists};; *) {found};; esac')
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:/usr/bin:/bin")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    missing = dev.Need("a compiler", "builds", done.exists, "g++", "")
    monkeypatch.setattr(dev, "needs", lambda job: ([missing], []))
    assert dev.complete_system("build") == []
    assert log.read_text().splitlines() == ["-y -q install --no-install-recommends g++", "-y -q update",
                                            "-y -q install --no-install-recommends g++"]


@posix
def test_what_can_be_done_without_is_tried_once(dev, monkeypatch, tmp_path):
    program(tmp_path / "bin", "apt-get", f'echo "$@" >> {tmp_path}/log; exit 1')
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:/usr/bin:/bin")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(dev, "INSTALLED", tmp_path / "installed.json")
    monkeypatch.setattr(dev, "needs", lambda job: ([], [need(dev, "jackd", apt="jackd2")]))
    assert [n.what for n in dev.complete_system("test")] == ["jackd"]
    tried = (tmp_path / "log").read_text()
    (tmp_path / "installed.json").write_text('{"without": ["jackd"]}')
    assert [n.what for n in dev.complete_system("test")] == ["jackd"]
    assert (tmp_path / "log").read_text() == tried


@pytest.mark.parametrize(("words", "status", "sentence"), [
    ([], 2, "./dev run [FILE]"), (["--help"], 0, "./dev run [FILE]"), (["tset"], 1, "no job 'tset'"),
    (["run", "nothing.wav"], 1, "no file nothing.wav"), (["run", "a", "b"], 1, "one file"), (["lint", "x"], 1, "no arguments")])
def test_wrong_words_are_answered_before_anything_is_done(words, status, sentence):
    done = subprocess.run([sys.executable, str(ROOT / "dev"), *words], capture_output=True, text=True)
    assert done.returncode == status
    assert sentence in done.stdout
    assert "Traceback" not in done.stderr


@pytest.fixture
def asked(dev, monkeypatch):
    found = []
    monkeypatch.setattr(dev, "python", lambda *words, **settings: found.append((words, settings)) or 0)
    return found


def test_quick_leaves_the_slow_tests_out(dev, asked, monkeypatch):
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    assert dev.test(["quick", "-x"]) == 0
    (words, settings), = asked
    assert words[:4] == ("-m", "pytest", "-n", "2")
    assert words[-2:] == ("--quick", "-x")
    assert settings == {"QT_QPA_PLATFORM": "offscreen", "PYTHONDONTWRITEBYTECODE": ""}


def test_words_for_pytest_are_passed_on_as_they_are(dev, asked):
    dev.test(["-k", "ceiling"])
    assert asked[0][0] == ("-m", "pytest", "-k", "ceiling")


def test_without_qt_the_other_tests_run_and_one_command_installs_the_rest(dev, asked, monkeypatch, capsys):
    monkeypatch.setenv("PYTEST_ADDOPTS", "")
    missing = [dev.library(name, package, dev.QT_WHY) for name, package in (("libGL.so.1", "libgl1"), ("libEGL.so.1", "libegl1"))]
    monkeypatch.setattr(dev, "complete_system", lambda job: missing)
    monkeypatch.setattr(dev, "command_for", lambda missing: " ".join(need.apt for need in missing))
    for name in ("complete_environment", "build"):
        monkeypatch.setattr(dev, name, lambda *_: None)
    assert dev.main(["test", "quick"]) == 0
    assert asked[0][0][:2] == ("-m", "pytest")
    assert "--ignore=tests/gui -p no:pytest-qt" in os.environ["PYTEST_ADDOPTS"]
    said = capsys.readouterr().out
    assert "Missing: libGL.so.1, libEGL.so.1 (Qt needs it to draw a window" in said
    assert said.endswith("This command installs it: libgl1 libegl1\n")


def test_whole_test_fails_when_only_lint_fails(dev, monkeypatch):
    monkeypatch.setattr(dev, "python", lambda *words, **settings: int("ruff" in words))
    assert dev.test([]) == 1


def test_window_with_a_display_and_terminal_without(dev, asked, monkeypatch):
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    dev.run(["a.wav"])
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    dev.run([])
    terminal, window = (words for words, _ in asked)
    assert terminal == ("-P", "-m", "mastering_rt.cli.first_run", "a.wav")
    assert window == ("-P", "-m", "mastering_rt", "gui")


@pytest.fixture
def checkout(tmp_path):
    """A checkout that asks for no packages and whose build writes a line, in a folder with a difficult name."""
    root = tmp_path / "my mixes \N{LATIN SMALL LETTER U WITH DIAERESIS}"
    (root / "dsp_core").mkdir(parents=True)
    shutil.copy(ROOT / "dev", root)
    shutil.copytree(ROOT / ".ci", root / ".ci")
    (root / "pyproject.toml").write_text('[build-system]\nrequires = []\n[project]\nrequires-python = ">=3.11"\n'
                                         'dependencies = []\n[project.optional-dependencies]\n')
    (root / "setup.py").write_text('open("builds", "a").write("once\\n")\n')
    for name in ("param.py", "core.h"):
        (root / "dsp_core" / name).write_text("")
    return root


def start(root, *words, **settings):
    environment = {**os.environ, **settings}
    return subprocess.run([sys.executable, "dev", *words], cwd=root, capture_output=True, text=True, env=environment)


@pytest.mark.slow
def test_builds_when_sources_change_and_only_then(checkout):
    first, second = start(checkout, "build"), start(checkout, "build")
    assert first.returncode == 0, first.stdout + first.stderr
    assert "Making a Python environment" in first.stdout
    assert second.stdout == ""
    assert (checkout / "builds").read_text() == "once\n"
    (checkout / "dsp_core" / "core.h").write_text("/* new */")
    start(checkout, "build")
    start(checkout, "build", MRT_DEBUG="1")
    assert (checkout / "builds").read_text() == "once\n" * 3
    (checkout / "setup.py").write_text('import sys\nsys.exit("the compiler broke")\n')
    failed = start(checkout, "build")
    assert failed.returncode == 1
    assert "the compiler broke" in failed.stdout
    assert "could not be built" in failed.stdout


@posix
@pytest.mark.slow
def test_broken_environment_is_named_and_left_alone(checkout):
    start(checkout, "build")
    (checkout / ".venv" / "bin" / "python").unlink()
    left = sorted(checkout.rglob("*"))
    broken = start(checkout, "build")
    assert broken.returncode == 1
    assert f"The Python environment in {checkout / '.venv'} does not work" in broken.stdout
    assert sorted(checkout.rglob("*")) == left


@posix
def test_run_for_new_machines_passes_the_status_on(checkout):
    program(checkout, "dev", 'test "$*" = test && exit 7')
    assert subprocess.run([str(checkout / ".ci" / "run")], cwd="/").returncode == 7
