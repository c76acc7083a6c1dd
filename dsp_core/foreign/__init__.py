"""Sound handed to another process and taken back: the engine's end, the worker's end, and the memory between them."""
