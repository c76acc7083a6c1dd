"""The theme everything is painted with: palette, density, interface scale, fonts. One instance, `theme`, and one signal when it changes."""
from collections.abc import Callable
from importlib.resources import files
from typing import Final, TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetricsF, QPalette
from PySide6.QtWidgets import QApplication

from gui.theme.palettes import PALETTES, Color
from gui.theme.sizes import DENSITIES, ROLES, SMALLEST_TEXT, Sizes, Weight

FAMILIES: Final = ("Inter", "Noto Sans", "DejaVu Sans")
SCALES: Final = (0.8, 2.0)
Key = TypeVar("Key")
Worth = TypeVar("Worth")


class Known(dict[Key, Worth]):
    """What was found once is known: asked again by `__getitem__` it costs one look into a table and no call of Python."""

    def __init__(self, find: Callable[[Key], Worth]) -> None:
        super().__init__()
        self._find = find

    def __missing__(self, key: Key) -> Worth:
        found = self[key] = self._find(key)
        return found


class Theme(QObject):
    """What is current. Widgets read it while they paint and repaint on `changed`; nobody keeps a copy of a colour.

    `px` is a measure under the interface scale, in whole logical pixels; what is there at all stays at least 1. `color` is the colour of a
    palette token; KeyError for a word the palette does not know.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.name = "dark"
        self.density = "comfortable"
        self.scale = 1.0
        self.reduce_motion = False
        self._colors: Known[str, QColor] = Known(lambda token: qcolor(PALETTES[self.name][token]))
        self._pixels: Known[float, int] = Known(self._scaled)
        self.color, self.px = self._colors.__getitem__, self._pixels.__getitem__
        self._fonts: dict[tuple[str, Weight | None], QFont] = {}
        self._metrics: dict[tuple[str, Weight | None], QFontMetricsF] = {}

    def use(self, *, name: str | None = None, density: str | None = None, scale: float | None = None,
            reduce_motion: bool | None = None) -> None:
        """Changes what is given and tells everybody once. `scale` is the interface scale, 0.8 to 2.0, on top of the system's."""
        wanted = (name or self.name, density or self.density, scale or self.scale,
                  self.reduce_motion if reduce_motion is None else reduce_motion)
        check(*wanted[:3])
        if wanted == (self.name, self.density, self.scale, self.reduce_motion):
            return
        self.name, self.density, self.scale, self.reduce_motion = wanted
        self._forget()
        app = QApplication.instance()
        if isinstance(app, QApplication):
            self._dress(app)
        self.changed.emit()

    def start(self, app: QApplication) -> None:
        """Gives the application the bundled font, Fusion and the palette. Once, before the first widget."""
        load_fonts()
        app.setStyle("Fusion")
        self._forget()
        self._dress(app)

    @property
    def sizes(self) -> Sizes:
        """Measures of the current density, before the interface scale; `px` applies it."""
        return DENSITIES[self.density]

    @property
    def groove(self) -> str:
        """Token of what a value or a bar runs in where it lies on a panel: darker than it in both themes."""
        return "well" if self.name == "dark" else "control"

    @property
    def over_well(self) -> str:
        """Token of a plane that lies on `well` colour while the pointer is over it: lighter on dark, darker on white."""
        return "raised" if self.name == "dark" else "control"

    def font(self, role: str, weight: Weight | None = None) -> QFont:
        """The font of a role of `sizes.ROLES`, with tabular figures; `weight` in place of the role's own."""
        found = self._fonts.get((role, weight))
        if found is None:
            found = self._fonts[role, weight] = self._make_font(role, weight)
        return found

    def metrics(self, role: str, weight: Weight | None = None) -> QFontMetricsF:
        """Metrics of `font(role, weight)`."""
        found = self._metrics.get((role, weight))
        if found is None:
            found = self._metrics[role, weight] = QFontMetricsF(self.font(role, weight))
        return found

    def palette(self) -> QPalette:
        """The palette for what Fusion still draws by itself: menus, text fields, scroll bars, tool tips."""
        palette = QPalette()
        for role, token in QT_ROLES.items():
            palette.setColor(role, self.color(token))
        for role in (QPalette.ColorRole.Text, QPalette.ColorRole.WindowText, QPalette.ColorRole.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, role, self.color("off"))
        return palette

    def _scaled(self, logical: float) -> int:
        return max(1, round(logical * self.scale)) if logical > 0 else round(logical * self.scale)

    def _make_font(self, role: str, weight: Weight | None) -> QFont:
        comfortable, compact, own_weight = ROLES[role]
        size = comfortable if self.density == "comfortable" else compact
        font = QFont()
        font.setFamilies(list(FAMILIES))
        font.setPixelSize(max(SMALLEST_TEXT, round(size * self.scale)))
        font.setWeight(QFont.Weight(weight or own_weight))
        font.setHintingPreference(QFont.HintingPreference.PreferVerticalHinting)
        font.setFeature(QFont.Tag("tnum"), 1)
        font.setFeature(QFont.Tag("case"), 1)
        if role == "key_figure":
            font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, -0.5 * self.scale)
        return font

    def _dress(self, app: QApplication) -> None:
        app.setPalette(self.palette())
        app.setFont(self.font("text"))

    def _forget(self) -> None:
        self._colors.clear()
        self._pixels.clear()
        self._fonts.clear()
        self._metrics.clear()


QT_ROLES: Final = {
    QPalette.ColorRole.Window: "bg", QPalette.ColorRole.Base: "well", QPalette.ColorRole.AlternateBase: "panel",
    QPalette.ColorRole.Button: "control", QPalette.ColorRole.Text: "text", QPalette.ColorRole.WindowText: "text",
    QPalette.ColorRole.ButtonText: "text", QPalette.ColorRole.BrightText: "text", QPalette.ColorRole.PlaceholderText: "text3",
    QPalette.ColorRole.Highlight: "select", QPalette.ColorRole.HighlightedText: "on_select", QPalette.ColorRole.Accent: "select",
    QPalette.ColorRole.ToolTipBase: "raised", QPalette.ColorRole.ToolTipText: "text", QPalette.ColorRole.Light: "raised",
    QPalette.ColorRole.Midlight: "hover", QPalette.ColorRole.Mid: "line", QPalette.ColorRole.Dark: "line", QPalette.ColorRole.Shadow: "bg",
    QPalette.ColorRole.Link: "text", QPalette.ColorRole.LinkVisited: "text2",
}


def qcolor(color: Color) -> QColor:
    """A QColor from "#RRGGBB" or (red, green, blue, alpha)."""
    return QColor(color) if isinstance(color, str) else QColor(*color)


def mixed(one: QColor, other: QColor, share: float) -> QColor:
    """An opaque mixture, `share` 0..1 of the other colour."""
    parts = ((a + (b - a) * share) for a, b in zip(one.getRgb()[:3], other.getRgb()[:3], strict=True))  # type: ignore[index]
    return QColor(*(round(part) for part in parts))


def load_fonts() -> list[str]:
    """Registers the bundled Inter with Qt and gives the families found; the fall-backs stand in where a file cannot be read."""
    families: set[str] = set()
    for file in files("gui.theme.inter").iterdir():
        if file.name.endswith(".otf"):
            families.update(QFontDatabase.applicationFontFamilies(QFontDatabase.addApplicationFontFromData(file.read_bytes())))
    return sorted(families)


def check(name: str, density: str, scale: float) -> None:
    """ValueError with what there is to choose from."""
    if name not in PALETTES:
        raise ValueError(f"there is no theme {name!r}; choose one of: {', '.join(PALETTES)}")
    if density not in DENSITIES:
        raise ValueError(f"there is no density {density!r}; choose one of: {', '.join(DENSITIES)}")
    if not SCALES[0] <= scale <= SCALES[1]:
        raise ValueError(f"the interface scale cannot be {scale:g}; it goes from {SCALES[0]:g} to {SCALES[1]:g}")


theme: Final = Theme()
