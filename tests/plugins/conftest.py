"""The test plugin, built once, and units that are let go of at the end of a test."""
import pytest

from dsp_core.offline.patience import patience
from mastering_rt.plugins.unit import Setup, Unit
from tests.plugins import building


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """A function: the path of the test plugin with one channel or two, or that of one that can be much later."""
    missing = building.why_not()
    if missing:
        pytest.skip(missing)
    folder, made = tmp_path_factory.mktemp("vst3"), {}

    def path(channels=2, late=False):
        if (channels, late) not in made:
            flags = ["-DMONO=1"] * (channels == 1) + [f"-DMOST_DELAY={building.MOST_DELAY_OF_LATE}"] * late
            made[channels, late] = building.build(folder, f"FaultGain{channels}{'Late' * late}", *flags)
        return made[channels, late]
    return path


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("MASTERING_RT_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def unit_of(home):
    """A function: a unit that answers, offline unless `live`."""
    made = []

    def start(path, values=(), rate=48000, live=False, state=b"", **more):
        unit = Unit(Setup(path, state=state, values=tuple(values)), rate, title="Fault Gain", patience=0 if live else patience(), **more)
        made.append(unit)
        assert unit.wait(), unit.problem
        return unit
    yield start
    for unit in made:
        unit.close(wait=True)
