"""Settings as they are typed: `limiter.ceiling=-1`, `compressor2.ratio=1.5`, `limiter.gain+=0.3`."""
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from dsp_core.params import STAGES
from mastering_rt.errors import UsageProblem
from mastering_rt.session.edits import add_stage, hint, look_up, set_value, telling, unknown_parameter
from mastering_rt.session.model import Session, Slot, StageName, table_of

if TYPE_CHECKING:
    from mastering_rt.plugins.typed import Readers

SETTING = re.compile(r"\s*([^.=+\s]+)\s*\.\s*([^.=+\s]+?)\s*(\+=|-=|=)\s*(.*?)\s*", re.DOTALL)


def apply_setting(session: Session, setting: str) -> Session:
    """Apply one, as `apply_settings` does several."""
    return apply_settings(session, [setting])


def apply_settings(session: Session, settings: Sequence[str], rate_of: Callable[[], float] | None = None) -> Session:
    """Apply them in order. A foreign plugin is loaded once for all that it has to read, at the song's rate if that is told."""
    from mastering_rt.plugins.typed import Readers

    with Readers(rate_of) as readers:
        for setting in settings:
            session = _apply(session, setting, readers)
    return session


def _apply(session: Session, setting: str, readers: "Readers") -> Session:
    """One `SLOT.PARAM=VALUE`; `+=` and `-=` count from the present value.

    SLOT is a slot's name, or a kind the chain has once. A stage the chain does not have is added where it fits. `plugin.file=NAME` puts
    a foreign plugin into its slot; other names there are the plugin's own parameters, with values as the plugin writes them.
    Raises UsageProblem with what can be typed.
    """
    match = SETTING.fullmatch(setting)
    if not match:
        raise UsageProblem(f"{setting!r} is not a setting; write SLOT.PARAM=VALUE, for example limiter.ceiling=-1.")
    slot_name, param_id, sign, text = match[1].lower(), match[2].lower().replace("-", "_"), match[3], match[4]
    kind = _kind(session, slot_name)
    param = table_of(kind).get(param_id)
    if param is None and kind == "plugin" and sign == "=":
        from mastering_rt.plugins.typed import set_typed

        session, slot = with_slot(session, slot_name, kind)
        return set_typed(session, slot.name, param_id, text, readers)
    if param is None:
        raise unknown_parameter(kind, param_id)
    session, slot = with_slot(session, slot_name, kind)
    with telling(setting.strip()):
        value = param.parse(text if sign == "=" else sign + text, slot.value(param_id))
    return set_value(session, slot.name, param_id, value)


def _kind(session: Session, name: str) -> str:
    parsed = StageName.parse(name)
    if parsed is None or parsed.kind not in STAGES:
        names = [slot.name for slot in session.chain]
        there = f"the chain has {', '.join(names)}" if names else "the chain is empty"
        raise UsageProblem(
            f"There is no stage {name!r}{hint(name, [*names, *STAGES], f'{there}; stages are ' + ', '.join(STAGES))}"
        )
    return parsed.kind


def with_slot(session: Session, name: str, kind: str) -> tuple[Session, Slot]:
    """The session and its slot of that name, added where it fits if the chain has none."""
    slot = look_up(session, name)
    if slot is None:
        session = add_stage(session, kind, name=name if name != kind else None)
        slot = next(s for s in session.chain if s.kind == kind and (s.name == name or name == kind))
    return session, slot
