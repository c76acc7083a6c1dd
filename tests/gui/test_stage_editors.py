"""The editors made for their stages: what is dragged, turned, stepped or typed in a plot is one wish and shows everywhere; what is live moves."""
import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from dsp_core.params import LABELS, params_of
from gui.controls.base import Painted
from gui.controls.choice import Segmented
from gui.controls.parts import spoken_name
from gui.editors import Models, make_editor
from gui.editors.frame import StageFrame
from gui.editors.resonance import gathered
from gui.plots_data import AnalogResponse, clip_db, demo_spectra, static_curve_db
from gui.theme import theme
from mastering_rt.measure.harmonics import measure_harmonics
from tests.gui.hands import CTRL, SHIFT, Log, Paints, colors, drag, key, picture, rgb, shown, wheel

MODELS = Models(AnalogResponse(), static_curve_db, clip_db)
KINDS = ("multiband", "dynamic_eq", "saturation", "stereo", "deesser", "resonance", "clipper")
MINUS = "\N{MINUS SIGN}"
COMPACT, FULL = (1024, 396), (1568, 582)
ROLE, TEXT = QAccessible.Role, QAccessible.Text
BANDED = {"multiband": 6, "dynamic_eq": 6, "saturation": 4, "stereo": 4}


def framed(qtbot, kind, size=FULL, **values):
    frame = StageFrame(make_editor(kind, MODELS))
    qtbot.addWidget(frame)
    frame.show_values({p.id: p.default for p in params_of(kind)} | values)
    if frame.editor.spectrum is not None:
        hz, mix, master = demo_spectra()
        frame.editor.spectrum.set_spectrum("mix", hz, mix)
        frame.editor.spectrum.set_spectrum("master", hz, master)
    return shown(frame, *size)


def log_of(frame):
    return Log(("start", frame.gesture_started), ("wish", frame.value_wished), ("wish", frame.values_wished), ("end", frame.gesture_ended))


def one_gesture(log):
    names = log.names()
    return names[0] == "start" and names[-1] == "end" and names.count("start") == names.count("end") == 1 and "wish" in names


# all of them

def names_in(frame):
    """What assistive technology calls the controls that are seen, in small letters."""
    sides = {}
    for widget in frame.findChildren(QWidget):
        if isinstance(widget, Painted) and widget.isVisibleTo(frame) and (widget.focusPolicy() or isinstance(widget, Segmented)):
            side = QAccessible.queryAccessibleInterface(widget)
            assert side.role() not in (ROLE.NoRole, ROLE.Client), side.text(TEXT.Name)
            sides[side.text(TEXT.Name).lower()] = side
    return sides


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_every_parameter_has_a_control_with_name_and_role(qtbot, kind):
    params = params_of(kind)
    frame = framed(qtbot, kind, **{p.id: p.high for p in params if p.id == "bands"})
    named = set(names_in(frame))
    for number in range(1, BANDED.get(kind, 0) + 1):
        frame.editor.select(number)
        named |= set(names_in(frame))
        frame.show_values({p.id: p.high for p in params if p.id.endswith("_detector")})
        named |= set(names_in(frame))
        frame.show_values({p.id: p.low for p in params if p.id.endswith("_detector")})
    assert {spoken_name(p, LABELS[kind]).lower() for p in params if p.id != "bypass"} - named == set()


@pytest.mark.parametrize("density", ["compact", "comfortable"])
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_cut_and_nothing_scrolls(qtbot, kind, density):
    theme.use(density=density)
    counts = {"multiband": {"bands": 4}, "saturation": {"bands": 3}, "stereo": {"bands": 3, "guard": 1}}
    frame = framed(qtbot, kind, COMPACT if density == "compact" else FULL, **counts.get(kind, {}))
    frame.editor.show_facts([("Mean, song", "−1.1 dB"), ("Most, 0:57", "−2.8 dB"), ("Over 1 dB", "52 %")])
    QApplication.processEvents()
    widgets = [w for w in frame.findChildren(QWidget) if w.isVisibleTo(frame) and isinstance(w, Painted)]
    for widget in widgets:
        place = widget.rect().translated(widget.mapTo(frame, QPoint(0, 0)))
        assert frame.rect().adjusted(-8, -8, 8, 8).contains(place) or widget.parentWidget() is frame.editor.spectrum, (type(widget).__name__, widget.accessibleName(), place)
        assert widget.width() >= widget.minimumWidth()
    strip = frame.editor.strip
    parts = [part for part in strip.findChildren(Painted, options=Qt.FindChildOption.FindDirectChildrenOnly) if part.isVisibleTo(frame)]
    for part in parts:
        assert strip.rect().contains(part.geometry()), part.accessibleName()
        assert not any(part.geometry().intersects(other.geometry()) for other in parts if other is not part), part.accessibleName()
    assert 0xFF00FF not in colors(picture(frame))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["dark", "light"])
@pytest.mark.parametrize("kind", KINDS)
def test_both_themes_leave_nothing_unpainted(qtbot, kind, name):
    frame = framed(qtbot, kind, COMPACT)
    theme.use(name=name, density="compact")
    QApplication.processEvents()
    assert 0xFF00FF not in colors(picture(frame))
    assert rgb(theme.color("panel")) in colors(picture(frame))


@pytest.mark.parametrize("kind", KINDS)
def test_facts_stand_at_the_right_end(qtbot, kind):
    frame = framed(qtbot, kind, guard=1) if kind == "stereo" else framed(qtbot, kind)
    frame.editor.show_facts([("Mean, song", "−1.1 dB"), ("Most, 0:57", "−2.8 dB"), ("Over 1 dB", "52 %")])
    facts = frame.editor.facts
    assert facts.isVisibleTo(frame)
    assert facts.geometry().right() > frame.width() - theme.px(40)
    assert not frame.editor.strip.geometry().intersects(facts.geometry())


# lines in a plot

LINES = [("multiband", "crossover2"), ("saturation", "crossover1"), ("stereo", "crossover3"), ("stereo", "mono_below"), ("deesser", "from_freq"),
         ("resonance", "to_freq")]
MORE_BANDS = {"saturation": {"bands": 3}, "stereo": {"bands": 3, "mono_below": 100.0}}


@pytest.mark.parametrize(("kind", "param"), LINES)
def test_a_frequency_is_dragged_on_the_spectrum(qtbot, kind, param):
    frame = framed(qtbot, kind, **MORE_BANDS.get(kind, {}))
    plot, log = frame.editor.spectrum, log_of(frame)
    handle = plot.handles[param]
    start, way = handle.value, -40 if handle.px() > 200 else 40
    drag(handle, handle.rect().center(), QPoint(way, 0))
    moved = plot.frequencies.value(plot.frequencies.px(start) + way + 4)
    assert one_gesture(log)
    assert log.of("wish")[-1] == (param, pytest.approx(moved, rel=0.02))
    assert handle.value == log.of("wish")[-1][1]
    assert abs(handle.geometry().center().x() - plot.frequencies.px(handle.value)) <= 1


@pytest.mark.parametrize(("kind", "param"), [*LINES, ("multiband", "band1_threshold"), ("deesser", "threshold"), ("stereo", "width1")])
def test_a_line_has_keys_wheel_typing_and_its_default(qtbot, kind, param):
    frame = framed(qtbot, kind, **MORE_BANDS.get(kind, {}))
    handle = frame.editor.spectrum.handles[param]
    before = handle.value
    handle.setFocus()
    log = log_of(frame)
    key(handle, Qt.Key.Key_Up)
    assert handle.value > before
    assert one_gesture(log)
    key(handle, Qt.Key.Key_Down, SHIFT)
    now = handle.value
    wheel(handle, -1)
    assert handle.value < now
    key(handle, Qt.Key.Key_Return)
    field = QApplication.focusWidget()
    wanted = handle.param.clamp(handle.value * 0.5 if handle.value > 0 else handle.value - 3)
    QTest.keyClicks(field, handle.param.text(wanted).replace(MINUS, "-"))
    key(field, Qt.Key.Key_Return)
    assert log.of("wish")[-1] == (param, pytest.approx(wanted, rel=0.02))
    assert QApplication.focusWidget() is handle
    QTest.mouseDClick(handle, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, handle.rect().center())
    assert handle.value == handle.param.default
    side = QAccessible.queryAccessibleInterface(handle)
    assert side.role() == ROLE.Slider
    assert side.text(TEXT.Value) == handle.param.text(handle.value)


def test_shift_drags_a_tenth(qtbot):
    frame = framed(qtbot, "multiband")
    plot, handle = frame.editor.spectrum, frame.editor.spectrum.handles["crossover3"]
    before = plot.frequencies.px(handle.value)
    drag(handle, handle.rect().center(), QPoint(-100, 0), modifiers=SHIFT)
    assert plot.frequencies.px(handle.value) == pytest.approx(before - 10, abs=2)


# multiband

@pytest.fixture
def multiband(qtbot):
    return framed(qtbot, "multiband", bands=4, band2_ratio=3.0, band2_threshold=-30.0)


def live(levels, changes):
    return np.array([[*levels, *changes]], np.float32)


def test_the_strip_is_that_of_the_selected_band(multiband):
    editor = multiband.editor
    QTest.mouseClick(editor.row.heads[1].ring, Qt.MouseButton.LeftButton)
    assert editor.selected == 2
    assert editor.strip.parts["band2_ratio"].value == 3.0
    assert "band1_ratio" not in editor.strip.parts
    left, right = editor.bands_plot.spans()[3]
    QTest.mouseClick(editor.bands_plot, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint((left + right) // 2, 200))
    assert editor.selected == 4
    key(editor.row.heads[3].ring, Qt.Key.Key_PageDown)
    assert editor.selected == 5
    assert QApplication.focusWidget() is editor.row.heads[4].ring


def test_a_threshold_dragged_is_one_wish_and_selects_its_band(multiband):
    editor, log = multiband.editor, log_of(multiband)
    line = editor.bands_plot.thresholds[2]
    y = editor.bands_plot.levels
    drag(line, line.rect().center(), QPoint(0, 30))
    assert one_gesture(log)
    assert log.of("wish")[-1] == ("band3_threshold", pytest.approx(y.value(y.px(-24.0) + 30), abs=0.4))
    assert editor.selected == 3
    assert editor.strip.parts["band3_threshold"].value == line.value


def test_solo_mute_and_on_of_a_band(multiband):
    editor, log = multiband.editor, log_of(multiband)
    QTest.mouseClick(editor.row.heads[2].keys["band3_solo"], Qt.MouseButton.LeftButton)
    QTest.mouseClick(editor.row.heads[2].keys["band3_mute"], Qt.MouseButton.LeftButton)
    assert log.of("wish") == [("band3_solo", 1.0), ("band3_mute", 1.0)]
    editor.select(3)
    key(editor.row.heads[2].ring, Qt.Key.Key_Return)
    assert log.of("wish")[-1] == ("band3_on", 0.0)
    assert "off" in QAccessible.queryAccessibleInterface(editor.row.heads[2]).text(TEXT.Value)


def test_crossovers_of_bands_that_are_not_there_are_hidden(multiband):
    multiband.show_values({"bands": 1.0})
    plot = multiband.editor.bands_plot
    assert [border.isVisibleTo(plot) for border in plot.borders] == [True, True, False, False, False]
    assert [head.isVisibleTo(multiband) for head in multiband.editor.row.heads] == [True] * 3 + [False] * 3
    assert multiband.editor.selected <= 3


def test_a_crossover_under_its_neighbour_waits_there(multiband):
    multiband.show_values({"crossover1": 2000.0, "crossover2": 500.0})
    assert multiband.editor.bands_plot.edges_hz()[1:3] == [2000.0, 2000.0]


def test_a_bar_hangs_as_deep_as_the_band_is_turned_down(multiband):
    plot = multiband.editor.bands_plot
    editor = multiband.editor
    assert rgb(theme.color("gr_mid")) not in colors(picture(plot))
    editor.show_inside(live([.1] * 6, [0, -6, 0, 0, 0, 0]), 1.0)
    QApplication.processEvents()
    image = picture(plot)
    x, width = plot._bar_x(1)
    column = [image.pixel(x + width // 2, y) & 0xFFFFFF for y in range(plot.plot_area.height())]
    hung = [y for y, pixel in enumerate(column) if pixel in (rgb(theme.color("gr_mid")), rgb(theme.color("gr")))]
    axis = plot.changes
    assert hung[0] == pytest.approx(axis.px(0.0), abs=1)
    assert hung[-1] == pytest.approx(axis.px(-6.0), abs=2)
    assert editor.row.heads[1].figure == "−6.0"
    assert editor.row.heads[0].figure == "0.0"


def test_an_upward_band_stands_and_does_not_hang(multiband):
    multiband.show_values({"band2_mode": 1.0})
    plot = multiband.editor.bands_plot
    assert plot.changes.high > 0
    multiband.editor.show_inside(live([.1] * 6, [0, 4, 0, 0, 0, 0]), 1.0)
    assert rgb(theme.color("gr_mid")) not in colors(picture(plot))
    assert multiband.editor.row.heads[1].figure == "+4.0"


def test_only_what_moves_is_painted(multiband):
    editor = multiband.editor
    editor.show_inside(live([.1] * 6, [0, -3, 0, 0, 0, 0]), 1.0)
    QApplication.processEvents()
    paints = Paints(editor.bands_plot, editor.strip, editor)
    editor.show_inside(live([.1] * 6, [0, -3.4, 0, 0, 0, 0]), 1.016)
    QApplication.processEvents()
    assert 0 < paints.share(editor.bands_plot) < 0.1
    assert not [1 for painted, _ in paints.events if painted in (editor.strip, editor)]


# dynamic equaliser

@pytest.fixture
def dynamic(qtbot):
    return framed(qtbot, "dynamic_eq", band3_range=-4.0, band3_threshold=-30.0, band4_gain=2.0)


def test_a_node_is_dragged_for_frequency_and_gain(dynamic):
    editor, log = dynamic.editor, log_of(dynamic)
    plot, node = editor.nodes_plot, editor.nodes_plot.nodes[3]
    at = plot.node_point(4)
    drag(node, node.rect().center(), QPoint(60, 40))
    assert one_gesture(log)
    wishes = dict(log.of("wish"))
    assert wishes["band4_freq"] == pytest.approx(plot.frequencies.value(at.x() + 64), rel=0.02)
    assert wishes["band4_gain"] == pytest.approx(plot.gains.value(at.y() + 40), abs=0.15)
    assert editor.selected == 4
    assert editor.strip.parts["band4_gain"].value == wishes["band4_gain"]


def test_a_node_has_keys_wheel_and_double_click(dynamic):
    node, log = dynamic.editor.nodes_plot.nodes[3], log_of(dynamic)
    node.setFocus()
    key(node, Qt.Key.Key_Up)
    assert log.of("wish")[-1] == ("band4_gain", pytest.approx(2.1))
    key(node, Qt.Key.Key_Right, SHIFT)
    assert log.of("wish")[-1][0] == "band4_freq"
    wheel(node, 1)
    assert log.of("wish")[-1][0] == "band4_q"
    key(node, Qt.Key.Key_S)
    assert log.of("wish")[-1] == ("band4_listen", 1.0)
    key(node, Qt.Key.Key_B)
    assert log.of("wish")[-1] == ("band4_on", 0.0)
    QTest.mouseDClick(node, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, node.rect().center())
    assert log.of("wish")[-1] == ("band4_gain", 0.0)
    key(node, Qt.Key.Key_Return)
    QTest.keyClicks(QApplication.focusWidget(), "-1.5")
    key(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert log.of("wish")[-1] == ("band4_gain", -1.5)
    assert log.names().count("start") == log.names().count("end")


def test_ctrl_holds_the_axis_that_was_begun(dynamic):
    node, log = dynamic.editor.nodes_plot.nodes[3], log_of(dynamic)
    drag(node, node.rect().center(), QPoint(90, 10), modifiers=CTRL)
    assert {param for param, _ in log.of("wish")} == {"band4_freq"}


def test_escape_gives_a_node_back(dynamic):
    plot = dynamic.editor.nodes_plot
    node, log = plot.nodes[3], log_of(dynamic)
    drag(node, node.rect().center(), QPoint(50, 50), let_go=False)
    key(node, Qt.Key.Key_Escape)
    assert dict(log.of("wish"))["band4_gain"] == 2.0
    assert plot.value("band4_gain") == 2.0
    assert plot.value("band4_freq") == 2500.0


def test_the_range_bar_is_dragged_by_its_end(dynamic):
    plot, log = dynamic.editor.nodes_plot, log_of(dynamic)
    handle = plot.ranges[2]
    drag(handle, handle.rect().center(), QPoint(0, -30))
    assert one_gesture(log)
    axis = plot._range_axis(3)
    assert log.of("wish")[-1] == ("band3_range", pytest.approx(axis.value(axis.px(-4.0) - 30), abs=0.15))
    assert dynamic.editor.strip.parts["band3_range"].value == handle.value


def test_each_band_has_its_own_lines(dynamic):
    plot = dynamic.editor.nodes_plot
    assert [handle.param.id for handle in plot.ranges] == [f"band{n}_range" for n in range(1, 7)]
    dynamic.show_values({"band5_gain": 3.0, "band5_range": -2.0})
    assert plot.ranges[4].px() == pytest.approx(plot.gains.px(1.0))
    assert plot.ranges[2].px() == pytest.approx(plot.gains.px(-4.0))


def test_the_live_curve_leaves_the_set_one_by_what_is_added_now(dynamic):
    editor, plot = dynamic.editor, dynamic.editor.nodes_plot
    picture(plot)
    still = plot.curves.set_db()
    editor.show_inside(live([.01] * 6, [0, 0, -4, 0, 0, 0]), 1.0)
    moved = plot.curves.sum_db(plot._shares()) - still
    place = np.abs(plot._hz - 500.0).argmin()
    assert moved[place] == pytest.approx(-4.0, abs=0.1)
    assert abs(moved[0]) < 0.2
    editor.show_inside(live([.01] * 6, [0, 0, -2, 0, 0, 0]), 1.1)
    assert (plot.curves.sum_db(plot._shares()) - still)[place] == pytest.approx(-2.0, abs=0.1)


def test_a_relative_band_has_the_threshold_that_it_goes_by(dynamic):
    editor = dynamic.editor
    editor.select(3)
    assert editor.strip.parts["band3_threshold"].isVisibleTo(editor)
    assert editor.nodes_plot.thresholds[2].isVisibleTo(editor)
    log = log_of(dynamic)
    key(editor._choices["detector"], Qt.Key.Key_Down)
    assert log.said == [("start", "band3_detector"), ("wish", "band3_detector", 1.0), ("end", "band3_detector")]
    assert editor.strip.parts["band3_relative"].isVisibleTo(editor)
    assert not editor.strip.parts["band3_threshold"].isVisibleTo(editor)
    assert not editor.nodes_plot.thresholds[2].isVisibleTo(editor)


def test_a_double_click_on_free_ground_takes_the_first_idle_band(dynamic):
    plot, log = dynamic.editor.nodes_plot, log_of(dynamic)
    place = QPoint(round(plot.frequencies.px(1200.0)), round(plot.gains.px(3.0)))
    QTest.mouseDClick(plot, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    wishes = dict(log.of("wish"))
    assert wishes["band1_freq"] == pytest.approx(1200, rel=0.02)
    assert wishes["band1_gain"] == pytest.approx(3.0, abs=0.15)


# saturation

def test_what_is_measured_is_shown_and_goes_stale_with_the_settings(qtbot):
    frame = framed(qtbot, "saturation", band1_drive=6.0)
    editor = frame.editor
    assert rgb(theme.color("master_mid")) not in colors(picture(editor.bars))
    probe = editor.probe()
    editor.show_harmonics(measure_harmonics(dict(probe[0]), 48000, probe[1], probe[2]), probe)
    assert rgb(theme.color("master_mid")) in colors(picture(editor.bars))
    assert "THD 0.88 %" in editor.bars.spoken_value()
    assert not editor.bars.stale
    part = editor.strip.parts["band1_drive"]
    part.setFocus()
    key(part, Qt.Key.Key_Up)
    assert editor.bars.stale
    key(part, Qt.Key.Key_Down)
    assert not editor.bars.stale


def test_the_probe_lies_in_the_band_that_is_edited(qtbot):
    frame = framed(qtbot, "saturation", bands=3)
    for number in range(1, 5):
        frame.editor.select(number)
        low, high = frame.editor.bands_plot.edges_hz()[number - 1:number + 1]
        assert low < frame.editor.probe()[1] < high


# stereo

def test_a_width_is_dragged_in_its_band(qtbot):
    frame = framed(qtbot, "stereo", bands=3)
    plot, log = frame.editor.bands_plot, log_of(frame)
    drag(plot.widths[2], plot.widths[2].rect().center(), QPoint(0, -40))
    assert one_gesture(log)
    assert log.of("wish")[-1] == ("width3", pytest.approx(plot.width_axis.value(plot.width_axis.px(100.0) - 40), abs=1))
    assert frame.editor.selected == 3


def test_mono_is_dragged_from_off(qtbot):
    frame = framed(qtbot, "stereo")
    plot, log = frame.editor.bands_plot, log_of(frame)
    assert not plot.mono_on
    drag(plot.mono, QPoint(plot.mono.width() - 2, 200), QPoint(150, 0))
    assert log.of("wish")[-1] == ("mono_below", pytest.approx(plot.frequencies.value(154), rel=0.03))
    assert plot.mono_on


def test_correlation_of_each_band_is_of_what_leaves_the_stage(qtbot):
    frame = framed(qtbot, "stereo", bands=1)
    t = np.arange(48000) / 48000
    low, high = np.sin(2 * np.pi * 60 * t), np.sin(2 * np.pi * 3000 * t)
    rows = np.stack([low + high, low - high], axis=1).astype(np.float32) * 0.2
    for start in range(0, 48000, 800):
        frame.editor.show_inside(rows[start:start + 800], start / 48000)
    assert [head.figure for head in frame.editor.row.heads[:2]] == ["+1.00", "−1.00"]
    assert frame.editor.row.heads[1].figure_ink == "danger_text"


def test_the_guard_has_facts_only_while_there_is_one(qtbot):
    frame = framed(qtbot, "stereo")
    frame.editor.show_facts([("Mean, song", "0.0 dB")])
    assert not frame.editor.facts.isVisibleTo(frame)


# de-esser, resonance

def test_what_the_deesser_takes_hangs_in_its_band(qtbot):
    frame = framed(qtbot, "deesser", range=6.0)
    plot = frame.editor.removal
    assert rgb(theme.color("gr_body")) not in colors(picture(plot))
    frame.editor.show_inside(np.array([[0.4, 5.0]], np.float32), 1.0)
    assert rgb(theme.color("gr_body")) in colors(picture(plot))
    hz = plot.points_hz
    assert hz[plot.removed_db.argmax()] == pytest.approx(6700, rel=0.05)
    assert plot.removed_db.max() == pytest.approx(5.0, abs=0.1)
    assert plot.removed_db[hz < 1000].max() < 0.3
    frame.show_values({"mode": 2.0})
    frame.editor.show_inside(np.array([[0.4, 5.0]], np.float32), 1.1)
    assert np.all(plot.removed_db == 5.0)
    frame.editor.show_inside(np.array([[0.1, 0.0]], np.float32), 1.2)
    assert rgb(theme.color("gr_body")) not in colors(picture(plot))


def test_listening_is_loud_and_one_gesture(qtbot):
    for kind in ("deesser", "resonance"):
        frame = framed(qtbot, kind)
        log = log_of(frame)
        QTest.mouseClick(frame.editor.switches["listen"], Qt.MouseButton.LeftButton)
        assert log.said == [("start", "listen"), ("wish", "listen", 1.0), ("end", "listen")]
        assert rgb(theme.color("select")) in colors(picture(frame.editor.switches["listen"]))


def test_bins_at_points_keep_their_peaks():
    hz = np.geomspace(20, 20000, 400)
    cuts = np.zeros(960)
    cuts[[8, 300]] = 3.0, 6.0
    found = gathered(cuts, 23.4375, hz)
    assert found[np.abs(hz - 300 * 23.4375).argmin() - 2:][:5].max() == 6.0
    assert found[np.abs(hz - 8 * 23.4375).argmin()] == pytest.approx(3.0, abs=0.3)
    assert found[hz < 140].max() == 0
    assert len(found) == 400


def test_the_resonances_that_are_tamed_hang_where_they_are(qtbot):
    frame = framed(qtbot, "resonance", depth=6.0)
    row = np.zeros((1, 961), np.float32)
    row[0, 0], row[0, 128] = 23.4375, 5.0
    frame.editor.show_inside(row, 1.0)
    plot = frame.editor.removal
    assert plot.points_hz[plot.removed_db.argmax()] == pytest.approx(127 * 23.4375, rel=0.02)
    assert rgb(theme.color("gr_body")) in colors(picture(plot))


# clipper

def test_the_clippers_ceiling_is_one_in_curve_history_and_strip(qtbot):
    frame = framed(qtbot, "clipper", gain=6.0)
    editor, log = frame.editor, log_of(frame)
    curve = editor.curve
    drag(curve, QPoint(120, round(curve.outputs.px(0.0))), QPoint(0, 40))
    assert one_gesture(log)
    assert log.of("wish")[-1][0] == "ceiling"
    assert curve.line.value == editor.history.line.value == editor.strip.parts["ceiling"].value < -1


def test_the_clipper_says_how_much_is_cut(qtbot):
    frame = framed(qtbot, "clipper")
    curve = frame.editor.curve
    frame.editor.push(np.array([[-3.0, -3.0, 0.0, 0.0], [2.0, 0.0, 2.0, 0.004]]), 0.01)
    assert curve._words() == ("−2.0 dB", "0.40 %")
    frame.editor.push(np.array([[-9.0, -9.0, 0.0, 0.001]] * 250), 0.01)
    assert curve._words()[1] == "0.10 %"
    frame.editor.clear()
    assert curve._words() == ("0.0 dB", "0.00 %")
