"""What was read back from a written file, beside what was asked: figures, promises with ticks, sentences, the checksum."""
from collections.abc import Mapping, Sequence

from PySide6.QtCore import QPointF, QRect, QSize, Signal
from PySide6.QtGui import QAccessible, QGuiApplication, QPainter, QResizeEvent
from PySide6.QtWidgets import QWidget

from gui.controls.base import Painted
from gui.controls.buttons import Button
from gui.theme import icons, numbers, paint, theme
from gui.window.read_back import Row

GROUND = "well"
MARGIN, ROW, HEAD, FIGURES = 26, 32, 56, 56
ASKED_AT, FOUND_AT = 190, 352
REMEDIES = ("limiter", "float")
NO_REMEDIES: Mapping[str, str] = {}
SHORT = {"Peak to loudness": "PLR"}


class ReadBack(Painted, QWidget):
    """`show_plan` before a render, `show_found` after it. `remedy_asked` gives the key of a remedy that was offered beside a warning."""

    remedy_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title, self.aside = "", ""
        self.figures: list[tuple[str, str, str]] = []
        self.rows: list[Row] = []
        self.sentences: list[tuple[str, bool]] = []
        self.sha256 = ""
        self.copy_key = Button("Copy", self, ground=GROUND, plane="raised", name="Copy the SHA-256")
        self.copy_key.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.sha256))
        self.copy_key.hide()
        self.warning, self.planned = "", False
        self.remedy_keys: dict[str, Button] = {}
        for key in REMEDIES:
            button = self.remedy_keys[key] = Button("", self, ground=GROUND, plane="control")
            button.clicked.connect(lambda _checked=False, key=key: self.remedy_asked.emit(key))
            button.hide()
        self.set_up("Read back", GROUND, focus=False)

    def show_plan(self, rows: Sequence[Row], sentence: str, *, aside: str = "", figures: Sequence[tuple[str, str, str]] = (), warning: str = "",
                  remedies: Mapping[str, str] = NO_REMEDIES) -> None:
        """What the file will be held to, and what is known of it beforehand: `figures`, and a `warning` with words for some of `REMEDIES`."""
        self._show("What will be written, and checked afterwards", aside, figures, rows, [(sentence, False)] if sentence else [], "",
                   planned=True, warning=warning, remedies=remedies)

    def show_found(self, aside: str, figures: Sequence[tuple[str, str, str]], rows: Sequence[Row], notices: Sequence[str], sha256: str) -> None:
        """What is in the file. `notices` say what differs from what was asked."""
        self._show("Read back from the written file", aside, figures, rows, [(notice, True) for notice in notices], sha256)

    def show_problem(self, title: str, sentence: str) -> None:
        """There is no file."""
        self._show(title, "", [], [], [(sentence, True)], "")

    def _show(self, title: str, aside: str, figures: Sequence[tuple[str, str, str]], rows: Sequence[Row], sentences: Sequence[tuple[str, bool]],
              sha256: str, *, planned: bool = False, warning: str = "", remedies: Mapping[str, str] = NO_REMEDIES) -> None:
        self.planned, self.warning = planned, warning
        for key, button in self.remedy_keys.items():
            button.setVisible(key in remedies)
            button.setText(remedies.get(key, ""))
            button.setAccessibleName(button.text())
            button.measure()
        self.title, self.aside, self.sha256 = title, aside, sha256
        self.figures, self.rows, self.sentences = list(figures), list(rows), list(sentences)
        self.copy_key.setVisible(bool(sha256))
        self.setAccessibleDescription(self.spoken_value())
        self._place()
        self.update()

    def measure(self) -> None:
        for button in (self.copy_key, *self.remedy_keys.values()):
            button.measure()
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place()

    def _place(self) -> None:
        self.copy_key.move(self.width() - theme.px(MARGIN) - self.copy_key.width(), self.height() - theme.px(16) - self.copy_key.height())
        if not self.warning:
            return
        words = self._warning_area()
        x, y = words.x(), words.bottom() + theme.px(10)
        for button in self.remedy_keys.values():
            if not button.isHidden():
                button.move(x, y)
                x += button.width() + theme.px(8)

    def _rows_top(self) -> int:
        return theme.px(HEAD) + (theme.px(FIGURES + 12) if self.figures else 0)

    def _row_height(self) -> int:
        return theme.px(ROW if theme.density == "comfortable" else ROW - 6)

    def _sentences_top(self) -> int:
        return self._rows_top() + ((len(self.rows) + 1) * self._row_height() if self.rows else 0) + theme.px(12)

    def _warning_area(self) -> QRect:
        """Where the warning stands: under the rows, beside its sign."""
        left, wide = theme.px(MARGIN + 28), self.width() - theme.px(2 * MARGIN + 28)
        return QRect(left, self._sentences_top(), wide, paint.paragraph_height(self.warning, wide, "text"))

    def sizeHint(self) -> QSize:
        return QSize(theme.px(560), theme.px(420))

    def draw(self, painter: QPainter, area: QRect) -> None:
        left, wide = theme.px(MARGIN), self.width() - 2 * theme.px(MARGIN)
        head = QRect(left, theme.px(12), wide, theme.px(28))
        paint.text(painter, head, self.aside, "text", "text2", paint.RIGHT)
        paint.text(painter, head, self.title, "name", "text")
        if self.figures:
            self._draw_figures(painter, QRect(left, theme.px(HEAD - 6), wide, theme.px(FIGURES)))
        if self.rows:
            self._draw_rows(painter, QRect(left, self._rows_top(), wide, 0))
        y = self._sentences_top()
        if self.warning:
            y = self._draw_warning(painter)
        self._draw_sentences(painter, QRect(left, y, wide, self.height() - y))
        if self.sha256:
            self._draw_sum(painter, left)

    def _draw_figures(self, painter: QPainter, area: QRect) -> None:
        wide = area.width() // len(self.figures)
        for index, (name, figure, unit) in enumerate(self.figures):
            x = area.x() + index * wide
            words = name if paint.text_width(name, "text") <= wide - theme.px(10) else SHORT.get(name, name)
            paint.text(painter, QRect(x, area.y(), wide, theme.px(20)), words, "text", "text2")
            shown = "" if figure == numbers.UNKNOWN else unit
            paint.with_unit(painter, QRect(x, area.y() + theme.px(20), wide, theme.px(30)), figure, shown, "control_value", "text", "text2")

    def _draw_warning(self, painter: QPainter) -> int:
        """In danger text, its remedies under it; gives where the next sentence begins."""
        area = self._warning_area()
        icons.draw(painter, "warning", QPointF(theme.px(MARGIN + 8), area.y() + theme.px(9)), "danger_text")
        paint.paragraph(painter, area, self.warning, "text", "danger_text")
        keys = [button for button in self.remedy_keys.values() if not button.isHidden()]
        return area.bottom() + (theme.px(10) + keys[0].height() if keys else 0) + theme.px(16)

    def _draw_rows(self, painter: QPainter, area: QRect) -> None:
        asked_at, found_at = (theme.px(at) * area.width() // theme.px(660) for at in (ASKED_AT, FOUND_AT))
        height = self._row_height()
        found = any(row.found for row in self.rows)
        for x, words in ((asked_at, "Asked"), (found_at, ("Expected" if self.planned else "In the file") if found else "")):
            paint.text(painter, QRect(area.x() + x, area.y(), area.width(), height), words, "text", "text3")
        y = area.y() + height
        for row in self.rows:
            paint.text(painter, QRect(area.x(), y, asked_at, height), row.name, "text", "text2")
            paint.text(painter, QRect(area.x() + asked_at, y, found_at - asked_at - theme.px(8), height), row.asked, "text", "text2" if found and not self.planned else "text")
            self._draw_found(painter, QRect(area.x() + found_at, y, area.width() - found_at, height), row)
            y += height

    def _draw_found(self, painter: QPainter, area: QRect, row: Row) -> None:
        mark = QPointF(area.right() - theme.px(8), area.y() + area.height() / 2)
        if row.kept is not None:
            icons.draw(painter, "tick" if row.kept else "warning", mark, "text" if row.kept else "danger_text")
        inner = area.adjusted(0, 0, -theme.px(28), 0)
        taken = paint.text(painter, inner, row.found, "text_strong", "danger_text" if row.kept is False else "text")
        if row.detail:
            paint.text(painter, inner.adjusted(round(taken) + theme.px(8), 0, 0, 0), row.detail, "text", "text2")

    def _draw_sentences(self, painter: QPainter, area: QRect) -> None:
        y = area.y()
        for sentence, notice in self.sentences:
            indent = theme.px(28) if notice else 0
            if notice:
                icons.draw(painter, "flag", QPointF(area.x() + theme.px(8), y + theme.px(9)), "text2", 14)
            room = QRect(area.x() + indent, y, area.width() - indent, 1000)
            paint.paragraph(painter, room, sentence, "text", "text2")
            y += paint.paragraph_height(sentence, room.width(), "text") + theme.px(10)

    def _draw_sum(self, painter: QPainter, left: int) -> None:
        row = QRect(left, self.copy_key.y(), self.copy_key.x() - left - theme.px(10), self.copy_key.height())
        taken = round(paint.text(painter, row, "SHA-256", "scale", "text3"))
        paint.text(painter, row.adjusted(taken + theme.px(10), 0, 0, 0), self.sha256, "scale", "text2")

    def spoken_role(self) -> QAccessible.Role:
        return QAccessible.Role.Table

    def spoken_value(self) -> str:
        figures = [f"{name} {figure} {unit}" for name, figure, unit in self.figures]
        kept = {True: "kept", False: "not kept", None: ""}
        rows = [" ".join(part for part in (row.name, row.asked, row.found, kept[row.kept]) if part) for row in self.rows]
        warning = [self.warning] if self.warning else []
        return ". ".join([self.title, *figures, *rows, *warning, *(sentence for sentence, _ in self.sentences)])
