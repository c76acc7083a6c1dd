"""What a master has that its mix has not: also what the mix had less of. A true peak is one number wherever it is told."""
import pytest

from mastering_rt.desk.looking import new_in_master
from mastering_rt.qc.finding import Finding, Place
from mastering_rt.qc.together import new_or_worse, not_among, together
from mastering_rt.session import edits
from mastering_rt.session.model import Session, Slot
from tests import signals
from tests.mastering_rt.helpers import RATE, clock_desk, until, write_song

SLACK_S = 0.2


def over(*places, kind="true_peak_over"):
    """Findings of true peaks at (second, length, dBTP), told as one."""
    said = [Finding(kind=kind, unit="dBTP", time_s=at, duration_s=length, size=db, severity="act" if db > 0.5 else "look", channel="both",
                    text=f"Samples over full scale, with true peaks up to {db:+.2f} dBTP.") for at, length, db in places]
    return together(said)


MIX = over((10, 1, 0.3), (100, 60, 1.93), (200, 1, 1.0))


def test_what_is_worse_than_in_the_mix_counts_with_all_its_places():
    master = over((10, 2, 3.1), (99, 62, 4.95), (121, 0.1, 0.4), (200, 1, 0.5))
    told, = new_or_worse(master, MIX, SLACK_S)
    assert told == master[0]
    assert "+4.95 dBTP" in told.text and "The worst of 4 places" in told.text


def test_what_is_as_the_mix_was_does_not():
    assert new_or_worse(MIX, MIX, SLACK_S) == ()
    assert new_or_worse(over((100, 60, 2.0)), MIX, SLACK_S) == (), "by less than a tenth of a decibel"
    assert new_or_worse(over((100, 60, 1.0), kind="inter_sample_over"), MIX, SLACK_S) == (), "softer now, between the samples"


def test_between_the_samples_and_on_them_is_one_condition():
    told, = new_or_worse(over((100, 60, 3.0)), over((100, 60, 0.4), kind="inter_sample_over"), SLACK_S)
    assert told.size == 3.0
    assert not_among(over((100, 60, 0.4), kind="inter_sample_over"), over((100, 60, 3.0)), SLACK_S) == (), "it is not gone, it is worse"


def test_anything_else_is_new_where_the_mix_has_none():
    hole = Finding(kind="dropout", unit="ms", time_s=1, duration_s=0.01, size=10, severity="act", channel="both", text="1 hole.")
    later = Finding(kind="dropout", unit="ms", time_s=9, duration_s=0.01, size=50, severity="act", channel="both", text="1 hole.")
    both = together([hole, later])
    assert new_or_worse(both, [hole], SLACK_S) == (later,)
    assert new_or_worse([later], [Finding(**{**{name: getattr(later, name) for name in Place.__struct_fields__}, "size": 10, "kind": "dropout",
                                             "unit": "ms"})], SLACK_S) == ()


@pytest.mark.slow
def test_a_master_that_clips_a_mix_that_clipped_says_the_true_peak_that_the_meters_say(tmp_path, monkeypatch):
    monkeypatch.setattr("mastering_rt.desk.measuring.INSPECT_AFTER_S", 0.0)
    x = signals.programme(3 * RATE, RATE)
    x *= 1.2 / abs(x).max()
    with clock_desk() as desk:
        desk.open(write_song(tmp_path / "x.wav", x, RATE))
        desk.edit(lambda s: Session(source=s.source, chain=(Slot("trim", "trim", {"gain": 6.0}),)))
        desk.looking.begin()
        until(lambda: desk.findings is not None and desk.master_findings is not None, desk.poll)
        assert any(finding.kind == "true_peak_over" for finding in desk.findings)
        told, = (finding for finding in new_in_master(desk.findings, desk.master_findings) if finding.kind == "true_peak_over")
        until(lambda: desk.measured is not None, desk.poll)
        assert f"{desk.measured.master.report.true_peak_dbtp:+.2f} dBTP" in told.text
        assert told.size == max(place.size for place in told.everywhere)
        desk.edit(lambda s: edits.set_value(s, "trim", "gain", 0.0))
        until(lambda: desk.master_findings is not None, desk.poll)
        assert new_in_master(desk.findings, desk.master_findings) == ()
