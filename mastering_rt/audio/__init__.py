"""Sound files, rate conversion and word length: sound as arrays of shape (channels, frames), planar, 1.0 = full scale.

Begin with `files.py` (reading), `writer.py` (writing), then `quantize.py` and `resample.py`. soundfile is imported only
in `files.py`, soxr only in `resample.py`. Nothing here knows of a session's chain, of devices or of the engine.
"""
