"""Every stage of the table has a face without a line of its own."""
from itertools import pairwise

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from dsp_core.params import LABELS, STAGES, params_of
from dsp_core.params.common import OFF_ON
from gui.controls.buttons import Toggle
from gui.controls.choice import Choice, Segmented
from gui.controls.header import StageHeader
from gui.controls.panel import Facts, StagePanel
from gui.controls.parts import Cell
from gui.controls.plane import Plane
from gui.controls.value import ValueControl
from gui.editors import Models, make_editor
from gui.editors.frame import StageFrame
from gui.plots_data import AnalogResponse, clip_db, static_curve_db
from gui.theme import theme
from tests.gui.hands import LEFT, Log, drag, key, shown
from tests.gui.test_window_layout import read, trouble


def log_of(panel):
    return Log(("start", panel.gesture_started), ("edited", panel.edited), ("end", panel.gesture_ended))


@pytest.fixture(params=sorted(STAGES))
def panel(request, qtbot):
    made = StagePanel(request.param)
    qtbot.addWidget(made)
    return shown(made, 1200, made.heightForWidth(1200))


def show_all(panel):
    """Every band in use, none folded."""
    count = panel.parts.get("bands")
    if count is not None:
        panel.show_value("bands", len(count.choices if isinstance(count, Choice) else count.segments) - 1)
    for band in panel.folds:
        panel.open_band(band)
    panel.resize(panel.width(), panel.heightForWidth(panel.width()))
    QApplication.processEvents()


def item_of(part):
    return part if isinstance(part, ValueControl) else part.parentWidget()


def test_every_parameter_has_its_control(panel):
    wanted = {param.id: param for param in params_of(panel.kind) if param.id != "bypass"}
    assert panel.parts.keys() == wanted.keys()
    for id, part in panel.parts.items():
        param = wanted[id]
        expected = Toggle if param.choices == OFF_ON else (Segmented, Choice) if param.choices else ValueControl
        assert isinstance(part, expected), id
        assert part.accessibleName().startswith(LABELS[panel.kind])
        assert part.accessibleDescription() == param.help
        assert part.statusTip() == param.help or isinstance(part, Segmented)


def value_of(part):
    return float(part.isChecked()) if isinstance(part, Toggle) else part.value


def test_it_begins_with_the_defaults(panel):
    assert {id: value_of(part) for id, part in panel.parts.items()} == {p.id: p.default for p in params_of(panel.kind) if p.id != "bypass"}


@pytest.mark.parametrize("width", [840, 1000, 1560])
def test_every_control_is_seen_and_none_lies_on_another(panel, width):
    panel.resize(width, panel.height())
    show_all(panel)
    items = [item_of(part) for part in panel.parts.values()]
    assert all(item.isVisible() and panel.rect().contains(item.geometry()) for item in items)
    for index, one in enumerate(items):
        assert not any(one.geometry().intersects(other.geometry()) for other in items[index + 1:])


def test_show_value_reaches_every_control_and_says_nothing(panel):
    log = log_of(panel)
    params = {param.id: param for param in params_of(panel.kind)}
    panel.show_values({id: params[id].high for id in panel.parts})
    for id, part in panel.parts.items():
        assert value_of(part) == params[id].high, id
    panel.show_value("no_such_parameter", 1.0)
    assert log.said == []


def test_every_control_speaks_its_id_in_one_gesture(panel):
    show_all(panel)
    for id, part in panel.parts.items():
        log = log_of(panel)
        if isinstance(part, ValueControl):
            part.setFocus()
            key(part, Qt.Key.Key_Left if part.param.to_norm(part.value) > 0.5 else Qt.Key.Key_Right)
        elif isinstance(part, Toggle):
            QTest.mouseClick(part, LEFT)
        elif isinstance(part, Segmented):
            QTest.mouseClick(part.segments[1 - part.value], LEFT)
        else:
            key(part, Qt.Key.Key_Down if part.value == 0 else Qt.Key.Key_Up)
        assert log.names() == ["start", "edited", "end"], id
        assert {entry[1] for entry in log.said} == {id}


def test_names_are_unique_for_a_screen_reader(panel):
    names = [part.accessibleName() for part in panel.parts.values()]
    assert len(set(names)) == len(names)


def test_bypass_is_shown(panel):
    panel.show_bypassed(True)
    assert all(part.bypassed for part in panel.parts.values() if isinstance(part, ValueControl))


def shown_ids(panel):
    return {id for id, part in panel.parts.items() if part.isVisible()}


def made(kind, qtbot, width=1000, density="compact"):
    theme.use(density=density)
    panel = StagePanel(kind)
    qtbot.addWidget(panel)
    return shown(panel, width, panel.heightForWidth(width))


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "last"), [("multiband", "band{}_threshold"), ("saturation", "band{}_drive"), ("stereo", "width{}")])
def test_bands_that_are_not_in_use_are_not_shown(qtbot, kind, last):
    panel = made(kind, qtbot)
    params = {param.id: param for param in params_of(kind)}
    for index, words in enumerate(params["bands"].choices):
        panel.show_value("bands", index)
        count, most = int(words), int(params["bands"].choices[-1])
        assert {n for n in range(1, most + 1) if last.format(n) in shown_ids(panel)} == set(range(1, count + 1))
        assert {n for n in range(1, most) if f"crossover{n}" in shown_ids(panel)} == set(range(1, count))
    assert shown_ids(panel) == panel.parts.keys()


@pytest.mark.slow
def test_the_panel_follows_the_hand_on_bands(qtbot):
    panel = made("multiband", qtbot)
    before = panel.heightForWidth(1000)
    key(panel.parts["bands"], Qt.Key.Key_Down)
    assert "band5_ratio" in shown_ids(panel) and "band6_ratio" not in shown_ids(panel)
    assert panel.heightForWidth(1000) > before


@pytest.mark.slow
def test_bands_stand_in_columns_under_one_row_of_labels(qtbot):
    panel = made("multiband", qtbot)
    for id in ("threshold", "ratio", "makeup"):
        column = [panel.parts[f"band{band}_{id}"] for band in range(1, 5)]
        assert len({part.x() for part in column}) == 1
        assert [part.labelled() for part in column] == [True, False, False, False]
        assert [part.y() for part in column] == sorted({part.y() for part in column})
    heads = [item_of(panel.parts[f"band{band}_on"]) for band in range(1, 5)]
    assert [head.y() for head in heads] == [panel.parts[f"band{band}_ratio"].y() for band in range(1, 5)]


@pytest.mark.slow
def test_a_band_too_wide_for_a_line_goes_on_under_itself_with_its_labels(qtbot):
    panel = made("dynamic_eq", qtbot)
    panel.open_band(3)
    QApplication.processEvents()
    for band in (1, 3):
        first, second = panel.parts[f"band{band}_freq"], panel.parts[f"band{band}_release"]
        assert first.y() < second.y() and first.labelled() and second.labelled()
        assert panel.parts[f"band{band}_release"].x() > item_of(panel.parts[f"band{band}_on"]).x()


@pytest.mark.slow
def test_untouched_bands_are_folded_until_somebody_opens_them(qtbot):
    panel = made("dynamic_eq", qtbot)
    assert "band1_gain" in shown_ids(panel)
    assert all(panel.folds[band].isVisible() and f"band{band}_gain" not in shown_ids(panel) for band in range(2, 7))
    panel.show_value("band4_gain", -2.0)
    assert "band4_freq" in shown_ids(panel) and not panel.folds[4].isVisible()
    panel.show_value("band4_gain", 0.0)
    assert "band4_freq" not in shown_ids(panel)
    key(panel.folds[5].part, Qt.Key.Key_Return)
    assert panel.focusWidget() is panel.parts["band5_on"]
    panel.show_values({param.id: param.default for param in params_of("dynamic_eq")})
    assert "band5_freq" in shown_ids(panel), "what was opened stays open"


@pytest.mark.slow
def test_a_band_that_the_hand_brings_back_to_its_defaults_stays(qtbot):
    panel = made("dynamic_eq", qtbot)
    panel.show_value("band2_gain", 1.0)
    panel.parts["band2_gain"].set_default()
    panel.show_value("band2_gain", 0.0)
    assert "band2_gain" in shown_ids(panel)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["multiband", "dynamic_eq", "stereo", "saturation"])
def test_tab_goes_in_reading_order(qtbot, kind):
    panel = made(kind, qtbot)
    show_all(panel)
    stops, widget = [], panel
    while (widget := widget.nextInFocusChain()) is not panel:
        if panel.isAncestorOf(widget) and widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            stops.append(widget.mapTo(panel, widget.rect().center()))
    assert len(stops) >= len(panel.parts)
    rows = [round(stop.y() / 30) for stop in stops]
    assert all(later >= earlier - 1 for earlier, later in pairwise(rows))
    assert all(a.x() < b.x() or b.y() > a.y() + 20 for a, b in pairwise(stops))


@pytest.mark.slow
def test_names_say_the_band_once(qtbot):
    def name(kind, id):
        return made(kind, qtbot).parts[id].accessibleName()
    assert name("multiband", "band2_threshold") == "Multiband band 2 threshold"
    assert name("multiband", "band2_on") == "Multiband band 2"
    assert name("multiband", "crossover2") == "Multiband crossover 2"
    assert name("saturation", "band3_drive") == "Saturation band 3 drive"
    assert name("stereo", "width4") == "Stereo band 4 width"
    assert made("dynamic_eq", qtbot).folds[3].part.accessibleName() == "Dynamic EQ band 3: show its controls"


@pytest.mark.parametrize("density", ["compact", "comfortable"])
@pytest.mark.parametrize("kind", sorted(STAGES))
def test_no_value_and_no_label_is_cut(qtbot, kind, density):
    """At both ends of every range, at widths where columns are as narrow as they get."""
    panel = made(kind, qtbot, density=density)
    show_all(panel)
    for width in (836, 998, 1012, 1400, 1548):
        panel.resize(width, panel.heightForWidth(width))
        for end in ("low", "high"):
            panel.show_values({p.id: getattr(p, end) for p in params_of(kind) if p.id != "bands"})
            QApplication.processEvents()
            cut = [line for line in read(panel) if not line.whole]
            assert not cut, (width, end)


def test_a_strip_of_chosen_parameters_keeps_their_order(qtbot):
    panel = StagePanel("compressor", ids=("ratio", "threshold"))
    qtbot.addWidget(panel)
    shown(panel, 800, panel.heightForWidth(800))
    assert list(panel.parts) == ["ratio", "threshold"]
    assert panel.parts["ratio"].x() < panel.parts["threshold"].x()


def test_rows_wrap_and_height_follows(qtbot):
    panel = StagePanel("compressor")
    qtbot.addWidget(panel)
    assert panel.heightForWidth(500) > panel.heightForWidth(1500) >= theme.sizes.value[1]


@pytest.mark.parametrize(("density", "height"), [("comfortable", 104), ("compact", 84)])
def test_one_row_fits_the_strip_of_the_window(density, height):
    theme.use(density=density)
    panel = StagePanel("limiter", ids=("gain", "ceiling", "release", "lookahead", "link"))
    assert panel.heightForWidth(1500) <= height


@pytest.mark.slow
def test_density_and_scale_reach_the_panel(qtbot):
    panel = StagePanel("compressor")
    qtbot.addWidget(panel)
    shown(panel, 1200, 300)
    theme.use(density="compact")
    QApplication.processEvents()
    assert panel.parts["threshold"].size().toTuple() == (112 + 16, 56 + 16)
    theme.use(scale=2.0)
    assert panel.parts["threshold"].size().toTuple() == (2 * 128, 2 * 72)
    assert all(cell.height() == 2 * 72 for cell in panel.findChildren(Cell))


def test_dragging_a_value_on_the_panel_is_one_gesture(qtbot):
    panel = StagePanel("trim")
    qtbot.addWidget(panel)
    shown(panel, 600, panel.heightForWidth(600))
    log = log_of(panel)
    gain = panel.parts["gain"]
    drag(gain, gain.track().center(), QPoint(60, 0), steps=12)
    assert log.said[0] == ("start", "gain")
    assert log.said[-1] == ("end", "gain")
    assert log.said[-2] == ("edited", "gain", gain.value)


def test_stage_header(qtbot):
    header = StageHeader("compressor", ids=("detector", "placement"))
    qtbot.addWidget(header)
    shown(header, 1200)
    log = Log(("edited", header.edited), ("without", header.without_edited), ("delta", header.delta_edited), ("preset", header.preset_chosen))
    QTest.mouseClick(header.parts["detector"].segments[1], LEFT)
    key(header.parts["placement"], Qt.Key.Key_Down)
    QTest.mouseClick(header.without, LEFT)
    QTest.mouseClick(header.delta, LEFT)
    assert log.said == [("edited", "detector", 1.0), ("edited", "placement", 1.0), ("without", True), ("delta", True)]
    header.show_value("placement", 3)
    assert header.parts["placement"].value_text() == "Left"
    assert len(log.said) == 4
    header.preset.show_choices(["Default", "Glue, slow"])
    key(header.preset, Qt.Key.Key_Down)
    assert log.said[-1] == ("preset", 1)


@pytest.mark.slow
@pytest.mark.parametrize("width", [1024, 844])
def test_a_header_without_room_for_all_goes_without_labels(qtbot, width):
    """The equaliser's has most in it; 844 is what the smallest window leaves for it."""
    theme.use(density="compact")
    frame = StageFrame(make_editor("eq", Models(eq=AnalogResponse(), compressor=static_curve_db, clipper=clip_db)))
    zone = Plane()
    qtbot.addWidget(zone)
    frame.setParent(zone)
    header = frame.header
    header.preset.show_choices(["Gentle tilt"])
    header.preset.show_value(0, "Gentle tilt, edited")
    frame.show_values({"phase": 1.0, "length": 3.0, "gain_scale": 150.0})
    frame.setGeometry(0, 0, width, 400)
    shown(zone, 1600, 400)
    assert header.width() == width
    said = read(header)
    assert not trouble(said), width
    assert {"EQ", "Gentle tilt, edited", "Auto gain", "Natural", "Longest", "Without", "Delta"} <= {line.words for line in said}
    assert header.rect().contains(header.delta.geometry())
    frame.setGeometry(0, 0, 1600, 400)
    QApplication.processEvents()
    assert {"Phase", "Length", "View", "Natural"} <= {line.words for line in read(header)}


@pytest.mark.slow
@pytest.mark.parametrize("width", [844, 1600])
def test_a_header_that_stands_asks_for_no_other_layout(qtbot, width):
    """One that asks for a layout from within a layout keeps a whole core busy while nothing happens."""
    theme.use(density="compact")
    frame = StageFrame(make_editor("eq", Models(eq=AnalogResponse(), compressor=static_curve_db, clipper=clip_db)))
    qtbot.addWidget(frame)
    shown(frame, width, 400)
    asked = []

    class Watch(QObject):
        def eventFilter(self, watched, event):
            if event.type() == QEvent.Type.LayoutRequest:
                asked.append(watched)
            return False
    watch = Watch()
    frame.header.installEventFilter(watch)
    for _ in range(10):
        QApplication.processEvents()
    assert not asked


@pytest.mark.slow
def test_a_length_is_offered_where_a_phase_has_one(qtbot):
    frame = StageFrame(make_editor("eq", Models(eq=AnalogResponse(), compressor=static_curve_db, clipper=clip_db)))
    qtbot.addWidget(frame)
    shown(frame, 1200, 400)
    for phase, offered in ((0, False), (1, True), (2, True), (0, False)):
        frame.show_values({"phase": phase})
        assert frame.editor.chosen["length"].isVisible() == offered


def test_facts():
    facts = Facts()
    facts.show_facts([("Mean, loop", "1"), ("Most, loop", "2")])
    assert facts.spoken_value() == "Mean, loop 1, Most, loop 2"


def test_short_bands_stand_beside_each_other_where_they_fit(qtbot):
    panel = StagePanel("stereo")
    qtbot.addWidget(panel)
    panel.show_values({"bands": 3.0})
    shown(panel, 1600, panel.heightForWidth(1600))
    widths = [panel.parts[f"width{band}"] for band in range(1, 5)]
    assert len({part.y() for part in widths}) == 1
    assert all(one.geometry().right() < other.x() for one, other in pairwise(widths))
    shown(panel, 500, panel.heightForWidth(500))
    assert len({part.y() for part in widths}) == 4


@pytest.mark.parametrize("kind", STAGES)
def test_a_strip_without_bands_can_be_laid_out_narrower_than_its_margins(qtbot, kind):
    """A new editor has a width of 1 until its zone gives it one."""
    panel = StagePanel(kind)
    qtbot.addWidget(panel)
    assert panel.heightForWidth(1) > 0
