"""Files that appear whole or not at all: written beside the target under a passing name, then renamed.

Everything here raises OSError; the callers know what to tell the user.
"""
import contextlib
import errno
import os
import secrets
import stat
import time
from pathlib import Path

PART_SUFFIX = ".part"
STALE_S = 3600.0  # a writer that lives touches its part every few seconds; an hour old means it was killed


def final_target(target: Path) -> Path:
    """Where the bytes of `target` lie: a link is followed, so that saving does not turn it into a file of its own."""
    return Path(os.path.realpath(target)) if target.is_symlink() else target


def part_beside(target: Path) -> Path:
    """A new empty file in the folder of `target`, on the same disk, with a name nobody else uses."""
    part = target.with_name(f".{_stem(target)}.{secrets.token_hex(4)}{PART_SUFFIX}")
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0), 0o666))
    return part


def sweep_stale_parts(target: Path) -> None:
    """Remove what killed writers of the same target left behind."""
    for part in parts_of(target):
        with contextlib.suppress(OSError):
            if time.time() - part.stat().st_mtime > STALE_S:
                part.unlink()


def parts_of(target: Path) -> list[Path]:
    """The parts that writers of this target have left or are writing."""
    stem = "".join(f"[{c}]" if c in "*?[" else c for c in _stem(target))
    return list(target.parent.glob(f".{stem}.????????{PART_SUFFIX}"))


def _stem(target: Path) -> str:
    """The start of its name, short enough for any disk to hold a part's name; undecodable bytes are left out."""
    return target.name.encode("utf-8", "ignore")[:100].decode("utf-8", "ignore")


def check_replaceable(target: Path) -> None:
    """Refuse what a rename would replace without asking: a folder, a device, a file the user has protected."""
    try:
        mode = target.stat().st_mode
    except FileNotFoundError:
        return
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not stat.S_ISREG(mode) or not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


def publish(part: Path, target: Path, *, overwrite: bool = True) -> None:
    """Give the finished `part` its final name, durably. Without `overwrite`, FileExistsError if that name is taken by now."""
    with open(part, "rb+") as written:
        os.fsync(written.fileno())
    if overwrite:
        with contextlib.suppress(FileNotFoundError):
            os.chmod(part, stat.S_IMODE(target.stat().st_mode))
        os.replace(part, target)
    else:
        _rename_to_free_name(part, target)
    _sync_folder(target.parent)


def _rename_to_free_name(part: Path, target: Path) -> None:
    try:
        os.link(part, target)
    except FileExistsError:
        raise
    except OSError:  # a disk without hard links
        if target.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST)) from None
        os.rename(part, target)
    else:
        os.unlink(part)


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # some network disks cannot sync a folder
            os.fsync(handle)
    finally:
        os.close(handle)


def write_atomically(target: Path, data: bytes) -> None:
    """Replace the content of `target`: after a crash at any moment the file holds the old bytes or the new ones."""
    target = final_target(target)
    check_replaceable(target)
    part = part_beside(target)
    try:
        part.write_bytes(data)
        publish(part, target)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink()
        raise
