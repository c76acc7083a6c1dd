"""The user guide is whole: its shortcuts are those of the program, its links lead somewhere, its pictures are there at every size."""
import re
import struct
from pathlib import Path

import pytest

from docs.guide_pictures import MOST_BYTES, MOST_BYTES_IN_ALL, PLACE, SIZES, VIEWS, names_of
from docs.shortcuts import PLACE as SHORTCUTS
from docs.shortcuts import page
from gui.commands import COMMANDS
from gui.theme.sizes import COMPACT_WINDOW

GUIDE = PLACE.parent
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
            assert picture_size(PLACE / name) == (COMPACT_WINDOW if view == "compact" else SIZES[size]), name


def test_every_picture_belongs_to_a_view_is_shown_and_is_small():
    files = {path.name: path.stat().st_size for path in PLACE.glob("*.png")}
    assert set(files) == {name for view in VIEWS for name, _, _ in names_of(view)}
    text = "".join(path.read_text(encoding="utf-8") for path in PAGES)
    assert not [name for name in files if f"images/{name}" not in text]
    assert max(files.values()) <= MOST_BYTES and sum(files.values()) <= MOST_BYTES_IN_ALL


def picture_size(path: Path) -> tuple[int, int]:
    """Width and height of a PNG, as its head says."""
    return struct.unpack(">II", path.read_bytes()[16:24])
