"""The latency of a real audio server is measured: the device is lent and comes back, and a server whose output reaches no input is told."""
import json
import shutil
import subprocess
import sys

import pytest

from tests.jack import ROOT, jack_server

pytestmark = [pytest.mark.slow, pytest.mark.realtime,
              pytest.mark.skipif(shutil.which("jackd") is None, reason="no jackd: install jackd2 to test on a real audio server")]


def test_a_server_without_a_way_back():
    with jack_server(256, 48000) as environment:
        out = subprocess.run([sys.executable, "-m", "tests.latency_run"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=200)
    assert out.returncode == 0, out.stderr
    seen = json.loads(out.stdout.splitlines()[-1])
    assert "JACK" in seen["device"] and seen["gone"] and seen["back"] == seen["device"]
    assert "being measured" in seen["play"]
    assert seen["recorded"] == [[2, 48000 + 8191], 0.0] and seen["reported_ms"] > 0
    assert seen["refused"].startswith("Nothing came back to the input of ")
