"""Pop-up menus: Qt's own, in our colours, with the pointed row on `hover` so that nothing shouts."""
from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QPalette
from PySide6.QtWidgets import QMenu, QWidget

from gui.theme import theme


class Menu(QMenu):
    """A menu that is deleted when it closes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFont(theme.font("text"))
        palette = theme.palette()
        for role, token in ((QPalette.ColorRole.Window, "raised"), (QPalette.ColorRole.Base, "raised"), (QPalette.ColorRole.Button, "raised"),
                            (QPalette.ColorRole.Highlight, "hover"), (QPalette.ColorRole.HighlightedText, "text")):
            palette.setColor(role, theme.color(token))
        self.setPalette(palette)

    def add(self, words: str, action: Callable[[], object], keys: str = "", *, enabled: bool = True, checked: bool | None = None) -> QAction:
        """One row; `keys` stand at the right, `checked` puts a tick before it."""
        row = self.addAction(f"{words}\t{keys}" if keys else words)
        row.triggered.connect(lambda _checked=False: action())
        row.setEnabled(enabled)
        if checked is not None:
            row.setCheckable(True)
            row.setChecked(checked)
        return row

    def open_at(self, place: QPoint) -> None:
        """Opens at a place of the screen and comes back at once."""
        self.popup(place)
