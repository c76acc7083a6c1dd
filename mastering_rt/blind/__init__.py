"""Blind tests: whether two sounds can be told apart (ABX), or which one is preferred (A/B), decided by answers and not by eyes.

Begin with `trials.py` (a test from its sealed order to its result), then `binomial.py` (what chance would do), `words.py` (the result as
sentences) and `log.py` (every trial ever made, on disk). Knows no sound, no device and no window.
"""
