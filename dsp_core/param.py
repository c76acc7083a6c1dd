"""What a parameter is: range, knob law, text both ways. Standard library only, because setup.py imports it."""
import re
from dataclasses import dataclass
from math import ceil, exp, isfinite, log, log10

from dsp_core.typed import readings, with_kilo_last

MINUS = "\N{MINUS SIGN}"
DEGREE = "\N{DEGREE SIGN}"
MOST, LEAST = ("inf", "+inf", "infinity", "\N{INFINITY}"), ("-inf", "-infinity", "-\N{INFINITY}")
NUMBER = re.compile(r"\d+")      # that a choice begins with: 4x, 24 dB/oct
LAWS = ("lin", "log", "step")
CHANGES = ("glide", "swap")
TYPED_UNITS = (("khz", "Hz", 1000.0), ("k", "Hz", 1000.0), ("hz", "Hz", 1.0), ("ms", "ms", 1.0), ("s", "ms", 1000.0),
               ("dbtp", "dB", 1.0), ("dbfs", "dB", 1.0), ("db", "dB", 1.0),
               ("dbtp", "dBTP", 1.0), ("dbfs", "dBTP", 1.0), ("db", "dBTP", 1.0),
               (DEGREE, "deg", 1.0), ("degrees", "deg", 1.0))


class BadValue(ValueError):
    """A value or a text that a parameter cannot take; the message names parameter, value and range."""


class UnknownParameter(LookupError):
    """A parameter id that a stage kind does not have; the message names the ids it has."""


@dataclass(frozen=True, kw_only=True)
class Param:
    """One parameter of one stage kind, declared once in `dsp_core.params`.

    law: how a control's 0..1 maps to the value; "lin", "log", or "step" (whole numbers and choices).
    change: "glide" moves smoothly inside the running stage; "swap" is fixed for the life of a stage instance,
    so the engine crossfades to a fresh instance when it changes.
    step: what one wheel notch or arrow key adds; for a log law a factor.
    """

    id: str
    label: str
    low: float
    high: float
    default: float
    unit: str = ""
    law: str = "lin"
    change: str = "glide"
    step: float = 0.0
    decimals: int = 1
    choices: tuple[str, ...] = ()
    low_text: str = ""
    high_text: str = ""
    help: str = ""
    since: int = 1

    def __post_init__(self) -> None:
        if not self.low <= self.default <= self.high:
            raise ValueError(f"{self.id}: default {self.default} is outside {self.low} to {self.high}")
        if self.law not in LAWS or self.change not in CHANGES:
            raise ValueError(f"{self.id}: law {self.law!r} or change {self.change!r} is not one of {LAWS}, {CHANGES}")
        if self.law == "log" and self.low <= 0:
            raise ValueError(f"{self.id}: a log law needs a low end above 0, not {self.low}")
        if self.choices and (self.low, self.high) != (0, len(self.choices) - 1):
            raise ValueError(f"{self.id}: {len(self.choices)} choices do not span {self.low} to {self.high}")
        if not self.help:
            raise ValueError(f"{self.id}: every parameter has a help sentence")

    def clamp(self, value: float) -> float:
        """The nearest value in range; whole for a step law. Raises BadValue for NaN and infinity."""
        if not isfinite(value):
            raise BadValue(f"{self.label} cannot be {value}; it goes from {self.text(self.low)} to {self.text(self.high)}")
        value = min(max(float(value), self.low), self.high)
        return float(round(value)) if self.law == "step" else value

    def check(self, value: float) -> float:
        """The value itself if it is in range, else BadValue with the range."""
        if not self.low <= value <= self.high:
            raise BadValue(f"{self.label} cannot be {with_unit(f'{value:g}', self.unit)}; "
                           f"it goes from {self.text(self.low)} to {self.text(self.high)}")
        return float(round(value)) if self.law == "step" else float(value)

    def from_norm(self, norm: float) -> float:
        """Value for a control position 0..1."""
        if norm <= 0.0 or norm >= 1.0:  # exactly the ends, which may have a name
            return float(self.high if norm > 0.0 else self.low)
        if self.law == "log":
            return min(max(exp(log(self.low) + norm * log(self.high / self.low)), self.low), self.high)
        value = self.low + norm * (self.high - self.low)
        return float(round(value)) if self.law == "step" else value

    def to_norm(self, value: float) -> float:
        """Control position 0..1 for a value."""
        if self.high == self.low:
            return 0.0
        value = min(max(value, self.low), self.high)
        if self.law == "log":
            return log(value / self.low) / log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)

    def nudge(self, value: float, steps: float) -> float:
        """Value after `steps` wheel notches (a fraction for fine moves), in range."""
        if self.law == "log":
            return self.clamp(value * (self.step or 1.06) ** steps)
        if self.law == "step":
            return self.clamp(value + (1 if steps > 0 else -1) * max(1, ceil(abs(steps))) if steps else value)
        return self.clamp(value + steps * (self.step or (self.high - self.low) / 100))

    def text(self, value: float, extra_decimals: int = 0) -> str:
        """The value as an engineer reads it, with its unit."""
        if self.choices:
            return self.choices[round(min(max(value, self.low), self.high))]
        if self.low_text and value <= self.low:
            return self.low_text
        if self.high_text and value >= self.high:
            return self.high_text
        if self.unit == "Hz":
            return hertz_text(value, extra_decimals)
        if self.unit == ":1":
            return f"{value:.{2 + extra_decimals}f} : 1"
        decimals = 0 if self.law == "step" else self.decimals
        if self.unit == "ms" and self.law == "log":
            decimals = max(0, 2 - max(0, int(log10(max(value, 0.01)) + 1)))
        number = f"{abs(value):.{decimals + extra_decimals}f}"
        zero = float(number) == 0.0
        sign = MINUS if value < 0 and not zero else "+" if self.low < 0 < self.high and not zero else ""
        return sign + with_unit(number, self.unit)

    def parse(self, text: str, current: float | None = None) -> float:
        """Value for a typed text: "-1.5", "-1,5", "2k", "1k5", "30%", "1:2.5", a choice, or "+=0.3" relative to `current`.

        "1,500" is one and a half or fifteen hundred, whichever of them is in range. Raises BadValue with what can be typed, also where both are.
        """
        words = text.strip().replace(MINUS, "-").lower()
        if self.choices:
            return self._parse_choice(text, words)
        for end, signs, value in ((self.low_text, LEAST, self.low), (self.high_text, MOST, self.high)):
            if end and (words == end.lower() or words in signs):
                return value
        relative = words[:2] if words[:2] in ("+=", "-=") else ""
        numbers = self._parse_numbers(text, words[2:] if relative else words)
        if relative:
            if current is None:
                raise BadValue(f"{self.label}: {text!r} is relative, but there is no value to start from")
            number = self._meant(text, numbers, self.low - self.high, self.high - self.low)
            return self.clamp(current + number if relative == "+=" else current - number)
        return self.check(self._meant(text, numbers, self.low, self.high))

    def _meant(self, text: str, numbers: tuple[float, ...], low: float, high: float) -> float:
        """The one that is possible; the first if none is, which is told with the range."""
        possible = [number for number in numbers if low <= number <= high]
        if len(possible) > 1:
            raise BadValue(f"{self.label}: {text!r} can be {' or '.join(f'{number:g}' for number in possible)}; "
                           "type a point for the fraction, and thousands without a comma")
        return possible[0] if possible else numbers[0]

    def _parse_choice(self, text: str, words: str) -> float:
        wanted = plain(words)
        named = [NUMBER.match(choice) for choice in self.choices]
        for index, choice in enumerate(self.choices):
            number = named[index]
            meant = number.group() if number else "" if any(named) else str(index)
            if plain(choice) == wanted or (meant and words == meant):
                return float(index)
        if len(self.choices) == 2 and wanted in ("true", "yes", "1", "false", "no", "0"):
            return 1.0 if wanted in ("true", "yes", "1") else 0.0
        raise BadValue(f"{self.label} cannot be {text!r}; choose one of: {', '.join(self.choices)}")

    def _parse_numbers(self, text: str, words: str) -> tuple[float, ...]:
        """What the text can mean, in the parameter's own unit."""
        words = "".join(words.split())
        factor = 1.0
        if self.unit == "Hz":
            words = with_kilo_last(words)
        if self.unit == ":1" and ":" in words:
            left, right = words.split(":", 1)
            words = right if left in ("1", "1.0") and right not in ("1", "1.0") else left
        for suffix, unit, scale in (*TYPED_UNITS, (self.unit.lower(), self.unit, 1.0)):
            if unit == self.unit and suffix and words.endswith(suffix):
                words, factor = words[: -len(suffix)], scale
                break
        try:
            numbers = tuple(number * factor for number in readings(words))
        except ValueError:
            raise BadValue(f"{self.label}: {text!r} is not a number; type something like {self.text(self.default)}") from None
        if not all(isfinite(number) for number in numbers):
            raise BadValue(f"{self.label} cannot be {text!r}; it goes from {self.text(self.low)} to {self.text(self.high)}")
        return numbers


def with_unit(number: str, unit: str) -> str:
    """A number with its unit, which is the degree sign where the table says "deg"."""
    return f"{number}{DEGREE}" if unit == "deg" else f"{number} {unit}".rstrip()


def plain(words: str) -> str:
    """A choice as one word without case, blanks, hyphens and underscores, so that "Low shelf" = "low_shelf"."""
    return "".join(c for c in words.lower() if c not in " -_")


def hertz_text(hz: float, extra_decimals: int = 0) -> str:
    """Hz under 1000, then kHz with at most two decimals (look of the window; the command line prints the same)."""
    text = f"{hz:.{(hz < 100) + extra_decimals}f}"
    if float(text) < 1000:
        return f"{text.rstrip('0').rstrip('.') if '.' in text else text} Hz"
    text = f"{hz / 1000:.{2 + extra_decimals}f}".rstrip("0").rstrip(".")
    return f"{text} kHz"
