"""What the whole window paints: nothing at rest, a part of itself while it plays, and nothing for what is not seen."""
from collections import Counter

import pytest
from PySide6.QtCore import QEvent, QRect, Qt
from PySide6.QtWidgets import QApplication, QWidget

from gui.bridge import motion
from gui.editors import CompressorEditor, EqEditor, LimiterEditor
from tests.gui.hands import Paints

pytestmark = pytest.mark.slow

COMPACT = (1280, 720)


@pytest.fixture
def page(working):
    working.window.resize(*COMPACT)
    working.wait_for_facts()
    working.acts.hearing.draw_loop(0, 3 * working.desk.player.song_rate_hz)
    desk = working.desk
    working.until(lambda: None not in (desk.findings, desk.master_findings, desk.spectra) and not working.acts.background.busy)
    working.frames(10)
    return working


def everything(rig):
    return [widget for widget in (rig.window, *rig.window.findChildren(QWidget)) if widget.isVisible()]


def area(events):
    return sum(rect.width() * rect.height() for _, region in events for rect in region)


def open_stage(rig, name):
    rig.acts.shaping.select(name)
    rig.acts.shaping.changed()
    rig.frames(2)
    return rig.window.stage.frame.editor


def lies_over(widget, area, window):
    """What would have to be painted together with an area of a widget, in the window that it is in."""
    found, child = [], widget
    while child is not window:
        frame = child.parentWidget()
        beside = [other for other in frame.children() if isinstance(other, QWidget)]
        place = QRect(widget.mapTo(frame, area.topLeft()), area.size())
        found += [other for other in beside[beside.index(child) + 1:] if other.isVisible() and other.geometry().intersects(place)]
        child = frame
    return found


def listens(widget):
    """Whether Python is asked about each of its events."""
    return any("event" in vars(kind) for kind in type(widget).__mro__ if kind.__module__.startswith("gui."))


def test_a_window_at_rest_paints_nothing(page, monkeypatch):
    page.key("Space")
    page.frames(20)
    page.key("Space")
    page.until(lambda: not page.playing)
    monkeypatch.setattr(motion, "SETTLE_S", 0.2)
    page.frames(40)
    paints = Paints(*everything(page))
    page.frames(60)
    moved = Counter(type(widget).__name__ for widget, _ in paints.events)
    moved.pop("DeviceKey", None)                 # the load in it is that of a machine on which others work too
    assert moved == {}
    timer = page.program.bridge._timer
    resting = timer.interval()
    page.key("Space")
    page.until(lambda: not page.program.bridge.motion.resting)
    assert timer.interval() * 2 <= resting


@pytest.mark.parametrize("stage", ["eq", "compressor", "limiter"])
def test_a_playing_window_paints_what_moves_and_asks_nothing_else(page, stage):
    open_stage(page, stage)
    page.key("Space")
    page.frames(30)
    paints = Paints(*everything(page))
    page.frames(60)
    whole = page.window.width() * page.window.height()
    assert area(paints.events) / 60 < 0.16 * whole
    still = (page.window, page.window.compare, page.window.song, page.window.stage, page.window.meters, page.window.status)
    assert not [widget for widget, _ in paints.events if widget in still]
    for widget in (page.window.meters.peak, page.window.meters.loudness, page.window.song.view):
        assert paints.whole(widget) == 0
    often = [widget for widget, count in Counter(widget for widget, _ in paints.events).items() if count >= 15]
    assert len(often) >= 3
    assert [(widget, over) for widget, region in paints.events for over in lies_over(widget, region.boundingRect(), page.window)] == []
    assert [widget for widget in (page.window, *often) if listens(widget)] == []


def test_only_the_open_editor_is_fed_and_another_gets_its_past_when_it_is_opened(page):
    compressor = open_stage(page, "compressor")
    assert isinstance(compressor, CompressorEditor)
    page.key("Space")
    page.until(lambda: compressor.history.recording.total > 30)
    limiter = open_stage(page, "limiter")
    assert isinstance(limiter, LimiterEditor)
    page.until(lambda: limiter.history.recording.total > 30)
    before = compressor.history.recording.total
    page.frames(20)
    assert compressor.history.recording.total == before
    seen = limiter.history.recording.total
    open_stage(page, "compressor")
    assert compressor.history.recording.total >= seen


def test_spectra_are_measured_only_while_they_are_seen(page):
    assert isinstance(open_stage(page, "eq"), EqEditor)
    page.key("Space")
    page.until(lambda: page.program.bridge.motion._meter is not None and page.program.bridge.motion._meter.windows > 2)
    open_stage(page, "limiter")
    page.frames(3)
    assert page.program.bridge.motion._meter is None


def test_a_window_that_is_away_shows_nothing_and_asks_seldom(page):
    page.key("Space")
    page.frames(5)
    page.window.setWindowState(Qt.WindowState.WindowMinimized)
    QApplication.sendEvent(page.window, QEvent(QEvent.Type.WindowStateChange))
    page.until(lambda: page.program.bridge.away)
    shown = []
    page.program.bridge.motion.show = lambda *now: shown.append(now)
    began = page.frame
    page.until(lambda: page.frame > began + 4800)
    del page.program.bridge.motion.show
    assert shown == []
    assert page.program.bridge._timer.interval() > 50


@pytest.fixture
def counted(page, monkeypatch):
    """`count(ticks)`: how often in so many frames the desk was polled, was glanced at, and the peaks were shown. No hand is at the window."""
    bridge, desk, asked = page.program.bridge, page.desk, Counter()
    page.key("Space")
    page.until(lambda: page.playing)
    bridge._timer.stop()
    for owner, verb in ((desk, "poll"), (desk, "glance"), (page.window.meters.peak, "show_peaks")):
        real = getattr(owner, verb)
        monkeypatch.setattr(owner, verb, lambda *a, verb=verb, real=real, **k: (asked.update([verb]), real(*a, **k))[1])

    def count(ticks):
        bridge._late, bridge._touched_s = False, -1e9
        bridge.tick()                            # learns whether it is calm
        bridge.motion._clock = motion.Pace(1e9)
        bridge.tick()
        bridge._glanced = False
        asked.clear()
        for _ in range(ticks):
            bridge.tick()
        return asked["poll"], asked["glance"], asked["show_peaks"]
    yield count
    bridge._timer.start()


def test_every_second_picture_is_of_the_peaks_alone_while_nobody_is_at_the_window(counted, page, monkeypatch):
    monkeypatch.setattr(motion, "CALM_PX_PER_S", 1e9)
    assert counted(10) == (5, 5, 10)
    page.program.bridge.refresh()
    asked = page.program.bridge._touched_s
    assert page.program.bridge._expecting(asked)
    assert not page.program.bridge._glance(asked)
    page.key("1")
    assert page.desk.heard == "mix"
    assert counted(10) == (5, 5, 10)


def test_a_playhead_that_runs_fast_is_shown_in_every_picture(counted, monkeypatch):
    monkeypatch.setattr(motion, "CALM_PX_PER_S", 0.0)
    assert counted(10) == (10, 0, 10)


def test_sixty_pictures_a_second_not_more(rig):
    """A timer of 16 ms shows 62.5; the waits are of 16 and 17, seldom changed, and one that came late is no reason to hurry ever after."""
    bridge = rig.program.bridge
    bridge.stop()
    now, waits = 100.0, []
    for _ in range(600):
        bridge._set_next(now)
        waits.append(bridge._timer.interval())
        now += waits[-1] / 1000
    assert set(waits[1:]) == {16, 17}
    assert sum(waits) == pytest.approx(10_000, abs=6)
    assert sum(one != other for one, other in zip(waits, waits[1:], strict=False)) <= 40
    now += 0.2
    for _ in range(600):
        bridge._set_next(now)
        waits.append(bridge._timer.interval())
        now += waits[-1] / 1000
    assert sum(waits[600:]) == pytest.approx(10_000, abs=6)


def test_only_the_signs_of_the_time_that_changed_are_painted(working):
    working.program.bridge.stop()                # nobody else tells the time
    time = working.window.song.transport.time
    time.show_time(61.204)
    QApplication.processEvents()
    paints = Paints(time)
    time.show_time(61.209)
    QApplication.processEvents()
    assert 0 < area(paints.events) < 0.3 * time.width() * time.height()
    partly = time.grab().toImage()
    paints.clear()
    time.show_time(62.0)
    QApplication.processEvents()
    assert area(paints.events) > 0.4 * time.width() * time.height()
    time.show_time(61.209)
    time.update()
    QApplication.processEvents()
    assert time.grab().toImage() == partly


def test_a_playhead_within_its_pixel_asks_for_nothing(working, monkeypatch):
    working.program.bridge.stop()                # nobody else moves the playhead
    view = working.window.song.view
    QApplication.processEvents()
    per_px = view.scene.view.total / view.parts.data_right
    view.set_position(round(100 * per_px))
    QApplication.processEvents()
    paints, worked_out = Paints(view), []
    monkeypatch.setattr(view, "_playhead_px", lambda where=view._playhead_px: (worked_out.append(1), where())[1])
    for step in range(1, 4):
        view.set_position(round((100 + 0.1 * step) * per_px))
    QApplication.processEvents()
    assert paints.events == [] and worked_out == []
    assert view.position == round(100.3 * per_px)
    view.set_position(round(100.1 * per_px))     # a step back has to look, and finds nothing to do
    QApplication.processEvents()
    assert paints.events == [] and worked_out == [1]
    view.set_position(round(101 * per_px))
    QApplication.processEvents()
    assert paints.events != []


def test_what_waits_is_served_with_every_picture_while_something_is_expected_and_else_now_and_then(working, monkeypatch):
    bridge, desk, served = working.program.bridge, working.desk, []
    bridge._timer.stop()
    monkeypatch.setattr(bridge, "_wholes", motion.Pace(1e-9))
    real = desk.poll
    monkeypatch.setattr(desk, "poll", lambda *, whole: (served.append(whole), real(whole=whole))[1])
    bridge.tick()                                # the pace is due once
    for expecting in (True, False):
        monkeypatch.setattr(bridge, "_expecting", lambda time_s, expecting=expecting: expecting)
        bridge.tick()
        bridge.tick()
    assert served == [True, True, True, False, False]
    bridge._timer.start()
