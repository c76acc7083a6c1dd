"""Values of a plugin's parameters as people write and read them. The plugin itself turns texts into values and values into texts; what stands
here keeps both from misunderstanding each other."""
import re
from collections.abc import Sequence
from contextlib import suppress

from dsp_core.typed import readings, with_kilo_last

MINUS = "\N{MINUS SIGN}"
NUMBER = re.compile(r"[-+]?(\d+(?:[.,]\d*)?|[.,]\d+)")
TYPED = re.compile(r"[-+]?[.,]?\d[\d.,]*")
MULTIPLES = {("khz", "hz"): 1000.0, ("k", "hz"): 1000.0, ("hz", "khz"): 0.001, ("s", "ms"): 1000.0, ("ms", "s"): 0.001}
DIGITS = 4                       # that are shown of a number; plugins write up to six behind the point
CLOSE = 0.01                     # as a share: what a plugin's own steps and digits make of a number
FREE = 1000.0                    # from here on without a fraction


def for_plugin(text: str, unit: str) -> tuple[str, ...]:
    """What was typed, as a plugin can read it: a plain minus and point, and a number in the parameter's own unit, because most plugins read the
    number and pass over what stands behind it ("12 kHz" would be 12 Hz). Two texts where the only comma may part a fraction or thousands."""
    text = text.strip().replace(MINUS, "-")
    if unit.strip().lower() in ("hz", "khz"):
        text = with_kilo_last(text)
    found = TYPED.match(text)
    try:
        numbers = readings(found.group()) if found is not None else ()
    except ValueError:
        numbers = ()
    if found is None or not numbers:
        return (text,)
    behind = text[found.end():]
    factor = MULTIPLES.get((behind.strip().lower(), unit.strip().lower()))
    if factor is not None:
        return tuple([_written(number * factor) for number in numbers])
    return tuple([(_written(number) if "," in found.group() else found.group()) + behind for number in numbers])


def comes_back(given: str, answer: str, unit: str) -> bool:
    """Whether a plugin took this number, which is one text of several that may be meant: what its range has no room for, it answers otherwise."""
    wanted, told = TYPED.match(given), TYPED.match(answer.replace(MINUS, "-"))
    if wanted is None or told is None:
        return False
    number, factor = float(wanted.group()), MULTIPLES.get((answer[told.end():].strip().lower(), unit.strip().lower()), 1.0)
    with suppress(ValueError):
        return any(abs(factor * read - number) <= CLOSE * abs(number) for read in readings(told.group()))
    return False


def unclear(typed: str, meanings: Sequence[str]) -> str:
    """Of what may be meant, a plugin takes all or nothing: how to say it otherwise."""
    return f"{typed!r} can be {' or '.join(meanings)}; type a point for the fraction, and thousands without a comma."


def _written(number: float) -> str:
    return f"{number:.10g}"


def share_typed(text: str, unit: str) -> float | None:
    """ "40 %" of a parameter that is not in percent itself: the share of its range, 0..1; None for any other text."""
    words = text.strip().replace(",", ".")
    if not words.endswith("%") or unit.strip() == "%":
        return None
    try:
        share = float(words[:-1]) / 100
    except ValueError:
        return None
    return share if 0 <= share <= 1 else None


def was_read(typed: str, answer: str) -> bool:
    """Whether a plugin understood: it answers words with the same words and numbers with anything, and takes what it cannot read for its least
    value without a word."""
    if NUMBER.search(typed):
        return True
    return bool(plain(typed)) and plain(answer).startswith(plain(typed))


def shown(text: str, unit: str) -> str:
    """A plugin's text with its unit and without the digits that say nothing: "-5.999999" is "−6 dB"."""
    found = NUMBER.fullmatch(text)
    if found is None:
        return text
    number = float(text.replace(",", "."))
    digits = f"{abs(number):.0f}" if abs(number) >= FREE else f"{float(f'{abs(number):.{DIGITS}g}'):.2f}".rstrip("0").rstrip(".")
    sign = MINUS if number < 0 and float(digits) else ""
    return f"{sign}{digits} {unit.strip()}".rstrip()


def plain(text: str) -> str:
    return "".join(text.casefold().split())
