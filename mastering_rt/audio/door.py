"""The door: what can be told of a sound file before a decoder sees it."""
import errno
import os
import stat
from collections.abc import Iterator, Sequence

from mastering_rt.audio.headers import SoundBytes, ogg_ends_properly, sound_bytes
from mastering_rt.errors import CutShort, FileProblem, TooManyChannels, reason, shown


def look_at(path: str, partial: bool) -> tuple[os.stat_result, SoundBytes | None, list[str]]:
    """Its size and time, what its header promises, and sentences about oddities. FileProblem for what is no whole sound file."""
    try:
        status = os.stat(path)
        if not stat.S_ISREG(status.st_mode):
            what = "folder" if stat.S_ISDIR(status.st_mode) else "device or pipe"
            raise FileProblem(f"{shown(path)} is not a sound file but a {what}. Choose a file.")
        with open(path, "rb") as file:
            if status.st_size == 0:
                raise FileProblem(f"{shown(path)} is empty: it has 0 bytes. Copy or export it again.")
            promise = sound_bytes(file)
            ogg = file.seek(0) == 0 and file.read(4) == b"OggS"
            unended = ogg and not ogg_ends_properly(file)
    except OSError as error:
        remedy = (
            "Check its name and folder"
            if error.errno in (errno.ENOENT, errno.ENOTDIR)
            else "Choose another file, or have its permissions changed"
        )
        raise FileProblem(f"{shown(path)} cannot be opened: {reason(error)}. {remedy}.") from None
    except ValueError:
        raise FileProblem(f"{shown(path)} cannot be opened: no file can have this name. Check its name.") from None
    notices = list(_promise_notices(path, promise, partial)) if promise else []
    return (
        status,
        promise,
        [*notices, *([f"{shown(path)} ends without its last page; it may have been cut short."] if unended else [])],
    )


def _promise_notices(path: str, promise: SoundBytes, partial: bool) -> Iterator[str]:
    if promise.promised is None:
        yield f"{shown(path)} does not say how long it is, as streams do; it is taken to its end."
        return
    if promise.is_cut or promise.overflows:
        told = f"its header promises {_told(promise.promised, promise)}, but {_told(promise.present, promise)} are there"
        if not partial:
            raise CutShort(f"{shown(path)} {'is cut short' if promise.is_cut else 'is too long for its kind of header'}: {told}",
                           "Copy or export it again, or open what is there in the window, or from Python with partial=True.", path)
        yield f"In {shown(path)} {told}; what can be read is used."
    elif promise.per_frame and promise.promised % promise.per_frame:
        yield f"{shown(path)} holds {promise.promised % promise.per_frame} bytes that make no whole frame; they are left out."


def _told(count: int, promise: SoundBytes) -> str:
    return f"{count // promise.per_frame} frames" if promise.per_frame else f"{count} bytes"


def pick_channels(path: str, in_file: int, wanted: Sequence[int] | None) -> list[int]:
    """The channels to take, counted from 0. FileProblem for what the file does not have, or has too many of."""
    if wanted is None:
        if in_file > 2:
            raise TooManyChannels(f"{shown(path)} has {in_file} channels; Mastering RT opens mono and stereo. "
                                  "Export it in stereo, or choose two of its channels in the window, or from Python with channels=(0, 1).", path, in_file)
        return list(range(in_file))
    if not 1 <= len(wanted) <= 2 or not all(0 <= channel < in_file for channel in wanted):
        raise FileProblem(
            f"{shown(path)} has {in_file} channels, counted from 0; channels={tuple(wanted)} cannot be taken. "
            "Give one or two of them."
        )
    return list(wanted)
