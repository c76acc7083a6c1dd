"""The demo mix as a sound file."""
import os
from pathlib import Path

from mastering_rt.audio.writer import AudioWriter
from mastering_rt.demo.mixdown import DEFAULT_SEED, demo_mix
from mastering_rt.errors import UsageProblem


def write_demo(path: str | os.PathLike[str], rate: int = 44100, seed: int | None = None, *, bits: str = "24", overwrite: bool = False) -> Path:
    """Write the demo mix as a stereo file, without dither, so that its silent end stays silent; gives its path.

    The file appears under its name when it is complete. Raises UsageProblem for a rate or seed that cannot be, FileProblem.
    """
    try:
        mix = demo_mix(rate, DEFAULT_SEED if seed is None else seed)
    except ValueError as error:
        raise UsageProblem(f"The demo mix cannot be made: {error}.") from None
    with AudioWriter(path, rate, 2, bits, overwrite=overwrite, frames=mix.shape[1], dither="none") as writer:
        writer.write(mix)
        return writer.commit()
