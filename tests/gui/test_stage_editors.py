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
from gui.editors.resonance import gathered
from gui.theme import theme
from mastering_rt.measure.harmonics import measure_harmonics
from tests.gui.framed import COMPACT, FULL, MINUS, ROLE, TEXT, framed, log_of, one_gesture
from tests.gui.hands import SHIFT, colors, drag, key, picture, rgb, wheel

KINDS = ("multiband", "dynamic_eq", "saturation", "stereo", "deesser", "resonance", "clipper")
BANDED = {"multiband": 6, "dynamic_eq": 6, "saturation": 4, "stereo": 4}


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
