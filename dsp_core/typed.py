"""Numbers as hands type them: a comma for a point, thousands in groups, "1k5". Standard library only, as `param`."""
import re

POINTED = re.compile(r"[-+]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?")           # 1,500 and 1,500.5
COMMAED = re.compile(r"[-+]?[1-9]\d{0,2}(\.\d{3})+,\d*")              # 1.500,5
EITHER = re.compile(r"[-+]?[1-9]\d{0,2},\d{3}")                  # 1,500: one and a half, or fifteen hundred
SHORT_KILO = re.compile(r"([-+]?\d+)k(\d+)(hz)?")


def readings(words: str) -> tuple[float, ...]:
    """What a typed number can mean: one value, or two where its only comma may part a fraction or thousands. ValueError for what is no number."""
    if COMMAED.fullmatch(words):
        return (float(words.replace(".", "").replace(",", ".")),)
    if EITHER.fullmatch(words):
        return float(words.replace(",", ".")), float(words.replace(",", ""))
    if POINTED.fullmatch(words):
        return (float(words.replace(",", "")),)
    if words.count(",") == 1 and "." not in words:
        words = words.replace(",", ".")
    return (float(words),)


def with_kilo_last(words: str) -> str:
    """ "1k5", as it stands on desks and resistors, as "1.5k"; anything else as it is."""
    found = SHORT_KILO.fullmatch(words)
    return f"{found[1]}.{found[2]}k" if found else words
