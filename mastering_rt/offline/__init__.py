"""The song without playing it: the render, and the whole song measured in the background."""
