"""A private JACK server without hardware, and a recorder of what the program puts out there."""
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager, suppress
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


def running_programs():
    """Names of the processes of this machine."""
    for entry in Path("/proc").glob("[0-9]*/comm"):
        with suppress(OSError):                           # it ended meanwhile
            yield entry.read_text().strip()


def forget_dead_servers():
    """Clear what killed servers left: JACK's registry has room for eight and never lets a dead one of another name go."""
    if not {"jackd", "jackdbus"} & set(running_programs()):
        for path in Path("/dev/shm").glob("jack[-_]*"):
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)


def may_be_realtime():
    """Whether this user's threads may go before all others."""
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
        os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
    except OSError:
        return False
    return True


@contextmanager
def jack_server(frames, rate=48000, wait_for_clients=True, realtime=None):
    """Environment of a server of our own, its process in MRT_TEST_SERVER.

    `wait_for_clients`: synchronous, so that a busy machine loses no period. `realtime` None: if the system lets us; without it
    a busy machine takes minutes for what sounds for seconds, because each period waits several times for its turn.
    """
    import fcntl  # where there is a JACK server to test on, there is this

    realtime = may_be_realtime() if realtime is None else realtime
    name = f"mrt_test_{os.getpid()}"
    environment = {**os.environ, "JACK_DEFAULT_SERVER": name, "JACK_NO_START_SERVER": "1", "JACK_NO_AUDIO_RESERVATION": "1"}
    command = ["jackd", "-n", name, *(["-S"] if wait_for_clients else []), "-R" if realtime else "-r", "-d", "dummy", "-r", str(rate), "-p", str(frames)]
    with open(Path(tempfile.gettempdir()) / f"mrt_test_{os.getuid()}.lock", "w") as lock:      # two that start at once lose each other's registry
        fcntl.flock(lock, fcntl.LOCK_EX)
        forget_dead_servers()
        server = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        waited = subprocess.run(["jack_wait", "-s", name, "-w", "-t", "30"], env=environment, check=False, capture_output=True)
    try:
        if waited.returncode:
            raise AssertionError(f"the JACK server did not start: {ended(server)}")
        yield {**environment, "MRT_TEST_SERVER": str(server.pid)}
    finally:
        ended(server)


def ended(process, patience_s=20):
    """Stop a process for good, kindly at first; gives what it said."""
    process.terminate()
    try:
        return process.communicate(timeout=patience_s)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.communicate()


def record_play(recorder, environment, frames, *play_arguments):
    """Record `frames` frames of `mastering-rt play` with these arguments: (2, frames) float32."""
    pipes = {"env": environment, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL, "text": True}
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "out.raw"
        listening = subprocess.Popen([recorder, *OUT_PORTS, str(frames), raw], **pipes)
        playing = subprocess.Popen([sys.executable, "-m", "mastering_rt", "play", *map(str, play_arguments)], cwd=ROOT, **pipes)
        try:
            listening.communicate(timeout=60 + 4 * frames / 48000)
        finally:
            said = ended(playing)
            heard = ended(listening)
        assert listening.returncode == 0, f"the recorder left with {listening.returncode} ({heard}); the player said {said}"
        return np.fromfile(raw, np.float32).reshape(-1, 2).T
