"""What a window or a terminal works on: one mix, one session, one player, measured in the background. Begin with `desk.py`."""
