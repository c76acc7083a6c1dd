"""All that can be asked for, in one place: hearing, shaping, files, rendering, the view."""
from collections.abc import Callable

from gui.acts.background import Background
from gui.acts.blind import Blind
from gui.acts.comparing import Comparing
from gui.acts.files import Files
from gui.acts.findings import Findings
from gui.acts.hearing import Hearing
from gui.acts.journal import Journal
from gui.acts.latency import Latency
from gui.acts.loudness import Loudness
from gui.acts.markers import Markers
from gui.acts.plugins import Plugins
from gui.acts.preferring import Preferring
from gui.acts.presets import Presets
from gui.acts.recovery import Recovery
from gui.acts.rendering import Rendering
from gui.acts.shaping import Shaping
from gui.acts.thresholds import SongThresholds
from gui.acts.viewing import Viewing
from gui.acts.watching import Watching
from gui.window.main import MainWindow
from gui.window.settings import Settings
from mastering_rt.desk.desk import Desk


class Acts:
    """`changed` is called after everything that may show, so that the picture follows in the same frame."""

    def __init__(self, desk: Desk, window: MainWindow, settings: Settings) -> None:
        self.desk, self.window, self.settings = desk, window, settings
        self.background = Background()
        self.changed: Callable[[], object] = lambda: None
        self.hearing = Hearing(self)
        self.shaping = Shaping(self)
        self.files = Files(self)
        self.recovery = Recovery(self)
        self.rendering = Rendering(self)
        self.loudness = Loudness(self)
        self.latency = Latency(self)
        self.viewing = Viewing(self)
        self.thresholds = SongThresholds(self)
        self.findings = Findings(self)
        self.blind = Blind(self)
        self.journal = Journal(self)
        self.comparing = Comparing(self)
        self.presets = Presets(self)
        self.markers = Markers(self)
        self.preferring = Preferring(self)
        self.watching = Watching(self)
        self.plugins = Plugins(self)
