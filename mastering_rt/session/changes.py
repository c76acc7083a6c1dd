"""What changed between two sessions, in the words of the field: for undo, for the journal and for the eye."""
import re
from collections.abc import Callable, Iterator
from pathlib import PurePath

from dsp_core.param import Param
from dsp_core.params.common import OFF_ON
from mastering_rt.errors import clock
from mastering_rt.session.compared_changes import compared_changes
from mastering_rt.session.model import Loop, PluginRef, Session, Slot, param_of, table_of

ARROW = "\N{RIGHTWARDS ARROW}"
BAND = re.compile(r"band([0-9]+)_")
SPELLED_OUT = 3  # so many changes are told one by one; of more, two and a count
Written = Callable[[PluginRef, int, float | None], str]
"""How a plugin writes a value of one of its parameters; None stands for the one that its state has. "" where that is not known."""


def unwritten(plugin: PluginRef, index: int, value: float | None) -> str:
    return ""


def describe_change(old: Session, new: Session, written: Written = unwritten) -> str:
    """The difference as one sentence: "Limiter ceiling −1.00 → −0.30 dBTP"."""
    found = list(changes(old, new, written))
    if not found:
        return "Nothing changed"
    if len(found) <= SPELLED_OUT:
        return "; ".join(found)
    return f"{found[0]}; {found[1]} and {len(found) - 2} more changes"


def changes(old: Session, new: Session, written: Written = unwritten) -> Iterator[str]:
    """Every difference as a sentence of its own, in the order of the session."""
    yield from _source_changes(old, new)
    yield from _chain_changes(old.chain, new.chain, written)
    if old.loop != new.loop:
        yield _loop_text(old, new)
    yield from _marker_changes(old, new)
    if old.notes != new.notes:
        yield "Notes edited"
    if old.outputs != new.outputs:
        yield "Deliverables changed"
    yield from compared_changes(old, new)
    if old.keep_levels != new.keep_levels:
        yield f"Presets {'keep' if new.keep_levels else 'set'} ceiling and gains"


def _source_changes(old: Session, new: Session) -> Iterator[str]:
    if old.source == new.source:
        return
    before, after = (PurePath(s.source.path).name if s.source else "none" for s in (old, new))
    yield f"Source {before} {ARROW} {after}" if before != after else f"Source {after} read again"


def _chain_changes(old: tuple[Slot, ...], new: tuple[Slot, ...], written: Written) -> Iterator[str]:
    before, after = {slot.name: slot for slot in old}, {slot.name: slot for slot in new}
    yield from (f"{slot.title} removed" for slot in old if slot.name not in after)
    yield from (f"{slot.title} added" for slot in new if slot.name not in before)
    yield from _order_changes([slot for slot in old if slot.name in after], [slot for slot in new if slot.name in before])
    for slot in new:
        if slot.name in before:
            yield from _slot_changes(before[slot.name], slot, written)


def _order_changes(old: list[Slot], new: list[Slot]) -> Iterator[str]:
    before, after = [slot.name for slot in old], [slot.name for slot in new]
    if before == after:
        return
    by_distance = sorted(new, key=lambda slot: -abs(before.index(slot.name) - after.index(slot.name)))
    moved = next((slot for slot in by_distance if _without(before, slot.name) == _without(after, slot.name)), None)
    if moved is None:
        yield f"Order {ARROW} {', '.join(slot.title for slot in new)}"
        return
    place = after.index(moved.name)
    yield f"{moved.title} moved {'before ' + new[place + 1].title if place + 1 < len(new) else 'to the end'}"


def _without(names: list[str], name: str) -> list[str]:
    return [other for other in names if other != name]


def _slot_changes(old: Slot, new: Slot, written: Written) -> Iterator[str]:
    if old.label != new.label:
        yield f"{old.title} is now called {new.title}"
    for param_id, param in table_of(new.kind).items():
        if (param_id in old.locked) != (param_id in new.locked):
            yield f"{new.title} {spoken(param)} {'locked' if param_id in new.locked else 'unlocked'}"
    if old.plugin != new.plugin:
        yield from plugin_changes(old, new, written)
    if old.values == new.values:
        return
    for param_id in table_of(new.kind):
        if old.value(param_id) != new.value(param_id):
            yield value_change(new, param_id, old.value(param_id), new.value(param_id))


def plugin_changes(old: Slot, new: Slot, written: Written = unwritten) -> Iterator[str]:
    """What became of the plugin in a slot: another one, or parameters of the same that were moved."""
    before, after = old.plugin, new.plugin
    if before is None or after is None:
        yield f"{(new if after else old).title} {'taken out of' if after is None else 'put into'} its slot"
    elif (before.path, before.name) != (after.path, after.name):
        yield f"{old.title} {ARROW} {new.title}"
    elif before.state != after.state:
        yield f"{new.title} set in its own window" if before.state else f"{new.title} loaded"
    else:
        yield from (f"{new.title} {key.partition(' ')[2] or 'parameter ' + key} {_move(before, after, key, written)}" for key in moved_keys(before, after))


def moved_keys(before: PluginRef, after: PluginRef) -> list[str]:
    """Of the parameters that one and the same plugin was set to otherwise."""
    return [key for key in {**before.values, **after.values} if before.values.get(key) != after.values.get(key)]


def index_of(key: str) -> int:
    """The number of a plugin's parameter, which stands before its name."""
    return int(key.partition(" ")[0])


def _move(before: PluginRef, after: PluginRef, key: str, written: Written) -> str:
    """As the plugin writes both values, where that is known and tells them apart; else in percent of the range."""
    index = index_of(key)
    texts = [written(plugin, index, plugin.values.get(key)) for plugin in (before, after)]
    if not (all(texts) and texts[0] != texts[1]):
        texts = [f"{100 * plugin.values[key]:.0f} %" if key in plugin.values else "as it was" for plugin in (before, after)]
    unit = texts[1][len(texts[1].rpartition(" ")[0]):]
    return f"{texts[0].removesuffix(unit) if texts[0] != unit else texts[0]} {ARROW} {texts[1]}"


def value_change(slot: Slot, param_id: str, old: float, new: float) -> str:
    """One parameter's change: "EQ band 3 gain 0.0 → −2.0 dB", "Compressor bypassed"."""
    param = param_of(slot.kind, param_id)
    if param_id == "bypass":
        return f"{slot.title} {'bypassed' if new else 'back in'}"
    what = f"{slot.title} {spoken(param)}"
    if param.choices == OFF_ON:
        return f"{what} {OFF_ON[round(new)].lower()}"
    before, after = _told_apart(param, old, new)
    unit = f" {param.unit}"
    return f"{what} {before.removesuffix(unit) if after.endswith(unit) else before} {ARROW} {after}"


def spoken(param: Param) -> str:
    """A parameter's name inside a sentence, its band first: "band 3 gain", "ceiling", "Q"."""
    label = param.label
    words = label[0].lower() + label[1:] if label[1:2].islower() else label
    band = BAND.match(param.id)
    named = band is None or f"{words} ".startswith(f"band {band[1]} ")
    return words if band is None or named else f"band {band[1]} {words}"


def _told_apart(param: Param, old: float, new: float) -> tuple[str, str]:
    """Both values with as many more decimals as it takes to see that they differ."""
    for extra in range(4):
        before, after = param.text(old, extra), param.text(new, extra)
        if before != after:
            break
    return before, after


def _loop_text(old: Session, new: Session) -> str:
    if new.loop is None:
        return "Loop removed"
    if old.loop and (old.loop.start_frame, old.loop.stop_frame) == (new.loop.start_frame, new.loop.stop_frame):
        return f"Loop {'on' if new.loop.on else 'off'}"
    return f"Loop {_region(new, new.loop)}"


def _region(session: Session, loop: Loop) -> str:
    return f"{at(session, loop.start_frame)} to {at(session, loop.stop_frame)}"


def at(session: Session, frame: int) -> str:
    """A place in the song as a person reads it; in frames while there is no source to give the rate."""
    seconds = session.seconds(frame)
    return clock(seconds) if seconds is not None else f"frame {frame}"


def _marker_changes(old: Session, new: Session) -> Iterator[str]:
    yield from (f"Marker {m.name} removed" for m in old.markers if m not in new.markers)
    yield from (f"Marker {m.name} at {at(new, m.frame)}" for m in new.markers if m not in old.markers)
