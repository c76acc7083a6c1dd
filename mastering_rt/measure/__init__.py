"""Numbers about sound: loudness, dynamics, the report of a whole file, and the fair difference between mix and master.

Everything is computed from the bins of the core's meter (10 ms of song each). Begin with `bins.py`, then `loudness.py`.
Imports dsp_core and numpy; no devices, no windows.
"""
