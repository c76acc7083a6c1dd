"""The window: zones laid out as the engineer reads them, song on top, chain, its open stage, meters at the right.

`main.MainWindow` puts them together, `layout` says where, `facts` (no Qt) what is said of the whole song. Widgets here show and ask;
`gui.bridge` shows them the desk, `gui.acts` does what they ask.
"""
