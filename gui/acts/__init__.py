"""What the window does when it is asked: each part speaks to the desk, none of them paints.

`acts.Acts` holds them together; `gui.commands` names what they do and gives it keys, `gui.bridge` shows what came of it.
"""
