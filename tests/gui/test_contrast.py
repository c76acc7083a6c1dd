"""Every text can be read on every plane it may stand on, every mark seen on its ground: WCAG 2 contrast, computed from the palettes."""
import pytest

from gui.theme.palettes import DARK, LIGHT, PALETTES

PLANES = ("bg", "well", "panel", "raised", "control")
TEXT, GRAPHIC = 4.5, 3.0
FIGURES = {
    "dark": {
        "text": (17.0, 16.3, 15.0, 13.4, 11.5), "text2": (10.3, 9.9, 9.1, 8.2, 7.0), "text3": (6.8, 6.6, 6.0, 5.4, 4.6),
        "off": (4.7, 4.5, 4.2, 3.7, 3.2), "edge": (4.7, 4.5, 4.2, 3.7, 3.2), "mix_text": (8.7, 8.4, 7.7, 6.9, 5.9),
        "master_text": (12.6, 12.1, 11.1, 10.0, 8.5), "ref_text": (9.7, 9.4, 8.6, 7.7, 6.6), "gr_text": (7.5, 7.2, 6.6, 5.9, 5.0),
        "danger_text": (7.1, 6.8, 6.3, 5.6, 4.8)},
    "light": {
        "text": (12.6, 18.0, 16.2, 17.4, 14.1), "text2": (6.6, 9.4, 8.5, 9.1, 7.4), "text3": (4.7, 6.7, 6.0, 6.5, 5.2),
        "off": (3.2, 4.5, 4.1, 4.4, 3.6), "edge": (3.2, 4.5, 4.1, 4.4, 3.6), "mix_text": (None, 6.2, 5.6, 6.0, 4.9),
        "master_text": (5.0, 7.2, 6.5, 7.0, 5.6), "ref_text": (5.0, 7.2, 6.5, 6.9, 5.6), "gr_text": (6.2, 8.9, 8.0, 8.6, 7.0),
        "danger_text": (4.8, 6.9, 6.2, 6.7, 5.4)},
}
LINES = {"dark": {"mix": (8.4, 7.7), "master": (12.1, 11.1), "ref": (9.4, 8.6), "gr": (5.4, 5.0), "danger": (5.2, 4.8)},
         "light": {"mix": (4.5, 4.1), "master": (3.5, 3.2), "ref": (5.0, 4.5), "gr": (8.9, 8.0), "danger": (6.9, 6.2)}}
KEYS = {"dark": {"mix": 8.5, "master": 12.3, "ref": 9.5}, "light": {"mix": 4.5, "master": 10.8, "ref": 5.0}}
MIDS = {"dark": {"mix": 4.8, "master": 6.6, "ref": 5.3, "gr": 3.3}, "light": {"mix": 3.1, "master": 2.6, "ref": 3.3, "gr": 3.4}}
GRIDS = {"dark": {"grid": 1.12, "grid_major": 1.33}, "light": {"grid": 1.13, "grid_major": 1.32}}


def luminance(color):
    parts = [int(color[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_black_on_white_is_21():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("name", PALETTES)
def test_text_reads_on_every_plane(name):
    palette = PALETTES[name]
    for token, figures in FIGURES[name].items():
        limit = GRAPHIC if token in ("off", "edge") else TEXT
        for plane, figure in zip(PLANES, figures, strict=True):
            if figure is None:
                continue
            measured = contrast(palette[token], palette[plane])
            assert measured >= limit, f"{token} on {plane} of the {name} palette has {measured:.2f}:1, less than {limit}:1"
            assert measured == pytest.approx(figure, abs=0.06), f"{token} on {plane}"


@pytest.mark.parametrize("name", PALETTES)
def test_lines_and_caps_are_seen_on_well_and_panel(name):
    palette = PALETTES[name]
    for hue, figures in LINES[name].items():
        for plane, figure in zip(("well", "panel"), figures, strict=True):
            assert contrast(palette[hue], palette[plane]) >= GRAPHIC
            assert contrast(palette[hue], palette[plane]) == pytest.approx(figure, abs=0.06)


@pytest.mark.parametrize("name", PALETTES)
def test_the_heard_key_can_be_read(name):
    palette = PALETTES[name]
    for source, figure in KEYS[name].items():
        measured = contrast(palette[f"on_{source}"], palette[f"{source}_key"])
        assert measured >= TEXT
        assert measured == pytest.approx(figure, abs=0.06)


@pytest.mark.parametrize("name", PALETTES)
def test_bars_end_in_a_cap_that_is_seen(name):
    palette = PALETTES[name]
    for hue, figure in MIDS[name].items():
        assert contrast(palette[f"{hue}_mid"], palette["well"]) == pytest.approx(figure, abs=0.06)
        assert contrast(palette[hue], palette["well"]) >= GRAPHIC


@pytest.mark.parametrize("name", PALETTES)
def test_the_grid_is_faint_and_the_focus_ring_is_not(name):
    palette = PALETTES[name]
    for token, figure in GRIDS[name].items():
        assert contrast(palette[token], palette["well"]) == pytest.approx(figure, abs=0.006)
    for plane in PLANES:
        assert contrast(palette["select"], palette[plane]) >= 7


@pytest.mark.parametrize("name", PALETTES)
def test_what_stands_on_select_and_hover_reads(name):
    palette = PALETTES[name]
    assert contrast(palette["on_select"], palette["select"]) >= TEXT
    for token in ("text", "text2"):
        assert contrast(palette[token], palette["hover"]) >= TEXT


def test_both_palettes_have_the_same_tokens():
    assert DARK.keys() == LIGHT.keys()
    assert all(isinstance(color, str) and len(color) == 7 for palette in (DARK, LIGHT) for token, color in palette.items() if token != "scrim")
