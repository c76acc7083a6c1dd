"""The same jobs as the command line, from Python, in a few lines. Everything here is also in `mastering_rt` itself.

    import mastering_rt as mrt

    session = mrt.new_session("default", "eq.band3_gain=-2", "limiter.gain=6")
    report = mrt.render("mix.wav", "master.wav", session, target_lufs=-12)
    print(report.file.text())
    print(mrt.analyze("master.wav").true_peak_dbtp)

    with mrt.live("mix.wav", session) as desk:
        desk.play_or_stop()
        desk.hear("mix")
"""
import os
from collections.abc import Callable, Sequence
from typing import Any

from mastering_rt.audio.mix import LongSong, open_mix
from mastering_rt.audio.song import Song
from mastering_rt.desk.desk import Desk
from mastering_rt.measure.analysis import analyze_file
from mastering_rt.measure.report import FileReport
from mastering_rt.offline.band_thresholds import USUAL_PERCENTILE, thresholds_of_song, with_thresholds
from mastering_rt.offline.render import RenderOptions, RenderReport
from mastering_rt.offline.render import render as render_file
from mastering_rt.playback.device import DeviceInfo, find_device
from mastering_rt.session import edits
from mastering_rt.session.model import Session
from mastering_rt.session.presets import FOR_NEW_MIX, apply_preset, find_preset
from mastering_rt.session.settings import apply_settings

PathLike = str | os.PathLike[str]


def load(path: PathLike) -> Song | LongSong:
    """A mix as the player takes it: `samples` (2, frames), or, if it is too long for memory, ready to be streamed. FileProblem."""
    return open_mix(os.fspath(path))


def new_session(preset: str = FOR_NEW_MIX, *settings: str) -> Session:
    """A session with the chain of a preset ("none" is empty) and settings such as "limiter.ceiling=-1" on top. UsageProblem."""
    made = apply_preset(Session(), find_preset(preset))
    return apply_settings(made, settings)


def thresholds_from_song(source: PathLike, session: Session, percentile: float = USUAL_PERCENTILE, slot: str = "dynamic_eq",
                         bands: Sequence[int] | None = None) -> Session:
    """The session with the thresholds of a dynamic equaliser at a percentile (50 to 98) of what its bands hear of `source`, so that each
    acts only where it exceeds its own norm; bands 1-based, None for all that are on. MasteringError."""
    return with_thresholds(session, thresholds_of_song(session, slot, open_mix(os.fspath(source)), percentile, bands))


def render(source: PathLike, out: PathLike, session: Session | None = None, *, progress: Callable[[str, float], None] | None = None,
           cancelled: Callable[[], bool] | None = None, **options: Any) -> RenderReport:
    """Write the master of `source` to `out` and read it back; only limited to -1 dBTP unless a session is given.

    options: the fields of RenderOptions (bits, dither, sample_rate_hz, range_s, target_lufs, overwrite, exact). MasteringError.
    """
    return render_file(os.fspath(source), os.fspath(out), new_session() if session is None else session, RenderOptions(**options),
                       progress=progress, cancelled=cancelled)


def analyze(path: PathLike, progress: Callable[[float], None] | None = None) -> FileReport:
    """Measure a whole file. FileProblem."""
    return analyze_file(path, progress)


def live(path: PathLike, session: Session | None = None, device: str | DeviceInfo | None = None, block_frames: int = 0) -> Desk:
    """A desk with this mix on a device ("clock" plays without sound); close it, or use it in a `with` block.

    Call its `poll` about 30 times a second: it reads the meters and passes changes on. FileProblem, DeviceProblem.
    """
    desk = Desk(find_device(device) if isinstance(device, str) else device, block_frames, autosave=False)
    try:
        desk.open(os.fspath(path))
        if session is not None:
            desk.edit(lambda s: edits.replace_chain(s, session.chain))
    except BaseException:
        desk.close()
        raise
    return desk
