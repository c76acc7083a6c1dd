"""What looking at every view has found stays mended: words that lay on words, lines that stayed thin, bars that were not ours."""
import pytest
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QWidget

from gui.controls.choice import Choice
from gui.controls.scroll_bar import ScrollBar
from gui.controls.slot import SlotState, StageSlot
from gui.dialogs.sheets import Sheet
from gui.plots.strokes import line_width
from gui.theme import theme
from tests.gui.hands import shown
from tests.gui.test_window_layout import read, trouble


@pytest.mark.parametrize("wide", [150, 212, 300])
def test_the_words_of_a_slot_never_lie_on_each_other(qtbot, wide):
    theme.use(density="compact" if wide == 150 else "comfortable")
    slot = StageSlot(SlotState(name="Stereo"))
    qtbot.addWidget(slot)
    slot.show_words("Width 40\N{EN DASH}135 %", "mono < 90 Hz")
    shown(slot, wide, theme.px(theme.sizes.slot[1]))
    said = read(slot)
    assert not trouble(said) and any(line.words.startswith("Width") for line in said)
    assert any(line.words.startswith("mono") for line in said) is (wide > 150)


def test_a_choice_that_is_off_keeps_its_name(qtbot):
    choice = Choice("Guard", ["Off", "Strong"])
    qtbot.addWidget(choice)
    choice.show_brief(True)
    shown(choice)
    assert [line.words for line in read(choice)] == ["Guard", "Off"]
    choice.show_value(1)
    assert [line.words for line in read(choice)] == ["Strong"]


@pytest.mark.parametrize(("scale", "ratio", "wide"), [(1.0, 1.0, 0), (1.2, 1.0, 0), (2.0, 1.0, 2), (1.0, 2.0, 1), (2.0, 2.0, 2)])
def test_lines_of_data_grow_with_the_interface(scale, ratio, wide):
    theme.use(scale=scale)
    assert line_width(ratio) == wide


def test_a_scroll_bar_says_how_much_is_shown(qtbot):
    content = QWidget()
    content.setMinimumHeight(900)
    sheet = Sheet(content, 300)
    qtbot.addWidget(sheet)
    shown(sheet, 200, 300)
    bar = sheet.verticalScrollBar()
    assert isinstance(bar, ScrollBar)
    high = bar.handle().height()
    assert 0.2 < high / bar.height() < 0.4
    top = bar.handle().y()
    bar.setValue(bar.maximum())
    assert bar.handle().bottom() >= bar.height() - bar.handle().height() // 4 and bar.handle().y() > top
    picture = QPixmap(bar.size())
    bar.render(picture)
    assert picture.toImage().pixelColor(bar.handle().center()) == theme.color("hover")
