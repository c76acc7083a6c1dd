"""Random sessions for the property tests: every kind, any values, keys and paths that give trouble."""
from base64 import b64encode

from hypothesis import settings
from hypothesis import strategies as st

from dsp_core.params import STAGES, params_of
from mastering_rt.session.model import (
    LETTERS,
    Loop,
    Marker,
    OutputSpec,
    PluginRef,
    Reference,
    Section,
    Session,
    Slot,
    Snapshot,
    Source,
)

few = settings(max_examples=settings.default.max_examples // 5)    # a session takes long to make up

# single low surrogates stand for bytes of a path that are no UTF-8; a high one before them would make another character
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
PATH_TEXT = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
        st.characters(min_codepoint=0xDC80, max_codepoint=0xDCFF),
    ),
    min_size=1,
    max_size=12,
)
FRAMES = st.integers(0, 2**40)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=4,
)
EXTRA = st.dictionaries(st.sampled_from(["new_key", "another", "x-y"]), JSON, max_size=2)


@st.composite
def values_of(draw, kind):
    """Some parameters of a kind at any place of their range."""
    params = draw(st.lists(st.sampled_from(params_of(kind)), max_size=6, unique_by=lambda p: p.id))
    return {p.id: p.from_norm(draw(st.floats(0, 1))) for p in params}


PLUGINS = st.builds(
    PluginRef,
    path=PATH_TEXT.map(lambda name: f"/plugins/{name}.vst3"),
    name=TEXT,
    identifier=TEXT,
    state=st.binary(max_size=20).map(lambda state: b64encode(state).decode()),
    values=st.dictionaries(st.integers(0, 99).map(lambda n: f"{n} Gain"), st.floats(0, 1), max_size=4),
    latency=st.integers(0, 4096),
    extra=EXTRA,
)


@st.composite
def chains(draw):
    kinds = draw(st.lists(st.sampled_from(sorted(STAGES)), max_size=6))
    counted = [(kind, kinds[: place + 1].count(kind)) for place, kind in enumerate(kinds)]
    return tuple(
        Slot(kind if n == 1 else f"{kind}{n}", kind, draw(values_of(kind)), draw(TEXT), extra=draw(EXTRA),
             plugin=draw(st.none() | PLUGINS) if kind == "plugin" else None)
        for kind, n in counted
    )


@st.composite
def loops(draw):
    start = draw(FRAMES)
    return Loop(start, start + draw(st.integers(1, 2**30)), draw(st.booleans()))


SOURCES = st.builds(
    Source,
    path=PATH_TEXT.map(lambda name: "/somewhere/" + name.replace("/", "_")),
    sample_rate_hz=st.sampled_from([44100, 96000]),
    channels=st.just(2),
    frames=st.integers(1, 2**40),
    modified=st.floats(0, 4e9),
    size=st.integers(0, 2**50),
    extra=EXTRA,
)
OUTPUTS = st.builds(
    OutputSpec,
    suffix=st.sampled_from([".wav", ".flac"]),
    bits=st.sampled_from(["16", "24", "32f"]),
    dither=st.sampled_from(["auto", "none"]),
    sample_rate_hz=st.none() | st.sampled_from([44100, 48000]),
    extra=EXTRA,
)


@st.composite
def references(draw):
    """Up to two."""
    frames = st.integers(0, 999)
    found = []
    for id in ("reference", "reference3")[:draw(st.integers(0, 2))]:
        sections = draw(st.lists(st.builds(Section, frames, st.just(1000), frames, st.just(1000), TEXT, EXTRA), max_size=2))
        source = Source(f"/somewhere/{draw(PATH_TEXT).replace('/', '_')}", 44100, 2, 1000, extra=draw(EXTRA))
        found.append(Reference(id, source, draw(TEXT), draw(st.floats(-24, 24)), tuple(draw(st.lists(frames, max_size=3))),
                               draw(st.none() | loops()), draw(st.booleans()), draw(st.integers(-2**40, 2**40)), tuple(sections), draw(EXTRA)))
    return tuple(found)


@st.composite
def snapshots(draw):
    letters = sorted(draw(st.sets(st.sampled_from(LETTERS), max_size=2)))
    return tuple(Snapshot(letter, draw(chains()), draw(TEXT), extra=draw(EXTRA)) for letter in letters)


SESSIONS = st.builds(
    Session,
    source=st.none() | SOURCES,
    chain=chains(),
    loop=st.none() | loops(),
    notes=TEXT,
    keep_levels=st.booleans(),
    markers=st.lists(st.builds(Marker, frame=FRAMES, name=TEXT, note=TEXT), max_size=2).map(tuple),
    outputs=st.lists(OUTPUTS, max_size=2).map(tuple),
    references=references(),
    snapshots=snapshots(),
    extra=EXTRA,
)
