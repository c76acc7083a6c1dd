"""A layout that sets widgets in rows like words in a paragraph; a new group begins a new row."""
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class FlowLayout(QLayout):
    """Rows of widgets at their own size. `row_gap` and `gap` are logical pixels, already scaled."""

    def __init__(self, parent: QWidget | None = None, *, gap: int = 2, row_gap: int = 4) -> None:
        super().__init__(parent)
        self.gap = gap
        self.row_gap = row_gap
        self._items: list[QLayoutItem] = []
        self._breaks: set[int] = set()

    def break_row(self) -> None:
        """What is added next begins a row."""
        self._breaks.add(len(self._items))

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._run(QRect(0, 0, width, 0), place=False).height()

    def sizeHint(self) -> QSize:
        return self._run(QRect(0, 0, 1_000_000, 0), place=False)

    def minimumSize(self) -> QSize:
        widest = max((item.sizeHint().width() for item in self._items), default=0)
        tallest = max((item.sizeHint().height() for item in self._items), default=0)
        margins = self.contentsMargins()
        return QSize(widest + margins.left() + margins.right(), tallest + margins.top() + margins.bottom())

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._run(rect, place=True)

    def _run(self, rect: QRect, *, place: bool) -> QSize:
        """Walks through the items and gives the room they take, margins included."""
        margins = self.contentsMargins()
        left, right = rect.x() + margins.left(), rect.x() + rect.width() - margins.right()
        x, y, row_height, widest = left, rect.y() + margins.top(), 0, 0
        for index, item in enumerate(self._items):
            size = item.sizeHint()
            if x > left and (x + size.width() > right or index in self._breaks):
                x, y, row_height = left, y + row_height + self.row_gap, 0
            if place:
                item.setGeometry(QRect(QPoint(x, y), size))
            x += size.width() + self.gap
            row_height = max(row_height, size.height())
            widest = max(widest, x - self.gap - left)
        return QSize(widest + margins.left() + margins.right(), y + row_height - rect.y() + margins.bottom())
