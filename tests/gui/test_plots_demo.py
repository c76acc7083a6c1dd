"""The demo page draws at every size, theme and scale."""
import subprocess
import sys

import pytest
from PySide6.QtGui import QImage

from gui.plots_demo import STAGES, Page
from gui.theme import theme
from gui.theme.sizes import density_for
from tests.gui.hands import colors, picture, rgb, shown

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize(("name", "size"), [("dark", (1920, 1080)), ("light", (1280, 720))])
def test_a_page_shows_song_and_stage(qtbot, stage, name, size):
    theme.use(name=name, density=density_for(*size))
    page = Page(stage, *size)
    qtbot.addWidget(page)
    there = colors(picture(shown(page)))
    assert 0xFF00FF not in there
    for token in ("master_mid", "mix", "gr_mid", "select", "danger", "master_fill"):
        assert rgb(theme.color(token)) in there


def test_the_command_writes_a_page_at_scale_2(tmp_path):
    out = tmp_path / "page.png"
    subprocess.run([sys.executable, "-m", "gui.plots_demo", str(out), "--size", "1280x720", "--scale", "2"], check=True, capture_output=True)
    image = QImage(str(out))
    assert (image.width(), image.height()) == (2 * 1024, 2 * 488)


def test_the_command_refuses_what_it_cannot_do(tmp_path):
    def run(*arguments):
        return subprocess.run([sys.executable, "-m", "gui.plots_demo", *arguments], check=False, capture_output=True, text=True)
    assert run(str(tmp_path / "none" / "page.png"), "--size", "1280x720").returncode == 1
    wrong = run(str(tmp_path / "page.png"), "--size", "wide")
    assert wrong.returncode == 2
    assert "1920x1080, not 'wide'" in wrong.stderr
