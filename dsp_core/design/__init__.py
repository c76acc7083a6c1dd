"""From what a band asks for to filter coefficients. No state, no sound.

Begin with `shape.pxd` (a band in the engineer's terms), then `matched.pxd` (closed forms, cheap enough for the audio
thread), `refine.pyx` (the exact coefficients of settled parameters, control thread) and `response.pyx` (what the
window draws). May import of dsp_core only the parameter table and `units`.
"""
