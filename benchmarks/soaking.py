"""What a long session in the window does: plays, edits, compares, jumps, opens and closes, step by step, the same for the same seed."""
from PySide6.QtWidgets import QApplication

from dsp_core.params import params_of
from gui.controls.menu import Menu
from gui.dialogs.dialog import Dialog
from mastering_rt.session import edits


class Session:
    """`steps` are what can be done; `step` does one of them by chance."""

    def __init__(self, program, rng):
        self.program, self.acts, self.desk, self.rng = program, program.acts, program.desk, rng
        self.steps = {"turn": self.turn, "drag": self.drag, "swap": self.swap, "seek": self.seek, "loop": self.loop, "select": self.select,
                      "bypass": self.bypass, "move": self.move, "add and remove": self.add_and_remove, "undo": self.undo, "snapshot": self.snapshot,
                      "without": self.without, "delta": self.delta, "sheet": self.sheet, "menu": self.menu, "meters": self.meters,
                      "monitor": self.monitor, "zoom": self.zoom, "play": self.play}
        self.done = dict.fromkeys(self.steps, 0)

    def step(self):
        name = str(self.rng.choice(list(self.steps)))
        self.done[name] += 1
        self.steps[name]()

    def slot(self):
        chain = self.desk.session.chain
        return chain[self.rng.integers(len(chain))]

    def value(self, slot):
        """A knob of a stage and somewhere to turn it."""
        params = [param for param in params_of(slot.kind) if param.change == "glide" and param.id not in ("bypass", "mix", "gain", "drive")]
        param = params[self.rng.integers(len(params))]
        return param, param.from_norm(float(self.rng.uniform(0.3, 0.7)))

    def turn(self):
        slot = self.slot()
        param, value = self.value(slot)
        self.acts.shaping.set_value(slot.name, param.id, value)

    def drag(self):
        slot = self.slot()
        self.acts.shaping.begin_gesture()
        for _ in range(20):
            param, value = self.value(slot)
            self.acts.shaping.set_value(slot.name, param.id, value)
        self.acts.shaping.end_gesture()

    def swap(self):
        self.acts.hearing.swap()

    def seek(self):
        self.acts.hearing.seek(int(self.rng.integers(self.desk.song.frames)))

    def loop(self):
        start = int(self.rng.integers(self.desk.song.frames * 3 // 4))
        self.acts.hearing.draw_loop(start, start + self.desk.song.frames // 8)
        if self.rng.random() < 0.5:
            self.acts.hearing.switch_loop(False)

    def select(self):
        self.acts.shaping.select(self.slot().name)

    def bypass(self):
        self.acts.shaping.bypass_at(int(self.rng.integers(len(self.desk.session.chain))), bool(self.rng.random() < 0.3))

    def move(self):
        count = len(self.desk.session.chain)
        self.acts.shaping.move(int(self.rng.integers(count)), int(self.rng.integers(count)))

    def add_and_remove(self):
        """Never more than two stages over what it began with."""
        count = len(self.desk.session.chain)
        if count < 7:
            self.acts.shaping.add(str(self.rng.choice(["eq", "compressor", "saturation", "stereo"])))
        else:
            self.acts.shaping.remove_at(int(self.rng.integers(count)))

    def undo(self):
        for _ in range(int(self.rng.integers(1, 5))):
            self.acts.shaping.undo()
        if self.rng.random() < 0.5:
            self.acts.shaping.redo()

    def snapshot(self):
        letter = str(self.rng.choice(["A", "B", "C", "D"]))
        self.acts.comparing.store(letter)
        if self.rng.random() < 0.5:
            self.acts.comparing.hear_snapshot(letter)

    def without(self):
        self.acts.hearing.set_without(self.slot().name, bool(self.rng.random() < 0.5))

    def delta(self):
        self.acts.hearing.set_delta(self.slot().name, bool(self.rng.random() < 0.3))

    def sheet(self):
        """Opened now, closed by the next step that finds it."""
        found = [dialog for dialog in self.program.window.findChildren(Dialog) if dialog.is_open()]
        if found:
            found[0].answer(found[0]._safe)
        else:
            [self.acts.viewing.open_shortcuts, self.acts.viewing.open_about, self.acts.findings.open, self.acts.viewing.open_device, self.acts.rendering.open,
             self.acts.viewing.open_messages, self.acts.journal.open][self.rng.integers(7)]()

    def menu(self):
        menu = QApplication.activePopupWidget()
        if isinstance(menu, Menu):
            menu.close()
        else:
            self.program.window.chain.open_add_menu()

    def meters(self):
        self.acts.viewing.open_meters()

    def monitor(self):
        self.acts.hearing.toggle_monitor(str(self.rng.choice(["mono", "dim", "swap"])))

    def zoom(self):
        total = self.desk.song.frames
        first = float(self.rng.uniform(0, 0.8)) * total
        view = self.program.window.song.view
        view.show_range(first, first + total * float(self.rng.uniform(0.02, 0.2))) if self.rng.random() < 0.7 else view.show_whole()

    def play(self):
        if not self.desk.player.status.playing or self.rng.random() < 0.2:
            self.acts.hearing.play_or_stop()

    def rest(self):
        """As it was at first, so that what is counted can be compared: the first chain, no sheet, nothing heard aside, the song whole."""
        for dialog in self.program.window.findChildren(Dialog):
            if dialog.is_open():
                dialog.answer(dialog._safe)
        if isinstance(QApplication.activePopupWidget(), Menu):
            QApplication.activePopupWidget().close()
        if self.program.bridge.figures.seen:
            self.acts.viewing.open_meters()
        self.acts.hearing.hear("master")
        self.acts.hearing.switch_loop(False)
        self.program.window.song.view.show_whole()
        self.desk.edit(lambda s: edits.set_chain(s, self.first))
        self.acts.shaping.select(self.first[0].name)
        if self.desk.player.status.playing:
            self.acts.hearing.play_or_stop()

    def fill(self, count):
        """As many small edits: history and journal keep no more than a limit, so that nothing is left to grow in them."""
        slot = self.first[0]
        param = next(param for param in params_of(slot.kind) if param.change == "glide" and param.id.endswith("gain"))
        for turn in range(count):
            self.desk.edit(lambda s, turn=turn: edits.set_values(s, slot.name, {param.id: 0.1 * (turn % 20)}))

    def begin(self):
        self.first = self.desk.session.chain
        return self


def kept_bytes(desk):
    """What the caches of limited size hold now: sound between stages and states of the whole song's passes, measurements, stages to be used again."""
    measurements, lander = desk._measurements, desk.player._jumps._lander
    run = measurements._analyst._run
    points = [*measurements._points.values(), *([run.points] if run is not None and run.points is not None else [])]
    states = {id(state): len(state) for each in points for place in each.kept for state in place.states}
    stages, total = [], 0
    if run is not None:
        states.update({id(state): len(state) for found in run.kept.found for state in found.states})
        total += run.kept.bytes + sum(found.reduction_db.nbytes for found in run.kept.found)
    if lander is not None:
        stages += list(lander.spares._stages)
    total += sum(states.values()) + sum(stage.block_bytes for stage in stages)
    return total + sum(measured.nbytes for measured in measurements._known.values())
