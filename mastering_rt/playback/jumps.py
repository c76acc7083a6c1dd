"""The playhead of one engine: seeks, starts and loops, each prepared so that it sounds at once as the whole song does there."""
from collections.abc import Callable
from typing import Literal

from dsp_core.engine.engine import Engine
from mastering_rt.offline.checkpoints import Checkpoints
from mastering_rt.playback.beside import Beside
from mastering_rt.playback.landing import Aside, Lander, Landing, Reader, Wish
from mastering_rt.playback.rack import Rack
from mastering_rt.plugins.units import has_plugins
from mastering_rt.session.model import Slot

Asked = tuple[tuple[Slot, ...] | None, ...]
Last = Literal["", "exact", "pre-roll", "moved", "splice"]
REST_S = 0.2                     # a chain that has not moved for so long is worth another landing at the loop's start
STANDING = ("stopped", "stopping")


class Jumps:
    """Places are frames of the engine. `follow` before the rack is pumped, `pump` behind it, both about 60 times a second.

    song: where landings are run up from; None for none: then the sound is spliced before the chain. checkpoints_of: what is kept
    of a chain. listen: which of its slots the delta is wanted of, -1 for none; levelled: whether without its gain. beside: whose
    chains land together with the rack's own.
    """

    def __init__(self, engine: Engine, rack: Rack, song: Reader | None, checkpoints_of: Callable[[tuple[Slot, ...]], Checkpoints | None],
                 listen: Callable[[tuple[Slot, ...]], int], now: Callable[[], float], beside: Beside | None = None,
                 levelled: Callable[[], bool] = lambda: False) -> None:
        self.last: Last = ""     # what the last jump was that is heard
        self._engine, self._rack, self._now = engine, rack, now
        self._checkpoints_of, self._listen, self._levelled = checkpoints_of, listen, levelled
        self._beside = beside if beside is not None else Beside(engine, rack, now)
        self._lander = Lander(song, int(engine.rate)) if song is not None else None
        self._heading: Wish | None = None
        self._span: tuple[int, int] | None = None
        self._round: Landing | None = None       # at the loop's start, published
        self._out: list[Landing] = []            # published, and perhaps still to be heard
        self._asked: Asked = ()
        self._judged: tuple[Asked, bool] = ((), True)            # chains, and whether none of them has a plugin
        self._moved_at = now()
        self._waits = False
        self._said = ""
        self._asked_round: Wish | None = None    # the last wish at the loop's start, and the last that could not be prepared
        self._unprepared: Wish | None = None
        self._wait(song is not None)

    @property
    def going_round(self) -> bool:
        """Whether a loop is in force."""
        return self._span is not None

    @property
    def heading(self) -> int | None:
        """The place that will be heard first after the jump that is under way."""
        return None if self._heading is None else self._heading.frame

    def seek(self, frame: int) -> None:
        """Go there, playing or not. The last one wins."""
        if self._span is not None and frame == self._span[1]:
            frame = self._span[0]
        standing = self._engine.state in STANDING
        if standing or not self._lands:
            self._engine.seek(frame)
            self.last = self.last if standing else "splice"
        if self._lands and not (standing and self._heading is None):
            self._head_for(frame)

    def play(self, frame: int) -> None:
        """Go on, with `frame`, where the playhead stands. The song's beginning needs nothing before it."""
        standing = self._engine.state in STANDING
        self._engine.play()
        if standing and frame > 0:
            self._head_for(frame)

    def stop(self) -> None:
        """Stand still, at the place of a seek that is under way."""
        self._engine.stop()
        if self._lander is not None and self._heading is not None and self._lander.busy("seek"):
            self._lander.drop("seek")
            self._engine.seek(self._heading.frame)
            self._heading = None

    def loop(self, span: tuple[int, int] | None) -> None:
        """Go round in `span`, or not."""
        self._span, self._round, self._unprepared = span, None, None
        if self._lander is not None:
            self._lander.drop("loop")
        self._engine.retract_landing_at_loop()
        if span is None:
            self._engine.unloop()
        else:
            self._engine.loop(*span)

    def follow(self) -> None:
        """Let the rack follow the chain that is heard."""
        chain = self._engine.chain
        for landing in self._out:
            if landing.chain is chain and self._rack.chain is not chain:
                self._rack.take(chain)
                self._beside.take(landing)
                self.last = landing.how if landing.wish.slots == self._rack.asked else "moved"
                self._arrived(landing)
        for landing in self._out[:]:
            # The engine may have gone on to another one since it was asked which it hears.
            if landing.chain is not self._rack.chain and not self._engine.keeps(landing.chain):
                self._let_go(landing)

    def _let_go(self, landing: Landing) -> None:
        """It is heard no more, or never was."""
        self._out.remove(landing)
        self._rack.dismiss(landing.chain)
        self._beside.dismiss(landing)
        if landing.wish is self._heading and self._engine.state not in STANDING:
            self.last = "splice"
        self._arrived(landing)
        if self._lander is not None:
            self._lander.spares.give(landing.running)

    def pump(self) -> tuple[str, ...]:
        """Hand on what was prepared, ask for what will be needed. Gives what has to be said."""
        if self._lander is None:
            return ()
        asked = self._all_asked()
        if asked != self._asked:
            self._asked, self._moved_at = asked, self._now()
        state, lands = self._engine.state, self._can_land(asked)
        if self._waits != lands and (state == "playing" or not lands):
            self._wait(lands)
        if self._heading is None and self._engine.awaits:
            self._head_for(self._engine.heard_at)
        sought, at_loop = self._lander.take("seek"), self._lander.take("loop")
        problems = self._hand_on(sought, at_loop) if sought is not None or at_loop is not None else ()
        if self._span is not None and lands and state not in STANDING and not self._lander.busy("loop"):
            self._prepare_round(self._span[0])
        return problems

    def _hand_on(self, sought: Landing | str | None, at_loop: Landing | str | None) -> tuple[str, ...]:
        """What was prepared, or why it could not be, to the engine. Gives what has to be said."""
        if isinstance(sought, Landing) and self._lacks(sought.wish):
            self._head_for(sought.wish.frame)
        elif isinstance(sought, Landing):
            self._publish(sought)
            self._engine.land(sought.ensemble)
        if isinstance(at_loop, Landing):
            self._publish(at_loop)
            self._engine.land_at_loop(at_loop.ensemble)
            self._round = at_loop
        problems = self._go_round_without(at_loop) if isinstance(at_loop, str) else ()
        return problems + (self._go_without(sought) if isinstance(sought, str) else ())

    def close(self) -> None:
        """Prepare nothing any more."""
        if self._lander is not None:
            self._lander.close()

    def _wish(self, frame: int) -> Wish:
        slots = self._rack.asked
        others = tuple(Aside(asked, self._checkpoints_of(asked)) if asked is not None else None for asked in self._beside.asked())
        return Wish(frame, slots, self._checkpoints_of(slots), self._listen(slots), self._levelled(), others)

    def _lacks(self, wish: Wish) -> bool:
        """A chain is compared by now that would not be there."""
        return any(asked is not None and there is None for asked, there in zip(self._beside.asked(), wish.others))

    @property
    def _lands(self) -> bool:
        """Whether jumps are prepared. The state of a foreign plugin is not kept at places of the song, and a second one is not loaded for
        each jump: with one in the chain the sound is spliced before the chain, and the plugin goes on."""
        return self._can_land(self._all_asked())

    def _all_asked(self) -> Asked:
        """The slots of the rack's chain, and of those beside it."""
        return (self._rack.asked, *self._beside.asked())

    def _can_land(self, chains: Asked) -> bool:
        if chains != self._judged[0]:
            self._judged = chains, not any(has_plugins(asked) for asked in chains if asked is not None)
        return self._lander is not None and self._judged[1]

    def _head_for(self, frame: int) -> None:
        if self._lander is None or not self._lands:
            return
        if self._engine.state != "playing":
            # A hand that scrubs is to hear where it has been; a start is heard at the last place only.
            self._lander.drop("seek")
        self._heading = self._wish(frame)
        self._lander.ask("seek", self._heading)

    def _publish(self, landing: Landing) -> None:
        self._rack.host(landing.chain, landing.wish.slots, landing.stages)
        self._beside.host(landing)
        self._out.append(landing)

    def _arrived(self, landing: Landing) -> None:
        """It is heard, or never will be."""
        if landing.wish is self._heading:
            self._heading = None
        if landing is self._round:
            self._round = None

    def _prepare_round(self, start: int) -> None:
        """A landing at the loop's start, where there is none, or none for the chain as it is now, or a better one can be had."""
        if self._lander is None:
            return
        wish, ready = self._wish(start), self._round
        lacks = ready is None or self._lacks(ready.wish)
        stale = ready is not None and _chains(ready.wish) != _chains(wish) and self._now() - self._moved_at >= REST_S
        better = ready is not None and ready.how != "exact" and self._lander.could_be_exact(wish)
        if (lacks or stale or better) and wish != self._unprepared:
            self._lander.ask("loop", wish)
            self._asked_round = wish

    def _wait(self, on: bool) -> None:
        self._waits = on
        self._engine.wait_for_landings(on)

    def _go_without(self, problem: str) -> tuple[str, ...]:
        """This jump is spliced, and a start does not wait; the next is tried again."""
        heading, self._heading = self._heading, None
        self._wait(False)
        if heading is not None and self._engine.state not in STANDING:
            self._engine.seek(heading.frame)
        self.last = "splice"
        return self._say(problem)

    def _go_round_without(self, problem: str) -> tuple[str, ...]:
        """The loop is spliced, until it or the chain is another one."""
        self._unprepared = self._asked_round
        return self._say(problem)

    def _say(self, problem: str) -> tuple[str, ...]:
        """Once, until there is another one."""
        fresh, self._said = problem != self._said, problem
        return (problem,) if fresh else ()


def _chains(wish: Wish) -> tuple[tuple[Slot, ...] | None, ...]:
    """The slots of all its chains."""
    return (wish.slots, *(other.slots if other is not None else None for other in wish.others))
