"""What is typed for a plugin, what it answers, and how that is shown."""
import pytest

from mastering_rt.plugins.changes import changes_between, elsewhere
from mastering_rt.plugins.scan import Found
from mastering_rt.plugins.texts import comes_back, for_plugin, share_typed, shown, was_read
from mastering_rt.session.model import PluginRef

MINUS = "\N{MINUS SIGN}"


@pytest.mark.parametrize(("typed", "unit", "given"), [
    ("-6 dB", "dB", "-6 dB"), (f"{MINUS}6", "dB", "-6"), ("2 kHz", "Hz", "2000"), ("2k", "Hz", "2000"), ("0,1 s", "ms", "100"), ("250 ms", "s", "0.25"),
    ("3,5", "", "3.5"), ("Bassman", "", "Bassman"), ("12 kHz", "kHz", "12 kHz"), ("1k5", "Hz", "1500"), ("1.500,5 Hz", "Hz", "1500.5 Hz"),
    ("12,500,000", "Hz", "12500000"), ("1,2,3", "", "1,2,3"), ("4/4", "", "4/4")])
def test_a_plugin_is_given_what_it_can_read(typed, unit, given):
    assert for_plugin(typed, unit) == (given,)


@pytest.mark.parametrize(("typed", "unit", "given"), [
    ("1,500 Hz", "Hz", ("1.5 Hz", "1500 Hz")), ("-1,500", "dB", ("-1.5", "-1500")), ("1,500 s", "ms", ("1500", "1500000")), ("0,500", "s", ("0.5",))])
def test_a_comma_before_three_digits_can_part_thousands(typed, unit, given):
    assert for_plugin(typed, unit) == given


@pytest.mark.parametrize(("given", "answer", "unit", "back"), [
    ("1500 Hz", "1500.000000", "Hz", True), ("1.5 Hz", "20.000000", "Hz", False), ("1500", "1.50 kHz", "Hz", True), ("1500", "1,500 Hz", "Hz", True),
    ("-1.5", f"{MINUS}1.50 dB", "dB", True), ("1.5", "2", "samples", False), ("1500", "Clean", "", False), ("1500", "1,2,3", "", False)])
def test_a_number_comes_back_where_the_range_has_room_for_it(given, answer, unit, back):
    assert comes_back(given, answer, unit) is back


@pytest.mark.parametrize(("typed", "unit", "share"), [
    ("40 %", "dB", 0.4), ("40%", "", 0.4), ("40 %", "%", None), ("-6 dB", "dB", None), ("140 %", "dB", None), ("x %", "dB", None)])
def test_percent_is_a_share_of_the_range(typed, unit, share):
    assert share_typed(typed, unit) == share


def test_words_are_read_only_where_they_come_back():
    assert was_read("-6 dB", "-5.999999") and was_read("bass", "Bassman 5F6-A") and not was_read("loud", "0.000000") and not was_read("", "0")


@pytest.mark.parametrize(("text", "unit", "seen"), [
    ("-8.999999", "dB", f"{MINUS}9 dB"), ("0.000000", "dB", "0 dB"), ("-0.000001", "dB", "0 dB"), ("14000.000000", "Hz", "14000 Hz"), ("12.345678", "ms", "12.35 ms"),
    ("1000", "samples", "1000 samples"), ("50.0", " ", "50"), ("Bassman", "", "Bassman"), ("-6 dB", "dB", "-6 dB")])
def test_texts_are_shown_with_their_unit_and_without_idle_digits(text, unit, seen):
    assert shown(text, unit) == seen


def found(path, modified=1.0, **more):
    return Found(path, modified, 10, **more)


def test_what_became_of_the_plugins_is_a_sentence():
    before = [found("/a/One.vst3"), found("/a/Two.vst3"), found("/a/Three.vst3")]
    after = [found("/a/One.vst3"), found("/a/Two.vst3", 2.0), found("/a/Four.vst3", problem="crashed")]
    assert changes_between(before, after).sentence == "Four was added to the plugins. Two was replaced. Three is no longer there. Four crashed."
    assert not changes_between(before, [found("/a/One.vst3", live_tested=True), *before[1:]]).sentence


def test_a_plugin_is_found_elsewhere_by_its_identity_only(tmp_path):
    path = tmp_path / "Gain.vst3"
    path.write_bytes(b"")
    known = [found(str(path), identifier="VST3-Gain-bbbb2222-17")]
    assert elsewhere(PluginRef("/gone/Gain.vst3", identifier="VST3-Gain-aaaa1111-17"), known) is known[0]
    assert elsewhere(PluginRef("/gone/Gain.vst3", identifier="VST3-Gain-aaaa1111-18"), known) is None
    assert elsewhere(PluginRef("/gone/Gain.vst3"), known) is None
