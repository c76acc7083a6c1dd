"""What came out of the last test, beside what guessing would do; and the tests of the session. While one runs nothing of it is shown."""
from collections.abc import Sequence

from PySide6.QtCore import QRect
from PySide6.QtGui import QAccessible, QPainter
from PySide6.QtWidgets import QWidget

from gui.controls.base import Painted
from gui.theme import paint, theme
from mastering_rt.blind.binomial import least_hits, least_majority, shares
from mastering_rt.blind.log import Record
from mastering_rt.blind.trials import Result
from mastering_rt.blind.words import (
    KIND_NAMES,
    explanation,
    p_text,
    pair_text,
    score_text,
    short_verdict,
    shown,
    stop_text,
    verdict,
)

ROW = 28
COLUMNS = {"comfortable": (("Right", 76), ("p", 60), ("Verdict", 150)), "compact": (("Right", 58), ("p", 48), ("Verdict", 124))}
UNPROVEN = "Log was changed"


class Bars(Painted, QWidget):
    """How often guessing gives each number of right answers; what is rarer than 5 % is white, with a mark where the result lies."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.result: Result | None = None
        self.set_up("What guessing would do", "panel", focus=False)

    def show_result(self, result: Result | None) -> None:
        """The test that the bars are of."""
        self.result = result
        self.update()

    def rare(self) -> tuple[int, ...]:
        """The numbers of hits that guessing reaches too seldom to be chance."""
        result = self.result
        if result is None or not result.answered:
            return ()
        of = result.answered
        if result.plan.kind == "abx":
            least = least_hits(of)
            return tuple(range(least, of + 1)) if least is not None else ()
        most = least_majority(of)
        return tuple(hits for hits in range(of + 1) if most is not None and max(hits, of - hits) >= most)

    def draw(self, painter: QPainter, area: QRect) -> None:
        result = self.result
        if result is None or not result.answered:
            return
        of, odds, rare = result.answered, shares(result.answered), self.rare()
        base, head = self.height() - theme.px(24), theme.px(8)
        wide, most = self.width() / (of + 1), float(max(odds))
        tops = []
        for hits, share in enumerate(odds):
            high = max(1, round((base - head) * float(share) / most))
            left, right = round(hits * wide) + theme.px(2), round((hits + 1) * wide) - theme.px(2)
            tops.append(base - high)
            paint.fill(painter, QRect(left, base - high, max(1, right - left), high), "select" if hits in rare else "edge")
        paint.hairline(painter, 0, base, self.width(), base, "edge")
        for hits in range(0, of + 1, 4 if of > 8 else 1):
            paint.text(painter, QRect(round((hits - 1) * wide), base + theme.px(4), round(3 * wide), theme.px(18)), str(hits), "scale", "text3", paint.CENTER)
        self._draw_limit(painter, rare, wide, base)
        self._draw_mark(painter, result.hits, of, round((result.hits + 0.5) * wide), tops[result.hits])

    def _draw_limit(self, painter: QPainter, rare: tuple[int, ...], wide: float, base: int) -> None:
        """Where chance ends; of a preference on either side."""
        if not rare or self.result is None:
            return
        least = next((hits for hits in rare if hits > self.result.answered / 2), rare[0])
        x = round(least * wide)
        paint.hairline(painter, x, 0, x, base, "text3", (2, 3))
        room = self.width() - x - theme.px(8)
        low = self.height() < theme.px(150)
        whole = f"{least} or more: p under 0.05"
        brief = whole if paint.text_width(whole, "scale") <= room else f"\N{GREATER-THAN OR EQUAL TO} {least}: p < 0.05"
        for line, words in enumerate((brief,) if low else (f"{least} or more:", "p under 0.05")):
            paint.text(painter, QRect(x + theme.px(8), line * theme.px(18), room, theme.px(18)), words, "scale", "text2")

    def _draw_mark(self, painter: QPainter, hits: int, of: int, x: int, top: int) -> None:
        high, size = max(theme.px(6), min(theme.px(40), top - theme.px(30))), theme.px(8)
        paint.fill(painter, QRect(x, top - high, 2, high), "select")
        paint.rounded(painter, QRect(x - size // 2 + 1, top - high - size // 2, size, size), "select", 4)
        left = hits not in self.rare() or hits == of
        where = QRect(x - theme.px(48) if left else x + theme.px(10), top - high - theme.px(10), theme.px(40), theme.px(20))
        paint.text(painter, where, str(hits), "text_strong", "text", paint.RIGHT if left else paint.LEFT)

    def spoken_role(self) -> QAccessible.Role:
        return QAccessible.Role.Chart

    def spoken_value(self) -> str:
        result, rare = self.result, self.rare()
        if result is None or not result.answered:
            return ""
        least = f"; {next(hits for hits in rare if hits > result.answered / 2)} or more are beyond chance" if rare else ""
        return f"{result.hits} of {result.answered}{least}"


class ResultPane(Painted, QWidget):
    """`show_result` with the last test, `show_records` with all of the session; `show_hidden` while one runs that may not be known."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.result: Result | None = None
        self.records: tuple[Record, ...] = ()
        self.bars = Bars(self)
        self.set_up("Last result", "panel", focus=False)

    def show_result(self, result: Result | None) -> None:
        """The last test that is over."""
        self.result = result
        self.bars.show_result(result)
        self.bars.setVisible(result is not None and bool(result.answered))
        self.setAccessibleDescription(self.spoken_value())
        self.place()
        self.update()

    def show_records(self, records: Sequence[Record]) -> None:
        """Every test of the session, oldest first."""
        self.records = tuple(records)
        self.place()
        self.update()

    def _margin(self) -> int:
        return theme.px(36 if theme.density == "comfortable" else 16)

    def measure(self) -> None:
        self.place()

    def resizeEvent(self, event: object) -> None:
        self.place()

    def place(self) -> None:
        """Bars between the sentences and the log."""
        margin = self._margin()
        top = self._head() + self._sentences_height(self.width() - 2 * margin)
        log = theme.px(ROW) * (self._rows_shown() + 1) + margin
        self.bars.setGeometry(margin, top, max(1, self.width() - 2 * margin), max(theme.px(60), min(theme.px(240), self.height() - top - log - theme.px(8))))

    @staticmethod
    def _head() -> int:
        """Down to the first sentence."""
        return theme.px(180 if theme.density == "comfortable" else 164)

    def _sentences_height(self, width: int) -> int:
        """What is said of the result, in lines of this width, and the gap below."""
        said = (explanation(self.result), stop_text(self.result)) if self.result is not None else ()
        return sum(paint.paragraph_height(words, width, "text") + theme.px(2) for words in said if words) + theme.px(12)

    def _rows_shown(self) -> int:
        room = self.height() - theme.px(350)
        return max(1, min(8, len(self.records), room // theme.px(ROW)))

    def draw(self, painter: QPainter, area: QRect) -> None:
        margin = self._margin()
        line = QRect(margin, theme.px(22), self.width() - 2 * margin, theme.px(24))
        paint.text(painter, line, "Last result", "name", "text")
        line.translate(0, theme.px(22))
        if self.result is None:
            paint.text(painter, line, "No test has been finished in this session.", "text", "text2")
        else:
            self._draw_result(painter, self.result, line)
        self._draw_log(painter)

    def _draw_result(self, painter: QPainter, result: Result, line: QRect) -> None:
        paint.text(painter, line, pair_text(result.plan), "text", "text2")
        hits, of = score_text(result).split(" of ")
        big = QRect(line.x(), line.bottom() + theme.px(8), line.width(), theme.px(48))
        x = big.x() + paint.text(painter, big, hits, "key_figure", "text") + theme.px(6)
        x += paint.text(painter, QRect(round(x), big.y() + theme.px(6), big.width(), big.height()), f"of {of}", "second_figure", "text2") + theme.px(28)
        paint.text(painter, QRect(round(x), big.y() + theme.px(6), big.width(), big.height()), f"p = {p_text(result.p)}", "second_figure", "text")
        below = QRect(line.x(), big.bottom() + theme.px(10), line.width(), theme.px(22))
        paint.text(painter, below, verdict(result), "name", "text")
        below.translate(0, theme.px(24))
        for words in filter(None, (explanation(result), stop_text(result))):
            high = paint.paragraph_height(words, below.width(), "text")
            paint.paragraph(painter, QRect(below.x(), below.y(), below.width(), high), words, "text", "text2")
            below.translate(0, high + theme.px(2))

    def _draw_log(self, painter: QPainter) -> None:
        """The newest tests, the last one at the bottom."""
        records = self.records[-self._rows_shown():]
        if not records:
            return
        margin, row = self._margin(), theme.px(ROW)
        top = self.height() - margin // 2 - row * (len(records) + 1)
        self._draw_row(painter, top, "This session", "", *(name for name, _ in COLUMNS[theme.density]), head=True)
        for index, record in enumerate(records):
            self._draw_row(painter, top + (index + 1) * row, pair_text(record.plan), KIND_NAMES[record.plan.kind], *figures(record), strong=told(record))

    def _draw_row(self, painter: QPainter, y: int, pair: str, kind: str, right: str, p: str, says: str, *, head: bool = False, strong: bool = False) -> None:
        margin = self._margin()
        widths = [theme.px(width) for _, width in COLUMNS[theme.density]]
        x = self.width() - margin - sum(widths)
        ink = "text" if strong else "text2"
        paint.text(painter, QRect(margin, y, x - margin - theme.px(52), theme.px(ROW)), pair, "text_strong" if head else "text", "text" if head else ink)
        paint.text(painter, QRect(x - theme.px(44), y, theme.px(40), theme.px(ROW)), kind, "scale", "text3")
        for words, width, align in zip((right, p, says), widths, (paint.RIGHT, paint.RIGHT, paint.LEFT)):
            inset = theme.px(20) if align == paint.LEFT else 0
            paint.text(painter, QRect(x + inset, y, width - inset, theme.px(ROW)), words, "text_medium" if strong and not head else "text",
                       "text3" if head else ink, align)
            x += width

    def spoken_role(self) -> QAccessible.Role:
        return QAccessible.Role.Grouping

    def spoken_value(self) -> str:
        result = self.result
        if result is None:
            return "No test has been finished in this session."
        parts = (f"{score_text(result)}, p = {p_text(result.p)}.", verdict(result), explanation(result), stop_text(result))
        return " ".join(part for part in (pair_text(result.plan) + ".", *parts) if part)


def figures(record: Record) -> tuple[str, str, str]:
    """Right of n, p and verdict of a test in the list; of one that was left only that."""
    if record.result is None:
        return f"– / {len(record.answers)}", "–", "Not finished"
    right = score_text(record.result).replace(" of ", " / ")
    return right, p_text(record.result.p), short_verdict(record.result) if record.proven else UNPROVEN


def told(record: Record) -> bool:
    """Whether a test showed more than chance."""
    return record.result is not None and record.proven and shown(record.result)
