"""Pop-up menus: Qt's own behaviour, our face. The pointed row lies on `hover`, what is chosen carries a tick, keys stand at the right."""
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QAction, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QWidget

from gui.theme import icons, paint, theme

WORDS_X = 28
PAD = 12
SAID = "said"


class Menu(QMenu):
    """Deleted when it closes, unless it is one of `menu_on`; one that hangs on another goes with that.

    Rows and menus within it are made once: `empty` puts them aside, and what is added then takes them again.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[QAction] = []
        self._acts: list[Callable[[], object]] = []
        self._inner: list[Menu] = []
        self._inner_used = 0
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, not isinstance(parent, QMenu))
        self.setFont(theme.font("text"))

    def empty(self) -> None:
        """As if it were new."""
        for row in self.actions():
            self.removeAction(row)
        self._acts.clear()
        self._inner_used = 0
        self.setMinimumWidth(0)
        self.setEnabled(True)
        self.setFont(theme.font("text"))

    def add(self, words: str, action: Callable[[], object], keys: str = "", *, enabled: bool = True, checked: bool | None = None) -> QAction:
        """One row; `keys` stand at the right, `checked` puts a tick before it."""
        row = self._next_row(action)
        row.setText(f"{words}\t{keys}" if keys else words)
        row.setData(None)
        row.setEnabled(enabled)
        row.setCheckable(checked is not None)
        row.setChecked(bool(checked))
        return row

    def say(self, words: str) -> QAction:
        """A row that is only read."""
        row = self.add(words, lambda: None, enabled=False)
        row.setData(SAID)
        return row

    def addSeparator(self) -> QAction:
        """A line between groups of rows."""
        row = self._next_row(lambda: None)
        row.setText("")
        row.setCheckable(False)
        row.setEnabled(True)
        row.setSeparator(True)
        return row

    def add_menu(self, title: str) -> "Menu":
        """An empty menu behind a row of this one."""
        if self._inner_used == len(self._inner):
            self._inner.append(Menu(self))
        inner = self._inner[self._inner_used]
        self._inner_used += 1
        inner.empty()
        inner.setTitle(title)
        self.addMenu(inner)
        return inner

    def _next_row(self, action: Callable[[], object]) -> QAction:
        place = len(self._acts)
        self._acts.append(action)
        if place == len(self._rows):
            self._rows.append(QAction(self))
            self._rows[place].triggered.connect(partial(self._take, place))
        row = self._rows[place]
        row.setSeparator(False)
        self.addAction(row)
        return row

    def _take(self, place: int, _checked: bool = False) -> None:
        self._acts[place]()

    def open_at(self, place: QPoint) -> None:
        """Opens at a place of the screen and comes back at once."""
        self.popup(place)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.fill(painter, self.rect(), "raised")
        for row in self.actions():
            if row.isVisible():
                self._draw_row(painter, row, self.actionGeometry(row))
        paint.outline(painter, self.rect(), "edge", 1, 0)
        painter.end()

    def _draw_row(self, painter: QPainter, row: QAction, area: QRect) -> None:
        if row.isSeparator():
            paint.fill(painter, QRect(area.x() + PAD, area.center().y(), area.width() - 2 * PAD, 1), "line")
            return
        pointed = row == self.activeAction() and row.isEnabled()
        if pointed:
            paint.fill(painter, area, "hover")
        color = "text" if row.isEnabled() else "text2" if row.data() == SAID else "off"
        words, _, keys = row.text().partition("\t")
        inner = area.adjusted(WORDS_X, 0, -PAD, 0)
        if row.isChecked():
            icons.draw(painter, "tick", QPointF(area.x() + WORDS_X / 2, area.y() + area.height() / 2), color, 14)
        if row.menu() is not None:
            icons.draw(painter, "chevron_right", QPointF(inner.right() - 4, area.y() + area.height() / 2), "text2")
        taken = paint.text(painter, inner, keys, "scale", "text2" if pointed or not row.isEnabled() else "text3", paint.RIGHT) if keys else 0
        paint.text(painter, inner.adjusted(0, 0, -round(taken), 0), words.replace("&", ""), "text", color)


def menu_on(parent: QWidget) -> Menu:
    """The menu of a widget, empty; another one only while that is open."""
    kept: list[Menu] = vars(parent).setdefault("_menus", [])
    for menu in kept:
        if not menu.isVisible():
            menu.empty()
            return menu
    kept.append(Menu(parent))
    kept[-1].setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    return kept[-1]
