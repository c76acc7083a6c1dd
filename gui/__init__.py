"""The picture: shows and edits what `mastering_rt` holds, and has no opinion of its own.

May import `mastering_rt`, PySide6, numpy and, of dsp_core, only `dsp_core.params` and `dsp_core.param`.
`theme` is what everything is painted with, `controls` what the hand touches, `meters` what the eye reads,
`dialogs` what interrupts. Begin with `python -m gui.gallery OUT.png`, which draws every control in every state.
"""
