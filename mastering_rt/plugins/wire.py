"""What host and worker say to each other, besides sound: messages on the worker's standard streams, in order, none of them urgent."""
import struct
from typing import BinaryIO

import msgspec
from msgspec import Struct

LENGTH = struct.Struct(">I")
LONGEST = 256 << 20


class Load(Struct, tag=True, frozen=True):
    """First message: which plugin, how it is set, and the blocks it will be given. values: parameter index -> 0..1, on top of the state.
    live: somebody listens. memory: its handle. identifier: of the plugin that it was set in, where that is known."""

    path: str
    name: str
    rate_hz: float
    block_frames: int
    memory_bytes: int
    state: bytes = b""
    values: dict[int, float] = {}
    live: bool = False
    memory: str = ""
    identifier: str = ""


class Set(Struct, tag=True, frozen=True):
    """Move parameters; heard from the next block on. as_by_hand: and tell of them as of a hand in the plugin's own window."""

    values: dict[int, float]
    as_by_hand: bool = False


class SetState(Struct, tag=True, frozen=True):
    """Put the whole plugin into a state, then move parameters."""

    state: bytes
    values: dict[int, float] = {}


class AskState(Struct, tag=True, frozen=True):
    """Wants a State."""

    ask: int


class AskText(Struct, tag=True, frozen=True):
    """Wants a Text: how the plugin writes a value, or, with `text`, which value it reads from what was typed. otherwise: what that may mean
    instead; the one is taken that the parameter has room for."""

    ask: int
    index: int
    value: float = 0.0
    text: str | None = None
    otherwise: str | None = None


class OpenEditor(Struct, tag=True, frozen=True):
    """Show the plugin's own window under this title; wants an Editor now and one when it is closed."""

    title: str = ""


class CloseEditor(Struct, tag=True, frozen=True):
    """Close it."""


class Test(Struct, tag=True, frozen=True):
    """Wants Verdicts: what the plugin does to noise. Not while its window is open."""

    ask: int


class Ping(Struct, tag=True, frozen=True):
    """Wants a Pong, from whoever follows orders."""


class Quit(Struct, tag=True, frozen=True):
    """End at once, whatever else was ordered."""


class Parameter(Struct, frozen=True):
    """One parameter as the plugin tells it. value and default go from 0 to 1; steps is 0 for one that moves freely."""

    index: int
    name: str
    unit: str
    value: float
    default: float
    text: str
    steps: int = 0
    boolean: bool = False


class Facts(Struct, frozen=True):
    """What a plugin says of itself. channels: 2, or 1 for one that runs as a pair. parameters: those for a hand. meters: names of those that
    only show something. hidden: how many are the business of the plugin's framework."""

    identifier: str
    name: str
    vendor: str
    version: str
    category: str
    format: str
    channels: int
    latency: int
    parameters: tuple[Parameter, ...]
    hidden: int = 0
    load_ms: float = 0.0
    meters: tuple[str, ...] = ()


class Ready(Struct, tag=True, frozen=True):
    """It is loaded and answers blocks from now on. state: what it was brought to. as_it_comes: the state before anything was set;
    preset: the same in the format other hosts read, empty where the plugin gives none."""

    facts: Facts
    state: bytes
    as_it_comes: bytes
    preset: bytes


class Moved(Struct, tag=True, frozen=True):
    """Parameters that moved by themselves or in the plugin's window, or as they were asked to, with their texts, and the latency as it is now."""

    values: dict[int, tuple[float, str]]
    latency: int
    asked: bool = False


class State(Struct, tag=True, frozen=True):
    """The whole state. preset: in the format other hosts read, empty where the plugin gives none."""

    ask: int
    state: bytes
    preset: bytes


class Text(Struct, tag=True, frozen=True):
    """problem: why the plugin could not read what was typed. meanings: what that can be, where it is not clear."""

    ask: int
    index: int
    value: float
    text: str
    problem: str = ""
    meanings: tuple[str, ...] = ()


class Editor(Struct, tag=True, frozen=True):
    """Whether its window is open; problem: why it cannot be."""

    is_open: bool
    problem: str = ""


class Verdicts(Struct, tag=True, frozen=True):
    """What the self-test found: words such as "silent", "identical", "NaN", "not repeatable"; none for a plugin that works."""

    ask: int
    found: tuple[str, ...]


class Pong(Struct, tag=True, frozen=True):
    """All orders before the Ping were followed."""


class Failed(Struct, tag=True, frozen=True):
    """It cannot be loaded or run; the end of a sentence that begins with the plugin. lasting: another try will not help. missing: the file is
    not there, or holds another plugin."""

    problem: str
    lasting: bool = True
    missing: bool = False


Order = Load | Set | SetState | AskState | AskText | OpenEditor | CloseEditor | Test | Ping | Quit
News = Ready | Moved | State | Text | Editor | Verdicts | Pong | Failed
_encoder = msgspec.msgpack.Encoder()
_orders, _news = msgspec.msgpack.Decoder(Order), msgspec.msgpack.Decoder(News)


def send(stream: BinaryIO, message: Order | News) -> None:
    """Write one message. OSError or ValueError when nobody reads any more."""
    packed = _encoder.encode(message)
    stream.write(LENGTH.pack(len(packed)) + packed)
    stream.flush()


def read_order(stream: BinaryIO) -> Order | None:
    """The next order; None at the end."""
    packed = _read(stream)
    return None if packed is None else _orders.decode(packed)


def read_news(stream: BinaryIO) -> News | None:
    """The next news; None at the end, and for what is no news, because a plugin may write anything."""
    packed = _read(stream)
    try:
        return None if packed is None else _news.decode(packed)
    except msgspec.MsgspecError:
        return None


def _read(stream: BinaryIO) -> bytes | None:
    head = _exactly(stream, LENGTH.size)
    if head is None:
        return None
    length = LENGTH.unpack(head)[0]
    return _exactly(stream, length) if length <= LONGEST else None


def _exactly(stream: BinaryIO, length: int) -> bytes | None:
    got = b""
    while len(got) < length:
        piece = stream.read(length - len(got))
        if not piece:
            return None
        got += piece
    return got
