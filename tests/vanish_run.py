"""Play on a JACK server, kill the server, go on without it; prints what happened as JSON. Run by test_device_vanishes.py: vanish_run.py MIX"""
import json
import os
import signal
import sys

from mastering_rt.desk.desk import Desk
from mastering_rt.playback.device import find_device
from tests.mastering_rt.helpers import until


def main(mix):
    told = []
    desk = Desk(find_device(None), 256, autosave=False)
    poll = lambda: told.extend(desk.poll().sentences)  # noqa: E731
    desk.open(mix)
    desk.load_preset("demo")
    chain = desk.session.chain
    desk.play_or_stop()
    first = desk.player.device.info.title
    until(lambda: desk.player.status.frame > 20000, poll)
    told.clear()
    os.kill(int(os.environ["MRT_TEST_SERVER"]), signal.SIGKILL)
    until(lambda: desk.player.device is None, poll)
    waits_at, waited = desk.player.status.frame, desk.player.status.playing
    lost = list(told)
    told.clear()
    desk.play_or_stop()
    until(lambda: desk.player.status.frame > waits_at + 20000, poll)
    print(json.dumps({"first": first, "lost": lost, "waits_at": waits_at, "waited": waited, "kept": desk.session.chain == chain,
                      "then": desk.player.device.info.title, "told": told}), flush=True)
    desk.close()


if __name__ == "__main__":
    main(sys.argv[1])
