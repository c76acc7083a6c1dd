"""The chain a command works with: from a session, a preset, and --set on top."""
import argparse

from mastering_rt.audio.files import open_audio
from mastering_rt.desk.desk import is_session
from mastering_rt.errors import UsageProblem
from mastering_rt.session.model import Session
from mastering_rt.session.presets import FOR_NEW_MIX, apply_preset, find_preset
from mastering_rt.session.settings import apply_settings
from mastering_rt.session.store import Loaded, load_session


def wanted(arguments: argparse.Namespace) -> tuple[str, Loaded]:
    """(the mix to open, the session to use). A new mix's own chain unless a session or preset is named. UsageProblem."""
    if arguments.session and arguments.preset:
        raise UsageProblem("--session and --preset both name a chain; give one of them.")
    path = arguments.file
    if is_session(path):
        loaded = load_session(path)
        if loaded.session.source is None:
            raise UsageProblem(f"The session {path!r} names no mix; give the mix, and the session with --session.")
        path = loaded.session.source.path
    elif arguments.session:
        loaded = load_session(arguments.session)
    else:
        loaded = Loaded(apply_preset(Session(), find_preset(arguments.preset or FOR_NEW_MIX)))
    session = loaded.session if not arguments.preset else apply_preset(loaded.session, find_preset(arguments.preset))
    session = apply_settings(session, arguments.settings, lambda: getattr(arguments, "rate", None) or rate_of(path))
    return path, Loaded(session, loaded.notices)


def rate_of(path: str) -> int:
    """Of a sound file, in Hz. FileProblem."""
    with open_audio(path) as file:
        return file.sample_rate_hz
