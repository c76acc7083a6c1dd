"""The command palette: everything that can be done, set, loaded or gone to, found by a few letters of its name.

`matching` finds, `entries` lists what there is, `view` shows it, `palette` opens it over a window.
"""
