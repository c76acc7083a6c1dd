"""What the equaliser's plot shows: curve, spectra, nodes beyond the view; to the eye and to a screen reader."""
import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication

from gui.editors.eq_bands import MID
from gui.plots_data import demo_spectra
from gui.theme import theme
from tests.gui.eq.by_hand import last, node
from tests.gui.hands import Paints, colors, move, picture, rgb


def test_nodes_beyond_the_view_stay_in_the_plot(eq):
    eq.show_values({"band3_gain": 30.0, "band4_gain": -30.0, "band6_freq": 40000.0, "band2_freq": 10.0})
    for band in eq.plot.bands:
        assert eq.plot.plot_area.contains(eq.plot.frame.node_at(band).toPoint())


def test_the_curve_passes_the_peak_of_the_narrowest_bell(eq):
    eq.show_values({f"band{n}_on": 0.0 for n in range(1, 9)} | {"band3_on": 1.0, "band3_freq": 1234.0, "band3_gain": 5.0, "band3_q": 40.0})
    assert eq.plot.curves.of(MID).max() == pytest.approx(5.0, abs=1e-6)


def test_spectra_repaint_the_plot_and_neither_strip_nor_curve(eq):
    hz, mix, master = demo_spectra()
    eq.plot.set_spectrum("mix", hz, mix)
    QApplication.processEvents()
    paints = Paints(eq.table, *eq.table.cells)
    curves = eq.plot.curves
    for _ in range(3):
        eq.plot.set_spectrum("master", hz, master)
        QApplication.processEvents()
    assert paints.events == []
    assert eq.plot.curves is curves


def test_heard_is_filled_and_the_legend_tells_the_matched_gain(eq):
    hz, mix, master = demo_spectra()
    eq.plot.set_spectrum("mix", hz, mix)
    eq.plot.set_spectrum("master", hz, master)
    eq.plot.set_matched("master", -5.4)
    assert rgb(theme.color("master_fill")) in colors(picture(eq.plot))
    assert eq.plot.legend_words("master") == "Master −5.4 dB"
    assert eq.plot.legend_words("mix") == "Mix"
    eq.plot.set_heard("mix", "master")
    there = colors(picture(eq.plot))
    assert rgb(theme.color("mix_fill")) in there
    assert rgb(theme.color("master_fill")) not in there


@pytest.mark.slow
def test_bad_spectra_never_break_painting(eq):
    hz = np.geomspace(20, 20000, 100)
    for values in (np.full(100, np.nan), np.full(100, -np.inf), np.full(100, np.inf), np.where(hz > 1000, np.nan, -30.0)):
        eq.plot.set_spectrum("master", hz, values, values)
        eq.plot.set_hold(True)
        assert 0xFF00FF not in colors(picture(eq))
    eq.plot.set_spectrum("master", np.empty(0), np.empty(0))
    assert 0xFF00FF not in colors(picture(eq))
    with pytest.raises(ValueError, match="3 frequencies but 2 levels"):
        eq.plot.set_spectrum("master", np.ones(3), np.ones(2))


def test_a_screen_reader_hears_each_band_and_can_set_it(eq, log):
    handle = eq.plot.handles[5]
    assert handle.accessibleName() == "EQ band 6"
    assert handle.spoken_value() == "Bell, 3.35 kHz, −1.8 dB, Q 1.40"
    assert eq.plot.handles[0].spoken_value() == "Low cut, 27 Hz, 12 dB/oct, Q 0.71"
    assert eq.plot.handles[4].spoken_value().endswith(", off")
    spoken = QAccessible.queryAccessibleInterface(handle)
    assert spoken.role() == QAccessible.Role.Slider
    assert spoken.text(QAccessible.Text.Value) == handle.spoken_value()
    handle.spoken_range().take(2.5)
    assert last(log) == {"band6_gain": 2.5}


@pytest.mark.slow
def test_handles_stand_where_the_nodes_are(eq):
    eq.plot.resize(700, 300)
    for band in eq.plot.shown:
        assert eq.plot.handles[band.number - 1].geometry().contains(eq.plot.frame.node_at(band).toPoint())


@pytest.mark.slow
def test_hover_and_drag_are_shown(eq):
    plain = picture(eq.plot)
    move(eq.plot, node(eq, 3))
    assert eq.plot.pointed == 3
    assert rgb(theme.color("hover")) in colors(picture(eq.plot)) - colors(plain)
    move(eq.plot, QPoint(500, 20))
    assert eq.plot.pointed is None


@pytest.mark.slow
def test_all_themes_sizes_and_views_paint_all_of_it(eq):
    for name, density, view, size in (("light", "compact", 3.0, (900, 360)), ("dark", "comfortable", 30.0, (1568, 542)),
                                      ("light", "comfortable", 12.0, (300, 200))):
        theme.use(name=name, density=density)
        eq.plot.set_view(view)
        eq.resize(*size)
        assert 0xFF00FF not in colors(picture(eq))
    with pytest.raises(ValueError, match="not 7"):
        eq.plot.set_view(7)
    with pytest.raises(ValueError, match="bands 1 to 24, not 25"):
        eq.plot.select(25)
