"""Every stage of the table has a face without a line of its own."""
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from dsp_core.params import LABELS, STAGES, params_of
from dsp_core.params.common import OFF_ON
from gui.controls.buttons import Toggle
from gui.controls.choice import Choice, Segmented
from gui.controls.panel import Cell, Facts, StageHeader, StagePanel
from gui.controls.value import ValueControl
from gui.theme import theme
from tests.gui.hands import LEFT, Log, drag, key, shown


def log_of(panel):
    return Log(("start", panel.gesture_started), ("edited", panel.edited), ("end", panel.gesture_ended))


@pytest.fixture(params=sorted(STAGES))
def panel(request, qtbot):
    made = StagePanel(request.param)
    qtbot.addWidget(made)
    return shown(made, 1200, made.heightForWidth(1200))


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


def test_every_control_is_seen_and_none_lies_on_another(panel):
    items = [part if isinstance(part, ValueControl) else part.parentWidget() for part in panel.parts.values()]
    assert all(panel.rect().contains(item.geometry()) for item in items)
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


def test_bands_begin_rows():
    panel = StagePanel("eq")
    panel.resize(1400, panel.heightForWidth(1400))
    panel.layout().activate()
    tops = [panel.parts[f"band{band}_freq"].y() for band in range(1, 9)]
    assert tops == sorted(set(tops))
    assert panel.parts["band3_gain"].accessibleName() == "EQ band 3 gain"


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


def test_facts():
    facts = Facts()
    facts.show_facts([("Mean, loop", "1"), ("Most, loop", "2")])
    assert facts.spoken_value() == "Mean, loop 1, Most, loop 2"
