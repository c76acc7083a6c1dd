"""How well a few typed letters name something. Knows no Qt and no desk."""
import re
from collections.abc import Sequence
from typing import NamedTuple

WORD = re.compile(r"[^\s,.:()/+\-]+")
NUMERIC = re.compile(r"[+\-\N{MINUS SIGN}]?=?[+\-\N{MINUS SIGN}]?(\d|\.\d|inf|\N{INFINITY})")
TIME = re.compile(r"(?:(\d+):)?(\d+):(\d{1,2}(?:\.\d*)?)")
MOST_VALUE_WORDS = 3
WHOLE, START, INITIALS, INSIDE, LOOSE = 12.0, 9.0, 6.0, 3.0, 1.5
WORD_COST = 0.05


def score(tokens: Sequence[str], text: str) -> float | None:
    """How well all tokens (lower case) name `text`, more is better; None where one of them does not occur in it. Names of few words win."""
    text = text.lower()
    words = WORD.findall(text)
    found = [token_score(token, words, text) for token in tokens]
    if any(one is None for one in found):
        return None
    return sum(one for one in found if one is not None) - WORD_COST * len(words)


def token_score(token: str, words: Sequence[str], text: str) -> float | None:
    """A whole word, the start of one, initials, a part of a word, or at last letters of one word in their order."""
    if token in words:
        return WHOLE
    if any(word.startswith(token) for word in words):
        return START
    if len(token) > 1 and token in "".join(word[0] for word in words):
        return INITIALS
    if token in text:
        return INSIDE
    return LOOSE if any(word[0] == token[0] and in_order(token, word) for word in words) else None


def in_order(letters: str, word: str) -> bool:
    """Whether the letters occur in the word in this order: "thr", "thrsh" in "threshold"."""
    rest = iter(word)
    return all(letter in rest for letter in letters)


class Split(NamedTuple):
    """A typed line taken apart: the words that name a parameter, and the text of its value."""

    tokens: tuple[str, ...]
    value: str
    numeric: bool


def splits(line: str) -> list[Split]:
    """The ways to read a line as a name and a value: "comp thr -20 db" is ("comp", "thr") and "-20 db". The shortest value first."""
    words = line.split()
    found = []
    for count in range(1, min(MOST_VALUE_WORDS, len(words) - 1) + 1):
        value = " ".join(words[-count:])
        found.append(Split(tuple(word.lower() for word in words[:-count]), value, NUMERIC.match(value.lower()) is not None))
    return found


def seconds_of(line: str) -> float | None:
    """A place in the song as it is typed, "2:13" or "1:02:13.5"; None for anything else."""
    match = TIME.fullmatch(line.strip())
    if match is None:
        return None
    hours, minutes, seconds = match.groups()
    return 3600 * int(hours or 0) + 60 * int(minutes) + float(seconds)
