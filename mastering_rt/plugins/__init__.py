"""Plugins of other makers: each in a process of its own, watched, brought back when it fails."""
