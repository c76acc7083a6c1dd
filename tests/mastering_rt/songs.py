"""Ten real songs, for tests that want real music: those of the game The Battle for Wesnoth (Debian: wesnoth-1.16-music; GPL, CC BY-SA)."""
from pathlib import Path

import pytest

FOLDERS = (Path("/usr/share/games/wesnoth/1.16/data/core/music"), Path("/usr/share/games/wesnoth/1.18/data/core/music"))
NAMES = ("battle-epic", "breaking_the_chains", "elvish-theme", "frantic", "heroes_rite", "into_the_shadows", "knolls", "main_menu",
         "the_city_falls", "vengeful")


def song_file(name):
    """Its path; skips the test where the songs are not installed."""
    for folder in FOLDERS:
        if (folder / f"{name}.ogg").exists():
            return folder / f"{name}.ogg"
    pytest.skip("the ten real songs are not installed (apt install wesnoth-1.16-music)")
