"""Plots: own painted widgets that take arrays and numbers and emit signals. They know no engine, no session, no device.

`axes` and `song_data` know no Qt. `layers` is the base of every plot: cached ground, live data, cached overlay.
See them all with `python -m gui.plots_demo OUT.png`.
"""
