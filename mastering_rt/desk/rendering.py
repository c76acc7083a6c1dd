"""Writing the master in the background."""
from pathlib import Path

from mastering_rt.audio.mix import LongSong
from mastering_rt.audio.song import Song, state_of
from mastering_rt.desk.jobs import Job
from mastering_rt.errors import UsageProblem, shown
from mastering_rt.offline.render import RenderOptions, RenderReport, render
from mastering_rt.session.model import Session


def render_job(song: Song | LongSong | None, session: Session, out: str, options: RenderOptions) -> Job[RenderReport]:
    """Write the master of a song as the session has it now. UsageProblem without a mix, or for one that is no longer heard."""
    if song is None:
        raise UsageProblem("There is no mix to render; open one first.")
    source = song.source.path
    if state_of(song.source) == "changed":
        raise UsageProblem(f"{shown(source)} has changed on the disk since it was opened, so a render would not be what you hear. "
                           "Exchange the mix for the new one, then render.")
    return Job(f"Rendering {Path(out).name}",
               lambda progress, cancelled: render(source, out, session, options, progress=progress, cancelled=cancelled))
