"""The keys that lead from row to row, the same in every list of a dialog."""
from PySide6.QtCore import Qt

PAGE = 8
STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -PAGE, Qt.Key.Key_PageDown: PAGE}


def led_to(key: Qt.Key, selected: int, count: int) -> int | None:
    """The row, of `count`, that a key leads to from the selected one; beyond the ends where it goes further; None for other keys."""
    if key in STEPS:
        return selected + STEPS[key]
    if key in (Qt.Key.Key_Home, Qt.Key.Key_End):
        return 0 if key == Qt.Key.Key_Home else count - 1
    return None
