"""Numbers as an engineer reads them: U+2212 and "+", a space before the unit, "−∞" for silence, "–" for what cannot be known."""
from math import inf, isnan

MINUS = "\N{MINUS SIGN}"
UNKNOWN = "\N{EN DASH}"
SILENCE = MINUS + "\N{INFINITY}"


def number(value: float | None, decimals: int = 1, *, plus: bool = False) -> str:
    """`value` with a true minus sign; `plus` also signs what is positive.

    None and NaN are "–", minus infinity "−∞"; nothing ever reads "−0.0".
    """
    if value is None or isnan(value):
        return UNKNOWN
    if value == -inf:
        return SILENCE
    if value == inf:
        return ("+" if plus else "") + "\N{INFINITY}"
    digits = f"{abs(value):.{decimals}f}"
    if float(digits) == 0.0:
        return digits
    return (MINUS if value < 0 else "+" if plus else "") + digits


def quantity(value: float | None, unit: str, decimals: int = 1, *, plus: bool = False) -> str:
    """`number` and its unit; an unknown value has no unit."""
    text = number(value, decimals, plus=plus)
    return text if text == UNKNOWN or not unit else f"{text} {unit}"


def about(value: float | None, unit: str) -> str:
    """A value that is still being measured, "about −12 LUFS"; "–" while nothing is known."""
    return UNKNOWN if value is None or isnan(value) else f"about {quantity(value, unit, 0)}"


def span(low: str, high: str) -> str:
    """A range, "2:05–2:26"."""
    return f"{low}{UNKNOWN}{high}"


def clock(seconds: float, decimals: int = 3) -> str:
    """Position in a song, "2:13.709"; hours only where there are some. Cut off, not rounded, so that it never runs ahead."""
    ticks = int(abs(seconds) * 10 ** decimals + 1e-6)
    whole, rest = divmod(ticks, 10 ** decimals)
    minutes, second = divmod(whole, 60)
    hours, minute = divmod(minutes, 60)
    head = f"{hours}:{minute:02d}:{second:02d}" if hours else f"{minute}:{second:02d}"
    tail = f".{rest:0{decimals}d}" if decimals else ""
    return (MINUS if seconds < 0 and ticks else "") + head + tail


def balance(db: float | None, decimals: int = 1) -> str:
    """Left/right balance, "L 1.9" or "R 0.4"; positive is to the right."""
    if db is None or isnan(db):
        return UNKNOWN
    digits = number(abs(db), decimals)
    return digits if abs(db) != inf and float(digits) == 0.0 else f"{'R' if db > 0 else 'L'} {digits}"
