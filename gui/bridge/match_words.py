"""What the match goes by, in numbers: a master can read −9.0 LUFS by itself and −8.8 over the passages by which it is compared."""
from gui.theme import numbers
from mastering_rt.desk.desk import Desk
from mastering_rt.desk.sides import MASTER, MIX, Side

BY_THE_MIX = "by the passages that count in the mix"
BASES = {"loop": f"Over the loop, {BY_THE_MIX}", "song": f"Over the whole song, {BY_THE_MIX}", "recent": f"Since the last change, {BY_THE_MIX}",
         "estimate": "An estimate, still measuring", "drive": "The drive of the limiters is taken back", "none": "Not measured yet"}
LEAST_DB = 0.05                  # less is nothing to the eye


def match_words(desk: Desk) -> tuple[str, str]:
    """By which passages all that is compared is measured, and how loud each is over these and what is taken off it; "" where nothing is known."""
    sides = [side for side in dict.fromkeys((MIX, MASTER, *desk.compare.pair)) if side.kind != "delta"]
    basis = desk.compare.basis()
    parts = ["" if basis == "drive" else _levels(desk, sides), ", ".join(filter(None, (_taken_off(desk, side) for side in sides)))]
    return BASES[basis], "; ".join(filter(None, parts))


def _levels(desk: Desk, sides: list[Side]) -> str:
    mix = desk.compare.mix_lufs()
    known = [(side, desk.compare.level_of(side).difference_lu) for side in sides]
    if mix is None or any(difference is None for _, difference in known):
        return ""
    return f"{', '.join(f'{desk.compare.title(side)} {numbers.number(mix + (difference or 0.0))}' for side, difference in known)} LUFS"


def _taken_off(desk: Desk, side: Side) -> str:
    down_db = -desk.gain_db(side)
    return f"{desk.compare.title(side)} plays {numbers.quantity(down_db, 'dB')} lower" if down_db >= LEAST_DB else ""
