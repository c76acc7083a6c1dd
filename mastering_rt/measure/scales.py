"""What the needle meters are marked with: where a scale has its zero, in dBFS, and what a level reads on it.

dBFS here follows AES17 and IEC 61606: a sine whose peak touches full scale is 0 dBFS, and a steady sine reads the same on every
meter. A root mean square by itself reads 3.01 dB less (`AES17_DB`).
"""
from dataclasses import dataclass
from math import log10

AES17_DB = 10 * log10(2)         # what a sine's peak has over its RMS
K_SYSTEM_DB = (20, 14, 12)       # headroom over the zero of K-20, K-14 and K-12 (Katz, JAES 48(9), 2000)
VU_REFERENCES_DBFS = (-18.0, -20.0, -14.0, -12.0, -9.0)     # the last three for masters, which would pin the others


@dataclass(frozen=True)
class PpmScale:
    """A programme meter: which detector it has, and its marks: what is written, at which dBFS."""

    id: str
    title: str
    kind: int                                # 1 or 2: type I or II of IEC 60268-10
    marks: tuple[tuple[str, float], ...]
    unit: str = "dB"
    zero_dbfs: float = 0.0                   # of the numbers in `unit`
    step_db: float = 1.0                     # that one of them is worth

    def reading(self, dbfs: float) -> float:
        """A level in the numbers of this scale."""
        return (dbfs - self.zero_dbfs) / self.step_db


def _marks(zero_dbfs: float, *levels: float) -> tuple[tuple[str, float], ...]:
    return tuple((f"{level:+g}" if level > 0 else f"{level:g}", zero_dbfs + level) for level in levels)


BBC_MARKS = tuple((str(mark), -18.0 + 4.0 * (mark - 4)) for mark in range(7, 0, -1))
PPM_SCALES = (
    PpmScale("din", "PPM I, DIN", 1, _marks(-9.0, 5, 0, -5, -10, -15, -20, -30, -40, -50), zero_dbfs=-9.0),
    PpmScale("nordic", "PPM I, Nordic", 1, _marks(-18.0, 12, 9, 6, 3, 0, -6, -12, -18, -24, -30, -36), zero_dbfs=-18.0),
    PpmScale("bbc", "PPM II, BBC", 2, BBC_MARKS, "", -34.0, 4.0),
    PpmScale("ebu", "PPM II, EBU", 2, _marks(-18.0, 12, 8, 4, 0, -4, -8, -12), zero_dbfs=-18.0),
)


def vu_of(dbfs: float, reference_dbfs: float) -> float:
    """What a VU meter says of a level whose zero stands at `reference_dbfs`."""
    return dbfs - reference_dbfs


def k_of(rms_dbfs: float, headroom_db: float) -> float:
    """What a K meter says of a root mean square: marked so that a sine reads its peak, zero at `headroom_db` under full scale."""
    return rms_dbfs + AES17_DB + headroom_db
