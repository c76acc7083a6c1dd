"""Every way to change a session: pure functions, session in, session out.

What does not exist is a UsageProblem with what there is; what a parameter cannot take is a UsageProblem with its range.
The session that came in is never touched, so a refused edit changes nothing.
"""
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from difflib import get_close_matches

from msgspec.structs import replace

from dsp_core.param import BadValue, UnknownParameter
from dsp_core.params import STAGES
from mastering_rt.errors import UsageProblem
from mastering_rt.session.model import (
    Loop,
    Marker,
    OutputSpec,
    PluginRef,
    Reference,
    Session,
    Slot,
    Source,
    StageName,
    checked,
    param_of,
    table_of,
)

ORDER = ("trim", "eq", "dynamic_eq", "deesser", "resonance", "compressor", "multiband", "saturation", "stereo", "plugin",
         "clipper", "limiter")
SHORTEST_LOOP_S = 0.05
LEVELS = {"trim": ("gain",), "limiter": ("gain", "ceiling")}  # what `keep_levels` protects when a preset is loaded


@contextmanager
def telling(what: str) -> Iterator[None]:
    """Turn the table's refusals into usage sentences that begin with what was asked for."""
    try:
        yield
    except (BadValue, ValueError) as error:
        raise UsageProblem(f"{what}: {error}.") from None


def hint(wrong: str, known: Iterable[str], otherwise: str) -> str:
    """The end of a sentence about an unknown name: the known name that is close to it, else `otherwise`."""
    close = get_close_matches(wrong, list(known), n=1)
    return f"; did you mean {close[0]}?" if close else f"; {otherwise}."


def find_slot(session: Session, name: str) -> Slot:
    """The slot of that name; a bare kind also finds the only slot of its kind. UsageProblem with the names there are."""
    slot = look_up(session, name)
    if slot is None:
        names = [slot.name for slot in session.chain]
        there = f"it has {', '.join(names)}" if names else "it is empty"
        raise UsageProblem(f"The chain has no stage {name!r}{hint(name, names, there)}")
    return slot


def look_up(session: Session, name: str) -> Slot | None:
    """Like `find_slot`, but None for a name that is not there."""
    exact = next((slot for slot in session.chain if slot.name == name), None)
    if exact or name not in STAGES:
        return exact
    of_kind = [slot for slot in session.chain if slot.kind == name]
    if len(of_kind) > 1:
        raise UsageProblem(f"The chain has no stage {name!r}; it has {' and '.join(slot.name for slot in of_kind)}.")
    return of_kind[0] if of_kind else None


def position_of(session: Session, name: str) -> int:
    """Place in the chain, 0 first."""
    return session.chain.index(find_slot(session, name))


def _with_slot(session: Session, name: str, **changes: object) -> Session:
    old = find_slot(session, name)
    new = replace(old, **changes)
    return replace(session, chain=tuple(new if slot is old else slot for slot in session.chain))


def set_values(session: Session, name: str, values: Mapping[str, float]) -> Session:
    """Set several parameters of one slot at once; all of them or, when one is refused, none."""
    slot = find_slot(session, name)
    kept = dict(slot.values)
    for param_id, value in values.items():
        kept[param_id] = _checked(slot, param_id, value)
    return _with_slot(session, slot.name, values=kept)


def _checked(slot: Slot, param_id: str, value: float) -> float:
    what = f"{slot.name}.{param_id}"
    try:
        with telling(what):
            return checked(param_of(slot.kind, param_id), value)
    except UnknownParameter:
        raise unknown_parameter(slot.kind, param_id) from None


def unknown_parameter(kind: str, param_id: str) -> UsageProblem:
    """The sentence for a parameter that a kind does not have."""
    known = table_of(kind)
    return UsageProblem(f"{kind} has no parameter {param_id!r}{hint(param_id, known, 'it has ' + ', '.join(known))}")


def set_value(session: Session, name: str, param_id: str, value: float) -> Session:
    """Set one parameter of one slot."""
    return set_values(session, name, {param_id: value})


def reset_value(session: Session, name: str, param_id: str) -> Session:
    """One parameter back to its default."""
    slot = find_slot(session, name)
    if param_id not in table_of(slot.kind):
        raise unknown_parameter(slot.kind, param_id)
    return _with_slot(session, slot.name, values={key: value for key, value in slot.values.items() if key != param_id})


def reset_stage(session: Session, name: str) -> Session:
    """All parameters of a slot back to their defaults."""
    return _with_slot(session, name, values={})


def paste_values(session: Session, name: str, values: Mapping[str, float]) -> Session:
    """Replace all values of a slot but the locked ones, as copied from another slot of the same kind or from a stage preset."""
    slot = find_slot(session, name)
    return set_values(reset_stage(session, name), name, {**values, **{id: slot.value(id) for id in slot.locked if id in table_of(slot.kind)}})


def paste_stage(session: Session, name: str, copied: Slot) -> Session:
    """The values of a copied slot of the same kind, and the plugin it holds with all that it was set to. Bypassed or not stays."""
    slot = find_slot(session, name)
    session = paste_values(session, name, {**copied.values, "bypass": slot.value("bypass")})
    return put_plugin(session, name, copied.plugin) if copied.plugin is not None else session


def set_lock(session: Session, name: str, param_id: str, locked: bool) -> Session:
    """Let presets, pasted settings and a reset leave one parameter alone, or change it again."""
    slot = find_slot(session, name)
    if param_id not in table_of(slot.kind):
        raise unknown_parameter(slot.kind, param_id)
    return _with_slot(session, slot.name, locked=tuple({*slot.locked, param_id} if locked else {*slot.locked} - {param_id}))


def toggle_bypass(session: Session, name: str) -> Session:
    """Bypass a slot, or take it back in."""
    slot = find_slot(session, name)
    return set_value(session, slot.name, "bypass", 0.0 if slot.bypassed else 1.0)


def next_name(session: Session, kind: str) -> str:
    """A name no slot of this session has had: "compressor", then "compressor2" and so on."""
    return str(StageName(kind, session.name_numbers.get(kind, 0) + 1))


def fitting_position(chain: tuple[Slot, ...], kind: str) -> int:
    """Where a stage of this kind belongs: after the others of its kind, else in the usual order; a limiter goes last."""
    later = [place for place, slot in enumerate(chain) if _rank(slot.kind) > _rank(kind)]
    same = [place + 1 for place, slot in enumerate(chain) if slot.kind == kind]
    return same[-1] if same and kind != "limiter" else later[0] if later else len(chain)


def _rank(kind: str) -> int:
    return ORDER.index(kind) if kind in ORDER else ORDER.index("plugin")


def add_stage(
    session: Session, kind: str, position: int | None = None, values: Mapping[str, float] | None = None, name: str | None = None
) -> Session:
    """Add a stage, by default where it fits, with its defaults or `values`, called as `next_name` says or `name`."""
    if kind not in STAGES:
        raise UsageProblem(f"There is no stage kind {kind!r}{hint(kind, STAGES, 'there are ' + ', '.join(STAGES))}")
    place = fitting_position(session.chain, kind) if position is None else _place(position, len(session.chain))
    with telling(f"Adding a {kind}"):
        slot = Slot(name or next_name(session, kind), kind)
        session = replace(session, chain=(*session.chain[:place], slot, *session.chain[place:]))
    return set_values(session, slot.name, values or {})


def _place(position: int, last: int) -> int:
    if not 0 <= position <= last:
        raise UsageProblem(f"There is no position {position} in the chain; positions go from 0 to {last}.")
    return position


def put_plugin(session: Session, name: str, plugin: PluginRef | None) -> Session:
    """Another plugin in a slot of kind plugin, or the same one set otherwise; None empties it."""
    with telling(name):
        return _with_slot(session, name, plugin=plugin)


def remove_stage(session: Session, name: str) -> Session:
    """Take a stage out of the chain."""
    gone = find_slot(session, name)
    return replace(session, chain=tuple(slot for slot in session.chain if slot is not gone))


def move_stage(session: Session, name: str, position: int) -> Session:
    """Move a stage so that it ends up at `position`."""
    moved = find_slot(session, name)
    rest = [slot for slot in session.chain if slot is not moved]
    rest.insert(_place(position, len(rest)), moved)
    return replace(session, chain=tuple(rest))


def duplicate_stage(session: Session, name: str) -> Session:
    """Put a copy of a stage, with a name of its own, right after it."""
    slot = find_slot(session, name)
    twin = replace(slot, name=next_name(session, slot.kind))
    after = session.chain.index(slot) + 1
    with telling(f"Duplicating {slot.title}"):
        return replace(session, chain=(*session.chain[:after], twin, *session.chain[after:]))


def rename_stage(session: Session, name: str, label: str) -> Session:
    """Give a stage a label of the user's own; the empty label brings the usual title back. Its handle stays."""
    return _with_slot(session, name, label=" ".join(label.split()))


def replace_chain(session: Session, chain: Iterable[Slot], keep_levels: bool | None = None) -> Session:
    """Put another chain in place, as a preset does. What is locked stays as it is, first stage of a kind to first stage and so on.

    keep_levels: so do trim gain, limiter drive and ceiling; None asks the session's own switch.
    """
    new = tuple(_keeping(tuple(chain), session.chain, session.keep_levels if keep_levels is None else keep_levels))
    with telling("The chain"):
        return replace(session, chain=new, set_aside=())


def _keeping(new: tuple[Slot, ...], old: tuple[Slot, ...], levels: bool) -> Iterator[Slot]:
    waiting = list(old)
    for slot in new:
        before = next((one for one in waiting if one.kind == slot.kind), None)
        if before is not None:
            waiting.remove(before)
            kept = [id for id in before.locked if id in table_of(slot.kind)] + list(LEVELS.get(slot.kind, ()) if levels else ())
            if kept:
                slot = replace(slot, values={**slot.values, **{key: before.value(key) for key in kept}}, locked=before.locked)
        yield slot


def set_source(session: Session, source: Source) -> Session:
    """Take another mix, or a new version of it. Loop and markers keep their time; what lies past the new end goes."""
    scale = source.sample_rate_hz / session.source.sample_rate_hz if session.source else 1.0
    loop = session.loop and _moved_loop(session.loop, scale, source.frames, source.sample_rate_hz)
    markers = tuple(replace(m, frame=round(m.frame * scale)) for m in session.markers if round(m.frame * scale) < source.frames)
    return replace(session, source=source, loop=loop, markers=markers, references=tuple(_beside(r, scale) for r in session.references))


def _beside(reference: Reference, scale: float) -> Reference:
    """The reference beside a mix whose rate is `scale` times that of the one before."""
    sections = tuple(replace(s, start_frame=round(s.start_frame * scale), stop_frame=round(s.stop_frame * scale)) for s in reference.sections)
    return replace(reference, offset_frames=round(reference.offset_frames * scale), sections=sections)


def _moved_loop(loop: Loop, scale: float, frames: int, rate: int) -> Loop | None:
    start, stop = round(loop.start_frame * scale), min(round(loop.stop_frame * scale), frames)
    return replace(loop, start_frame=start, stop_frame=stop) if stop - start >= SHORTEST_LOOP_S * rate else None


def set_loop(session: Session, start_frame: int, stop_frame: int, on: bool = True) -> Session:
    """Draw the loop; it is cut at the end of the source. UsageProblem when under 50 ms are left of it."""
    stop = min(stop_frame, session.source.frames) if session.source else stop_frame
    if session.source and stop - start_frame < SHORTEST_LOOP_S * session.source.sample_rate_hz:
        raise UsageProblem(f"A loop of {max(0, stop - start_frame) / session.source.sample_rate_hz:.3f} s is too short; "
                           f"it takes at least {SHORTEST_LOOP_S:g} s of the song.")
    with telling("Loop"):
        return replace(session, loop=Loop(start_frame, stop, on))


def switch_loop(session: Session, on: bool) -> Session:
    """Turn the loop on or off without forgetting where it is; without a loop it is the whole source."""
    if session.loop:
        return replace(session, loop=replace(session.loop, on=on))
    return set_loop(session, 0, session.source.frames, on) if session.source else session


def clear_loop(session: Session) -> Session:
    return replace(session, loop=None)


def add_marker(session: Session, frame: int, name: str, note: str = "") -> Session:
    """Put a marker; markers stand in the order of the song."""
    with telling("Marker"):
        return replace(session, markers=tuple(sorted((*session.markers, Marker(frame, name, note)), key=lambda m: m.frame)))


def remove_marker(session: Session, marker: Marker) -> Session:
    return replace(session, markers=tuple(m for m in session.markers if m != marker))


def set_notes(session: Session, notes: str) -> Session:
    return replace(session, notes=notes)


def set_chain(session: Session, chain: Iterable[Slot]) -> Session:
    """Another chain in place of the one there is."""
    return replace(session, chain=tuple(chain))


def set_outputs(session: Session, outputs: Iterable[OutputSpec]) -> Session:
    return replace(session, outputs=tuple(outputs))


def set_keep_levels(session: Session, keep: bool) -> Session:
    return replace(session, keep_levels=keep)


def empty_chain(session: Session) -> Session:
    return replace(session, chain=(), set_aside=())
