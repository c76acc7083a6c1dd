"""What was read back from a written file, beside what was asked: figures, promises with ticks, sentences, the checksum."""
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QSize
from PySide6.QtGui import QAccessible, QGuiApplication, QPainter, QResizeEvent
from PySide6.QtWidgets import QWidget

from gui.controls.base import Painted
from gui.controls.buttons import Button
from gui.theme import icons, numbers, paint, theme
from gui.window.read_back import Row

GROUND = "well"
MARGIN, ROW, HEAD, FIGURES = 26, 32, 56, 56
ASKED_AT, FOUND_AT = 190, 352
SHORT = {"Peak to loudness": "PLR"}


class ReadBack(Painted, QWidget):
    """`show_plan` before a render, `show_found` after it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title, self.aside = "", ""
        self.figures: list[tuple[str, str, str]] = []
        self.rows: list[Row] = []
        self.sentences: list[tuple[str, bool]] = []
        self.sha256 = self._wrong = ""
        self.copy_key = Button("Copy", self, ground=GROUND, plane="raised", name="Copy the SHA-256")
        self.copy_key.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.sha256))
        self.copy_key.hide()
        self.set_up("Read back", GROUND, focus=False)

    def show_plan(self, rows: Sequence[Row], sentence: str, expected: tuple[str, bool] = ("", False)) -> None:
        """What the file will be held to; `expected` is a sentence about what it will read, and whether that is wrong."""
        said = [(words, False) for words in (sentence, expected[0]) if words]
        self._show("What will be written, and checked afterwards", "", [], rows, said, "", wrong=expected[0] if expected[1] else "")

    def show_found(self, aside: str, figures: Sequence[tuple[str, str, str]], rows: Sequence[Row], notices: Sequence[str], sha256: str) -> None:
        """What is in the file. `notices` say what differs from what was asked."""
        self._show("Read back from the written file", aside, figures, rows, [(notice, True) for notice in notices], sha256)

    def show_problem(self, title: str, sentence: str) -> None:
        """There is no file."""
        self._show(title, "", [], [], [(sentence, True)], "")

    def _show(self, title: str, aside: str, figures: Sequence[tuple[str, str, str]], rows: Sequence[Row], sentences: Sequence[tuple[str, bool]],
              sha256: str, *, wrong: str = "") -> None:
        self._wrong = wrong
        self.title, self.aside, self.sha256 = title, aside, sha256
        self.figures, self.rows, self.sentences = list(figures), list(rows), list(sentences)
        self.copy_key.setVisible(bool(sha256))
        self.setAccessibleDescription(self.spoken_value())
        self.update()

    def measure(self) -> None:
        self.copy_key.measure()
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place()

    def _place(self) -> None:
        self.copy_key.move(self.width() - theme.px(MARGIN) - self.copy_key.width(), self.height() - theme.px(16) - self.copy_key.height())

    def sizeHint(self) -> QSize:
        return QSize(theme.px(560), theme.px(420))

    def draw(self, painter: QPainter, area: QRect) -> None:
        left, wide = theme.px(MARGIN), self.width() - 2 * theme.px(MARGIN)
        head = QRect(left, theme.px(12), wide, theme.px(28))
        paint.text(painter, head, self.aside, "text", "text2", paint.RIGHT)
        paint.text(painter, head, self.title, "name", "text")
        y = theme.px(HEAD)
        if self.figures:
            self._draw_figures(painter, QRect(left, y - theme.px(6), wide, theme.px(FIGURES)))
            y += theme.px(FIGURES + 12)
        if self.rows:
            y = self._draw_rows(painter, QRect(left, y, wide, 0))
        self._draw_sentences(painter, QRect(left, y + theme.px(12), wide, self.height() - y))
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

    def _draw_rows(self, painter: QPainter, area: QRect) -> int:
        asked_at, found_at = (theme.px(at) * area.width() // theme.px(660) for at in (ASKED_AT, FOUND_AT))
        height = theme.px(ROW if theme.density == "comfortable" else ROW - 6)
        found = any(row.found for row in self.rows)
        for x, words in ((asked_at, "Asked"), (found_at, "In the file" if found else "")):
            paint.text(painter, QRect(area.x() + x, area.y(), area.width(), height), words, "text", "text3")
        y = area.y() + height
        for row in self.rows:
            paint.text(painter, QRect(area.x(), y, asked_at, height), row.name, "text", "text2")
            paint.text(painter, QRect(area.x() + asked_at, y, found_at - asked_at - theme.px(8), height), row.asked, "text", "text2" if found else "text")
            self._draw_found(painter, QRect(area.x() + found_at, y, area.width() - found_at, height), row)
            y += height
        return y

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
            wrong = sentence == self._wrong
            indent = theme.px(28) if notice or wrong else 0
            if notice or wrong:
                icons.draw(painter, "warning" if wrong else "flag", QPointF(area.x() + theme.px(8), y + theme.px(9)), "danger_text" if wrong else "text2", 14)
            room = QRect(area.x() + indent, y, area.width() - indent, 1000)
            paint.paragraph(painter, room, sentence, "text", "danger_text" if wrong else "text2")
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
        return ". ".join([self.title, *figures, *rows, *(sentence for sentence, _ in self.sentences)])
