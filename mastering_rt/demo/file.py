"""The demo mix as a WAV file."""
import os
import secrets
import wave
from pathlib import Path

import numpy as np

from mastering_rt.demo.mixdown import DEFAULT_SEED, demo_mix
from mastering_rt.demo.tones import Wave

FRAMES_AT_ONCE = 1 << 18
FULL_SCALE = 2 ** 23


def pcm24(part: Wave) -> bytes:
    """(2, frames) as interleaved little-endian 24-bit samples. Plain rounding, at -146 dBFS, keeps the silent end silent."""
    whole = np.clip(np.rint(part.T * FULL_SCALE), -FULL_SCALE, FULL_SCALE - 1).astype("<i4")
    return whole.reshape(-1, 1).view(np.uint8)[:, :3].tobytes()


def write_demo(path: str | os.PathLike[str], rate: int = 44100, seed: int = DEFAULT_SEED, *, overwrite: bool = False) -> Path:
    """Write the demo mix as a stereo WAV file with 24 bits and give its path.

    The file appears under its name when it is complete. Raises FileExistsError when there is one already and `overwrite`
    is false, FileNotFoundError when the folder does not exist, ValueError as demo_mix does.
    """
    target = Path(path)
    if target.exists() and not overwrite:
        raise FileExistsError(f"{target} exists already; choose another name or allow overwriting")
    if not target.parent.is_dir():
        raise FileNotFoundError(f"the folder {target.parent} does not exist; make it first or choose another one")
    mix = demo_mix(rate, seed)
    partial = target.with_name(f".{target.name[:100]}.{secrets.token_hex(4)}.part")
    try:
        with open(partial, "xb") as raw, wave.open(raw, "wb") as sound:
            sound.setnchannels(2)
            sound.setsampwidth(3)
            sound.setframerate(rate)
            sound.setnframes(mix.shape[1])
            for start in range(0, mix.shape[1], FRAMES_AT_ONCE):
                sound.writeframesraw(pcm24(mix[:, start:start + FRAMES_AT_ONCE]))
        os.replace(partial, target)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    return target
