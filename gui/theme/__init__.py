"""What everything is painted with. Begin with `current.theme` (colours, fonts, sizes, the change signal), then `paint` and `icons`.

`palettes`, `sizes` and `numbers` know no Qt.
"""
from gui.theme.current import Theme, mixed, theme

__all__ = ["Theme", "mixed", "theme"]
