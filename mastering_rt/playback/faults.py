"""Samples that are no numbers, as the stages met them: counted by the audio thread, told here by the name of the stage."""
from collections.abc import Sequence

from dsp_core.engine.glance import faults_of
from mastering_rt.errors import fault_sentences
from mastering_rt.playback.telemetry import Records, bytes_of
from mastering_rt.session.model import Slot


class FaultWatch:
    """Tells of a slot's faults when they begin and each time their number has doubled, so that a steady fault is no flood."""

    def __init__(self) -> None:
        self._told: dict[str, int] = {}

    def read(self, records: Records, slots: Sequence[Slot]) -> tuple[str, ...]:
        """Sentences on what is new in these records; `slots` run now. Records of another chain say nothing."""
        counts = faults_of(bytes_of(records)) if len(records) else []
        if not any(counts):
            if self._told and counts and len(counts) == len(slots):
                self._told.clear()
            return ()
        if len(counts) != len(slots):
            return ()
        fresh = [(slot, count) for slot, count in zip(slots, counts) if count >= max(1, 2 * self._told.get(slot.name, 0))]
        # A new instance counts from zero again.
        self._told = {slot.name: min(count, self._told.get(slot.name, 0)) for slot, count in zip(slots, counts)}
        self._told.update({slot.name: count for slot, count in fresh})
        return tuple(fault_sentences((slot.kind, count) for slot, count in fresh))
