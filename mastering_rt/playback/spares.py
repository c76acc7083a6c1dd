"""Stages that nothing runs any more, kept to be used again: making one with long filters takes longer than running it up to a place."""
import threading
from collections import deque
from collections.abc import Iterable

from dsp_core.params import MOST_STAGES, params_of
from dsp_core.stages import make
from dsp_core.stages.stage import Stage
from mastering_rt.session.model import Slot


class Spares:
    """Of one rate. Any thread gives and takes."""

    def __init__(self, rate_hz: int, most: int = 2 * MOST_STAGES) -> None:
        self._rate_hz = rate_hz
        self._lock = threading.Lock()
        self._stages: deque[Stage] = deque(maxlen=most)

    def give(self, stages: Iterable[Stage]) -> None:
        """No thread may use them any more; the oldest make room."""
        with self._lock:
            self._stages.extend(stages)

    def take(self, slot: Slot) -> Stage:
        """A stage for this slot, without a past. ValueError when there is none such at the rate."""
        stage = self._find(slot)
        if stage is None:
            return make(slot.kind, self._rate_hz, dict(slot.values))
        for index, param in enumerate(params_of(slot.kind)):
            if param.change == "glide" and stage.get(index) != slot.value(param.id):
                stage.set(index, slot.value(param.id))
        stage.restart_now()
        return stage

    def _find(self, slot: Slot) -> Stage | None:
        with self._lock:
            found = next((stage for stage in self._stages if is_made_for(stage, slot)), None)
            if found is not None:
                self._stages.remove(found)
            return found


def is_made_for(stage: Stage, slot: Slot) -> bool:
    """Whether the stage can become what the slot says by gliding alone."""
    return stage.kind == slot.kind and all(
        param.change == "glide" or stage.get(index) == slot.value(param.id) for index, param in enumerate(params_of(slot.kind)))
