"""A private JACK server without hardware, and a recorder of what the program puts out there."""
import os
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from tests.hooked import NATIVE

ROOT = Path(__file__).parents[1]
OUT_PORTS = ("PortAudio:out_0", "PortAudio:out_1")


def build_recorder(folder):
    """Compile the recorder; gives its path."""
    out = Path(folder) / "jack_recorder"
    subprocess.run(["gcc", "-O2", "-Wall", "-Wextra", "-Werror", "-o", out, NATIVE / "jack_recorder.c", "-ldl"], check=True)
    return out


@contextmanager
def jack_server(frames, rate=48000, wait_for_clients=True):
    """Environment of a server of our own. `wait_for_clients`: synchronous, so that a busy machine loses no period."""
    name = f"mrt_test_{os.getpid()}"                      # one per run: JACK's registry has room for eight servers
    environment = {**os.environ, "JACK_DEFAULT_SERVER": name, "JACK_NO_START_SERVER": "1", "JACK_NO_AUDIO_RESERVATION": "1"}
    command = ["jackd", "-n", name, *(["-S"] if wait_for_clients else []), "-r", "-d", "dummy", "-r", str(rate), "-p", str(frames)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as server:
        started = subprocess.run(["jack_wait", "-s", name, "-w", "-t", "30"], env=environment, check=False, capture_output=True).returncode == 0
        try:
            if started:
                yield environment
        finally:
            server.terminate()
            said, _ = server.communicate(timeout=30)
        assert started, f"the JACK server did not start: {said}"


def record_play(recorder, environment, frames, *play_arguments):
    """Record `frames` frames of `mastering-rt play` with these arguments: (2, frames) float32."""
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "out.raw"
        with subprocess.Popen([recorder, *OUT_PORTS, str(frames), raw], env=environment, stdout=subprocess.PIPE, text=True) as listening, \
                subprocess.Popen([sys.executable, "-m", "mastering_rt", "play", *map(str, play_arguments)], cwd=ROOT, env=environment,
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True) as playing:
            status = listening.wait(timeout=600)
            playing.terminate()
            said = playing.communicate(timeout=60)
            assert status == 0, f"the recorder left with {status}; the player said {said}"
        return np.fromfile(raw, np.float32).reshape(-1, 2).T
