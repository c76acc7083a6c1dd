"""The song: sections, chords, melody and drum patterns, played by hands that are never quite on time.

Beats count from the start of the song; a beat lasts BEAT_S. Pitches are MIDI numbers.
"""
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from mastering_rt.demo.tones import Random

DEFAULT_SEED = 1
BEAT_S = 0.625               # 96 beats per minute
BEATS = 4                    # per bar
SECTIONS = (("intro", 4), ("verse", 8), ("lift", 2), ("chorus", 8), ("outro", 4))        # name, bars
LEAD_IN_S = 0.25             # silence before the first note
TAIL_S = 4.75                # after the last bar: the room dies away, then silence
VOWELS = "aæeioru"            # æ as in cat, r as in bird


class Note(NamedTuple):
    """Something to play. `sound` says which one, where an instrument has several."""

    start_s: float
    length_s: float
    pitch: float
    velocity: float
    sound: str = ""


class Chord(NamedTuple):
    bass: int
    tones: tuple[int, ...]


AM9 = Chord(33, (57, 60, 64, 71))
FMAJ7 = Chord(29, (57, 60, 64, 65))
CADD9 = Chord(36, (55, 60, 62, 64))
G6 = Chord(31, (55, 59, 62, 64))
DM9 = Chord(38, (53, 57, 60, 64))
G7SUS = Chord(31, (55, 60, 62, 65))
F = Chord(29, (53, 57, 60, 67))
G = Chord(31, (55, 59, 62, 67))
AM = Chord(33, (57, 60, 64, 69))
C = Chord(36, (55, 60, 64, 67))
C_E = Chord(28, (55, 60, 64, 67))

CHORDS = {
    "intro": (AM9, FMAJ7, CADD9, G6),
    "verse": (AM9, FMAJ7, CADD9, G6) * 2,
    "lift": (DM9, G7SUS),
    "chorus": (F, G, AM, C) * 2,
    "outro": (FMAJ7, C_E, DM9, CADD9),
}

# One line per bar: (beat in the bar, beats, pitch).
MELODY: dict[str, tuple[tuple[tuple[float, float, int], ...], ...]] = {
    "verse": (
        ((0.5, 0.5, 64), (1, 0.5, 64), (1.5, 1, 69), (2.5, 0.5, 67), (3, 0.9, 64)),
        ((0.5, 0.5, 60), (1, 0.5, 62), (1.5, 1.25, 64), (3, 0.5, 62), (3.5, 0.5, 60)),
        ((0, 1.5, 64), (2, 0.5, 62), (2.5, 0.5, 60), (3, 1, 62)),
        ((0, 2.25, 59), (3.5, 0.5, 60)),
        ((0, 0.5, 60), (0.5, 0.5, 64), (1, 0.5, 69), (1.5, 1, 71), (2.5, 0.5, 69), (3, 0.9, 67)),
        ((0.5, 0.5, 65), (1, 0.5, 67), (1.5, 1.25, 69), (3, 0.5, 67), (3.5, 0.5, 65)),
        ((0, 1, 64), (1, 0.5, 67), (1.5, 1, 72), (2.5, 0.5, 71), (3, 1, 67)),
        ((0, 1, 69), (1, 2.25, 67)),
    ),
    "lift": (
        ((0, 0.5, 65), (0.5, 0.5, 67), (1, 1, 69), (2, 0.5, 69), (2.5, 0.5, 71), (3, 1, 72)),
        ((0, 1.5, 74), (1.5, 0.5, 72), (2, 1.6, 71)),
    ),
    "chorus": (
        ((0, 1.5, 76), (1.5, 0.5, 74), (2, 1, 72), (3, 1, 74)),
        ((0, 1.5, 74), (1.5, 0.5, 72), (2, 1.6, 71)),
        ((0, 1, 72), (1, 0.5, 71), (1.5, 1, 69), (2.5, 0.5, 71), (3, 1, 72)),
        ((0, 2.5, 67), (3, 0.5, 67), (3.5, 0.5, 72)),
        ((0, 1.5, 77), (1.5, 0.5, 76), (2, 1, 72), (3, 1, 76)),
        ((0, 1, 74), (1, 0.5, 76), (1.5, 2, 79)),
        ((0, 0.5, 76), (0.5, 0.5, 74), (1, 1, 72), (2, 0.5, 74), (2.5, 1.25, 76)),
        ((0, 1, 74), (1, 2.75, 72)),
    ),
    "outro": (
        ((0.5, 0.5, 64), (1, 0.5, 67), (1.5, 1.5, 69)),
        ((0, 0.5, 67), (0.5, 2.5, 64)),
        ((1, 0.5, 62), (1.5, 0.5, 64), (2, 1, 65), (3, 1, 62)),
        ((0, 3, 60),),
    ),
}

# (beat in the bar, velocity) per sound; a verse bar, a bar of the lift ...
DRUMS: dict[str, dict[str, tuple[tuple[float, float], ...]]] = {
    "verse": {
        "kick": ((0, 0.8), (2, 0.7), (2.5, 0.55)),
        "snare": ((1, 0.6), (3, 0.65)),
        "ghost": ((1.75, 0.2), (3.75, 0.16)),
        "hat": tuple((0.5 * i, (0.55, 0.32)[i % 2]) for i in range(8)),
    },
    "lift": {
        "kick": tuple((float(i), 0.75) for i in range(4)),
        "snare": ((1, 0.6), (3, 0.65)),
        "hat": tuple((0.5 * i, (0.6, 0.42)[i % 2]) for i in range(8)),
    },
    "chorus": {
        "kick": ((0, 1.0), (0.75, 0.6), (2, 0.9), (2.5, 0.8)),
        "snare": ((1, 0.95), (3, 1.0)),
        "ghost": ((0.5, 0.18), (1.75, 0.28), (2.25, 0.2), (3.75, 0.25)),
        "hat": tuple((0.5 * i, (0.75, 0.5)[i % 2]) for i in range(7)),
        "open": ((3.5, 0.6),),
        "tambourine": tuple((0.25 * i, (0.6, 0.2, 0.38, 0.24)[i % 4]) for i in range(16)),
    },
    "outro": {
        "kick": ((0, 0.55),),
        "hat": tuple((float(i), 0.3) for i in range(4)),
    },
}
DRUM_LENGTH_S = 0.5          # drums ring as long as they like; the field is there for the form

# (beat in the bar, beats, semitones over the root, velocity)
BASS = {
    "intro": ((0, 3.7, 0, 0.55),),
    "verse": ((0, 1.4, 0, 0.75), (1.5, 0.45, 0, 0.55), (2, 0.45, 0, 0.7), (2.5, 0.9, 7, 0.65), (3.5, 0.4, 0, 0.5)),
    "lift": tuple((float(i), 0.85, 0, 0.7 + 0.05 * i) for i in range(4)),
    "chorus": tuple((0.5 * i, 0.44, (0, 0, 0, 12, 0, 0, 7, 12)[i], (0.95, 0.7)[i % 2]) for i in range(8)),
    "outro": ((0, 3.8, 0, 0.55),),
}
ARPEGGIO = (0, 2, 3, 1, 2, 3, 1, 2)
STABS = ((0.0, 1.3), (1.5, 1.3), (3.0, 0.9))


class Bar(NamedTuple):
    section: str
    number: int              # in its section, from 0
    bars: int                # of its section
    chord: Chord
    start_s: float

    def at(self, beat: float) -> float:
        """Song time of a beat of this bar, in seconds."""
        return self.start_s + beat * BEAT_S


def bars() -> list[Bar]:
    """All bars of the song in order."""
    plan = [(name, i, count) for name, count in SECTIONS for i in range(count)]
    return [Bar(name, i, count, CHORDS[name][i], LEAD_IN_S + at * BEATS * BEAT_S) for at, (name, i, count) in enumerate(plan)]


def section_times() -> dict[str, tuple[float, float]]:
    """Start and end of every section in seconds, without the tail."""
    return {name: (min(b.start_s for b in bars() if b.section == name),
                   max(b.at(BEATS) for b in bars() if b.section == name)) for name, _ in SECTIONS}


def song_s() -> float:
    """Length of the whole mix in seconds, with the tail."""
    return bars()[-1].at(BEATS) + TAIL_S


def by_hand(notes: list[Note], rng: "Random", loose_ms: float, late_ms: float = 0.0, uneven: float = 0.08) -> list[Note]:
    """The same notes, each a little early, late, loud or soft."""
    return [n._replace(start_s=max(0.0, n.start_s + 1e-3 * rng.normal(late_ms, loose_ms)),
                       velocity=n.velocity * float(rng.normal(1, uneven))) for n in notes]


def drum_notes(rng: "Random") -> list[Note]:
    """Kick, snare, ghost notes, hats, tambourine, crashes and fills."""
    notes = [Note(bar.at(beat), DRUM_LENGTH_S, 0, velocity, sound)
             for bar in bars() if not (bar.section == "outro" and bar.number == 3)
             for sound, hits in DRUMS.get(bar.section, {}).items() for beat, velocity in hits]
    for bar in bars():
        last = bar.number == bar.bars - 1
        if bar.section == "intro" and last:
            notes += [Note(bar.at(0.5 * i), DRUM_LENGTH_S, 0, 0.2 + 0.03 * i, "hat") for i in range(8)]
        if bar.section == "verse" and bar.number % 4 == 3:
            notes += [Note(bar.at(3 + 0.25 * i), DRUM_LENGTH_S, 0, 0.3 + 0.1 * i, "snare") for i in range(1, 4)]
        if bar.section == "lift" and last:
            notes += [Note(bar.at(0.25 * i), DRUM_LENGTH_S, 0, 0.2 + 0.045 * i, "snare") for i in range(16)]
            notes.append(Note(bar.start_s, BEATS * BEAT_S, 0, 0.8, "riser"))
        if bar.number % 4 == 0 and bar.section in ("chorus", "outro"):
            notes.append(Note(bar.start_s, 3.0, 0, 1.0 if bar.section == "chorus" else 0.5, "crash"))
    return by_hand(notes, rng, loose_ms=4)


def bass_notes(rng: "Random") -> list[Note]:
    """The bass enters in the middle of the intro."""
    return by_hand([Note(bar.at(beat), length * BEAT_S, bar.chord.bass + step, velocity)
                    for bar in bars() if (bar.section, bar.number) not in {("intro", 0), ("intro", 1)}
                    for beat, length, step, velocity in BASS[bar.section]], rng, loose_ms=6, late_ms=4)


def key_notes(rng: "Random") -> list[Note]:
    """Broken chords, an octave up; in the chorus struck together."""
    notes = []
    for bar in bars():
        tones = [tone + 12 for tone in bar.chord.tones]
        louder = 1.3 if bar.section in ("intro", "outro") else 1.0
        if bar.section == "chorus":
            notes += [Note(bar.at(beat), length * BEAT_S, tone, 0.7) for beat, length in STABS for tone in tones]
        elif bar.section == "outro" and bar.number == 3:
            notes += [Note(bar.at(0.12 * i), 4 * BEAT_S, tone, 0.5) for i, tone in enumerate(tones)]
        else:
            notes += [Note(bar.at(0.5 * i), 1.6 * BEAT_S, tones[step], louder * (0.62 if i % 4 == 0 else 0.45))
                      for i, step in enumerate(ARPEGGIO)]
    return by_hand(notes, rng, loose_ms=8, uneven=0.12)


def voice_notes(rng: "Random") -> list[Note]:
    """The lead: its melody is written, its words are drawn. Long notes get open vowels, some syllables a consonant."""
    notes = []
    for bar in bars():
        for beat, length, pitch in MELODY.get(bar.section, ((),) * bar.bars)[bar.number]:
            vowel = rng.choice(list("aæoe")) if length > 1 else rng.choice(list(VOWELS))
            consonant = rng.choice(["", "", "l", "s", "t", "h"])
            velocity = {"verse": 0.75, "lift": 0.8, "chorus": 1.0, "outro": 0.7}[bar.section]
            notes.append(Note(bar.at(beat), length * BEAT_S, pitch, velocity, f"{consonant}{vowel}"))
    return by_hand(notes, rng, loose_ms=10, late_ms=12, uneven=0.06)


def harmony_notes(lead: list[Note]) -> list[Note]:
    """A second voice under the chorus: the nearest chord tone at least a third below the lead."""
    found = []
    for bar in bars():
        if bar.section != "chorus":
            continue
        for note in lead:
            if bar.start_s <= note.start_s + 0.05 < bar.at(BEATS):
                tones = [tone + octave for tone in bar.chord.tones for octave in (0, 12) if tone + octave <= note.pitch - 3]
                found.append(note._replace(pitch=max(tones), velocity=0.8 * note.velocity, start_s=note.start_s + 0.012))
    return found
