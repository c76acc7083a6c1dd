"""The whole song behind one change: its numbers, and the places from which the chain can go on."""
import numpy as np

from dsp_core.engine.chain import Chain
from mastering_rt.audio.song import load_song
from mastering_rt.offline.checkpoints import Checkpoints
from mastering_rt.offline.run import build_stages
from mastering_rt.offline.whole_song import measure_master, measure_mix
from mastering_rt.session.model import Slot
from tests.mastering_rt.helpers import clock_desk, programme_file, until

RATE = 44100
CHAIN = (Slot("eq", "eq", {"band1_gain": 3.0, "band1_type": 0}), Slot("compressor", "compressor", {"threshold": -30.0, "lookahead": 5.0}),
         Slot("limiter", "limiter", {"gain": 6.0}))


def master_of(chain, mix, start=0, states=None):
    stages = build_stages(chain, RATE)
    for stage, state in zip(stages, states or ()):
        stage.load(state)
    out = np.array(mix[:, start:], dtype=np.float64, order="C")
    Chain(RATE, stages).process(out, None, start)
    return out


def test_a_fresh_chain_goes_on_from_each_second_as_if_it_had_played(tmp_path):
    song = load_song(programme_file(tmp_path, 4.5, RATE))
    points = Checkpoints(CHAIN, RATE)
    measure_master(song, CHAIN, measure_mix(song), points=points)
    whole = master_of(CHAIN, song.samples)
    assert [point.frame for point in points.kept] == [second * RATE for second in range(5)]
    for point in points.kept:
        assert np.array_equal(master_of(CHAIN, song.samples, point.frame, point.states), whole[:, point.frame:])


def test_the_desk_hands_out_the_places_of_its_chain(tmp_path):
    with clock_desk() as desk:
        desk.open(programme_file(tmp_path, 3.0))
        desk.load_preset("default")
        until(lambda: not desk.measuring, desk.poll)
        points = desk._measurements.checkpoints(desk.session.chain)
        assert points.chain == desk.session.chain
        assert len(points.kept) == 3
        desk.set_value("limiter", "gain", 3.0)
        assert desk._measurements.checkpoints(desk.session.chain) is None
