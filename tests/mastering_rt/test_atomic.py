"""A file appears whole or not at all, and never takes a name that somebody else has taken."""
import os

import pytest

from mastering_rt import atomic
from mastering_rt.atomic import part_beside, publish, write_atomically


@pytest.mark.parametrize("links", [True, False])
def test_a_taken_name_is_left_alone(tmp_path, monkeypatch, links):
    if not links:
        def no_links(*_):
            raise OSError(95, "Operation not supported")

        monkeypatch.setattr(atomic.os, "link", no_links)
    target, part = tmp_path / "a", part_beside(tmp_path / "a")
    part.write_bytes(b"new")
    publish(part, target, overwrite=False)
    assert target.read_bytes() == b"new"
    assert os.listdir(tmp_path) == ["a"]
    part = part_beside(target)
    with pytest.raises(FileExistsError):
        publish(part, target, overwrite=False)
    assert target.read_bytes() == b"new"
    publish(part, target, overwrite=True)
    assert target.read_bytes() == b""


def test_parts_have_names_of_their_own(tmp_path):
    parts = {part_beside(tmp_path / ("x" * 200)) for _ in range(20)}
    assert len(parts) == 20
    assert all(part.parent == tmp_path for part in parts)


@pytest.mark.parametrize("step", ["publish", "os.replace", "os.fsync"])
def test_a_failure_at_any_step_leaves_the_old_bytes(tmp_path, monkeypatch, step):
    target = tmp_path / "a"
    write_atomically(target, b"old")

    def fail(*_, **__):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(f"mastering_rt.atomic.{step}", fail)
    with pytest.raises(OSError, match="Input/output error"):
        write_atomically(target, b"new")
    assert target.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["a"]


@pytest.mark.skipif(os.name == "nt", reason="modes of POSIX")
def test_a_new_file_obeys_the_umask_and_an_old_one_keeps_its_mode(tmp_path):
    before = os.umask(0o027)
    try:
        write_atomically(tmp_path / "a", b"x")
    finally:
        os.umask(before)
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o640
    (tmp_path / "a").chmod(0o600)
    write_atomically(tmp_path / "a", b"y")
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o600
