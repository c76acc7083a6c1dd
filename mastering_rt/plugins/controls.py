"""Which parameters of a plugin are for a hand, which only show something, and which are the plugin framework's own business.

pedalboard tells of each parameter whether it can be automated. That is not the question: some plugins have controls that cannot be automated, and
some have meters that claim they can. What settles it is whether the plugin keeps what is set: a control is in its state, a meter is not.
"""
import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

FRAMEWORK = ("buffer size", "sample rate", "latency")        # that DPF adds to every plugin
METER_WORDS = re.compile(r"\b(reduction|gr|meter|level|peak|rms|vu|lufs|output|position)\b", re.IGNORECASE)
FREE_STEPS = 1000                # more are no steps


class Sorted(NamedTuple):
    """Numbers of parameters, in the plugin's order."""

    controls: tuple[int, ...]
    meters: tuple[int, ...]
    framework: tuple[int, ...]


def sort_parameters(parameters: Sequence[Any], state: Callable[[], bytes], put: Callable[[bytes], object],
                    run: Callable[[], object]) -> Sorted:
    """Sort a freshly loaded plugin's parameters. `state` and `put` read and set all of it, `run` sends a block of silence through it, because
    a plugin may take a new value with the next block only. What is tried is put back."""
    before = state()
    kept = [p.index for p in parameters if is_plain(p) or (is_asked(p) and keeps(p, state, run))]
    framework = [p.index for p in parameters if p.index not in kept and (is_frameworks(p) or is_sole_program(p))]
    if state() != before:
        put(before)
    meters = [p.index for p in parameters if p.index not in kept and p.index not in framework]
    return Sorted(tuple(kept), tuple(meters), tuple(framework))


def is_plain(parameter: Any) -> bool:
    """Can be automated, and nothing about it says meter."""
    return bool(parameter.is_automatable) and not is_sole_program(parameter) and not (is_free(parameter) and METER_WORDS.search(parameter.name))


def is_asked(parameter: Any) -> bool:
    """Only the plugin's state tells."""
    return not is_frameworks(parameter) and not is_sole_program(parameter)


def is_frameworks(parameter: Any) -> bool:
    return not parameter.is_automatable and parameter.name.strip().lower() in FRAMEWORK


def is_sole_program(parameter: Any) -> bool:
    """The choice of a program where there is one: both ends are called the same."""
    return bool(is_free(parameter) and parameter.name == "Current Program"
                and parameter.get_text_for_raw_value(0.0) == parameter.get_text_for_raw_value(1.0))


def is_free(parameter: Any) -> bool:
    return not 1 < int(parameter.num_steps) <= FREE_STEPS


def keeps(parameter: Any, state: Callable[[], bytes], run: Callable[[], object]) -> bool:
    """Whether moving it changes the plugin's state."""
    value, before = parameter.raw_value, state()
    parameter.raw_value = 0.25 if value > 0.5 else 0.75
    run()
    kept = state() != before
    parameter.raw_value = value
    run()
    return kept
