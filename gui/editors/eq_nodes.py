"""One child of the plot per band: what Tab reaches and a screen reader names. The plot paints the nodes; these only stand where they are.

Of all of them only the selected one takes part in the tab order, so that Tab enters the plot at the band that is edited.
"""
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

from gui.controls.access import Range
from gui.editors.eq_bands import PARAMS, Band
from gui.editors.eq_paint import Frame
from gui.theme import theme

if TYPE_CHECKING:
    from gui.editors.eq_hand import EqHand

HANDLE_PX = 32
USUAL_SLOPE = round(PARAMS["band1_slope"].default)


class NodeHandle(QWidget):
    """Takes the focus and the keys for one band and hands them to the plot; lets the mouse through."""

    def __init__(self, plot: "EqHand", number: int) -> None:
        super().__init__(plot)
        self.plot = plot
        self.number = number
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setUpdatesEnabled(False)            # there is nothing to paint, so it need not be asked whenever the plot moves beneath it
        self.setAccessibleName(f"EQ band {number}")
        self.setAccessibleDescription("Arrows move frequency and gain, Alt and arrows the width, Delete takes the band out, S hears it alone, "
                                      "Enter types")

    @property
    def band(self) -> Band:
        """What it stands for."""
        return self.plot.bands[self.number - 1]

    def place(self, frame: Frame) -> None:
        """Go where the node is."""
        size = theme.px(HANDLE_PX)
        corner = frame.node_at(self.band).toPoint() - QPoint(size // 2, size // 2)
        self.setGeometry(QRect(corner.x(), corner.y(), size, size))

    def spoken_role(self) -> QAccessible.Role:
        return QAccessible.Role.Slider

    def spoken_value(self) -> str:
        return band_words(self.band)

    def spoken_range(self) -> Range:
        """Gain where the band has one, else frequency."""
        param = PARAMS[self.band.id("gain" if self.band.gained else "freq")]
        return Range(self.plot.values.get(param.id, param.default), param.low, param.high, param.step,
                     lambda value: self.plot.wish({param.id: param.clamp(value)}))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self.plot.wants(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.plot.take_key(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        self.plot.release_key(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes from band to band, then on to what follows the plot."""
        number = self.plot.beside(self.number, 1 if forward else -1)
        if number is not None:
            self.plot.focus_band(number)
            return True
        return super().focusNextPrevChild(forward)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.plot.choose(self.number)
        self.plot.renew_overlay()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.plot.rest()


def band_words(band: Band) -> str:
    """ "Bell, 3.35 kHz, −1.8 dB, Q 1.40"; with slope, channel, "off" and "solo" where they apply."""
    parts = [PARAMS[band.id("type")].text(band.type), PARAMS[band.id("freq")].text(band.freq_hz)]
    if band.gained:
        parts.append(PARAMS[band.id("gain")].text(band.gain_db))
    if band.cut or (band.sloped and band.slope != USUAL_SLOPE):
        parts.append(PARAMS[band.id("slope")].text(band.slope))
    if band.has_q:
        parts.append(f"Q {PARAMS[band.id('q')].text(band.q)}")
    if band.channel:
        parts.append(PARAMS[band.id("channel")].text(band.channel))
    parts += ["off"] * (not band.on) + ["solo"] * band.solo
    return ", ".join(parts)
