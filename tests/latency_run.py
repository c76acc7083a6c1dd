"""Run by test_device_latency.py under a JACK server: what the program says when the latency of that server is measured, as JSON."""
import json

from mastering_rt.errors import DeviceProblem
from mastering_rt.playback.device import find_device, play_and_record
from mastering_rt.playback.player import Player
from mastering_rt.playback.round_trip import measure_round_trip, probe

RATE = 48000


def main():
    player = Player(find_device(None), 256)
    player.use_device(find_device(None), 256)
    device = player.lend_device()
    seen = {"device": device.title, "gone": player.device is None, "refused": "", "play": ""}
    try:
        player.play()
    except DeviceProblem as problem:
        seen["play"] = str(problem)
    recorded, seen["reported_ms"] = play_and_record(device, RATE, 256, probe(RATE))
    seen["recorded"] = [list(recorded.shape), float(abs(recorded).max())]
    try:
        measure_round_trip(device, RATE, 256)
    except DeviceProblem as problem:
        seen["refused"] = str(problem)
    player.take_device_back()
    seen["back"] = player.device.info.title
    player.close()
    print(json.dumps(seen))


main()
