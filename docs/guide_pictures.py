"""The pictures of the user guide: every view at every size, dark and light, from the running program with the demo mix playing."""
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from docs.small_png import save_small

if TYPE_CHECKING:
    from docs.make import Studio

PLACE = Path(__file__).resolve().parent / "guide" / "images"
SIZES = {"1280": (1280, 720), "1920": (1920, 1080), "3840": (3840, 2160)}
THEMES = ("dark", "light")
SETTLE_S = 0.7
MOST_BYTES, MOST_BYTES_IN_ALL = 450_000, 6_000_000


@dataclass(frozen=True)
class View:
    """How a view is opened and left again. `large` also at 3840 x 2160, scale 2. `stage` is the editor that is open."""

    open: Callable[["Studio"], object] = lambda studio: None
    leave: Callable[["Studio"], object] = lambda studio: None
    stage: str = "eq"
    large: bool = False
    first_steps: bool = False


def _dialog(name: str) -> Callable[["Studio"], object]:
    """Closes the dialog of a part of the acts."""
    def close(studio: "Studio") -> None:
        dialog = getattr(getattr(studio.acts, name), "dialog" if name != "viewing" else "device_dialog")
        if dialog is not None:
            dialog.answer("close")
    return close


def _open_render(studio: "Studio") -> None:
    studio.acts.rendering.open()
    dialog = studio.acts.rendering.dialog
    if not studio.acts.rendering.runs:
        dialog.form.show_folder(studio.masters)
        dialog.form.edited.emit()
        dialog.render_key.click()
        studio.until(lambda: bool(dialog.back.sha256))
    else:
        studio.acts.rendering._show_run(0)


def _open_presets(studio: "Studio") -> None:
    acts = studio.acts
    if len(acts.presets.all()) < 5:
        acts.presets.save("Loud and clear", "loud, pop", "Bright, held together, for small speakers")
        acts.presets.save("Gentle tilt", "acoustic", "A wide tilt, nothing more", stage=True)
        acts.settings.keep_favourites(frozenset({"loud and clear"}))
        studio.run(6.5)                      # until the news has left
    acts.presets.open()


def _open_palette(studio: "Studio") -> None:
    palette = studio.program.palette
    palette.open("comp")
    palette.view.line.setText("comp")


def _open_blind(studio: "Studio") -> None:
    blind = studio.acts.blind
    blind.open()
    studio.until(lambda: not blind.waiting())
    blind.start()
    blind.listen("x")


def _leave_blind(studio: "Studio") -> None:
    studio.acts.blind.leave()
    studio.acts.blind.leave()
    studio.desk.hear("master")


def _open_meters(studio: "Studio") -> None:
    figures = studio.program.bridge.figures
    if not figures.seen:
        figures.toggle()
    figures.window.resize(studio.window.size())
    studio.run(2.0)


def _leave_meters(studio: "Studio") -> None:
    studio.program.bridge.figures.close()


VIEWS: dict[str, View] = {
    "window": View(large=True),
    "first-minute": View(first_steps=True),
    "compressor": View(stage="compressor"),
    "limiter": View(stage="limiter", large=True),
    "palette": View(_open_palette, lambda studio: studio.program.palette.close(False)),
    "presets": View(_open_presets, _dialog("presets")),
    "preferences": View(lambda studio: studio.acts.preferring.open(), _dialog("preferring")),
    "journal": View(lambda studio: studio.acts.journal.open(), _dialog("journal")),
    "device": View(lambda studio: studio.acts.viewing.open_device(), _dialog("viewing")),
    "render": View(_open_render, _dialog("rendering")),
    "blind": View(_open_blind, _leave_blind, large=True),
    "meters": View(_open_meters, _leave_meters),
}


def names_of(view: str) -> list[tuple[str, str, str]]:
    """(file name, size, theme) of the pictures of one view."""
    sizes = [size for size in SIZES if size != "3840" or VIEWS[view].large]
    return [(f"{view}-{size}-{theme}.png", size, theme) for size in sizes for theme in THEMES]


def take_views(studio: "Studio", place: Path, wanted: list[str] | None = None) -> int:
    """All pictures of these views; gives the bytes of the largest."""
    place.mkdir(parents=True, exist_ok=True)
    rate, largest = studio.desk.player.song_rate_hz, 0
    for seconds, name in ((11.0, "Verse"), (36.0, "Chorus"), (60.0, "End")):
        studio.acts.hearing.seek(round(seconds * rate))
        studio.acts.markers.add()
        studio.acts.markers._name(studio.desk.session.markers[-1], name)
    studio.play()
    for view in wanted or list(VIEWS):
        for name, size, theme in names_of(view):
            bytes_ = take_one(studio, VIEWS[view], SIZES[size], theme, place / name)
            largest = max(largest, bytes_)
            print(f"{name}, {bytes_ / 1000:.0f} kB", flush=True)
    return largest


def take_one(studio: "Studio", view: View, size: tuple[int, int], theme: str, path: Path) -> int:
    """One picture; the view is left again, so that the next one finds the window as it was."""
    if not studio.desk.player.status.playing:
        studio.desk.play_or_stop()
    studio.show(size, theme, view.stage, view.first_steps, scale=2.0 if size[0] >= 3840 else 1.0)
    view.open(studio)
    studio.run(SETTLE_S)
    figures = studio.program.bridge.figures
    shown: QWidget = figures.window if figures.seen else studio.window
    found = save_small(shown.grab().toImage(), path)
    view.leave(studio)
    return found
