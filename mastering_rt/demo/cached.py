"""The demo mix on the disk, made once: it takes some seconds to synthesise."""
import contextlib
import hashlib
from collections.abc import Callable
from pathlib import Path

from mastering_rt.atomic import sweep_stale_parts
from mastering_rt.demo import score
from mastering_rt.errors import FileProblem, reason, shown
from mastering_rt.measure.later import LOADING
from mastering_rt.places import cache_dir


def cached_demo(rate: int = 44100, seed: int = score.DEFAULT_SEED, progress: Callable[[float], None] = lambda share: None) -> Path:
    """The demo mix as a file in the user's cache; made now unless this very performance lies there, and `progress` is told what share of it is
    there. FileProblem."""
    path = cache_dir() / f"demo-{edition()}-{seed}-{rate}" / "Demo mix.wav"
    if path.exists():
        return path
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileProblem(f"The demo mix cannot be kept in {shown(path.parent)}: {reason(error)}. Open a mix of your own instead.") from None
    with contextlib.suppress(OSError):
        sweep_stale_parts(path)
    with LOADING:
        from mastering_rt.demo.file import write_demo

    return write_demo(path, rate, seed, overwrite=True, progress=progress)


def interesting_s() -> float:
    """Where to begin to listen: one bar before the chorus."""
    return score.section_times()["chorus"][0] - score.BEATS * score.BEAT_S


def edition() -> str:
    """What tells one version of the demo's score and players from another: a fingerprint of their text."""
    text = hashlib.sha256()
    for source in sorted(Path(__file__).parent.glob("*.py")):
        text.update(source.read_bytes())
    return text.hexdigest()[:12]
