"""The window with a mix that was opened just now: a chain is there, and does nothing."""
import pytest

from tests.mastering_rt.helpers import programme_file

pytestmark = pytest.mark.slow


def test_a_new_mix_is_not_changed_before_anybody_asks(rig, tmp_path):
    rig.open(programme_file(tmp_path, 6.0))
    rig.wait_for_facts()
    assert rig.chain == ["eq", "compressor", "limiter"]
    facts = rig.program.bridge.song.facts
    assert facts.changes_lu == (0.0, 0.0, 0.0)
    assert facts.master.integrated_lufs == pytest.approx(facts.mix.integrated_lufs, abs=1e-9)
    assert facts.measured.reduction_db.max() == 0.0
    assert not rig.desk.has_unsaved_changes
