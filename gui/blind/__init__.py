"""The blind test in the window: what is asked, what is heard, what came out. Everything here is neutral, because a colour would answer.

Begin with `view.py`, which takes the place of chain and stage; `cover.py` lies over whatever else could tell.
"""
