"""The user guide is whole: its shortcuts are those of the program, its links lead somewhere, its pictures are there at every size."""
import re
import struct
from pathlib import Path

import pytest

from docs.shortcuts import PLACE as SHORTCUTS
from docs.shortcuts import page
from docs.take_pictures import MOST_BYTES, MOST_BYTES_IN_ALL, PAGE, PLACE, SIZES, VIEWS, names_of
from docs.take_pictures import page as page_of_pictures
from gui.commands import COMMANDS
from gui.theme.sizes import COMPACT_WINDOW

GUIDE = SHORTCUTS.parent
PAGES = sorted(GUIDE.glob("*.md"))
LINK = re.compile(r"\]\(([^)#]+)\)")


def test_the_shortcuts_are_those_of_the_program():
    assert SHORTCUTS.read_text(encoding="utf-8") == page(), "run ./dev docs shortcuts"
    assert sum(line.startswith("| ") for line in page().splitlines()) >= len(COMMANDS)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_links_lead_somewhere(path):
    links = LINK.findall(path.read_text(encoding="utf-8"))
    assert links
    assert not [link for link in links if not (path.parent / link).exists()]


def test_every_page_is_in_the_table_of_contents():
    text = (GUIDE / "README.md").read_text(encoding="utf-8")
    assert not [path.name for path in PAGES if path.name != "README.md" and f"({path.name})" not in text]
    assert "docs/guide/README.md" in (GUIDE.parent.parent / "README.md").read_text(encoding="utf-8")


def test_every_view_is_pictured_at_every_size_in_both_themes():
    for view in VIEWS:
        for name, size, _ in names_of(view):
            compact = COMPACT_WINDOW if size != "3840" else tuple(2 * side for side in COMPACT_WINDOW)
            assert picture_size(PLACE / name) == (compact if view == "compact" else SIZES[size]), name


def test_every_picture_belongs_to_a_view_is_shown_and_is_small():
    files = {path.name: path.stat().st_size for path in PLACE.glob("*.webp")}
    assert set(files) == {name for view in VIEWS for name, _, _ in names_of(view)}
    assert PAGE.read_text(encoding="utf-8") == page_of_pictures() and not [name for name in files if f"({name})" not in page_of_pictures()]
    assert max(files.values()) <= MOST_BYTES and sum(files.values()) <= MOST_BYTES_IN_ALL


def picture_size(path: Path) -> tuple[int, int]:
    """Width and height of a WebP without loss, as its head says: 14 bits each, less one."""
    head = path.read_bytes()[:30]
    assert head[:4] == b"RIFF" and head[8:12] == b"WEBP", path.name
    if head[12:16] == b"VP8L":
        bits, = struct.unpack("<I", head[21:25])
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    assert head[12:16] == b"VP8X", path.name
    return int.from_bytes(head[24:27], "little") + 1, int.from_bytes(head[27:30], "little") + 1
