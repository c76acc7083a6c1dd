"""The demo mix as a sound file."""
import os
from pathlib import Path

from mastering_rt.audio.writer import AudioWriter
from mastering_rt.demo.mixdown import DEFAULT_SEED, Progress, demo_mix, unheard
from mastering_rt.errors import UsageProblem

LONGER_S = 120                   # than any demo mix; the container is chosen before the song is made


def write_demo(path: str | os.PathLike[str], rate: int = 44100, seed: int | None = None, *, bits: str = "24", overwrite: bool = False,
               progress: Progress = unheard) -> Path:
    """Write the demo mix as a stereo file, without dither, so that its silent end stays silent; gives its path. `progress` hears how far it is.

    The file appears under its name when it is complete. Raises UsageProblem for a rate or seed that cannot be, FileProblem.
    """
    with AudioWriter(path, rate, 2, bits, overwrite=overwrite, frames=round(LONGER_S * rate), dither="none") as writer:
        try:
            writer.write(demo_mix(rate, DEFAULT_SEED if seed is None else seed, progress))
        except ValueError as error:
            raise UsageProblem(f"The demo mix cannot be made: {error}.") from None
        return writer.commit()
