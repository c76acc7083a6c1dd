"""The host: everything a user can do with Mastering RT, without a window.

Imports dsp_core, never gui and never Qt. Begin with `session/model.py` (what the user has set), then
`session/edits.py` and `session/history.py` (how it changes), `session/store.py` (how it is kept), and
`audio/files.py` (how sound comes in and goes out). soundfile, soxr, sounddevice and pedalboard are each
imported in exactly one place.
"""
