"""One condition is told once: findings of one kind become one, with the worst place first and a list of all."""
import re
from collections.abc import Iterator, Sequence
from typing import get_args

from msgspec.structs import asdict, replace

from mastering_rt.errors import clock
from mastering_rt.qc.finding import Finding, Place, Severity

CONDITIONS = ("clipped", "flat_top", "true_peak_over", "inter_sample_over")      # of the whole file, wherever they show
OVERS = ("true_peak_over", "inter_sample_over")                                  # one thing, told by where the peak lies
WORSE_DB = 0.1                   # a true peak that is higher by less is the same one
MOST_APART = 3                   # places of any other kind that are told one by one
TIMES_TOLD = 5
LOWER_IS_WORSE = ("correlation",)                                                # units
ORDER: dict[str, int] = {severity: place for place, severity in enumerate(reversed(get_args(Severity)))}
MINUS = re.compile(r"(?<!\w)-(?=\d)")


def together(findings: Sequence[Finding]) -> list[Finding]:
    """The same, of each kind as one where it is a condition of the file or lies in more than three places."""
    kinds: dict[str, list[Finding]] = {}
    for finding in findings:
        kinds.setdefault(finding.kind, []).append(printed(finding))
    found: list[Finding] = []
    for kind, same in kinds.items():
        found += [made_of(kind, same[0].unit, same)] if len(same) > (1 if kind in CONDITIONS else MOST_APART) else same
    return found


def made_of(kind: str, unit: str, places: Sequence[Place]) -> Finding:
    """One finding of one or more places; it says what its worst place says, and where the others are."""
    ordered = tuple(alone(place) for place in sorted(places, key=lambda place: place.time_s))
    sign = -1.0 if unit in LOWER_IS_WORSE else 1.0
    worst = min(ordered, key=lambda place: (ORDER[place.severity], -sign * place.size, place.time_s))
    if len(ordered) == 1:
        return Finding(kind=kind, unit=unit, **asdict(worst))
    return Finding(kind=kind, unit=unit, places=ordered, **{**asdict(worst), "text": f"{worst.text} {places_text(ordered)}"})


def places_text(places: Sequence[Place]) -> str:
    """ "The worst of 23 places: 0:10.3, 0:15.2 ... and 18 more." """
    told = [short_clock(place.time_s) for place in places[:TIMES_TOLD]]
    more = len(places) - len(told)
    return f"The worst of {len(places)} places: {', '.join(told)}{f' and {more} more' if more else ''}."


def short_clock(seconds: float) -> str:
    """To the tenth of a second: "1:02.3"."""
    return clock(round(seconds, 1))[:-2]


def alone(place: Place) -> Place:
    return Place(time_s=place.time_s, duration_s=place.duration_s, size=place.size, severity=place.severity, channel=place.channel, text=place.text)


def printed(finding: Finding) -> Finding:
    """With a true minus sign before figures, as everywhere else."""
    return replace(finding, text=MINUS.sub("\N{MINUS SIGN}", finding.text))


def not_among(findings: Sequence[Finding], others: Sequence[Finding], slack_s: float) -> tuple[Finding, ...]:
    """Findings, or what is left of them, at places where the others have none of their kind within `slack_s`."""
    left = ((finding, [place for place in finding.everywhere if not list(beside(finding.kind, place, others, slack_s))]) for finding in findings)
    return tuple(finding if len(places) == len(finding.everywhere) else made_of(finding.kind, finding.unit, places)
                 for finding, places in left if places)


def new_or_worse(findings: Sequence[Finding], others: Sequence[Finding], slack_s: float) -> tuple[Finding, ...]:
    """The same, and true peaks over full scale that are higher than the others': they are told with all their places, or not at all."""
    def lower(finding: Finding, place: Place) -> bool:
        return all(there.size < place.size - WORSE_DB for there in beside(finding.kind, place, others, slack_s))

    def told(finding: Finding) -> tuple[Finding, ...]:
        if finding.kind not in OVERS:
            return not_among([finding], others, slack_s)
        return (finding,) if any(lower(finding, place) for place in finding.everywhere) else ()

    return tuple(left for finding in findings for left in told(finding))


def beside(kind: str, place: Place, others: Sequence[Finding], slack_s: float) -> Iterator[Place]:
    """The others' places of the same kind that touch a place, or nearly."""
    kinds = OVERS if kind in OVERS else (kind,)
    return (there for other in others if other.kind in kinds for there in other.everywhere
            if place.time_s < there.end_s + slack_s and there.time_s < place.end_s + slack_s)
