"""The one timer of the window: asks the desk sixty times a second and hands on what came.

While it plays and no hand is at it, every second picture is of the peaks alone: what else moves stands for 40 ms of sound and more.
"""
import time

from PySide6.QtCore import QObject, Qt, QTimer

from gui.acts.acts import Acts
from gui.bridge.figures import FigureWindow
from gui.bridge.model import Model
from gui.bridge.motion import Motion
from gui.bridge.probing import Probing
from gui.bridge.song import WholeSong
from gui.meters.ballistics import Pace
from gui.theme import numbers, theme
from mastering_rt.desk.desk import Pulse

FRAME_MS, REST_MS, AWAY_MS = 16, 100, 100
FRAMES_PER_S = 60
ASTRAY_S = 0.004                 # that a picture may be early or late
AWAKE_S = 1.0                    # after a hand has changed something
MODELS_PER_S, DEVICES_PER_S = 3.0, 3.0
CALM_MODELS_PER_S = 1.0          # while nothing is expected and no hand is at it
WHOLE_POLLS_PER_S = 10.0


class Bridge(QObject):
    """`start` when the window is shown. `refresh` shows at once what a hand has changed; the rest follows the timer."""

    def __init__(self, acts: Acts) -> None:
        super().__init__(acts.window)
        self._acts = acts
        self.song = WholeSong(acts, self._refresh_next)
        self.model = Model(acts, self.song)
        self.motion = Motion(acts)
        self.probing = Probing(acts)
        self.figures = acts.viewing.figures = FigureWindow(acts)
        self._models, self._devices, self._wholes = Pace(MODELS_PER_S), Pace(DEVICES_PER_S), Pace(WHOLE_POLLS_PER_S)
        self._calm_models = Pace(CALM_MODELS_PER_S)
        self._loaded: object = None
        self._chain: object = None
        self._had_device = False
        self._guarded = 0
        self._autosave_problem = ""
        self.away = False                        # whether nobody can see the window
        self._touched_s = 0.0
        self._late = False                       # whether something was set that is not shown yet
        self._glanced = False                    # whether the last picture was of the peaks alone
        self._ms, self._wait_ms, self._due_s = FRAME_MS, FRAME_MS, 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(FRAME_MS)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.tick)
        acts.changed = self.refresh
        acts.window.visibility_changed.connect(self._pace)
        acts.window.stage.basis_wished.connect(self.motion.set_basis)
        acts.window.stage.frame_made.connect(self._dress_frame)

    def start(self) -> None:
        """From now on the picture follows the desk."""
        self._pace()
        self._timer.start()

    def stop(self) -> None:
        """The desk is about to close."""
        self.figures.close()
        self._timer.stop()

    def _pace(self) -> None:
        """Slowly while nobody can see the window, or while nothing in it moves, nothing is expected and no hand is at it."""
        self.away = not self._acts.window.isVisible() or self._acts.window.isMinimized()
        self._set_interval(AWAY_MS if self.away else REST_MS if self._at_rest(time.monotonic()) else FRAME_MS)

    def _set_interval(self, ms: int) -> None:
        if self._ms != ms:
            self._ms = self._wait_ms = ms
            self._timer.setInterval(ms)

    def _set_next(self, now_s: float) -> None:
        """Sixty pictures to the second of a timer that counts whole milliseconds: it goes a little too fast until it is ahead, then a little too
        slowly, because to set it anew each time costs more than what it saves."""
        self._due_s += 1 / FRAMES_PER_S
        late_s = now_s - self._due_s
        if not -2 / FRAMES_PER_S < late_s < 2 / FRAMES_PER_S:
            self._due_s, late_s = now_s, 0.0
        if abs(late_s) > ASTRAY_S:
            wait_ms = FRAME_MS if late_s > 0 else FRAME_MS + 1
            if wait_ms != self._wait_ms:
                self._wait_ms = wait_ms
                self._timer.setInterval(wait_ms)

    def _at_rest(self, time_s: float) -> bool:
        return self.motion.resting and not self._expecting(time_s)

    def _expecting(self, time_s: float) -> bool:
        """Something is worked out, or a hand has just been at it."""
        desk = self._acts.desk
        return time_s - self._touched_s <= AWAKE_S or desk.measuring or self._acts.background.busy

    def refresh(self) -> None:
        """What was set, now. What a drag sets, several values with each of a mouse's many moves, is shown once in the next frame."""
        self._touched_s = time.monotonic()
        if self._ms != FRAME_MS:
            self._pace()
        if self._acts.desk.history.in_gesture and self._timer.isActive() and not self.away:
            self._late = True
        else:
            self._show_model()

    def _refresh_next(self) -> None:
        """Show it with the next frame."""
        self._touched_s = time.monotonic()
        self._late = True
        if self._ms != FRAME_MS:
            self._pace()

    def _show_model(self) -> None:
        self._late = False
        self.model.show()

    def tick(self) -> None:
        """One frame."""
        now = time.monotonic()
        if self._ms == FRAME_MS:
            self._set_next(now)
            if self._glance(now):
                return
        late, self._late = self._late, False
        desk = self._acts.desk
        expecting = self._expecting(now)
        whole = self._wholes.due(now) or expecting
        pulse = desk.poll(whole=whole)
        self._acts.background.poll()
        self._say(pulse)
        often, chain = self._models.due(now) and (expecting or self._calm_models.due(now)), desk.session.chain
        if desk.song is not self._loaded:
            self.motion.forget()
        if desk.song is not self._loaded or chain is not self._chain:
            self._loaded, self._chain, often = desk.song, chain, True
        if often or pulse.measured is not None:
            self.song.follow(pulse.measured, now)
            self._acts.findings.follow()
        self.figures.follow(pulse, now)
        if self.away:
            self._late = self._late or late
            return
        if late or (often and not self._late):
            self._show_model()
        if often:
            self._show_state()
            self._show_coming()
            self._acts.blind.follow()
            self._acts.journal.follow()
            self._acts.plugins.follow()
        if self._devices.due(now):
            self.model.show_device()
            self._acts.rendering.poll()
            self._acts.watching.poll()
            self._acts.loudness.poll()
        if whole or late:
            self.probing.follow(now)
        self.motion.show(pulse, now)
        if self.motion.resting or self._ms != FRAME_MS:
            self._pace()

    def _glance(self, now_s: float) -> bool:
        """Whether a picture of the peaks alone will do for once, which is then shown."""
        due = not self._glanced and self.motion.calm and not self._late and not self._expecting(now_s)
        peaks = self._acts.desk.glance() if due else None
        if peaks is not None:
            self.motion.glance(peaks, now_s)
        self._glanced = peaks is not None
        return self._glanced

    def _dress_frame(self, slot: str) -> None:
        frame = self._acts.window.stage.frames[slot]
        self.model.dress(frame)
        if frame.editor.spectrum is not None:
            frame.editor.spectrum.set_basis(self.motion.basis)

    # what is said

    def _say(self, pulse: Pulse) -> None:
        """Sentences as toasts; a lost device with what can be done about it."""
        desk = self._acts.desk
        lost = self._had_device and desk.player.device is None and desk.song is not None
        self._had_device = desk.player.device is not None
        for index, sentence in enumerate(pulse.sentences):
            if lost and index == len(pulse.sentences) - 1:
                self._acts.viewing.tell(sentence, [("Devices", self._acts.viewing.open_device), ("Go on", self._acts.viewing.go_on)], fault=True)
            else:
                self._acts.viewing.tell(sentence)
        if pulse.status.guarded > self._guarded:
            self._acts.viewing.tell("A stage gave out what is no sound. It was silenced for a moment; bypass stages to find which one.", fault=True)
        self._guarded = pulse.status.guarded
        problem = desk.autosave_problem
        if problem and problem != self._autosave_problem:
            self._acts.viewing.tell(problem, fault=True)
        self._autosave_problem = problem

    def _show_coming(self) -> None:
        """While there is no song yet, what brings one stands in its place."""
        coming = self._acts.background.song_coming if self._acts.desk.song is None else None
        self._acts.window.song.view.set_coming(coming)
        self._acts.window.stage.empty.show_coming(coming is not None)

    def _show_state(self) -> None:
        """The right end of the status line: what goes on, else how old the numbers are."""
        desk, told = self._acts.desk, self._acts.background.told
        if self._acts.blind.running:
            self._acts.window.status.show_state("The log is kept with the session")
        elif told is not None:
            words, share = told
            self._acts.window.status.show_state(f"{words} {100 * share:.0f} %" if share is not None else f"{words}...", share)
        elif desk.measuring:
            self._acts.window.status.show_state("Measuring the whole song...")
        elif desk.looking.under_way:
            self._acts.window.status.show_state(f"Looking for faults {100 * desk.looking.share:.0f} %", desk.looking.share)
        elif desk.measured_after_s is not None and desk.song is not None:
            seconds = numbers.quantity(desk.measured_after_s, "s")
            compact = theme.density == "compact"
            self._acts.window.status.show_state(f"Song measured in {seconds}" if compact else f"Whole song measured {seconds} after the last change")
        else:
            self._acts.window.status.show_state("")
