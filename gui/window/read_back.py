"""A rendered file against what was asked for, as the rows of a table. Knows no Qt."""
from dataclasses import dataclass, replace

from gui.theme import numbers
from mastering_rt.audio.files import WORD_LENGTHS
from mastering_rt.audio.quantize import DITHER_NAMES, meant_dither
from mastering_rt.errors import clock, grouped
from mastering_rt.measure.report import FileReport
from mastering_rt.offline.expected import Expected
from mastering_rt.offline.render import LEFT_OVER_DB, OVER_DB, RenderOptions, RenderReport

FLOATING = ("FLOAT", "DOUBLE")
STORED = {"20": "PCM_24"}           # word lengths that lie in longer ones
CLOSE_LU = 0.05
CHANNELS = {1: "mono", 2: "stereo"}
NOT_YET = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One promise: what was asked, what was found, more about it, and whether it was kept (None: nothing was promised)."""

    name: str
    asked: str
    found: str = NOT_YET
    detail: str = ""
    kept: bool | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A render before it is made: its options, the rate and length it will have, the ceiling the chain promises."""

    options: RenderOptions
    rate_hz: int
    duration_s: float
    ceiling_dbtp: float | None

    @property
    def dither(self) -> str:
        """What "auto" means for the word length."""
        return meant_dither(self.options.bits, self.options.dither)


def plan_rows(asked: Asked, expected: Expected | None) -> list[Row]:
    """What the file will be held to, and what it will be where the whole song is known."""
    planned = rows(asked, None)
    if expected is None:
        return planned
    told = {"True peak": expected_peak_row(asked, expected), "Clipped samples": expected_clipped_row(expected)}
    return [told.get(row.name, row) for row in planned]


def expected_peak_row(asked: Asked, expected: Expected) -> Row:
    """Against the ceiling; without one, against full scale. What the exact mode takes off is taken off."""
    row, there = true_peak_row(asked.ceiling_dbtp, None), expected.levels.true_peak_dbtp
    if there is None:
        return row
    if asked.options.exact and asked.ceiling_dbtp is not None:
        there = min(there, asked.ceiling_dbtp)
    kept = not expected.over if asked.ceiling_dbtp is None else there <= asked.ceiling_dbtp + OVER_DB
    return replace(row, found=numbers.quantity(there, "dBTP", 2, plus=True), kept=kept)


def expected_clipped_row(expected: Expected) -> Row:
    """How many samples will be cut at full scale."""
    row, count = clipped_row(None), expected.clipped_samples
    return replace(row, found=f"about {grouped(count)}" if count else "none", kept=not count)


def warning(asked: Asked, expected: Expected | None) -> str:
    """What is wrong with what would be written, as a sentence; empty where nothing is."""
    if expected is None or not expected.over or asked.ceiling_dbtp is not None:
        return ""
    peak = numbers.quantity(expected.levels.true_peak_dbtp, "dBTP", 2, plus=True)
    if expected.clipped_samples:
        return (f"The file will clip: about {grouped(expected.clipped_samples)} samples are cut at full scale, the true peak before that is {peak}, "
                f"and it will read less than {numbers.quantity(expected.levels.integrated_lufs, 'LUFS')}.")
    if asked.options.bits.endswith("f"):
        return f"The file keeps its true peak of {peak}, but whatever plays or converts it will clip."
    return f"The true peak between the samples is {peak}; converters and codecs may clip it."


def rows(asked: Asked, report: RenderReport | None) -> list[Row]:
    """What the file is held to; without a report, what it will be held to."""
    found = [format_row(asked, report), length_row(asked, report)]
    if asked.options.target_lufs is not None:
        found.append(loudness_row(asked.options.target_lufs, report, whole=asked.options.range_s is None))
    found.append(true_peak_row(asked.ceiling_dbtp, report))
    if asked.options.exact:
        found.append(exact_row(report))
    return [*found, clipped_row(report), dither_row(asked, report), *reduction_rows(report)]


def format_row(asked: Asked, report: RenderReport | None) -> Row:
    """Word length, rate, channels."""
    wanted = f"{bits_text(asked.options.bits)}, {rate_text(asked.rate_hz)}"
    if report is None:
        return Row("Format", wanted)
    there = f"{word_text(report.subtype)}, {rate_text(report.file.sample_rate_hz)}"
    stored = wanted if asked.options.bits not in STORED else f"{word_text(STORED[asked.options.bits])}, {rate_text(asked.rate_hz)}"
    channels = CHANNELS.get(report.file.channels, f"{report.file.channels} channels")
    return Row("Format", wanted, f"{there}, {channels}", report.container, there == stored and report.file.channels == 2)


def length_row(asked: Asked, report: RenderReport | None) -> Row:
    """To the sample."""
    wanted = round(asked.duration_s * asked.rate_hz)
    if report is None:
        return Row("Length", clock(asked.duration_s))
    frames = round(report.file.duration_s * report.file.sample_rate_hz)
    return Row("Length", clock(asked.duration_s), clock(report.file.duration_s), f"{grouped(frames)} samples", abs(frames - wanted) <= 1)


def loudness_row(target_lufs: float, report: RenderReport | None, *, whole: bool) -> Row:
    """The target, which is one for the whole song; a part of it reads what it reads."""
    wanted = numbers.quantity(target_lufs, "LUFS")
    if report is None:
        return Row("Loudness", wanted)
    there = report.file.integrated_lufs
    near = there is not None and abs(there - target_lufs) <= CLOSE_LU
    return Row("Loudness", wanted, numbers.quantity(there, "LUFS", 2), "" if whole else "of the loop alone", near if whole else None)


def true_peak_row(ceiling_dbtp: float | None, report: RenderReport | None) -> Row:
    """Against the ceiling of the limiter at the end, where there is one."""
    if report is not None:
        ceiling_dbtp = report.ceiling_dbtp
    wanted = f"at most {numbers.quantity(ceiling_dbtp, 'dBTP', 2)}" if ceiling_dbtp is not None else "no ceiling set"
    if report is None:
        return Row("True peak", wanted)
    there = report.file.true_peak_dbtp
    kept = None if ceiling_dbtp is None else there is None or there <= ceiling_dbtp + OVER_DB
    return Row("True peak", wanted, numbers.quantity(there, "dBTP", 2, plus=True), "", kept)


def exact_row(report: RenderReport | None) -> Row:
    """What the exact mode took off."""
    if report is None or report.exact is None:
        return Row("Exact mode", "nothing over it")
    exact = report.exact
    kept = exact.left_over_db <= LEFT_OVER_DB
    if exact.reduction_max_at_s is None:
        return Row("Exact mode", "nothing over it", "nothing to take off", "as heard", kept)
    places = "1 place" if exact.places_touched == 1 else f"{grouped(exact.places_touched)} places"
    most = numbers.quantity(-exact.reduction_max_db, "dB", 2)
    return Row("Exact mode", "nothing over it", places, f"{most} at {clock(exact.reduction_max_at_s)}", kept)


def clipped_row(report: RenderReport | None) -> Row:
    """Samples that were cut at full scale."""
    if report is None:
        return Row("Clipped samples", "none")
    return Row("Clipped samples", "none", grouped(report.quantizer_clipped_samples), "", report.quantizer_clipped_samples == 0)


def dither_row(asked: Asked, report: RenderReport | None) -> Row:
    """What was added before rounding."""
    wanted = DITHER_NAMES[asked.dither]
    if report is None:
        return Row("Dither", wanted)
    there = DITHER_NAMES[report.dither]
    return Row("Dither", wanted, there, "once, at the end" if report.dither != "none" else "", there == wanted)


def reduction_rows(report: RenderReport | None) -> list[Row]:
    """What the chain took off on the way, which nobody asked for but everybody wants to know."""
    if report is None or not report.gain_reduction_max_db:
        return []
    mean, most = numbers.quantity(-report.gain_reduction_mean_db, "dB"), numbers.quantity(-report.gain_reduction_max_db, "dB")
    return [Row("Gain reduction", "as set", f"{mean} mean", f"{most} at most")]


def bits_text(bits: str) -> str:
    """ "24-bit", "32-bit float"."""
    return f"{bits.removesuffix('f')}-bit float" if bits.endswith("f") else f"{bits}-bit"


def word_text(subtype: str) -> str:
    """The same for what lies on the disk."""
    word = WORD_LENGTHS.get(subtype)
    return f"{word}-bit{' float' if subtype in FLOATING else ''}" if word else subtype


def rate_text(rate_hz: int) -> str:
    """ "44.1 kHz"."""
    return f"{rate_hz / 1000:g} kHz"


def headline(file: FileReport) -> list[tuple[str, str, str]]:
    """The five figures of the written file, or of one to be, as (name, figure, unit)."""
    return [("Integrated", numbers.number(file.integrated_lufs), "LUFS"), ("Range", numbers.number(file.loudness_range_lu), "LU"),
            ("Loudest 3 s", numbers.number(file.max_short_term_lufs), "LUFS"), ("Peak to loudness", numbers.number(file.plr_db), "dB"),
            ("Sample peak", numbers.number(file.sample_peak_dbfs, 2, plus=True), "dBFS")]
