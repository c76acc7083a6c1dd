"""Plays a song through a chain on a device. Engine, device and rack are rebuilt together; what the user wants outlives them."""
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from dsp_core.engine.engine import DELTA_SOURCE, MASTER_SOURCE, MIX_SOURCE, OTHER_SOURCES, REFERENCE_SOURCES, Engine
from dsp_core.engine.source import MemorySong
from mastering_rt.audio.mix import LongSong
from mastering_rt.audio.song import Song
from mastering_rt.errors import DeviceProblem
from mastering_rt.offline.checkpoints import Checkpoints
from mastering_rt.playback.beside import DECK_NAMES, DECKS, OTHER_NAMES, OTHERS, Beside, DeckWish
from mastering_rt.playback.device import CLOCK, Device, DeviceInfo, find_device, open_device, portaudio, usable_rate
from mastering_rt.playback.ears import Ears
from mastering_rt.playback.faults import FaultWatch
from mastering_rt.playback.inside import Inside, Rows
from mastering_rt.playback.jumps import Jumps, Last
from mastering_rt.playback.landing import Reader, WholeSong
from mastering_rt.playback.monitor import MonitorSettings
from mastering_rt.playback.rack import Rack
from mastering_rt.playback.sources import StreamedSong, memory_song
from mastering_rt.playback.telemetry import Bytes, Frames, LoadMeter, Records, Telemetry
from mastering_rt.plugins.unit import Happening
from mastering_rt.plugins.units import Units
from mastering_rt.session.edits import SHORTEST_LOOP_S
from mastering_rt.session.model import Loop, Slot

SOURCES = {"mix": MIX_SOURCE, "master": MASTER_SOURCE, "delta": DELTA_SOURCE, **dict(zip(OTHER_NAMES, OTHER_SOURCES)),
           **dict(zip(DECK_NAMES, REFERENCE_SOURCES))}
HEARD = {index: name for name, index in SOURCES.items()}
SURE_SLEW_DB_PER_S = 12.0
DRIVE_SLEW_DB_PER_S = 200.0      # keeps up with a hand on the limiter's drive
ESTIMATE_SLEW_DB_PER_S = 1.0
MATCH_PATIENCE_S = 0.25          # for a block of the device to take up a gain
STALL_S = 2.0
WHOLE_WORD = 32                  # bits
EMPTY_RATE_HZ = 48000
_abandoned: list[object] = []    # engines that a hanging device may still call


class Status(NamedTuple):
    """What the audio thread last said. `frame` is the song frame being heard, at the song's own rate; `heard` the source, "blind" in a
    blind test; `block_frames` what the device asks for at a time, on average."""

    playing: bool = False
    frame: int = 0
    ended: bool = False
    heard: str = "master"
    load: float = 0.0
    dropouts: int = 0
    late: int = 0
    starved: int = 0
    guarded: int = 0
    latency_frames: int = 0
    block_frames: int = 0


class News(NamedTuple):
    """What one `poll` brought. `frames`: mix and master, `aside`: what else is heard, of the same time."""

    status: Status
    records: Records
    frames: Frames
    aside: Frames
    problems: tuple[str, ...] = ()
    plugins: tuple[tuple[str, Happening], ...] = ()      # what happened in foreign plugins of the session's chain, by slot
    glanced: int = 0                                     # how many of the records, the first ones, `glance` has given already


@dataclass
class Wishes:
    """What the user wants, whatever device or engine there is."""

    chain: tuple[Slot, ...] = ()
    loop: Loop | None = None
    heard: str = "master"
    blind: bool = False                      # nobody is told what is heard, and every switch goes through silence
    monitor: MonitorSettings = field(default_factory=MonitorSettings)
    device: DeviceInfo | None = None
    block_frames: int = 0
    live_input: bool = False
    delta_slot: str = ""
    delta_levelled: bool = False
    metered_slot: str = ""                   # behind which every meter listens too
    word_bits: int = 32                      # of what is to be written: whose bits are watched
    gains: dict[str, tuple[float, float]] = field(default_factory=dict)      # source -> matching gain in dB, its slew in dB per second
    others: list[tuple[Slot, ...] | None] = field(default_factory=lambda: [None] * OTHERS)
    decks: list[DeckWish | None] = field(default_factory=lambda: [None] * DECKS)


class Player:
    """`load` a song, `play`, and `poll` about 60 times a second from the control thread. Nothing here waits for the audio thread."""

    def __init__(self, device: DeviceInfo | None = None, block_frames: int = 0, now: Callable[[], float] = time.monotonic) -> None:
        self.wishes = Wishes(device=device, block_frames=block_frames)
        self.notices: list[str] = []
        self.checkpoints_of: Callable[[tuple[Slot, ...]], Checkpoints | None] = lambda chain: None   # what is kept of a chain, for exact jumps
        self._now = now
        self._song: Song | LongSong | None = None
        self._streamed: StreamedSong | None = None
        self._converted: tuple[Song, MemorySong] | None = None
        self._song_rate_hz = EMPTY_RATE_HZ
        self._frame = 0
        self._sought = False                     # while it stands still, the place is where it was sent, not what the chain still holds
        self._status = Status()
        self._dropouts_before = 0
        self._lent = False                       # the device, to whoever measures it
        self._matched_at = now()
        self._inside = Inside()
        self._build(None)

    # the song

    @property
    def rate_hz(self) -> int:
        """Rate of the engine, which is the device's."""
        return int(self._engine.rate)

    @property
    def song_rate_hz(self) -> int:
        return self._song_rate_hz

    @property
    def device(self) -> Device | None:
        return self._device

    def rate_for(self, song_rate_hz: int, device: DeviceInfo | None = None) -> int:
        """The rate at which `device`, or the one wished for, would play a song of this rate."""
        return int(usable_rate(device or self.wishes.device or find_device(None), song_rate_hz))

    def keep_ready(self, song: Song, converted: MemorySong) -> None:
        """This song at another rate, made in the background; used when song and rate come to be played."""
        self._converted = (song, converted)

    def load(self, song: Song | LongSong | None) -> None:
        """Take another song, or none; stands at its beginning."""
        self._song, self._frame = song, 0
        self._song_rate_hz = song.sample_rate_hz if song is not None else EMPTY_RATE_HZ
        self.wishes.loop, self.wishes.gains = None, {}
        self._rebuild()

    def use_device(self, device: DeviceInfo | None, block_frames: int = 0, live_input: bool = False) -> None:
        """Play on another device (None: the system's default) from where the song stands. DeviceProblem; then as before."""
        before = (self.wishes.device, self.wishes.block_frames, self.wishes.live_input)
        self.wishes.device, self.wishes.block_frames, self.wishes.live_input = device, block_frames, live_input
        try:
            self._rebuild(must_open=True)
        except DeviceProblem:
            self.wishes.device, self.wishes.block_frames, self.wishes.live_input = before
            self._rebuild()
            raise

    # the chain

    def set_chain(self, chain: Sequence[Slot]) -> None:
        """Sound like this chain as soon as the engine can."""
        self.wishes.chain = tuple(chain)
        self._rack.wish(self.wishes.chain)

    # transport, in frames of the song

    def lend_device(self) -> DeviceInfo:
        """Let go of the device, which it names, until `take_device_back`; nothing plays meanwhile. Stop first, or it clicks."""
        self._lent = True
        self._close_device()
        return self.wishes.device or find_device(None)

    def take_device_back(self) -> None:
        """Play on it again, from where the song stands."""
        self._lent = False
        self._rebuild()

    def play(self) -> None:
        if self._lent:
            raise DeviceProblem("The latency of the device is being measured; play again in a moment.")
        if self._device is None:
            self._rebuild()
        if self._status.ended:
            self.seek(self.wishes.loop.start_frame if self.wishes.loop and self.wishes.loop.on else 0)
        self._jumps.play(self._to_engine(self._frame) if self._sought else self._engine.heard_at)

    def stop(self) -> None:
        self._jumps.stop()

    def seek(self, frame: int) -> None:
        """Go to a song frame, playing or not."""
        self._frame, self._sought = max(0, frame), True
        if self._streamed is not None:
            self._streamed.expect(self._to_engine(self._frame), self._engine_loop())
        self._jumps.seek(self._to_engine(self._frame))
        self._status = self._status._replace(frame=self._frame, ended=False)

    def set_loop(self, loop: Loop | None) -> None:
        """Go round in `loop` while it is on. One that is too short to be heard as one is not played, and said."""
        self.wishes.loop = loop
        span = self._engine_loop()
        if span is not None and span[1] - span[0] < SHORTEST_LOOP_S * self.rate_hz:
            self.notices.append(f"The loop of {(span[1] - span[0]) / self.rate_hz:.3f} s is too short to be played; draw a longer one.")
            span = None
        self._jumps.loop(span)
        if self._streamed is not None:
            self._streamed.expect(self._to_engine(self._frame), span)

    # what is heard

    def hear(self, source: str, blind: bool = False) -> None:
        """"mix", "master", "delta", or a chain or a reference that plays beside them (OTHER_NAMES, DECK_NAMES). blind: through silence,
        which sounds the same whatever was heard, and untold from then on."""
        self.wishes.heard, self.wishes.blind = source, blind
        self._engine.select(SOURCES[source], blind)

    def hear_delta_of(self, slot_name: str) -> None:
        """Let "delta" be what this slot adds or takes away."""
        self.wishes.delta_slot = slot_name
        self._engine.listen_to_delta(self._slot_index(slot_name))

    def level_delta(self, on: bool) -> None:
        """Let a delta be heard without the gain that explains most of it."""
        self.wishes.delta_levelled = on
        self._engine.level_delta(on)

    def set_other(self, k: int, chain: Sequence[Slot] | None) -> None:
        """Run another chain beside the session's, so that OTHER_NAMES[k] can be heard; None when nobody wants it any more."""
        self.wishes.others[k] = None if chain is None else tuple(chain)
        self._beside.set_other(k, self.wishes.others[k])

    def set_deck(self, k: int, wish: DeckWish | None) -> None:
        """Let DECK_NAMES[k] be this reference; None empties it. One at another rate than the engine's waits for its successor."""
        self.wishes.decks[k] = wish
        self._beside.set_deck(k, wish)

    @property
    def beside(self) -> Beside:
        """What plays beside the session's chain; another one after each change of the device or the song."""
        return self._beside

    @property
    def engine(self) -> Engine:
        """The engine as it is; another one after each change of the device or the song."""
        return self._engine

    def set_gain(self, source: str, gain_db: float, slew_db_per_s: float = SURE_SLEW_DB_PER_S) -> None:
        """The matching gain of one source, at most 0 dB; at once where it is not heard."""
        way = abs(gain_db - self.wishes.gains.get(source, (0.0, 0.0))[0])
        self.wishes.gains[source] = (gain_db, slew_db_per_s)
        self._engine.match_source(SOURCES[source], gain_db, slew_db_per_s)
        if way:
            self._matched_at = max(self._matched_at, self._now() + way / slew_db_per_s)

    @property
    def matching(self) -> bool:
        """True while a matching gain may still be on its way."""
        return self._now() < self._matched_at + MATCH_PATIENCE_S

    def set_monitor(self, monitor: MonitorSettings) -> None:
        self.wishes.monitor = monitor
        self._engine.monitor_matrix(*monitor.matrix())

    # the pulse

    def poll(self, *, serve: bool = True) -> News:
        """Read what came. With `serve` also pass on what waits, and watch the device, for which ten times a second are enough while no wish
        is on its way."""
        happened = self._serve() if serve or self._jumps.going_round else ()
        self._status = self._read_status()
        glanced, records = self._telemetry.glanced, self._telemetry.read_records()
        frames, aside = self._telemetry.read_both()
        problems, self.notices = (*self.notices, *self._faults.read(records, self._rack.slots)), []
        return News(self._status, records, frames, aside, problems, happened, glanced)

    def _serve(self) -> tuple[tuple[str, Happening], ...]:
        """Pass on what waits; gives what happened in foreign plugins."""
        self._jumps.follow()
        self._rack.pump()
        self._beside.pump()
        self.notices += self._jumps.pump()
        if self.wishes.delta_slot:
            self._engine.listen_to_delta(self._slot_index(self.wishes.delta_slot))
        self._place_meter()
        happened = tuple(self._rack.units.happenings())
        self.notices += (*(self._streamed.take_problem() if self._streamed is not None else ()), *self._rack.take_problem(),
                         *self._beside.take_problems(), *self._watch(), *[told.sentence for _, told in happened if told.sentence])
        return happened

    def glance(self) -> Bytes:
        """The records that came since the last look, as bytes, and nothing else; `poll` gives them again with what came after them."""
        return self._telemetry.glance()

    @property
    def units(self) -> Units:
        """The foreign plugins of the session's chain; others after each change of the device or the song."""
        return self._rack.units

    @property
    def status(self) -> Status:
        return self._status

    @property
    def stage_latencies(self) -> tuple[int, ...]:
        """Latency of each running stage in frames of the engine, in order."""
        return tuple(int(stage.latency_frames) for stage in self._rack.stages)

    def look_inside(self, slot_name: str) -> Rows:
        """What the running stage of this slot has said of itself since the last call; "" looks into none. See `Inside`."""
        place = self._slot_index(slot_name) if slot_name else -1
        self._inside.look(self._rack.stages[place] if place >= 0 else None)
        return self._inside.read()

    @property
    def swapping(self) -> bool:
        """True while another order of stages than the wished one is heard."""
        return self._rack.pending or bool(self._rack.chain.busy)

    @property
    def busy(self) -> bool:
        """True while a wish has not yet reached the engine."""
        return self._rack.pending or bool(self._engine.busy) or self._jumps.heading is not None or self._beside.busy

    def late_of(self, source: str) -> int | None:
        """Frames of the engine from the song's place to what a source gives out; None while it does not run or its time is changing. Two
        sources of one figure lie no sample apart."""
        late = self._engine.late_of[SOURCES[source]]
        return None if late is None else int(late)

    @property
    def landing(self) -> Last:
        """How the last jump that is heard landed: "exact" as the whole song sounds there, "pre-roll" after the chain has heard the
        seconds before it, "moved" with values that were moved since it was prepared and glide on, "splice" with the chain as it was; "" before the first."""
        return self._jumps.last

    def close(self) -> None:
        """Let go of device and disk."""
        self._engine.stop()
        self._jumps.close()
        self._close_device()
        self._rack.units.close()
        self._beside.close()
        if self._streamed is not None:
            self._streamed.close()
            self._streamed = None
        self._song = self._converted = None

    # building

    def _rebuild(self, must_open: bool = False) -> None:
        """A fresh engine on the wished device, where the old one stood. A device that hangs keeps its engine to itself."""
        playing = self._status.playing
        self._jumps.close()
        self._close_device()
        self._rack.units.close()
        info = None if self._lent else self.wishes.device or find_device(None)
        if portaudio()[0] is None and self.wishes.device is None:
            self.notices.append(f"There is no sound: {portaudio()[1]}. Playing on the built-in clock device.")
        try:
            self._build(info)
        except DeviceProblem as error:
            if must_open:
                raise
            self.notices.append(f"{error} Playing on the built-in clock device, without sound.")
            self._build(CLOCK)
        if playing:
            self._jumps.play(self._to_engine(self._frame))

    def _build(self, info: DeviceInfo | None) -> None:
        rate = self._song_rate_hz if info is None else int(usable_rate(info, self._song_rate_hz))
        if rate != self._song_rate_hz:
            self.notices.append(f"{info.title if info else ''} runs at {rate:g} Hz, not at the song's {self._song_rate_hz:g} Hz; "
                                "the song is converted for listening. The render keeps the song's rate.")
        self._engine, self._dropouts_before = Engine(rate), self._status.dropouts     # a new engine counts from zero again
        self._device: Device | None = None
        self._rack = Rack(self._engine, self.wishes.chain, self._now, self.wishes.block_frames)
        self._beside = Beside(self._engine, self._rack, self._now)
        self._faults: FaultWatch = FaultWatch()
        self._telemetry: Telemetry = Telemetry(self._engine)
        self.ears, self._metered = Ears(self._engine), (-1, WHOLE_WORD)
        self._load = LoadMeter()
        self._calls = self._callbacks = 0
        self._called_at = self._now()
        reader = self._give_song(rate)
        self._jumps: Jumps = Jumps(self._engine, self._rack, None if self.wishes.live_input else reader,
                                    lambda chain: self.checkpoints_of(chain),
                                    lambda chain: index_of(self.wishes.delta_slot, chain), self._now, self._beside, lambda: self.wishes.delta_levelled)
        self._tell_wishes()
        if info is None:
            return
        device = open_device(info, self._engine, self.wishes.block_frames, self.wishes.live_input)
        device.start()
        self._device = device

    def _give_song(self, rate: int) -> Reader | None:
        """The engine gets its song; gives where else it can be read."""
        if self._streamed is not None:
            self._streamed.close()
            self._streamed = None
        if isinstance(self._song, LongSong):
            self._streamed = StreamedSong(self._song.open, rate)
            self._streamed.attach(self._engine)
            self._engine.set_song(self._streamed.source)
            return self._streamed
        if self._song is None:
            return None
        song = self._in_memory(self._song, rate)
        self._engine.set_song(song)
        return WholeSong(song)

    def _in_memory(self, song: Song, rate: int) -> MemorySong:
        if self._converted is None or self._converted[0] is not song or self._converted[1].rate != rate:
            self._converted = (song, memory_song(song, rate))
        return self._converted[1]

    def _tell_wishes(self) -> None:
        wishes = self.wishes
        for k, chain in enumerate(wishes.others):
            self._beside.set_other(k, chain)
        for k, wish in enumerate(wishes.decks):
            self._beside.set_deck(k, wish)
        self._engine.level_delta(wishes.delta_levelled)
        self._engine.select(SOURCES[wishes.heard], wishes.blind)
        self.set_monitor(wishes.monitor)
        for source, gain in wishes.gains.items():
            self.set_gain(source, *gain)
        self.set_loop(wishes.loop)
        self._engine.seek(self._to_engine(self._frame))
        self._engine.listen_to_input(wishes.live_input)

    def _close_device(self) -> None:
        device, self._device = self._device, None
        if device is None:
            return
        if not device.close():
            _abandoned.append((device, self._engine, self._rack))

    # watching

    def _watch(self) -> tuple[str, ...]:
        """A device that no longer calls is let go; the song stays where it was."""
        callbacks, now = self._calls, self._now()
        if self._device is None or callbacks != self._callbacks:
            self._callbacks, self._called_at = callbacks, now
            return ()
        if now - self._called_at < STALL_S:
            return ()
        title = self._device.info.title
        self._close_device()
        self._status = Status(frame=self._frame, heard="blind" if self.wishes.blind else self.wishes.heard, dropouts=self._status.dropouts)
        return (f"{title} no longer answers. The song waits at its place; press play to go on with the next device, or choose one.",)

    def _read_status(self) -> Status:
        said = self._engine.read_status()
        self._calls = int(said["callbacks"])
        playing = self._device is not None and said["state"] in ("playing", "waiting", "leaving")
        self._sought = self._sought and not playing
        if said["state"] != "waiting" and not self._sought and self._jumps.heading is None:
            self._frame = round(said["heard_at"] * self._song_rate_hz / self._engine.rate)
        load = self._load.update(said["busy_s"], said["frames"], self._engine.rate)
        return Status(playing, self._frame, said["ended"], "blind" if self.wishes.blind else HEARD[said["heard"]], load, self._dropouts_before + said["flagged"], said["late"],
                      said["starved"], said["guarded"], self._engine.chain.latency_frames, round(said["frames"] / max(1, said["callbacks"])))

    def _to_engine(self, frame: int) -> int:
        return round(frame * self.rate_hz / self._song_rate_hz)

    def _engine_loop(self) -> tuple[int, int] | None:
        loop = self.wishes.loop
        return (self._to_engine(loop.start_frame), self._to_engine(loop.stop_frame)) if loop and loop.on else None

    def _place_meter(self) -> None:
        """The engine knows places, which move when the chain does."""
        asked = (self._slot_index(self.wishes.metered_slot) if self.wishes.metered_slot else -1, self.wishes.word_bits)
        if asked != self._metered:
            self._engine.meter_behind(asked[0], WHOLE_WORD, asked[1])
            self._metered = asked

    def _slot_index(self, name: str) -> int:
        return index_of(name, self._rack.slots)


def index_of(name: str, slots: Sequence[Slot]) -> int:
    """Place of the slot of this name, or -1."""
    return next((k for k, slot in enumerate(slots) if slot.name == name), -1)
