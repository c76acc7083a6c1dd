"""What the user has set, as an immutable value: the single truth that the window, the terminal and the engine share.

Begin with `model.py` (the value), then `edits.py` (functions from session to session), `history.py` (undo and redo),
`changes.py` (a change in words), `store.py` (the file), `autosave.py` (what survives a crash) and `presets.py`.
Imports dsp_core's parameter table, msgspec and the standard library; knows no sound, no device and no window.
"""
