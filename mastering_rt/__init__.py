"""The host: everything a user can do with Mastering RT, without a window.

Imports dsp_core, never gui and never Qt. Begin with `session/model.py` (what the user has set), then
`session/edits.py` and `session/history.py` (how it changes), `session/store.py` (how it is kept), and
`audio/files.py` (how sound comes in and goes out). soundfile, soxr, sounddevice and pedalboard are each
imported in exactly one place. `api.py` has the jobs in a few lines; its names can be had from here.
"""
from typing import Any

API = ("FileReport", "RenderOptions", "RenderReport", "Session", "analyze", "live", "load", "new_session", "render", "thresholds_from_song")


def __getattr__(name: str) -> Any:
    """Names of `mastering_rt.api`, imported when they are asked for, so that `mastering-rt --help` stays quick."""
    if name in API:
        from mastering_rt import api

        return getattr(api, name)
    raise AttributeError(f"mastering_rt has no {name!r}; it has {', '.join(API)}")


def __dir__() -> list[str]:
    return sorted({*globals(), *API})
