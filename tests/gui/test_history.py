"""The last seconds: that scrolling shows the same as drawing anew."""
import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication

from gui.editors.compressor import FIELDS, CompressorHistory
from gui.editors.limiter import LimiterHistory
from gui.plots_data import demo_compressor, demo_limiter
from gui.theme import theme
from tests.gui.hands import SHIFT, Log, Paints, colors, drag, move, picture, rgb, shown

RECORD_S = 1 / 250


def pixels(image):
    data = image.convertToFormat(image.Format.Format_RGB32).constBits()
    return np.frombuffer(data, dtype=np.uint32).reshape(image.height(), image.width()) & 0xFFFFFF


def test_a_history_of_less_than_a_column_is_empty(history):
    for _ in range(3):
        history.push(records_for(history)[:1], RECORD_S)
        assert 0xFF00FF not in colors(picture(history))


@pytest.fixture(params=["compressor", "limiter"])
def history(request, qtbot):
    made = CompressorHistory() if request.param == "compressor" else LimiterHistory()
    qtbot.addWidget(made)
    return shown(made, 700, 300)


def records_for(history):
    return demo_compressor(12.0)[0] if isinstance(history, CompressorHistory) else demo_limiter(12.0)


@pytest.mark.slow
def test_scrolled_columns_are_those_of_a_fresh_picture(history):
    records, rng, done = records_for(history), np.random.default_rng(1), 0
    while done < len(records):
        n = int(rng.integers(1, 40))
        history.push(records[done:done + n], RECORD_S)
        QApplication.processEvents()
        done += n
    scrolled = pixels(picture(history))
    history.renew()
    fresh = pixels(picture(history))
    assert (scrolled != fresh).mean() < 0.01
    assert len(np.unique(fresh)) > 20


@pytest.mark.parametrize("share", [0.4, 0.6, 0.9, 1.5])
def test_many_columns_at_once_leave_no_gap(history, share):
    """As after a pause of some seconds, while nobody looked."""
    records = np.tile(records_for(history), (3, 1))
    once, more = round(1.5 * history.seconds / RECORD_S), round(share * history.seconds / RECORD_S)
    for first, last in ((0, once), (once, once + more), (once + more, once + more + 200)):
        history.push(records[first:last], RECORD_S)
        scrolled = pixels(picture(history))
    history.renew()
    assert np.array_equal(scrolled, pixels(picture(history)))


def test_new_columns_repaint_the_data_and_not_the_scale(history):
    history.push(records_for(history)[:500], RECORD_S)
    QApplication.processEvents()
    paints = Paints(history)
    history.push(records_for(history)[500:503], RECORD_S)
    QApplication.processEvents()
    assert len(paints.events) == 1
    assert paints.events[0][1].boundingRect() == history.data_area
    paints.clear()
    history.push(records_for(history)[:0], RECORD_S)
    QApplication.processEvents()
    assert paints.events == []


def test_reduction_hangs_as_deep_as_it_is(history):
    records = np.full((3000, len(history.recording.fields)), -30.0)
    records[:, history.recording.fields.index("reduction_db")] = 2.0
    history.set_reduction_range(4.0)
    history.push(records, RECORD_S)
    image = picture(history)
    area = history.reduction_area
    body = rgb(theme.color("gr_body"))
    column = [rgb(image.pixelColor(300, y)) for y in range(area.height())]
    assert column.count(body) == pytest.approx(area.height() / 2, abs=3)
    assert column[0] == body
    assert body not in column[area.height() // 2 + 3:]


def test_the_level_is_where_the_scale_says(history):
    records = np.full((3000, len(history.recording.fields)), -9.0)
    records[:, history.recording.fields.index("reduction_db")] = 0.0
    history.push(records, RECORD_S)
    image, fill = picture(history), rgb(theme.color("master_fill"))
    top = next(y for y in range(history.level_area.top(), history.height()) if rgb(image.pixelColor(300, y)) == fill)
    assert top == pytest.approx(history.levels.px(-9.0), abs=2)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_bad_records_never_break_painting(history, bad):
    records = np.full((900, len(history.recording.fields)), bad)
    history.push(records, RECORD_S)
    assert 0xFF00FF not in colors(picture(history))
    mixed = records_for(history)[:900].copy()
    mixed[::7] = bad
    history.push(mixed, RECORD_S)
    assert 0xFF00FF not in colors(picture(history))


def test_before_the_first_record_there_is_no_line(history):
    history.push(records_for(history)[:1000], RECORD_S)
    image, line = picture(history), rgb(theme.color("master"))
    left = [rgb(image.pixelColor(x, y)) for x in range(40) for y in range(history.level_area.top(), history.height() - 40)]
    assert line not in left
    assert rgb(theme.color("gr")) not in [rgb(image.pixelColor(x, y)) for x in range(40) for y in range(history.reduction_area.height())]


@pytest.mark.slow
def test_sizes_themes_and_clearing(history):
    history.push(records_for(history), RECORD_S)
    for name, size in (("light", (1568, 418)), ("dark", (240, 120)), ("light", (60, 20))):
        theme.use(name=name)
        history.resize(*size)
        assert 0xFF00FF not in colors(picture(history))
    history.resize(700, 300)
    history.clear()
    assert rgb(theme.color("master_fill")) not in colors(picture(history))


def test_dragging_the_line_wishes_the_level_under_the_pointer(history):
    log = Log(("start", history.line.gesture_started), ("value", history.line.edited), ("end", history.line.gesture_ended))
    axis, before = history.levels, history.line.value
    start = QPoint(200, round(axis.px(before)))
    drag(history, start, QPoint(0, 36))
    assert log.names()[0] == "start"
    assert log.names()[-1] == "end"
    assert history.line.value == pytest.approx(axis.value(axis.px(before) + 36), abs=0.06)
    assert log.of("value")[-1] == history.line.value


def test_shift_drags_the_line_finely(history):
    axis, before = history.levels, history.line.value
    drag(history, QPoint(200, round(axis.px(before))), QPoint(0, 36), modifiers=SHIFT)
    whole = axis.value(axis.px(before) + 36) - before
    assert history.line.value - before == pytest.approx(whole / 10, abs=0.02)


def test_off_the_line_nothing_is_dragged(history):
    log = Log(("value", history.line.edited))
    axis = history.levels
    drag(history, QPoint(200, round(axis.px(history.line.value)) + 30), QPoint(0, 40))
    drag(history, QPoint(200, 10), QPoint(0, 40))
    assert log.said == []


def test_pointing_at_the_line_shows_a_grip(history):
    plain = picture(history)
    move(history, QPoint(200, round(history.levels.px(history.line.value))))
    assert history.line.hovered
    assert colors(picture(history)) - colors(plain)
    move(history, QPoint(200, 5))
    assert not history.line.hovered


def test_the_figure_under_the_tab_gives_way(qtbot):
    history = LimiterHistory()
    qtbot.addWidget(history)
    shown(history, 700, 300)
    history.show_line(-6.0 + 0.0)
    assert history.covered(history.levels.px(-6.0))
    assert not history.covered(history.levels.px(-9.0))


def test_a_low_ceiling_takes_the_scale_down(qtbot):
    history = LimiterHistory()
    qtbot.addWidget(history)
    shown(history, 700, 300)
    before = history.levels
    history.show_line(-3.0)
    assert history.levels == before
    history.show_line(-9.0)
    assert history.levels.high == before.high - 6


def test_an_unknown_detector_has_no_line_and_no_name(qtbot):
    history = CompressorHistory()
    qtbot.addWidget(history)
    shown(history, 700, 300)
    records = demo_compressor()[0].copy()
    with_detector = records.copy()
    records[:, FIELDS.index("detector_db")] = np.nan
    history.push(records, RECORD_S)
    without = pixels(picture(history))
    history.clear()
    history.push(with_detector, RECORD_S)
    assert (pixels(picture(history)) != without).mean() > 0.002


def test_true_peaks_at_and_over_the_ceiling_are_marked(qtbot):
    history = LimiterHistory()
    qtbot.addWidget(history)
    shown(history, 700, 300)
    records = np.tile([-3.0, -2.0, 0.5], (1500, 1))
    history.push(records, RECORD_S)
    assert rgb(theme.color("danger")) not in colors(picture(history))
    records[700:720, 1] = -0.4
    history.push(records, RECORD_S)
    assert rgb(theme.color("danger")) in colors(picture(history))
