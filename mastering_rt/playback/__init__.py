"""Hearing it: devices, the player that keeps engine and session together, monitoring, the loudness match.

Begin with `player.py`. sounddevice is imported in `device.py` only.
"""
