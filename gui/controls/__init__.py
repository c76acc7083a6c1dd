"""What the hand touches. Every control speaks values of its parameter's own unit, never DSP, and `show_value` never echoes.

Begin with `value_hand.ValueHand` (what a value does), `value.ValueControl` (how it looks) and `panel.StagePanel` (how a stage gets a face
from the table). `base.Painted` is what all have in common, `access` what a screen reader hears, `focus` the ring.
"""
