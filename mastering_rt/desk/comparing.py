"""What is compared with what: two sides, both ready to be heard at once, aligned and at one level.

Every side that is compared is brought down to the quietest of mix, master and the two sides of the pair, so that going round among
them is fair, whichever way. Only ever down.
"""
from collections.abc import Sequence
from operator import is_

from mastering_rt.desk.decks import Decks
from mastering_rt.desk.matching import Matcher, drive_of
from mastering_rt.desk.measuring import Measurements
from mastering_rt.desk.references import References
from mastering_rt.desk.regions import Level, Regions, reference_span
from mastering_rt.desk.sides import MASTER, MIX, Side, chain_of, named
from mastering_rt.errors import UsageProblem
from mastering_rt.offline.measured import Measured
from mastering_rt.playback.beside import OTHER_NAMES, OTHERS
from mastering_rt.playback.match import UNKNOWN, Basis, Match, Mode
from mastering_rt.playback.player import (
    DRIVE_SLEW_DB_PER_S,
    ESTIMATE_SLEW_DB_PER_S,
    SOURCES,
    SURE_SLEW_DB_PER_S,
    Player,
)
from mastering_rt.playback.telemetry import Records, joined
from mastering_rt.session.comparing import find_reference
from mastering_rt.session.model import Loop, Reference, Session, Slot

CHAINS = ("snapshot", "without", "order")    # kinds of side that want a chain of their own
HEARD = {"mix": "mix", "master": "master", "reference": "reference", "delta": "delta", **dict.fromkeys(CHAINS, "other")}


class Comparing:
    """For the desk's thread only. `follow` whenever the session has changed, `poll` with what played.

    pair: the side heard before and the one heard now. mode: what the match goes by.
    """

    def __init__(self, player: Player, measurements: Measurements, references: References) -> None:
        self.pair: tuple[Side, Side] = (MIX, MASTER)
        self.mode: Mode = "loop"
        self.levelled, self.unity = True, False
        self.matcher = Matcher()                 # of the session's own chain
        self.references = references
        self._player, self._measurements = player, measurements
        self._session = Session()
        self._others: list[Side | None] = [None] * OTHERS
        self._matchers = [Matcher() for _ in range(OTHERS)]
        self._decks = Decks(player, references)
        self._regions = Regions()
        self._engine = player.engine
        self._unheard: list[Records] = []                            # played since the last call of `poll`
        self._levelled_by: tuple[object, ...] = ()                   # what the gains were worked out from, of what may change between two calls of `poll`

    # what is heard

    @property
    def side(self) -> Side:
        """What is heard."""
        return self.pair[1]

    @property
    def heard(self) -> str:
        """ "mix", "master", "reference", "other" (another chain) or "delta"."""
        return HEARD[self.side.kind]

    @property
    def _heard_reference(self) -> str:
        return self.side.name if self.side.kind == "reference" else ""

    @property
    def heard_chain(self) -> tuple[Slot, ...]:
        """The chain that is heard, or was last: another side's while that is heard, else the session's."""
        return self.chain(self.side) or self._session.chain if self.side.kind in CHAINS else self._session.chain

    @property
    def wanted_chains(self) -> tuple[tuple[Slot, ...], ...]:
        """Chains of the pair whose whole song has to be known; the session's own one is not among them."""
        found = [self.chain(side) for side in reversed(self.pair) if side.kind in CHAINS]
        return tuple(chain for chain in found if chain is not None)

    def chain(self, side: Side) -> tuple[Slot, ...] | None:
        """The slots that a side runs the song through; None for one that has no chain, or is not there any more."""
        return chain_of(side, self._session)

    def title(self, side: Side) -> str:
        """What a person calls a side."""
        return named(side, self._session)

    def hear(self, side: Side) -> None:
        """Make it the one that is heard, and the one before the other of the pair. UsageProblem where it cannot be."""
        self.check(side)
        if side != self.side:
            self.pair = (self.side, side)
        self._take_places()
        self._level()
        if side.kind == "delta":
            self._player.hear_delta_of(side.name)
        self._player.hear(self.source_of(side))

    def set_pair(self, before: Side, now: Side) -> None:
        """Compare these two; the second is heard. UsageProblem where one of them cannot be."""
        self.check(before)
        self.check(now)
        if before == now:
            raise UsageProblem(f"{self.title(now)} cannot be compared with itself.")
        self.pair = (now, before)
        self.hear(now)

    def swap(self) -> None:
        """The other one of the two that were heard last."""
        self.hear(self.pair[0])

    def check(self, side: Side) -> None:
        """UsageProblem for what cannot be heard, with the reason."""
        if side.kind == "reference":
            reference = find_reference(self._session, side.name)
            entry = self.references[reference.id]
            if entry.problem:
                raise UsageProblem(f"{reference.title} cannot be heard: {entry.sentence or entry.problem}")
            if not entry.ready:
                raise UsageProblem(f"{reference.title} is still being read; it can be heard in a moment.")
        elif side.kind in CHAINS and self.chain(side) is None:
            raise UsageProblem(f"{self.title(side)} is empty; store a chain in it first." if side.kind == "snapshot" else
                               f"{self.title(side)} is not in the chain any more.")
        elif side.kind == "delta" and all(slot.name != side.name for slot in self._session.chain):
            raise UsageProblem(f"There is no stage {side.name!r} whose delta could be heard.")

    def source_of(self, side: Side) -> str:
        """Which source of the player a side of the pair is."""
        if side.kind in CHAINS:
            return OTHER_NAMES[self._others.index(side)]
        return self._decks.source_of(side.name) if side.kind == "reference" else side.kind

    # places in the engine

    def _take_places(self) -> None:
        """Chains and decks for both sides of the pair; whoever is in neither lets go."""
        chains = [side for side in reversed(self.pair) if side.kind in CHAINS]
        for k, other in enumerate(self._others):
            if other is not None and other not in chains:
                self._others[k] = None
                self._player.set_other(k, None)
        for side in chains:
            if side not in self._others:
                k = self._others.index(None)
                self._others[k], self._matchers[k] = side, Matcher(self.mode)
        self._decks.give_to([side.name for side in reversed(self.pair) if side.kind == "reference"])
        self._refresh()

    def _refresh(self) -> None:
        """Chains and decks as the session has them now."""
        for k, side in enumerate(self._others):
            chain = self.chain(side) if side is not None else None
            if chain is not None:
                if self._player.wishes.others[k] != chain:
                    self._player.set_other(k, chain)
                self._matchers[k].loop_changed(self._session.loop)
                self._matchers[k].chain_changed(chain)
                self.measured(self._measurements.known(chain))
        self._decks.refresh(self._heard_reference)

    def reference_frame(self, id: str) -> int:
        """Where the playhead of a reference is, in frames of its file."""
        return self._decks.frame_of(id)

    def seek_reference(self, id: str, frame: int) -> None:
        """Let a reference with its own playhead go to a frame of its file. A locked one stands where the song stands."""
        self._decks.seek(id, frame)

    # the level

    def set_mode(self, mode: Mode) -> None:
        """Match over the loop (the song where there is none), over the whole song, or over what was heard since the last change."""
        self.mode = mode
        for matcher in (self.matcher, *self._matchers):
            matcher.set_mode(mode)
        self._level()

    def set_level(self, levelled: bool, unity: bool) -> None:
        """Whether all that is compared is brought to one level, and whether the limiters' drive is taken back in place of the match."""
        self.levelled, self.unity = levelled, unity
        self._level()

    def level_of(self, side: Side) -> Level:
        """How loud it is beside the mix, over its own region."""
        if side == MIX:
            return Level(0.0, self.match_of(MASTER).basis)
        if side.kind == "reference":
            return self._reference_level(find_reference(self._session, side.name))
        match = self.match_of(side)
        return Level(match.difference_lu, match.basis)

    def match_of(self, side: Side) -> Match:
        """What a side's chain makes of the loudness of the mix; of what has no chain, the session's."""
        if self.unity:
            return drive_of(self.chain(side) or self._session.chain if side.kind in CHAINS else self._session.chain)
        if side.kind in CHAINS:
            return self._matchers[self._others.index(side)].match if side in self._others else UNKNOWN
        return self.matcher.match

    def gain_db(self, side: Side) -> float:
        """What is taken off a side so that all that is compared is equally loud, at most 0 dB."""
        level = Level() if side.kind == "delta" else self.level_of(side)
        if not self.levelled:
            return min(0.0, level.trim_db)
        own = level.apparent_lu
        if own is None:
            return 0.0
        found = [self.level_of(other).apparent_lu for other in dict.fromkeys((MIX, MASTER, *self.pair, side)) if other.kind != "delta"]
        return min(value for value in found if value is not None) - own

    def mix_lufs(self) -> float | None:
        """Loudness of what of the mix is compared; None until it was measured."""
        return self._regions.mix_lufs(self._loop)

    def difference_lu(self) -> float | None:
        """By how much what is heard is louder than the other side of the pair, without the match; None while that is not known."""
        before, now = (self.level_of(MASTER if side.kind == "delta" else side).difference_lu for side in self.pair)
        return now - before if before is not None and now is not None else None

    def residual_lu(self) -> float | None:
        """By how much what is heard is louder than the other side of the pair as both play now, a trim included; None while that is not known."""
        sides = [MASTER if side.kind == "delta" else side for side in self.pair]
        levels = [self.level_of(side).difference_lu for side in sides]
        if levels[0] is None or levels[1] is None:
            return None
        before, now = (level + self._player.wishes.gains.get(self.source_of(side), (0.0, 0.0))[0] for level, side in zip(levels, sides, strict=True) if level is not None)
        return now - before

    def basis(self) -> Basis:
        """What the match of the pair goes by: the less certain of both."""
        found = [self.level_of(side).basis for side in self.pair if side != MIX and side.kind != "delta"] or [self.matcher.match.basis]
        order: tuple[Basis, ...] = ("none", "estimate", "recent", "drive", "song", "loop")
        return min(found, key=order.index)

    def _reference_level(self, reference: Reference) -> Level:
        span = reference_span(reference, self._loop, self._player.song_rate_hz) if self.mode != "song" else None
        return self._regions.level_of(reference, self.references.facts(reference.id), self._loop, span)

    @property
    def _loop(self) -> Loop | None:
        loop = self._session.loop
        return loop if loop is not None and loop.on and self.mode != "song" else None

    def _level(self) -> None:
        """Tell the player every gain that has changed."""
        self._levelled_by = self._level_of_now()
        sides = {side: self.source_of(side) for side in dict.fromkeys((MIX, MASTER, *self.pair)) if side.kind != "delta"}
        for side, source in sides.items():
            slew = SURE_SLEW_DB_PER_S
            if self.levelled and self.unity:
                slew = DRIVE_SLEW_DB_PER_S
            elif self.levelled and self.basis() in ("estimate", "recent"):
                slew = ESTIMATE_SLEW_DB_PER_S
            wish = (self.gain_db(side), slew)
            if self._player.wishes.gains.get(source) != wish:
                self._player.set_gain(source, *wish)

    # following

    def song_changed(self) -> None:
        """Nothing measured so far holds any more."""
        self._unheard.clear()
        self._regions.mix = None
        self.matcher.song_changed()
        for matcher in self._matchers:
            matcher.song_changed()

    def reset(self) -> None:
        """Another session: mix and master."""
        self.pair = (MIX, MASTER)
        self._decks.forget_places()
        self._take_places()
        self._player.hear("master")

    def follow(self, session: Session) -> None:
        """The session has changed. A side that is no longer there gives way to the master, or to the mix."""
        if session.chain != self._session.chain:
            self._unheard.clear()
        self._session = session
        self._decks.follow(session)
        self.references.follow(session.references, self._player.rate_hz)
        self.matcher.loop_changed(session.loop)
        self.matcher.chain_changed(session.chain)
        if not all(self._there(side) for side in self.pair):
            before, now = (side if self._there(side) else MASTER for side in self.pair)
            self.pair = (before if before != now else MIX if now == MASTER else MASTER, now)
            self._take_places()
            self._player.hear(self.source_of(now))
        self._refresh()
        self._level()

    def _there(self, side: Side) -> bool:
        if side.kind == "reference":
            return any(r.id == side.name for r in self._session.references)
        if side.kind == "delta":
            return any(slot.name == side.name for slot in self._session.chain)
        return side.kind not in CHAINS or self.chain(side) is not None

    def measured(self, measured: Measured | None) -> None:
        """A pass over the whole song is finished, of whichever chain."""
        if measured is None:
            return
        self._regions.mix = (measured.mix_bins, measured.rate_hz)
        if measured.chain == self._session.chain:
            self.matcher.measured(measured)
        for side, matcher in zip(self._others, self._matchers):
            if side is not None and self.chain(side) == measured.chain:
                matcher.measured(measured)

    def listen(self, records: Records) -> None:
        """Take what played; another engine begins anew."""
        if self._player.engine is not self._engine:
            self._engine = self._player.engine
            self._unheard.clear()
            self._decks.attach()
            self.follow(self._session)
        if len(records):
            self._unheard.append(records)

    def poll(self) -> Sequence[str]:
        """Match by what played, take what was read. Gives sentences."""
        said = [*self.references.poll()]
        if self._unheard:
            if self.matcher.hears or any(self._others):
                self._match_by(joined(self._unheard))
            self._unheard.clear()
        said += self._decks.poll(self._heard_reference)
        now = self._level_of_now()
        if said or len(now) != len(self._levelled_by) or not all(map(is_, now, self._levelled_by)):
            self._level()
        return said

    def _match_by(self, records: Records) -> None:
        if self.matcher.hears:
            self.matcher.heard(records["mix"], records["master"])
        for k, (side, matcher) in enumerate(zip(self._others, self._matchers)):
            if side is not None:
                own = records[records["aside_of"] == SOURCES[OTHER_NAMES[k]]]
                matcher.heard(own["mix"], own["aside"])

    def _level_of_now(self) -> tuple[object, ...]:
        """All that gains depend on and that changes by itself: what the matchers found, what was read of the references."""
        facts = [self.references.facts(id) for id in self._decks.ids]
        return (self._regions.mix, self.matcher.match, *[matcher.match for matcher in self._matchers], *facts)

    def close(self) -> None:
        """Let go of disk and threads."""
        self._decks.close()
        self.references.close()
