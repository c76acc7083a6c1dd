"""The spectrum view: what is drawn of live spectra, of the whole song and of references, and that only what moves is painted."""
import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from gui.plots import spectrum
from gui.plots.spectrum import SpectrumView
from gui.plots.spectrum_difference import DIFFERENCE_INK, apart_of
from gui.theme import theme
from mastering_rt.measure.basis import SLOPES_DB, Basis
from tests.gui.hands import Paints, picture, rgb, shown
from tests.gui.test_window_layout import read, trouble

HZ = np.geomspace(20, 20000, 400)
SLOPED = 4.5 * np.log2(2.3)      # what the usual slope adds at 2.3 kHz
SONG_HZ = 20 * 2 ** (np.arange(60) / 6)


@pytest.fixture
def view(qtbot):
    made = SpectrumView()
    qtbot.addWidget(made)
    shown(made, 900, 320)
    show(made, -30.0, -36.0)
    QApplication.processEvents()
    return made


def show(view, master, mix):
    view.set_spectrum("mix", HZ, np.full(len(HZ), float(mix)) if np.isscalar(mix) else mix)
    view.set_spectrum("master", HZ, np.full(len(HZ), float(master)) if np.isscalar(master) else master)


def distance(one, other):
    return max(abs(a - b) for a, b in zip(one.getRgb()[:3], other.getRgb()[:3], strict=True))


def rows_of(view, color, x=450, image=None):
    """Rows of a column that have this colour, or half of it, as a line between two rows has, under the legend."""
    image, wanted = image or picture(view), theme.color(color)
    reach = 0.55 * distance(wanted, theme.color("well"))
    return [y for y in range(30, view.plot_area.height()) if distance(image.pixelColor(x, y), wanted) <= reach]


def filled_rows(view, color, x=450):
    image, wanted = picture(view), rgb(theme.color(color))
    return [y for y in range(30, view.plot_area.height()) if rgb(image.pixelColor(x, y)) == wanted]


def test_spectra_that_stand_still_paint_nothing(view):
    paints = Paints(view)
    for _ in range(50):
        show(view, -30.0, -36.0)
        QApplication.processEvents()
    assert paints.events == []


def test_only_what_moved_is_painted(view):
    paints = Paints(view)
    for step in range(1, 20):
        show(view, -30.0 - 0.3 * step, -36.0)
        QApplication.processEvents()
    assert paints.events
    assert paints.share(view) < 0.05
    paints.clear()
    bump = np.where((HZ > 900) & (HZ < 1100), -20.0, -36.0)
    show(view, -30.0 - 0.3 * 19, bump)
    QApplication.processEvents()
    assert 0 < paints.share(view) < 0.05


def test_small_steps_are_not_lost(view):
    """Each is too small to be seen, all of them are not."""
    for step in range(1, 401):
        show(view, -30.0 - 0.01 * step, -36.0)
        QApplication.processEvents()
    rows = rows_of(view, "master", image=view.backingStore().paintDevice())
    assert rows
    assert rows[0] == pytest.approx(view.levels.px(-34.0), abs=2)
    assert len(rows) <= 2


def test_a_hidden_view_is_not_painted_and_right_when_it_is_shown_again(view):
    paints = Paints(view)
    view.hide()
    for step in range(20):
        show(view, -30.0 - step, -36.0)
        QApplication.processEvents()
    assert paints.events == []
    view.show()
    QApplication.processEvents()
    assert paints.whole(view) == 1
    assert rows_of(view, "master")[0] == pytest.approx(view.levels.px(-49.0), abs=2)


def test_the_difference_is_that_of_what_is_drawn_on_its_own_scale(view):
    view.set_matched("master", -4.0)
    view.set_difference(True)
    rows = rows_of(view, DIFFERENCE_INK)
    assert rows[0] == pytest.approx(view.differences.px(2.0), abs=2)
    assert ("Master \N{MINUS SIGN} mix, ±12 dB", DIFFERENCE_INK) in view.legend()
    QApplication.processEvents()
    paints = Paints(view)
    show(view, -30.1, -36.0)
    QApplication.processEvents()
    assert paints.share(view) < 0.3
    assert rows_of(view, DIFFERENCE_INK)[0] == pytest.approx(view.differences.px(1.9), abs=2)
    view.set_difference(False)
    assert not [y for y in rows_of(view, DIFFERENCE_INK) if abs(y - view.differences.px(1.9)) <= 2]


def song(top):
    return np.stack([np.full(len(SONG_HZ), top - step) for step in (0.0, 3.0, 9.0, 15.0, 24.0, 33.0)])


def test_the_song_is_spread_behind_the_lines_with_the_slope_of_the_plot(view):
    show(view, 20.0, 20.0)
    view.set_song("master", SONG_HZ, song(-20.0))
    assert not rows_of(view, "master_mid")
    view.set_show_song(True)
    x = view.frequencies.px(2300.0)
    rows = rows_of(view, "master_mid", round(x))
    assert rows[-1] == pytest.approx(view.levels.px(-35.0 + SLOPED), abs=2)
    assert rows_of(view, "master_body", round(x))[0] == pytest.approx(view.levels.px(-20.0 + SLOPED), abs=2)
    assert [words for words, color in view.legend() if color == "master_mid"] == ["song: half of the time"]
    assert filled_rows(view, "master_fill", round(x))[0] == pytest.approx(view.levels.px(-23.0 + SLOPED), abs=2)
    view.set_basis(Basis(slope_db=0.0))
    assert rows_of(view, "master_body", round(x))[0] == pytest.approx(view.levels.px(-20.0), abs=2)
    view.set_song("master", None)
    assert not rows_of(view, "master_mid", round(x))


def test_what_is_not_heard_is_never_filled(view):
    for name, top in (("master", -20.0), ("mix", -30.0)):
        view.set_song(name, SONG_HZ, song(top))
    view.set_show_song(True)
    assert len(filled_rows(view, "master_fill")) > 20
    assert len(filled_rows(view, "mix_fill")) < 3
    view.set_heard("mix", "master")
    assert len(filled_rows(view, "mix_fill")) > 20
    assert len(filled_rows(view, "master_fill")) < 3


def test_the_band_of_the_references_lies_behind_all(view):
    view.set_reference_band(SONG_HZ, song(-40.0)[5], song(-40.0)[3], song(-40.0)[0], "3 references")
    view.set_basis(Basis(slope_db=0.0))
    show(view, -100.0, -100.0)
    rows = filled_rows(view, "ref_fill")
    assert [rows[0], rows[-1]] == pytest.approx([view.levels.px(-40.0), view.levels.px(-72.0)], abs=2)
    assert ("3 references", "ref_mid") in view.legend()
    view.set_reference_band(None)
    assert not filled_rows(view, "ref_fill")
    assert "3 references" not in [words for words, _ in view.legend()]


@pytest.mark.parametrize("slope", SLOPES_DB)
def test_the_slope_is_printed_on_the_plot(view, slope):
    view.set_basis(Basis(slope_db=slope))
    assert f"Slope {slope:g} dB/oct" in view.legend()[-1][0]


@pytest.mark.parametrize("width", [420, 900])
def test_the_legend_never_stands_on_itself(view, width):
    view.resize(width, 320)
    view.set_song("mix", SONG_HZ, song(-20.0))
    view.set_reference_band(SONG_HZ, *song(-40.0)[:3])
    view.set_matched("mix", -5.4)
    view.set_show_song(True)
    view.set_difference(True)
    assert not trouble(read(view))


@pytest.mark.parametrize("name", ["dark", "light"])
def test_the_heard_is_a_line_on_a_fill_where_the_axes_say(view, name):
    theme.use(name=name)
    show(view, -30.0, -50.0)
    for color, db in (("master", -30.0), ("mix", -50.0)):
        assert rows_of(view, color)[0] == pytest.approx(view.levels.px(db), abs=1)
    filled = filled_rows(view, "master_fill")
    assert [filled[0], filled[-1]] == pytest.approx([view.levels.px(-30.0) + 1, view.plot_area.height() - 1], abs=1)


@pytest.mark.parametrize("ratio", [1.5, 2.0])
def test_on_a_finer_screen_lines_are_where_the_axes_say(view, monkeypatch, ratio):
    monkeypatch.setattr(view, "devicePixelRatioF", lambda: ratio)
    image = QImage(round(view.width() * ratio), round(view.height() * ratio), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    view.render(image)
    x = round(450 * ratio)
    nearest = min(range(45, image.height()), key=lambda y: distance(image.pixelColor(x, y), theme.color("master")))
    assert nearest + 0.5 == pytest.approx(view.levels.px(-30.0) * ratio, abs=1.5)
    filled = [y for y in range(image.height()) if image.pixel(x, y) == theme.color("master_fill").rgb()]
    assert filled[-1] == pytest.approx(view.plot_area.height() * ratio - 1, abs=1)


def test_another_level_draws_the_legend_and_the_lines_but_no_ground(view, monkeypatch):
    """It comes with every new number of a match, and a ground takes longer to draw than all else in a frame."""
    drawn = []
    for layer in ("paint_ground", "paint_marks"):
        whole = getattr(SpectrumView, layer)
        monkeypatch.setattr(SpectrumView, layer, lambda self, painter, layer=layer, whole=whole: (drawn.append(layer), whole(self, painter))[1])
    before = picture(view)
    drawn.clear()
    view.set_matched("master", -3.0)
    after = picture(view)
    assert drawn == ["paint_marks"]
    assert after != before
    view.renew()
    assert picture(view) == after, "nothing of the ground was left as it was by mistake"


def test_wrong_levels_are_refused(view):
    with pytest.raises(ValueError, match="6 rows"):
        view.set_song("mix", SONG_HZ, song(0.0)[:3])
    with pytest.raises(ValueError, match="do not belong to 60"):
        view.set_song("mix", SONG_HZ, song(0.0)[:, :50])


def test_there_is_no_difference_where_nobody_has_any_sound():
    before, after = np.array([-20.0, -150.0, -200.0]), np.array([-14.0, -120.0, -200.0])
    assert list(apart_of(before, after, -6.0, 0.0)) == [0.0, 0.0, 0.0]
    assert list(apart_of(before, after + 3, 0.0, 0.0)) == [9.0, 0.0, 0.0]


@pytest.mark.parametrize("near", [(), "first"])
def test_the_first_figure_of_the_scale_has_the_unit(view, monkeypatch, near):
    told = []
    monkeypatch.setattr(spectrum, "label_on_well", lambda painter, area, words, **how: told.append((area.top(), words)))
    top = min((tick for tick in view.level_ticks() if tick.px > view.plot_area.top() + 2 * theme.px(9)), key=lambda tick: tick.px)
    view.paint_level_scale(None, (top.px,) if near else ())
    assert len(told) > 2
    assert [words.endswith(" dB") for _, words in sorted(told)] == [True] + [False] * (len(told) - 1)
    assert (f"{top.label} dB" in [words for _, words in told]) == (not near)
