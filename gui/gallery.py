"""Every control of the kit in every state on one sheet, for looking at: `python -m gui.gallery OUT.png [--theme light] [--scale 2]`.

--scale is the screen's (device pixels to one logical pixel), --interface-scale the program's own.
"""
import argparse
import os
import sys
from collections.abc import Sequence

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QApplication, QWidget

from gui.controls.base import Painted
from gui.controls.focus import FocusRing
from gui.controls.plane import Plane, Words
from gui.theme import paint, theme

LEFT, WIDTH = 132, 1600


class Sheet(Plane):
    """Rows of named states from top to bottom."""

    def __init__(self) -> None:
        super().__init__(ground="panel")
        self._y = 12
        self._bands: list[tuple[int, int, str]] = []

    def row(self, title: str, items: Sequence[tuple[str, QWidget]], *, pitch: int = 160, height: int = 0, band: str = "", lift: int = 0) -> None:
        """A title at the left and its states beside each other, each over its caption; `band` is the plane they lie on."""
        tallest = max(item.height() for _, item in items) if not height else theme.px(height)
        y = theme.px(self._y)
        label = Words(title, self, role="text_strong", color="text")
        label.setGeometry(theme.px(24), y + min(tallest // 2, theme.px(32)) - theme.px(10), theme.px(LEFT - 40), theme.px(20))
        for index, (caption, item) in enumerate(items):
            x = theme.px(LEFT + index * pitch)
            item.setParent(self)
            item.move(x - lift, y)
            if caption:
                words = Words(caption, self, role="scale", color="text3", ground=band or "panel")
                words.setGeometry(x, y + tallest + theme.px(6), theme.px(pitch - 4), theme.px(18))
        captioned = any(caption for caption, _ in items)
        if band:
            self._bands.append((y - theme.px(10), tallest + theme.px(20 if not captioned else 36), band))
        self._y += round(tallest / theme.scale) + (46 if band else 38 if captioned else 20)

    def finish(self) -> None:
        """Takes the size of what is on it."""
        self.resize(theme.px(WIDTH), theme.px(self._y))

    def surround(self, widget: Painted) -> None:
        """A focus ring that stays."""
        FocusRing(self).surround(widget)

    def draw(self, painter: QPainter, area: QRect) -> None:
        for y, height, token in self._bands:
            paint.fill(painter, QRect(theme.px(LEFT - 12), y, self.width() - theme.px(LEFT), height), token)


def make_sheet() -> Sheet:
    """The whole gallery in the current theme."""
    from gui import gallery_meters, gallery_rows
    sheet = Sheet()
    for add in (*gallery_rows.ROWS, *gallery_meters.ROWS):
        add(sheet)
    sheet.finish()
    return sheet


def main(arguments: Sequence[str] | None = None) -> int:
    """Draws the sheet and writes it as PNG; 1 where the file cannot be written."""
    parser = argparse.ArgumentParser(prog="python -m gui.gallery", description="Draws every control in every state on one sheet.")
    parser.add_argument("out", metavar="OUT.png")
    parser.add_argument("--theme", choices=("dark", "light"), default="dark")
    parser.add_argument("--density", choices=("comfortable", "compact"), default="comfortable")
    parser.add_argument("--scale", type=float, default=1.0, help="device pixels to one logical pixel")
    parser.add_argument("--interface-scale", type=float, default=1.0, help="0.8 to 2.0")
    asked = parser.parse_args(arguments)
    os.environ["QT_SCALE_FACTOR"] = str(asked.scale)
    if "DISPLAY" not in os.environ and "WAYLAND_DISPLAY" not in os.environ and sys.platform.startswith("linux"):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    theme.start(app)
    theme.use(name=asked.theme, density=asked.density, scale=asked.interface_scale, reduce_motion=True)
    sheet = make_sheet()
    sheet.show()
    app.processEvents()
    if not sheet.grab().save(asked.out):
        print(f"{asked.out} cannot be written; is the folder there, and does the name end in .png?", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
