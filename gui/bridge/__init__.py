"""From the desk to the picture. The only part of the window that reads the desk to show it.

`bridge.Bridge` has the one timer; `model` shows what was set, `motion` what sounds, `song` what was measured of the whole song.
"""
from gui.bridge.bridge import Bridge

__all__ = ["Bridge"]
