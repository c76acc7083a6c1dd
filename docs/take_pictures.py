"""Every view at three sizes, dark and light, with the demo mix playing, and the page that shows them all."""
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from docs.small_picture import save_small
from docs.views import ALL, VIEWS, View

if TYPE_CHECKING:
    from docs.make import Studio

PLACE = Path(__file__).resolve().parent / "pictures"
PAGE = PLACE / "README.md"
SIZES = {"1280": (1280, 720), "1920": (1920, 1080), "3840": (3840, 2160)}
SETTLE_S = 0.7
MOST_BYTES, MOST_BYTES_IN_ALL = 300_000, 17_000_000
MARKERS = ((11.0, "Verse"), (36.0, "Chorus"), (60.0, "End"))


def names_of(view: str) -> list[tuple[str, str, str]]:
    """(file name, size, theme) of the pictures of one view."""
    return [(f"{view}-{name}.webp", *name.split("-")) for name in ALL]


def page() -> str:
    """Every picture, a table for each view."""
    lines = ["# Every view", "", "Taken from the running program with the demo mix playing, at 1280 x 720, 1920 x 1080 and 3840 x 2160 (interface scale 2), dark and light.",
             "What was seen in them and mended is in [critique.md](../critique.md). Made by `python docs/make.py`.", ""]
    for view in VIEWS:
        lines += [f"## {view.replace('-', ' ').capitalize()}", "", "| | 1280 x 720 | 1920 x 1080 | 3840 x 2160 |", "|---|---|---|---|"]
        for theme in ("dark", "light"):
            lines.append(f"| {theme} | " + " | ".join(f"![{view}, {size}, {theme}]({view}-{size}-{theme}.webp)" for size in SIZES) + " |")
        lines.append("")
    return "\n".join(lines)


def take_views(studio: "Studio", place: Path, wanted: list[str]) -> int:
    """The pictures of these views; gives the bytes of the largest."""
    place.mkdir(parents=True, exist_ok=True)
    rate, largest = studio.desk.player.song_rate_hz, 0
    for seconds, name in MARKERS:
        studio.acts.hearing.seek(round(seconds * rate))
        studio.acts.markers.add()
        studio.acts.markers._name(studio.desk.session.markers[-1], name)
    studio.play()
    for view in wanted:
        for name, size, theme in names_of(view):
            bytes_ = take_one(studio, VIEWS[view], SIZES[size], theme, place / name)
            largest = max(largest, bytes_)
            print(f"{name}, {bytes_ / 1000:.0f} kB", flush=True)
    return largest


def take_one(studio: "Studio", view: View, size: tuple[int, int], theme: str, path: Path) -> int:
    """One picture; the view is left again, so that the next one finds the window as it was."""
    if not studio.desk.player.status.playing:
        studio.desk.play_or_stop()
    studio.take_in(view.stage, view.values)
    studio.show(size, theme, view.stage, view.first_steps, scale=2.0 if size[0] >= 3840 else 1.0)
    view.open(studio)
    studio.run(SETTLE_S)
    figures = studio.program.bridge.figures
    shown: QWidget = figures.window if figures.seen else studio.window
    found = save_small(shown.grab().toImage(), path)
    view.leave(studio)
    return found
