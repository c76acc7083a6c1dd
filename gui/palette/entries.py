"""What the palette can find: commands, parameters and their values, stages, presets, references, markers, files."""
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from dsp_core.param import BadValue, Param, plain
from dsp_core.params import COMMON, LABELS, STAGES
from gui.acts.acts import Acts
from gui.commands import COMMANDS
from gui.keyboard import Keyboard
from gui.palette.matching import WORD, Split, score, seconds_of, splits
from gui.theme import numbers
from mastering_rt.session.changes import spoken
from mastering_rt.session.model import Slot

LETTER_COST = 0.001              # of two that are named alike the shorter comes first; parameters come in the order of their editor
VALUE_BONUS = 5.0                # a line that sets something means that rather than anything else
KIND_BONUS = {"Command": 1.0, "Value": 0.0, "Stage": 0.5, "Preset": 0.4, "Reference": 0.4, "Marker": 0.4, "File": 0.2, "Place": 0.6}


@dataclass(frozen=True)
class Entry:
    """One row: `words` name it, `detail` stands at the right, `why` says why it cannot be done now. `complete`: what choosing it writes into the
    line in place of doing something, for what needs a value first."""

    words: str
    kind: str
    run: Callable[[], object]
    detail: str = ""
    keys: str = ""
    why: str = ""
    on: bool = False
    complete: str = ""
    id: str = ""

    @property
    def spoken(self) -> str:
        """As it is read out."""
        return ", ".join(part for part in (self.words, self.why or self.detail, "on" if self.on else "", self.keys) if part)


@dataclass(frozen=True)
class Setting:
    """A parameter of a slot of the chain."""

    slot: Slot
    param: Param

    @property
    def words(self) -> str:
        """ "Compressor threshold"."""
        return f"{self.slot.title} {spoken(self.param)}"

    @property
    def now(self) -> float:
        return self.slot.value(self.param.id)


class Finder:
    """`find` answers a line. What there is, is looked up once, when it is made."""

    def __init__(self, acts: Acts, keyboard: Keyboard) -> None:
        self._acts = acts
        self._keyboard = keyboard
        self.settings = [Setting(slot, param) for slot in acts.desk.session.chain for param in (*STAGES[slot.kind], *COMMON)]
        self.entries = [*self._commands(), *self._stages(), *self._presets(), *self._references(), *self._markers(), *self._files()]

    def find(self, line: str) -> list[Entry]:
        """The best first; for an empty line everything but the parameters, in the order of the menus."""
        tokens = WORD.findall(line.lower())
        if not tokens:
            return list(self.entries)
        ranked: list[tuple[float, Entry]] = []
        for entry in self.entries:
            points = score(tokens, entry.words)
            if points is not None:
                ranked.append((points + KIND_BONUS[entry.kind] - 2.0 * bool(entry.why) - LETTER_COST * len(entry.words), entry))
        for setting in self.settings:
            points = score(tokens, setting.words)
            if points is not None:
                ranked.append((points, self._ask_for(setting)))
        ranked += self._values(line)
        ranked += self._locks(tokens)
        ranked.sort(key=lambda pair: -pair[0])
        return [*self._place(line), *(entry for _, entry in ranked)]

    # values

    def _ask_for(self, setting: Setting) -> Entry:
        """A parameter without a value: choosing it opens its stage and waits for the value."""
        words = setting.words
        return Entry(words, "Value", partial(self._acts.shaping.select, setting.slot.name), setting.param.text(setting.now), complete=f"{words} ")

    def _values(self, line: str) -> Iterator[tuple[float, Entry]]:
        """Every parameter that the line names, with the value it gives."""
        for split in splits(line):
            for setting in self.settings:
                points = score(split.tokens, setting.words) if split.numeric or setting.param.choices else None
                if points is not None:
                    yield from ((points + VALUE_BONUS, entry) for entry in self._set(setting, split))

    def _set(self, setting: Setting, split: Split) -> Iterator[Entry]:
        param = setting.param
        if param.choices and not split.numeric:
            wanted = plain(split.value)
            for index, choice in enumerate(param.choices):
                if plain(choice).startswith(wanted):
                    yield self._setter(setting, float(index))
            return
        try:
            yield self._setter(setting, param.parse(split.value, setting.now))
        except BadValue as wrong:
            if not param.choices:
                yield replace(self._ask_for(setting), why=str(wrong), complete="")

    def _setter(self, setting: Setting, value: float) -> Entry:
        text, slot, shaping = setting.param.text(value), setting.slot.name, self._acts.shaping
        return Entry(f"{setting.words} {text}", "Value", lambda: shaping.set_by_name(slot, setting.param.id, value),
                     f"now {setting.param.text(setting.now)}", on=value == setting.now)

    def _locks(self, tokens: list[str]) -> Iterator[tuple[float, Entry]]:
        """ "lock ceiling": presets leave it alone; "unlock" takes that back. Only what the word can change is offered."""
        for setting in self.settings if tokens[0] in ("lock", "unlock") and len(tokens) > 1 else ():
            points, locked = score(tokens[1:], setting.words), setting.param.id in setting.slot.locked
            if points is not None and locked == (tokens[0] == "unlock"):
                act = partial(self._acts.shaping.toggle_lock, setting.slot.name, setting.param.id)
                yield points + VALUE_BONUS, Entry(f"{tokens[0].capitalize()} {setting.words}", "Value", act, "Against presets")

    def _place(self, line: str) -> list[Entry]:
        """A time as it is typed: go there."""
        seconds, song = seconds_of(line), self._acts.desk.song
        if seconds is None:
            return []
        frame = round(seconds * self._acts.desk.player.song_rate_hz)
        why = "No song is open." if song is None else "The song ends before." if frame > song.frames else ""
        return [Entry(f"Go to {numbers.clock(seconds)}", "Place", partial(self._acts.hearing.seek, frame), why=why)]

    # what there is

    def _commands(self) -> Iterator[Entry]:
        blind = self._acts.blind.running
        for command in COMMANDS:
            why = "A blind test is under way." if blind and not command.in_blind else command.why_not(self._acts, chosen=True)
            on = command.on is not None and command.on(self._acts)
            yield Entry(command.title.rstrip("."), "Command", partial(self._keyboard.run, command, chosen=True), command.group,
                        self._keyboard.keymap.shown(command.id), why, on, id=command.id)

    def _stages(self) -> Iterator[Entry]:
        for kind in STAGES:
            yield Entry(f"Add {LABELS[kind]}", "Stage", partial(self._acts.shaping.add_behind_selected, kind), "New stage")

    def _presets(self) -> Iterator[Entry]:
        presets = self._acts.presets
        for entry in presets.of_chain():
            yield Entry(f"Load preset {entry.title}", "Preset", partial(presets.load, entry.name), "Whole chain")
        slot = self._acts.shaping.slot
        for entry in presets.of_stage(slot.kind) if slot is not None else ():
            yield Entry(f"Load preset {entry.title}", "Preset", partial(presets.load, entry.name), slot.title if slot is not None else "")

    def _references(self) -> Iterator[Entry]:
        for reference in self._acts.desk.session.references:
            yield Entry(f"Hear {reference.title}", "Reference", partial(self._acts.comparing.hear_reference, reference.id), "Reference")

    def _markers(self) -> Iterator[Entry]:
        rate = self._acts.desk.player.song_rate_hz
        for marker in self._acts.desk.session.markers:
            yield Entry(f"Go to {marker.name}", "Marker", partial(self._acts.hearing.seek, marker.frame), f"Marker at {numbers.clock(marker.frame / rate)}")

    def _files(self) -> Iterator[Entry]:
        for path in self._acts.files.recent():
            yield Entry(f"Open {path.name}", "File", partial(self._acts.files.open, str(path)), str(path.parent))


def runnable(entries: Sequence[Entry]) -> list[Entry]:
    """Those that can be done now."""
    return [entry for entry in entries if not entry.why]
