"""A device that vanishes while it plays: the user is told, the song waits at its place, playing goes on elsewhere."""
import json
import shutil
import subprocess
import sys

import pytest

from tests.jack import ROOT, jack_server
from tests.mastering_rt.helpers import RATE, programme_file

pytestmark = [pytest.mark.slow, pytest.mark.realtime,
              pytest.mark.skipif(shutil.which("jackd") is None, reason="no jackd: install jackd2 to test on a real audio server")]


def test_the_audio_server_dies_while_it_plays(tmp_path):
    mix = programme_file(tmp_path, 20.0, RATE)
    with jack_server(256, RATE, wait_for_clients=False) as environment:
        out = subprocess.run([sys.executable, "-m", "tests.vanish_run", mix], cwd=ROOT, env=environment, capture_output=True, text=True,
                             check=False, timeout=200)
    assert out.returncode == 0, out.stderr
    seen = json.loads(out.stdout.splitlines()[-1])
    assert "JACK" in seen["first"]
    assert len(seen["lost"]) == 1
    assert "no longer answers" in seen["lost"][0]
    assert seen["waits_at"] > 20000
    assert not seen["waited"]
    assert seen["kept"]
    assert seen["then"] != seen["first"]
    assert all(sentence.endswith(".") for sentence in seen["told"])
