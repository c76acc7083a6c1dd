"""A result in sentences that claim no more than the answers show."""
from mastering_rt.blind.binomial import LEVEL, as_uneven, at_least, least_hits, least_majority
from mastering_rt.blind.trials import FEWEST, Plan, Result

APART, NOT_APART, NOT_SHOWN = "You can tell these apart.", "You cannot tell these apart.", "Not shown in this test."
TOO_FEW = "Too few answers to say."
NEAR_CHANCE = 0.4                # guessing does as much in that many of all tests: the score is what guessing gives
QUESTIONS = {"abx": "Is X the same as A or as B?", "preference": "Which one do you prefer?"}
KIND_NAMES = {"abx": "ABX", "preference": "A/B"}


def shown(result: Result) -> bool:
    """Whether guessing would do as much in under 5 % of tests."""
    return result.p is not None and result.p < LEVEL


def near_chance(result: Result) -> bool:
    """Whether the score is about what guessing gives; between that and what was shown, nothing is known."""
    return result.p is not None and result.p >= NEAR_CHANCE


def too_few(result: Result) -> bool:
    """Whether it was stopped before there were as many answers as the shortest test has, and they show nothing by themselves."""
    return result.answered < FEWEST and not shown(result)


def pair_text(plan: Plan) -> str:
    """ "Mix against master". """
    return f"{plan.first} against {plan.second}"


def score_text(result: Result) -> str:
    """ "13 of 16"; of a preference, how often the side that was preferred. """
    hits = result.hits if result.plan.kind == "abx" else max(result.hits, result.answered - result.hits)
    return f"{hits} of {result.answered}"


def p_text(p: float | None) -> str:
    """Three decimals, or as many as it takes to show one figure."""
    if p is None:
        return "–"
    if p >= 0.0005:
        return f"{p:.3f}"
    return next(text for places in range(4, 20) if float(text := f"{p:.{places}f}"))


def verdict(result: Result) -> str:
    """The one plain sentence."""
    if not result.answered:
        return "Nothing was answered."
    if too_few(result):
        return TOO_FEW
    if result.plan.kind == "abx":
        return APART if shown(result) else NOT_APART if near_chance(result) else NOT_SHOWN
    choice = preferred(result)
    if not choice:
        return "Neither was preferred."
    return f"You prefer {choice}." if shown(result) else f"{choice} was chosen more often, which can be chance."


def preferred(result: Result) -> str:
    """Name of the side that was chosen more often; empty when neither was."""
    others = result.answered - result.hits
    return result.plan.first if result.hits > others else result.plan.second if others > result.hits else ""


def explanation(result: Result) -> str:
    """What chance would do, and what the test could have shown at all."""
    if not result.answered:
        return "Nothing can be said of it."
    kind, most = result.plan.kind, result.answered
    needed = least_hits(most) if kind == "abx" else least_majority(most)
    if needed is None:
        return f"{most} answer{'s are' if most > 1 else ' is'} too few: even all of them alike would not be beyond chance."
    if kind == "abx":
        return f"Guessing gives {result.hits} or more right in {odds(float(at_least(result.hits, most)))}.{wanting(result, needed)}"
    larger = max(result.hits, most - result.hits)
    return f"Without a preference one side gets {larger} or more in {odds(float(as_uneven(result.hits, most)))}.{wanting(result, needed)}"


def wanting(result: Result, needed: int) -> str:
    """The score that would have shown something, and that the lack of it shows nothing; empty where it was reached."""
    if shown(result):
        return ""
    rest = " That does not prove that there is no difference." if result.plan.kind == "abx" else ""
    return f" {needed} of {result.answered} would have been needed.{rest}"


def odds(p: float) -> str:
    """ "1 of 94 tests", "40 of 100 tests", "every test". """
    if p >= 0.995:
        return "every test" if p == 1 else "nearly every test"
    return f"1 of {round(1 / p):,} tests".replace(",", "\N{NARROW NO-BREAK SPACE}") if p < 0.1 else f"{round(100 * p)} of 100 tests"


def stop_text(result: Result) -> str:
    """That it was stopped, and where; empty for a whole test."""
    return f"Stopped after {result.answered} of {result.plan.trials} trials; what was answered counts." if result.stopped else ""


def short_verdict(result: Result) -> str:
    """For a list: "Told apart", "Not told apart", "Not shown", "Too few answers", "Mix preferred", "No preference"."""
    if not result.answered:
        return "Not answered"
    if too_few(result):
        return "Too few answers"
    if result.plan.kind == "abx":
        return "Told apart" if shown(result) else "Not told apart" if near_chance(result) else "Not shown"
    return f"{preferred(result)} preferred" if shown(result) else "No preference"


def sentence(result: Result) -> str:
    """The whole result in one line, for the journal."""
    parts = [f"Blind {KIND_NAMES[result.plan.kind]}, {pair_text(result.plan)}: {score_text(result)}, p = {p_text(result.p)}.", verdict(result),
             stop_text(result)]
    return " ".join(part for part in parts if part)
