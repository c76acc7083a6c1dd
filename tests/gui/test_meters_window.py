"""The second window: widgets show what they are given, the window follows what is heard, and asks for nothing while nobody looks."""
from unittest import mock

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from gui.meters.bits import BitMeter
from gui.meters.distribution import HIGH_LUFS, LOW_LUFS, DistributionPlot
from gui.meters.needle import NeedleMeter
from gui.meters.octaves import OctaveMeter
from gui.meters.past import PastPlot
from gui.meters.scales import k_face, ppm_face, vu_face
from gui.theme import theme
from gui.window.meters_window import MetersWindow
from mastering_rt.measure.scales import PPM_SCALES, VU_REFERENCES_DBFS
from mastering_rt.session import edits
from tests.gui.hands import Paints, colors, picture, rgb, shown

MINUS = "\N{MINUS SIGN}"
FACES = (*map(k_face, (20, 14, 12)), *map(ppm_face, PPM_SCALES), vu_face(-18), vu_face(-20))


@pytest.mark.slow
@pytest.mark.parametrize("face", FACES, ids=lambda face: face.title)
def test_every_face_has_its_zero_where_its_meter_has_it(face):
    fractions = [face.scale.fraction(dbfs) for _, dbfs in face.marks]
    assert fractions == sorted(fractions)
    assert len(set(fractions)) == len(fractions)
    for words, dbfs in face.marks:
        assert (face.reading(dbfs) == pytest.approx(float(words.replace(MINUS, "-"))) if words != "FS" else dbfs == 0.0), words


def test_a_vu_bar_is_even_in_voltage():
    face = vu_face(-18)
    assert face.scale.fraction(-18) == pytest.approx(1 - 10 ** (-3 / 20))
    assert face.scale.fraction(-15) == 0
    assert face.scale.fraction(-25) - face.scale.fraction(-21) == pytest.approx((10 ** (-3 / 20) - 10 ** (-7 / 20)) / 10 ** (3 / 20))


@pytest.fixture
def needle(qtbot):
    meter = NeedleMeter("VU meter", vu_face(-18))
    meter.resize(meter.width(), 400)
    return shown(meter)


def test_a_bar_stands_at_its_level_and_only_what_moved_is_painted(needle):
    needle.show_levels((-18.0, -21.0), 0.0)
    left, right = (needle._ys[index][0] for index in (0, 1))
    assert left == needle._zero_y
    assert right > left
    assert needle._numbers["now"] == "0.0"
    QApplication.processEvents()
    paints = Paints(needle)
    needle.show_levels((-18.0, -20.0), 0.01)
    QApplication.processEvents()
    assert all(region.boundingRect().left() >= needle.lefts[1] for _, region in paints.events)
    assert 0 < paints.share(needle) < 0.2
    assert rgb(theme.color("master_mid")) in colors(picture(needle))


def test_when_the_sound_ends_the_bar_comes_down_at_its_own_speed(needle):
    needle.show_face(ppm_face(PPM_SCALES[0]))
    needle.show_levels((-9.0, -9.0), 0.0)
    needle.show_levels((-np.inf, -np.inf), 1.5)
    assert needle._levels_db[0][0] == pytest.approx(-29)
    assert needle._levels_db[0][2] == -9
    assert "PPM I, DIN, largest 0.0 dB" in needle.spoken_value()


def test_bits_light_one_by_one(qtbot):
    meter = BitMeter()
    meter.resize(700, meter.height())
    shown(meter)
    assert meter.spoken_value() == "Nothing has been heard yet"
    meter.show_words([(0xFFFF0000, False), (0x80010000, False)])
    assert meter.spoken_value() == "16 bits in use"
    seen = picture(meter)
    lit = [rgb(seen.pixelColor(cell.center())) == rgb(theme.color("master_mid")) for cell in meter._cells]
    assert lit == [True] * 16 + [False] * 16
    meter.show_words([(0x80000100, True)])
    assert meter.spoken_value() == "24 bits in use, some between never; the sound has finer steps, which words of 24 bits do not hold"
    meter.show_words([(0, False)])
    assert meter.spoken_value() == "Silence"


def test_octaves_out_of_phase_are_a_danger(qtbot):
    meter = OctaveMeter()
    meter.resize(400, 260)
    shown(meter)
    meter.show_octaves((0.9,) * 10, (-12.0,) * 10)
    assert rgb(theme.color("danger_mid")) not in colors(picture(meter))
    QApplication.processEvents()
    paints = Paints(meter)
    meter.show_octaves((-0.5, *(0.9,) * 9), (-12.0,) * 10)
    QApplication.processEvents()
    assert all(region.boundingRect().right() < meter._columns[1] for _, region in paints.events)
    assert rgb(theme.color("danger_mid")) in colors(picture(meter))
    meter.show_octaves((None,) * 10, (None,) * 10)
    assert rgb(theme.color("master_mid")) not in colors(picture(meter))


def test_distribution_and_past_say_when_nothing_is_known(qtbot):
    shares = np.zeros(round(HIGH_LUFS - LOW_LUFS))
    plot, past = DistributionPlot(), PastPlot()
    for widget in (plot, past):
        widget.resize(400, 260)
        shown(widget)
        assert rgb(theme.color("master")) not in colors(picture(widget))
    assert plot.spoken_value() == "Nothing has been heard yet"
    shares[20] = 1.0
    plot.show_shares(shares, shares, {"10": -16.0, "50": -15.5, "95": -15.0}, -15.5)
    assert rgb(theme.color("master_mid")) in colors(picture(plot))
    assert plot.range_text() == f"10 to 95 %: {MINUS}16.0 to {MINUS}15.0 LUFS"
    past.show_past(np.full(5000, -15.0), np.full(5000, np.nan), -15.0)
    assert past.spoken_value() == f"short-term loudness now {MINUS}15.0 LUFS"
    picture(past)


@pytest.mark.parametrize("size", [(1000, 640), (1280, 800), (1700, 1000)])
@pytest.mark.parametrize("name", ["dark", "light"])
def test_nothing_lies_over_anything_else(qtbot, size, name):
    theme.use(name=name)
    window = MetersWindow()
    window.resize(*size)
    shown(window)
    parts = [part for part in (*window.parts, *window.faces, window.choice) if part.isVisible()]
    for index, part in enumerate(parts):
        assert window.rect().contains(part.geometry()), part.accessibleName()
        for other in parts[index + 1:]:
            assert not part.geometry().intersects(other.geometry()), (part.accessibleName(), other.accessibleName())
    theme.use(name="dark")


@pytest.mark.slow
@pytest.mark.realtime
def test_the_window_tells_the_numbers_of_what_is_heard_and_rests_when_nobody_looks(working):
    desk = working.desk
    desk.edit(lambda session: edits.set_loop(session, 0, 3 * desk.song.sample_rate_hz))      # it plays for as long as the pictures take
    assert not desk.figures.watched
    working.key("Ctrl+Shift+M")
    window = working.program.bridge.figures.window
    assert desk.figures.watched
    desk.play_or_stop()
    working.until(lambda: window.stereo._figures[0] not in ("", "\N{EN DASH}"))
    assert window.subject.words == "Master"
    told = float(window.stereo._figures[0].replace(MINUS, "-"))
    assert told == pytest.approx(desk.figures.of("master").report().integrated_lufs, abs=1.5)
    assert window._error_bar.startswith("True peak: off by")
    desk.hear("mix")
    working.until(lambda: window.subject.source == "mix")
    window.choice.choose(1)
    working.until(lambda: window.subject.words.startswith("Behind 1") and desk.figures.of("tap").known)
    assert desk.player.wishes.metered_slot == working.chain[0]
    working.acts.viewing.open_meters()
    assert not window.isVisible()
    assert not desk.figures.watched
    assert desk.player.wishes.metered_slot == ""


@pytest.mark.slow
def test_during_a_blind_test_the_window_is_covered(working):
    working.acts.viewing.open_meters()
    window = working.program.bridge.figures.window
    with mock.patch.object(type(working.desk.blind), "running", new_callable=mock.PropertyMock, return_value=True):
        working.until(lambda: window.subject.words == "Covered")
        assert not any(part.isVisible() for part in window.parts)
    working.until(lambda: window.subject.words == "Master")
    assert window.k.isVisible()


@pytest.mark.slow
def test_a_blind_test_covers_everything(qtbot):
    window = MetersWindow()
    shown(window)
    window.cover(True)
    assert not any(part.isVisible() for part in window.parts)
    window.resize(1400, 900)
    assert not window.scope.isVisible()
    window.cover(False)
    assert all(part.isVisible() for part in window.parts)


def test_a_loud_master_pins_no_programme_meter():
    for face in map(ppm_face, PPM_SCALES):
        assert face.scale.fraction(-0.5) > 0.0, face.title
    assert min(map(abs, (vu_face(reference).reading(-9.0) for reference in VU_REFERENCES_DBFS))) == 0.0


def test_the_distribution_names_what_it_draws(qtbot):
    plot = DistributionPlot()
    qtbot.addWidget(plot)
    plot.show_shares(np.ones(36), np.ones(36), {"10": -20.0, "50": -12.0, "95": -8.0}, -11.0)
    assert [kind for kind, _ in plot.legend()] == ["fill", "line", "dots", "tick"]
    assert plot.legend()[-1][1] == "10, 50, 95 % of the time"
