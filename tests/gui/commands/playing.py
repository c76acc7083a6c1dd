"""What the commands of the playhead do: transport, loop, markers, places."""


from tests.gui.commands.by_hand import RATE, does


@does("song.play")
def plays(rig, press, tmp_path):
    press()
    rig.until(lambda: rig.playing and rig.frame > 0 and press.on)
    press()
    rig.until(lambda: not rig.playing and not press.on)


@does("song.start", "song.end", "song.back", "song.forward", "song.back_fine", "song.forward_fine")
def goes_to(rig, press, tmp_path):
    rig.acts.hearing.seek(2 * RATE)
    press()
    places = {"song.start": 0, "song.end": rig.desk.song.frames, "song.back": RATE, "song.forward": 3 * RATE,
              "song.back_fine": 2 * RATE - RATE // 20, "song.forward_fine": 2 * RATE + RATE // 20}
    rig.frames()
    assert rig.frame == places[press.command.id]


@does("loop.from", "loop.to")
def loops(rig, press, tmp_path):
    rig.acts.hearing.seek(RATE)
    press()
    loop, here = rig.desk.session.loop, press.command.id == "loop.from"
    assert (loop.start_frame, loop.stop_frame, loop.on) == ((RATE, rig.desk.song.frames, True) if here else (0, RATE, True))


@does("loop.switch")
def switches_the_loop(rig, press, tmp_path):
    rig.acts.hearing.draw_loop(RATE, 2 * RATE)
    press()
    assert not rig.desk.session.loop.on and not press.on
    press()
    assert rig.desk.session.loop.on and press.on


@does("marker.add")
def sets_a_marker(rig, press, tmp_path):
    rig.acts.hearing.seek(RATE)
    press()
    assert [(marker.frame, marker.name) for marker in rig.desk.session.markers] == [(RATE, "Marker 1")]


@does("marker.name", "marker.move", "marker.remove")
def works_on_the_nearest_marker(rig, press, tmp_path):
    for frame in (RATE, 3 * RATE):
        rig.acts.hearing.seek(frame)
        rig.acts.markers.add()
    rig.acts.hearing.seek(RATE + 100)
    press()
    if press.command.id == "marker.name":
        rig.type("Chorus")
        rig.key("Return")
    after = {"marker.name": [(RATE, "Chorus"), (3 * RATE, "Marker 2")], "marker.move": [(RATE + 100, "Marker 1"), (3 * RATE, "Marker 2")],
             "marker.remove": [(3 * RATE, "Marker 2")]}
    assert [(marker.frame, marker.name) for marker in rig.desk.session.markers] == after[press.command.id]


@does("song.later", "song.earlier")
def goes_to_the_next_place(rig, press, tmp_path):
    for frame in (RATE, 3 * RATE):
        rig.acts.hearing.seek(frame)
        rig.acts.markers.add()
    rig.acts.hearing.seek(2 * RATE)
    press()
    rig.frames()
    assert rig.frame == (3 * RATE if press.command.id == "song.later" else RATE)
