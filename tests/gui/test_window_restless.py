"""A restless user: hundreds of things in any order while it plays. Nothing raises, nothing of ours is late, and undo leads back to the start."""
import random

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QWidget

from dsp_core.params import STAGES, params_of
from gui.commands import COMMANDS
from gui.controls.value_hand import ValueHand
from tests.gui.hands import LEFT, NONE, drag, wheel

pytestmark = pytest.mark.slow

NOT_PRESSED = {"file.quit", "file.demo", "file.open", "file.exchange", "view.full_screen"}
CHAIN_LIMIT = 7
SIZES = ((1100, 640), (1280, 720), (1600, 900), (1920, 1080))
LINES = ("compressor threshold -20", "limiter gain 3", "eq band 3 gain +2", "bypass", "add trim", "remove", "0:02", "preset default", "mono", "zzz")


class Restless:
    """Hands that never rest. Every act is one of the methods below that begin with `do_`."""

    def __init__(self, rig, seed):
        self.rig, self.rng = rig, random.Random(seed)
        self.acts = [getattr(self, name) for name in dir(self) if name.startswith("do_")]
        self.weights = [{"do_command": 6, "do_value": 4}.get(act.__name__, 1) for act in self.acts]
        self.log = []

    def act(self):
        """One thing, and what it left open closed again."""
        act = self.rng.choices(self.acts, self.weights)[0]
        self.log.append(act.__name__)
        act()
        QApplication.processEvents()
        self.tidy()

    def tidy(self):
        """Menus, dialogs, the palette: Esc, as anybody leaves them."""
        rig = self.rig
        while QApplication.activePopupWidget() is not None:
            QApplication.activePopupWidget().close()
        for _ in range(5):
            if rig.dialog is None and not rig.program.palette.is_open:
                break
            if rig.dialog is not None:
                rig.dialog.answer(rig.dialog._safe)
            else:
                rig.program.palette.close()
        figures = rig.program.bridge.figures
        if figures.seen and self.rng.random() < 0.3:
            figures.window.close()

    def do_command(self):
        command = self.rng.choice([command for command in COMMANDS if command.id not in NOT_PRESSED])
        self.log.append(command.id)
        keys = self.rig.program.keyboard.keymap.of(command.id)
        if keys and self.rng.random() < 0.7:
            combination = QKeySequence(keys[0])[0]
            QTest.keyClick(self.rig.window.focusWidget() or self.rig.window, combination.key(), combination.keyboardModifiers())
        else:
            self.rig.program.keyboard.run(command, chosen=self.rng.random() < 0.5)

    def do_value(self):
        chain = self.rig.desk.session.chain
        if chain:
            slot = self.rng.choice(chain)
            param = self.rng.choice(params_of(slot.kind))
            self.log.append(f"{slot.name}.{param.id}")
            self.rig.acts.shaping.set_value(slot.name, param.id, param.clamp(param.from_norm(self.rng.random())))

    def do_control(self):
        hands = [hand for hand in self.rig.window.findChildren(ValueHand) if hand.isVisible()]
        if hands:
            hand = self.rng.choice(hands)
            if self.rng.random() < 0.5:
                drag(hand, hand.rect().center(), QPoint(self.rng.randint(-120, 120), 0), steps=4, let_go=self.rng.random() < 0.9)
            else:
                wheel(hand, self.rng.choice((-3, -1, 1, 3)))

    def do_click(self):
        widget = self.rng.choice([self.rig.window.chain, self.rig.window.song.view, self.rig.window.stage, self.rig.window.meters, self.rig.window.compare])
        place = QPoint(self.rng.randrange(widget.width()), self.rng.randrange(widget.height()))
        target = widget.childAt(place) or widget
        QTest.mouseClick(target, LEFT, NONE, target.mapFrom(widget, place))

    def do_plot(self):
        frame = self.rig.window.stage.frame
        if frame is not None:
            inside = [child for child in frame.editor.findChildren(QWidget) if child.isVisible() and child.width() > 40 and child.height() > 20]
            if inside:
                plot = self.rng.choice(inside)
                start = QPoint(self.rng.randrange(plot.width()), self.rng.randrange(plot.height()))
                drag(plot, start, QPoint(self.rng.randint(-80, 80), self.rng.randint(-40, 40)), steps=3)

    def do_focus(self):
        QTest.keyClick(self.rig.window.focusWidget() or self.rig.window, self.rng.choice((Qt.Key.Key_Tab, Qt.Key.Key_Backtab)))

    def do_arrows(self):
        which = self.rng.choice((Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Backspace, Qt.Key.Key_Return, Qt.Key.Key_Escape))
        QTest.keyClick(self.rig.window.focusWidget() or self.rig.window, which)

    def do_type(self):
        if isinstance(self.rig.window.focusWidget(), QLineEdit):
            QTest.keyClicks(self.rig.window.focusWidget(), self.rng.choice(("-3.5", "2k", "nonsense", "1:2.5")))
            QTest.keyClick(self.rig.window.focusWidget(), self.rng.choice((Qt.Key.Key_Return, Qt.Key.Key_Escape)))

    def do_palette(self):
        self.rig.program.palette.open()
        line = self.rng.choice(LINES)
        QTest.keyClicks(self.rig.program.palette.view.line, line)
        QTest.keyClick(self.rig.program.palette.view.line, Qt.Key.Key_Return)

    def do_resize(self):
        self.rig.window.resize(*self.rng.choice(SIZES))

    def do_add(self):
        if len(self.rig.chain) < CHAIN_LIMIT:
            self.rig.acts.shaping.add(self.rng.choice(list(STAGES)))

    def do_move(self):
        if len(self.rig.chain) > 1:
            self.rig.acts.shaping.move(self.rng.randrange(len(self.rig.chain)), self.rng.randrange(len(self.rig.chain)))

    def do_loop(self):
        frames = self.rig.desk.song.frames
        start = self.rng.randrange(frames)
        self.rig.acts.hearing.draw_loop(start, min(frames, start + self.rng.randrange(frames)))

    def do_seek(self):
        self.rig.acts.hearing.seek(self.rng.randrange(self.rig.desk.song.frames))

    def do_wait(self):
        QTest.qWait(self.rng.randrange(30))

    def do_shrink(self):
        """So that the chain does not only grow."""
        if len(self.rig.chain) > 3:
            self.rig.acts.shaping.remove_at(self.rng.randrange(len(self.rig.chain)))


def be_restless(rig, monkeypatch, seed, count):
    """Plays while `count` things are done; gives the hands that did them."""
    for name, nothing in (("getOpenFileName", ("", "")), ("getOpenFileNames", ([], "")), ("getSaveFileName", ("", "")), ("getExistingDirectory", "")):
        monkeypatch.setattr(QFileDialog, name, lambda *_, nothing=nothing: nothing)
    first = rig.desk.session
    hands = Restless(rig, seed)
    rig.key("Space")
    for done in range(count):
        try:
            hands.act()
        except Exception as error:
            raise AssertionError(f"act {done}, seed {seed}: {hands.log[-6:]}") from error
        if done % 50 == 49:
            if rig.desk.blind.running:
                rig.acts.blind.leave()
            if not rig.playing:
                rig.desk.play_or_stop()
            rig.frames(1)
    return hands, first


def settle(rig):
    """Whatever still goes on is over."""
    if rig.acts.blind.is_open:
        rig.acts.blind.leave()
    rig.acts.blind.leave()
    rig.window.setFocus()
    rig.acts.shaping.end_gesture()
    rig.acts.rendering.cancel_and_wait()
    rig.until(lambda: not rig.acts.background.busy)


def check(rig, first):
    """Back to the first session by undo alone, and no callback of ours was late."""
    settle(rig)
    assert rig.acts.thresholds.job is None
    steps = len(rig.desk.history.steps)
    assert steps > 20 and rig.desk.session != first
    for _ in range(steps):
        rig.desk.undo()
    assert rig.desk.session == first and not rig.desk.history.undo_sentence
    rig.acts.changed()
    rig.frames(2)
    assert rig.desk.player.status.starved == 0 and rig.desk.player.status.guarded == 0
    assert rig.chain == [slot.name for slot in first.chain]


@pytest.mark.parametrize("seed", [1, 2])
def test_a_few_hundred_things(working, monkeypatch, seed):
    _, first = be_restless(working, monkeypatch, seed, 150)
    check(working, first)


@pytest.mark.soak
def test_two_thousand_things(working, monkeypatch):
    _, first = be_restless(working, monkeypatch, 3, 2000)
    check(working, first)
