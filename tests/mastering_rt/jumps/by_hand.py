"""An engine with the rack and the jumps of a player, turned by hand and without a device."""
import numpy as np

from dsp_core.engine.engine import MASTER_SOURCE, Engine
from mastering_rt.playback.jumps import Jumps
from mastering_rt.playback.rack import Rack
from mastering_rt.session.model import Slot
from tests.dsp_core.playing import pull

RATE = 44100
FADE = RATE // 100
CHAIN = (Slot("compressor", "compressor", {"threshold": -30, "ratio": 3, "release": 400, "lookahead": 2}),
         Slot("limiter", "limiter", {"gain": 9, "ceiling": -2}))
TRIM = (Slot("trim", "trim", {"gain": -3.0}),)
PATIENCE_S = 30


class Deck:
    """An engine that somebody turns by hand, with the rack and the jumps of a player."""

    def __init__(self, slots, source, reader, kept=None, heard=MASTER_SOURCE, listen=""):
        self.time, self.checkpoints = 0.0, {} if kept is None else {slots: kept}
        self.engine = Engine(RATE)
        self.engine.set_song(source)
        self.engine.select(heard)
        self.rack = Rack(self.engine, slots, lambda: self.time)
        self.jumps = Jumps(self.engine, self.rack, reader, self.checkpoints.get,
                           lambda chain: next((k for k, slot in enumerate(chain) if slot.name == listen), -1), lambda: self.time)
        self.engine.listen_to_delta(next((k for k, slot in enumerate(slots) if slot.name == listen), -1))
        self.engine.running = True
        self.said = []
        self.hear(2048)

    @property
    def lander(self):
        return self.jumps._lander

    def poll(self, ready=True):
        """One turn of the control thread; with all that was asked for `ready`."""
        for room in ("seek", "loop"):
            if ready and self.lander is not None and self.lander.busy(room):
                assert self.lander.wait(room, PATIENCE_S)
        self.jumps.follow()
        self.rack.pump()
        self.said += self.jumps.pump()

    def hear(self, frames, size=700, ready=True):
        """So much of the output, polled each `size` frames."""
        y = []
        for at in range(0, frames, size):
            self.poll(ready)
            y.append(pull(self.engine, min(size, frames - at), 256))
            self.time += size / RATE
        return np.concatenate(y, axis=1) if y else np.zeros((2, 0))


def equal(y, master, at):
    return np.array_equal(y, np.float32(master[:, at:at + y.shape[1]]))
