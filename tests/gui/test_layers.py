"""Of the three layers of a plot only that is drawn again which changed."""
import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from gui.plots.layers import LayeredPlot
from gui.theme import theme
from tests.gui.hands import colors, picture, rgb, shown


class Counting(LayeredPlot):
    """Counts how often each layer is drawn."""

    has_overlay = True

    def __init__(self):
        super().__init__("Counting")
        self.drawn = {"ground": 0, "data": 0, "marks": 0, "overlay": 0}

    def paint_ground(self, painter):
        super().paint_ground(painter)
        self.drawn["ground"] += 1

    def paint_data(self, painter, clip):
        self.drawn["data"] += 1
        painter.fillRect(QRect(10, 10, 5, 5), QColor("#010203"))

    def paint_marks(self, painter):
        self.drawn["marks"] += 1
        painter.fillRect(QRect(12, 10, 1, 5), QColor("#040506"))

    def paint_overlay(self, painter):
        self.drawn["overlay"] += 1
        painter.fillRect(QRect(13, 10, 1, 5), QColor("#070809"))


@pytest.fixture
def plot(qtbot):
    made = Counting()
    qtbot.addWidget(made)
    shown(made, 100, 50)
    made.drawn = dict.fromkeys(made.drawn, 0)
    return made


def painted(plot):
    QApplication.processEvents()
    seen, plot.drawn = plot.drawn, dict.fromkeys(plot.drawn, 0)
    return {name for name, count in seen.items() if count}


def test_each_change_draws_its_own_layer(plot):
    plot.update()
    assert painted(plot) == {"data"}
    plot.renew_overlay()
    assert painted(plot) == {"data", "overlay"}
    plot.renew_ground()
    assert painted(plot) == {"data", "ground"}
    plot.renew()
    assert painted(plot) == {"data", "ground", "marks", "overlay"}


def test_size_theme_density_and_scale_draw_all_of_it(plot):
    everything = {"data", "ground", "marks", "overlay"}
    plot.resize(120, 60)
    assert painted(plot) == everything
    for change in ({"name": "light"}, {"density": "compact"}, {"scale": 1.5}):
        theme.use(**change)
        assert painted(plot) == everything


def test_layers_lie_in_order(plot):
    there = colors(picture(plot))
    assert {rgb("#010203"), rgb("#040506"), rgb("#070809"), rgb(theme.color("well"))} <= there
    assert 0xFF00FF not in there


@pytest.mark.parametrize("broken", ["paint_data", "paint_marks", "paint_overlay", "paint_ground"])
def test_an_error_while_a_layer_is_painted_is_told_and_not_the_end(qtbot, plot, monkeypatch, broken):
    def fails(*_args):
        raise ArithmeticError(broken)
    with monkeypatch.context() as patch, qtbot.capture_exceptions() as told:
        patch.setattr(plot, broken, fails)
        plot.renew()
        QApplication.processEvents()
    assert told and {str(problem) for _, problem, _ in told} == {broken}
    plot.renew()
    assert painted(plot) == {"ground", "data", "marks", "overlay"}
