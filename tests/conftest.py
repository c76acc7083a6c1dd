"""What holds for all tests, and how the figures they reach come into docs/measurements.md.

`pytest --figures FILE` runs only the tests that reach a figure, and writes the figures as JSON lines. `pytest --soak` adds those that take minutes,
and gives the property tests thousands of new examples. `pytest --quick` leaves out what is slow, and takes of each test its first case and few examples.
"""
import gc
import json
import re
from pathlib import Path

import hypothesis
import pytest

FIGURE = "figure"                # name of the property that carries a figure from a test to its report
FEW_OBJECTS = 30_000             # looking through as many takes the garbage collector some milliseconds; the libraries hold ten times that
SLOW_FILE = re.compile(r"^pytestmark = .*\bpytest\.mark\.slow\b", re.MULTILINE)

# steady: the same examples in every run, so that whoever breaks a promise is told, and not whoever comes next
PROFILES = {"steady": {"derandomize": True, "max_examples": 100}, "quick": {"derandomize": True, "max_examples": 15}, "soak": {"max_examples": 5000}}


def pytest_addoption(parser):
    parser.addoption("--quick", action="store_true", help="leave out the slow tests, and all cases of a test but its first")
    parser.addoption("--figures", metavar="FILE", type=Path, help="run only the tests that reach a figure, and write the figures as JSON lines")
    parser.addoption("--soak", action="store_true", help="also run the tests that take minutes each")


def pytest_configure(config):
    for name, settings in PROFILES.items():
        hypothesis.settings.register_profile(name, database=None, deadline=None, **settings)
    hypothesis.settings.load_profile("soak" if config.getoption("--soak") else "quick" if config.getoption("--quick") else "steady")
    target = config.getoption("--figures")
    if target and not hasattr(config, "workerinput"):
        target.write_text("")


def pytest_ignore_collect(collection_path, config):
    """Among the quick tests a file that is slow as a whole is not even imported."""
    if config.getoption("--quick") and collection_path.suffix == ".py":
        return SLOW_FILE.search(collection_path.read_text(encoding="utf-8")) is not None or None
    return None


def pytest_collection_modifyitems(config, items):
    """What plays in real time is begun first, so that another process computes while it waits."""
    items.sort(key=lambda item: item.get_closest_marker("realtime") is None)
    if config.getoption("--figures"):
        keep(config, items, lambda item: "reached" in item.fixturenames)
    if not config.getoption("--soak"):
        keep(config, items, lambda item: item.get_closest_marker("soak") is None)
    if config.getoption("--quick"):
        keep(config, items, lambda item: item.get_closest_marker("slow") is None)
        first = {item.nodeid.partition("[")[0]: item for item in reversed(items)}
        keep(config, items, lambda item: first[item.nodeid.partition("[")[0]] is item)


def keep(config, items, wanted):
    config.hook.pytest_deselected(items=[item for item in items if not wanted(item)])
    items[:] = filter(wanted, items)


def set_aside():
    """Collect garbage, and let the collector look from now on only through what comes."""
    gc.collect()
    gc.freeze()


def much_to_look_through():
    """Whether nothing is set aside. (`gc.get_freeze_count` would walk through all that is.)"""
    return len(gc.get_objects()) > FEW_OBJECTS


def pytest_collection_finish():
    """The thousands of tests themselves need no looking through each time a test asks for its garbage to be collected."""
    set_aside()


def pytest_runtest_setup(item):
    """Tests of the window keep the garbage collector off; what comes behind them has it back, and nothing of theirs to collect."""
    if not gc.isenabled() and "dressed" not in item.fixturenames:
        set_aside()
        gc.enable()


@pytest.fixture(scope="module", autouse=True)
def tidy():
    """No engine outlives its file of tests: the collector sees a few objects where there are hundreds of megabytes."""
    yield
    gc.collect()


@pytest.fixture
def reached(request):
    """reached(promise, what, figure, limit, unit="dB", least=False): the figure is within its limit, and goes into the table.

    promise: the line of the table, the same for all its cases. what: the case; the worst of those with one name is shown.
    limit: the most the figure may be, or with `least` the least.
    """
    def reach(promise, what, figure, limit, unit="dB", least=False):
        figure = float(figure)
        row = {"promise": promise, "what": what, "figure": figure, "limit": limit, "unit": unit, "least": least,
               "test": request.node.nodeid.split("[")[0]}
        request.node.user_properties.append((FIGURE, row))
        assert figure >= limit if least else figure <= limit, f"{promise}, {what}: {figure:g} {unit} where {limit:g} is the limit"
    return reach


class Figures:
    """Writes the figures of each finished test, whichever process ran it."""

    def __init__(self, target):
        self.target = target

    def pytest_runtest_logreport(self, report):
        rows = [row for name, row in report.user_properties if name == FIGURE]
        if report.when == "call" and rows:
            with self.target.open("a") as file:
                file.writelines(json.dumps(row) + "\n" for row in rows)


@pytest.hookimpl(trylast=True)
def pytest_sessionstart(session):
    target = session.config.getoption("--figures")
    if target and not hasattr(session.config, "workerinput"):
        session.config.pluginmanager.register(Figures(target))
