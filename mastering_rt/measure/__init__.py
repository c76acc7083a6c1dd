"""Numbers about sound: loudness, dynamics, the report of a whole file, and the fair difference between mix and master.

Everything is computed from the bins of the core's meter (10 ms of song each). Begin with `bins.py`, then `loudness.py`.
For the eye: `overview.py` (a song as columns), `spectrum.py` (what sounds now, with scipy), `curves.py` (processors at rest).
Imports dsp_core and numpy; no devices, no windows.
"""
