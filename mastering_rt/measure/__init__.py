"""Measurements for the eye: what a song looks like (`overview`), what sounds now (`spectrum`). numpy and scipy, no window, no engine."""
