"""The starting points that come with the program: each has a purpose, says it, is moderate, and holds its ceiling."""
import pytest

from dsp_core.params import params_of
from mastering_rt.audio.song import load_song
from mastering_rt.offline.render import ceiling_of
from mastering_rt.offline.whole_song import measure_master
from mastering_rt.session import text
from mastering_rt.session.document import from_document, to_document
from mastering_rt.session.model import Session, Slot
from mastering_rt.session.presets import BASIC, BUILT_IN, FORMAT, STARTING_POINTS, Preset, apply_preset
from tests import signals
from tests.mastering_rt.helpers import RATE, band_limited, write_song

CHAINS = [preset for preset in STARTING_POINTS if preset.scope == "chain"]
STAGES = [preset for preset in STARTING_POINTS if preset.scope == "stage"]
MOST_EQ_DB = 2.0                 # of any band
MOST_DRIVE_DB = 6.0
HELD_DB = 0.05


def named(preset):
    return preset.name


@pytest.fixture(scope="module")
def song(tmp_path_factory):
    """A mix as they are meant for: about -18 LUFS, peaks under full scale; and the same driven 12 dB hotter, which clips."""
    x = band_limited(signals.programme(3 * RATE, RATE))
    folder = tmp_path_factory.mktemp("mixes")
    peak = abs(x).max()
    return [load_song(write_song(folder / f"{gain}.wav", gain * x / peak, RATE)) for gain in (0.6, 2.4)]


def test_there_is_one_for_every_kind_but_tools():
    assert {preset.chain[0].kind for preset in STAGES} == {"eq", "compressor", "multiband", "dynamic_eq", "deesser", "resonance", "saturation",
                                                          "stereo", "clipper", "limiter"}
    assert len({preset.name.casefold() for preset in BUILT_IN}) == len(BUILT_IN) == len(BASIC) + len(STARTING_POINTS)


@pytest.mark.parametrize("preset", STARTING_POINTS, ids=named)
def test_it_says_what_it_is_for_and_can_be_found(preset):
    assert preset.description.endswith(".") and preset.category
    assert all(tag.strip() == tag and tag for tag in preset.category.split(", "))
    back, _ = from_document(text.parse(text.dump(to_document(preset, FORMAT))), Preset, FORMAT)
    assert back == preset
    for slot in preset.chain:
        known = {param.id: param for param in params_of(slot.kind)}
        assert slot.values and set(slot.values) <= set(known)
        for name, value in slot.values.items():
            assert known[name].check(value) == value


@pytest.mark.parametrize("preset", STARTING_POINTS, ids=named)
def test_it_is_moderate(preset):
    for slot in preset.chain:
        if slot.kind == "eq":
            assert all(abs(value) <= MOST_EQ_DB for name, value in slot.values.items() if name.endswith("gain"))
        assert abs(slot.value("gain")) <= MOST_DRIVE_DB if slot.kind in ("limiter", "clipper") else True
        if slot.kind in ("compressor", "multiband"):
            assert all(value <= 2.5 for name, value in slot.values.items() if name.endswith("ratio"))


@pytest.mark.slow
@pytest.mark.parametrize("preset", CHAINS, ids=named)
def test_a_chain_loads_and_holds_its_ceiling(preset, song):
    chain = apply_preset(Session(), preset).chain
    assert ceiling_of(chain) == -1
    for mix in song:
        master = measure_master(mix, chain)[0].master.report
        assert master.true_peak_dbtp <= ceiling_of(chain) + HELD_DB


@pytest.mark.slow
@pytest.mark.parametrize("preset", STAGES, ids=named)
def test_a_stage_loads_changes_little_and_holds_the_ceiling_behind_it(preset, song):
    kind = preset.chain[0].kind
    closing = () if kind == "limiter" else (Slot("limiter", "limiter", {"ceiling": -1}),)
    session = apply_preset(Session(chain=(Slot(kind, kind), *closing)), preset, kind)
    assert session.chain[0].values == preset.chain[0].values
    found = [measure_master(mix, session.chain)[0] for mix in song]
    assert all(one.master.report.true_peak_dbtp <= -1 + HELD_DB for one in found)
    plain = found[0]
    assert abs(plain.master.report.integrated_lufs - plain.mix.report.integrated_lufs) <= 4.0 + HELD_DB
