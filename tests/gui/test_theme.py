"""The theme: one source of colours, sizes and fonts, tabular figures, crisp icons, one signal for a change."""
from importlib.resources import files

import pytest
from PySide6.QtGui import QColor, QFontInfo, QFontMetricsF, QImage, QPalette, QRawFont

from gui.controls.transport import TimeText
from gui.theme import icons, mixed, theme
from gui.theme.current import QT_ROLES, Known, load_fonts
from gui.theme.palettes import PALETTES
from gui.theme.sizes import COMFORTABLE, COMPACT, ROLES, density_for
from tests.gui.hands import Log, colors, picture, rgb

SIGNS = "\N{MINUS SIGN}\N{INFINITY}\N{EN DASH}\N{PLUS-MINUS SIGN}\N{MULTIPLICATION SIGN}\N{LATIN CAPITAL LETTER O WITH STROKE}\N{RIGHTWARDS ARROW}"\
        "\N{GREEK SMALL LETTER PI}\N{DEGREE SIGN}\N{GREATER-THAN OR EQUAL TO}\N{LATIN SMALL LETTER O WITH DIAERESIS}\N{LATIN SMALL LETTER S WITH CARON}"


def test_the_bundled_font_is_used():
    assert "Inter" in load_fonts()
    for role, (_, _, weight) in ROLES.items():
        info = QFontInfo(theme.font(role))
        assert info.family() == "Inter", role
        assert QRawFont.fromFont(theme.font(role)).weight() == weight, role


def test_the_bundled_font_has_every_sign_we_write():
    for weight in (400, 500, 600):
        font = QRawFont.fromFont(theme.font("text", weight))
        assert all(font.supportsCharacter(ord(sign)) for sign in SIGNS)


@pytest.mark.parametrize("role", ROLES)
def test_figures_are_tabular(role):
    metrics = QFontMetricsF(theme.font(role))
    widths = [metrics.horizontalAdvance(digit * 4) for digit in "0123456789"]
    assert max(widths) - min(widths) < 0.15
    assert metrics.horizontalAdvance("+") == metrics.horizontalAdvance("\N{MINUS SIGN}")


def test_figures_are_as_wide_as_measured():
    assert theme.metrics("table_value", 400).horizontalAdvance("1111") == pytest.approx(36.25)


@pytest.mark.parametrize("density", ["comfortable", "compact"])
@pytest.mark.parametrize("scale", [0.8, 1.0, 1.5, 2.0])
def test_no_text_is_under_11_px(density, scale):
    theme.use(density=density, scale=scale)
    for role in ROLES:
        assert theme.font(role).pixelSize() >= 11, role


def test_text_follows_the_interface_scale():
    small = theme.font("text").pixelSize()
    theme.use(scale=2.0)
    assert theme.font("text").pixelSize() == 2 * small
    assert theme.px(26) == 52


def test_a_hairline_never_vanishes():
    theme.use(scale=0.8)
    assert [theme.px(n) for n in (0, 0.2, 1, 2, -3)] == [0, 1, 1, 2, -2]


def test_a_change_is_told_once_and_no_change_not_at_all():
    log = Log(("changed", theme.changed))
    theme.use(name="light", density="compact", scale=1.25)
    theme.use(name="light", density="compact", scale=1.25)
    assert log.names() == ["changed"]


@pytest.mark.parametrize(("wrong", "sentence"), [
    ({"name": "sepia"}, "no theme 'sepia'; choose one of: dark, light"), ({"density": "tiny"}, "no density 'tiny'; choose one of: comfortable, compact"),
    ({"scale": 5.0}, "interface scale cannot be 5; it goes from 0.8 to 2")])
def test_nonsense_is_refused_with_the_choices(wrong, sentence):
    with pytest.raises(ValueError, match=sentence):
        theme.use(**wrong)
    assert (theme.name, theme.density, theme.scale) == ("dark", "comfortable", 1.0)


@pytest.mark.parametrize("name", PALETTES)
def test_colours_are_those_of_the_palette(name, qapp):
    theme.use(name=name)
    for token, color in PALETTES[name].items():
        assert theme.color(token) == (QColor(color) if isinstance(color, str) else QColor(*color)), token
    with pytest.raises(KeyError):
        theme.color("purple")
    for role, token in QT_ROLES.items():
        assert qapp.palette().color(QPalette.ColorGroup.Active, role) == theme.color(token)
    assert qapp.palette().color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text) == theme.color("off")


def test_mixing_is_opaque():
    assert mixed(QColor("#000000"), QColor("#FFFFFF"), 0.5) == QColor(128, 128, 128)
    assert mixed(QColor("#102030"), QColor("#FFFFFF"), 0) == QColor("#102030")


@pytest.mark.parametrize(("size", "density"), [((1600, 900), "comfortable"), ((1599, 1200), "compact"), ((1920, 899), "compact"), ((1280, 720), "compact")])
def test_density_follows_the_window(size, density):
    assert density_for(*size) == density


@pytest.mark.parametrize("sizes", [COMFORTABLE, COMPACT], ids=["comfortable", "compact"])
def test_zones_add_up(sizes):
    assert sizes.song == sizes.song_header + sizes.song_ruler + sizes.song_wave + sizes.song_loudness + sizes.song_reduction
    assert sizes.chain == sizes.slot[1] + 8
    assert sizes.compare_bar == sizes.key_height + 12


@pytest.mark.parametrize("name", icons.ICONS)
def test_icons_draw_inside_their_square_in_one_colour(name):
    image = icons.pixmap(name, "text", 64).toImage().convertToFormat(QImage.Format.Format_ARGB32)
    inked = [(x, y) for x in range(64) for y in range(64) if image.pixelColor(x, y).alpha() > 200]
    assert len(inked) > 60
    assert all(2 <= x < 62 and 2 <= y < 62 for x, y in inked)
    assert {image.pixelColor(*place).name() for place in inked if image.pixelColor(*place).alpha() == 255} == {theme.color("text").name()}


def test_icons_are_drawn_once_and_again_after_a_theme_change():
    one = icons.pixmap("play", "text")
    assert icons.pixmap("play", "text") is one
    sharp = icons.pixmap("play", "text", 16, 2.0)
    assert (sharp.width(), sharp.devicePixelRatio()) == (32, 2.0)
    theme.use(name="light")
    assert icons.pixmap("play", "text") is not one


def test_the_font_files_carry_their_licence():
    licence = files("gui.theme.inter").joinpath("OFL.txt").read_text()
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    assert "The Inter Project Authors" in licence


def test_what_is_known_is_found_once():
    asked = []
    known = Known(lambda key: asked.append(key) or key * 2)
    look = known.__getitem__
    assert [look(3), look(3), look(4)] == [6, 6, 8]
    assert asked == [3, 4]
    known.clear()
    assert look(3) == 6 and asked == [3, 4, 3]


def test_colours_and_measures_are_those_of_now_however_they_are_kept():
    color, px = theme.color, theme.px
    dark = color("panel").name()
    theme.use(name="light", scale=2.0)
    assert (color("panel").name() != dark, px(3), px(0.1), px(0)) == (True, 6, 1, 0)
    with pytest.raises(KeyError):
        theme.color("puce")


def test_a_figure_has_the_colour_of_the_theme(qtbot):
    time = TimeText()
    qtbot.addWidget(time)
    for name in ("light", "dark"):
        theme.use(name=name)
        assert rgb(theme.color("text")) in colors(picture(time))
