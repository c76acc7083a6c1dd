"""Every kind has an editor; what is dragged in a plot, set in a strip or chosen in a header is one wish and shows everywhere."""
import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from dsp_core.params import STAGES, params_of
from gui.editors import EDITORS, CompressorEditor, EqEditor, LimiterEditor, Models, PanelEditor, make_editor
from gui.editors.frame import StageFrame
from gui.plots_data import AnalogResponse, clip_db, demo_compressor, demo_limiter, static_curve_db
from gui.plots_demo import COMPRESSOR
from gui.theme import theme
from tests.gui.hands import Log, colors, drag, key, move, picture, rgb, shown

MODELS = Models(AnalogResponse(), static_curve_db, clip_db)
RECORD_S = 1 / 250


@pytest.mark.parametrize("kind", sorted(STAGES))
def test_every_kind_has_an_editor_that_shows_every_parameter_without_echo(qtbot, kind):
    editor = make_editor(kind, MODELS)
    qtbot.addWidget(editor)
    shown(editor, 1200, 420)
    log = Log(("wish", editor.value_wished), ("start", editor.gesture_started))
    for low_or_high in ("low", "high", "default"):
        editor.show_values({p.id: float(getattr(p, low_or_high)) for p in params_of(kind)})
        QApplication.processEvents()
        assert 0xFF00FF not in colors(picture(editor))
    editor.show_value(params_of(kind)[-1].id, params_of(kind)[-1].high)
    editor.show_bypassed(True)
    assert log.said == []
    assert isinstance(editor, PanelEditor) == (kind not in EDITORS)


def test_the_right_editors():
    assert {kind: type(make_editor(kind, MODELS)) for kind in ("eq", "compressor", "limiter", "trim")} == {
        "eq": EqEditor, "compressor": CompressorEditor, "limiter": LimiterEditor, "trim": PanelEditor}
    with pytest.raises(KeyError):
        make_editor("banjo", MODELS)


@pytest.mark.parametrize("kind", ["compressor", "limiter"])
def test_strip_and_header_together_hold_every_parameter(qtbot, kind):
    editor = make_editor(kind, MODELS)
    qtbot.addWidget(editor)
    assert set(editor.strip.parts) | set(editor.header_ids) | {"bypass"} == {p.id for p in params_of(kind)}


@pytest.fixture
def compressor(qtbot):
    editor = CompressorEditor(static_curve_db)
    qtbot.addWidget(editor)
    editor.show_values(COMPRESSOR)
    return shown(editor, 1568, 542)


def test_the_threshold_in_the_transfer_plot_is_the_one_in_history_and_strip(compressor):
    log = Log(("start", compressor.gesture_started), ("wish", compressor.value_wished), ("end", compressor.gesture_ended))
    plot = compressor.transfer
    x = plot.inputs
    start = QPoint(round(x.px(-22.5)), 200)
    drag(plot, start, QPoint(46, 0))
    wanted = -22.5 + 50 * 42 / plot.plot_area.width()
    param_id, value = log.of("wish")[-1]
    assert (param_id, value) == ("threshold", pytest.approx(wanted, abs=0.06))
    assert compressor.history.line.value == value
    assert compressor.strip.parts["threshold"].value == value
    assert log.said[0] == ("start", "threshold")
    assert log.said[-1] == ("end", "threshold")


def test_the_threshold_in_the_history_moves_the_transfer_plot(compressor):
    log = Log(("wish", compressor.value_wished))
    history = compressor.history
    drag(history, QPoint(300, round(history.levels.px(-22.5))), QPoint(0, 30))
    assert compressor.transfer.line.value == history.line.value == log.of("wish")[-1][1] < -22.5


def test_a_value_in_the_strip_bends_the_curve(compressor):
    before = compressor.transfer.output_db(np.array([0.0]))[0]
    part = compressor.strip.parts["ratio"]
    part.setFocus()
    key(part, Qt.Key.Key_End)
    assert compressor.transfer.output_db(np.array([0.0]))[0] < before - 5


def test_the_curve_is_the_injected_one(compressor):
    assert compressor.transfer.makeup_db == pytest.approx(1.0)
    assert compressor.transfer.output_db(np.array([-40.0, 0.0])) == pytest.approx([-39.0, 1.0 - 22.5 * (1 - 1 / 1.6)])


def test_a_low_threshold_takes_the_transfer_plot_down(compressor):
    assert compressor.transfer.low_db == -42
    compressor.show_value("threshold", -45.0)
    assert compressor.transfer.low_db == -60
    compressor.show_value("threshold", -60.0)
    assert compressor.transfer.low_db == -72


def dot_of(plot):
    """The pixels that the level of now changes: (x, y) of those of the dot, and rows of its foot."""
    now, plot.now = plot.now, None
    without = picture(plot)
    plot.now = now
    image = picture(plot)
    changed = [(x, y) for x in range(image.width()) for y in range(image.height()) if image.pixel(x, y) != without.pixel(x, y)]
    x, center = round(plot.inputs.px(now[0])), min(plot.outputs.px(now[1]), plot.plot_area.height())
    return [at for at in changed if abs(at[0] - x) > 2], [y for at, y in changed if at == x and y > center + theme.px(8)]


@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_the_dot_stands_at_the_level_of_now_with_its_foot_on_the_floor(compressor, scale):
    theme.use(scale=scale)
    plot = compressor.transfer
    plot.set_now(-20.0, -12.0)
    QApplication.processEvents()
    dot, foot = dot_of(plot)
    assert [np.mean(part) for part in zip(*dot, strict=True)] == pytest.approx([plot.inputs.px(-20.0), plot.outputs.px(-12.0)], abs=2)
    floor = plot.plot_area.height()
    assert floor - 4 < foot[-1] < floor and foot[0] < plot.outputs.px(-12.0) + theme.px(12)


def test_a_dot_on_the_floor_has_no_foot(compressor):
    plot = compressor.transfer
    plot.set_now(plot.low_db + 6, plot.low_db - 3)
    dot, foot = dot_of(plot)
    assert dot and not foot


def test_the_level_of_now_follows_the_records_and_goes_with_silence(compressor):
    records, _, _ = demo_compressor()
    compressor.push(records, RECORD_S)
    QApplication.processEvents()
    assert rgb(theme.color("master")) in colors(picture(compressor.transfer))
    compressor.push(np.full((1, 4), -np.inf), RECORD_S)
    assert rgb(theme.color("master")) not in colors(picture(compressor.transfer))
    compressor.push(np.full((1, 4), np.nan), RECORD_S)
    compressor.push(np.empty((0, 4)), RECORD_S)
    assert 0xFF00FF not in colors(picture(compressor))


def test_without_a_detector_the_dot_stands_at_the_input(compressor):
    compressor.push(np.array([[-12.0, -14.0, np.nan, 3.0]]), RECORD_S)
    assert compressor.transfer.now == (-12.0, -12.0 - 3.0 + 1.0)
    compressor.push(np.array([[-12.0, -14.0, -20.0, 3.0]]), RECORD_S)
    assert compressor.transfer.now == (-20.0, -20.0 - 3.0 + 1.0)


def test_a_histogram_shows_and_bad_counts_do_not_break_it(compressor):
    plot = compressor.transfer
    plain = picture(plot)
    plot.set_histogram(np.arange(-42.0, 0.0), np.arange(42.0))
    assert rgb(theme.color("hover")) in colors(picture(plot)) - colors(plain)
    plot.set_histogram(np.arange(-42.0, 0.0), np.full(42, np.nan))
    plot.set_histogram(np.empty(0), np.empty(0))
    assert 0xFF00FF not in colors(picture(plot))
    with pytest.raises(ValueError, match="3 levels cannot have 2 counts"):
        plot.set_histogram(np.zeros(3), np.zeros(2))


def test_more_shows_what_does_not_fit(compressor):
    compressor.resize(900, 420)
    parts = compressor.strip.parts

    def seen():
        return {name for name, part in parts.items() if part.isVisibleTo(compressor)}
    few = seen()
    assert "threshold" in few
    assert len(few) < len(parts)
    before = compressor.history.height()
    compressor.header_options()[0].click()
    assert few < seen()
    assert compressor.history.height() < before


def test_the_limiter_takes_records_and_drags_its_ceiling(qtbot):
    editor = LimiterEditor()
    qtbot.addWidget(editor)
    shown(editor, 1024, 360)
    editor.push(demo_limiter(), RECORD_S)
    log = Log(("wish", editor.value_wished))
    history = editor.history
    drag(history, QPoint(300, round(history.levels.px(-1.0))), QPoint(0, 20))
    param_id, value = log.of("wish")[-1]
    assert (param_id, value) == ("ceiling", editor.strip.parts["ceiling"].value)
    assert value < -1
    assert rgb(theme.color("gr_mid")) in colors(picture(history))


def test_facts_take_no_room_when_there_are_none(qtbot):
    editor = LimiterEditor()
    qtbot.addWidget(editor)
    shown(editor, 1024, 360)
    assert editor.strip.width() == 1024
    editor.show_facts([("Over 1 dB", "14.5 %")])
    assert editor.strip.width() < 1024 - editor.facts.width()
    assert editor.facts.isVisibleTo(editor)


def test_a_frame_puts_header_and_editor_together(qtbot):
    compressor = CompressorEditor(static_curve_db)
    frame = StageFrame(compressor)
    qtbot.addWidget(frame)
    shown(frame, 1568, 582)
    log = Log(("start", frame.gesture_started), ("wish", frame.value_wished), ("end", frame.gesture_ended))
    frame.show_values({"detector": 1.0, "threshold": -30.0})
    assert frame.header.parts["detector"].value == 1
    assert compressor.history.line.value == -30
    assert log.said == []
    QTest.mouseClick(frame.header.parts["detector"].segments[0], Qt.MouseButton.LeftButton)
    assert log.said == [("start", "detector"), ("wish", "detector", 0.0), ("end", "detector")]


def test_pointing_at_the_threshold_of_the_transfer_plot(compressor):
    move(compressor.transfer, QPoint(round(compressor.transfer.inputs.px(-22.5)), 100))
    assert compressor.transfer.cursor().shape() == Qt.CursorShape.SizeHorCursor
    move(compressor.transfer, QPoint(5, 100))
    assert compressor.transfer.cursor().shape() == Qt.CursorShape.ArrowCursor


def noted(drawn, name, paint):
    """`paint`, with its name kept in `drawn` for each call."""
    def painted(painter):
        drawn.append(name)
        paint(painter)
    return painted


def test_a_histogram_is_drawn_between_grid_and_scales_that_are_kept(compressor, monkeypatch):
    plot, drawn, levels = compressor.transfer, [], np.arange(-72.0, 1.0)
    plot.set_histogram(levels, np.ones(len(levels)))
    picture(plot)
    for name in ("_paint_grid", "_paint_scales"):
        monkeypatch.setattr(plot, name, noted(drawn, name, getattr(plot, name)))
    plot.set_histogram(levels, np.exp(-((levels + 20) / 8) ** 2))
    kept = picture(plot)
    assert drawn == []
    assert rgb(theme.color("hover")) in colors(kept)
    for layer in plot._fixed:
        layer.renew()
    plot.renew()
    assert picture(plot) == kept
    assert drawn == ["_paint_grid", "_paint_scales"]
    compressor.show_values({**COMPRESSOR, "threshold": -50.0})           # needs a longer scale
    assert picture(plot) != kept
    assert drawn == ["_paint_grid", "_paint_scales"] * 2
