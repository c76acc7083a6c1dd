"""The lower rows of the gallery: meters, toasts, dialogs, progress."""
from collections.abc import Callable
from dataclasses import replace
from math import sqrt

import numpy as np
from PySide6.QtWidgets import QWidget

from gui.controls.base import Painted
from gui.controls.choice import Choice
from gui.controls.plane import Plane
from gui.dialogs.dialog import Dialog, Form
from gui.dialogs.progress import ProgressRow
from gui.dialogs.toasts import Toast
from gui.gallery import Sheet
from gui.meters.column import MeterColumn
from gui.meters.correlation import CorrelationMeter
from gui.meters.loudness import LoudnessMeter
from gui.meters.peak import PeakMeter
from gui.meters.reading import Reading, SongNumbers
from gui.meters.reduction import ReductionMeter
from gui.theme import theme

TALL = 200
MIX = SongNumbers(integrated_lufs=-17.9, loudness_range_lu=10.5, true_peak_dbtp=-3.1, max_short_term_lufs=-13.5, max_momentary_lufs=-11.5,
                  psr_min_db=10.4)
MASTER = SongNumbers(integrated_lufs=-12.1, loudness_range_lu=7.8, true_peak_dbtp=-1.0, max_short_term_lufs=-8.6, max_momentary_lufs=-6.5,
                     psr_min_db=7.6, reduction_max_db=8.0)


def points(count: int = 1600) -> object:
    """A stereo cloud, the same each time."""
    random = np.random.default_rng(7)
    mid, side = random.normal(0, 0.16, count), random.normal(0, 0.07, count)
    return np.stack([(mid - side) * sqrt(2), (mid + side) * sqrt(2)], axis=1)


def peak(source: str, levels: tuple[float, float], rms: float, held: tuple[float, float], overs: int = 0) -> PeakMeter:
    """A peak meter after a little music."""
    meter = PeakMeter()
    meter.resize(meter.width(), theme.px(TALL))
    meter.show_source(source)
    meter.show_ceiling(0.0 if source == "ref" else -1.0)
    for index in range(overs):
        meter.show_reading(Reading(time_s=index * 0.1, true_peak_dbtp=(-0.6, -4)))
        meter.show_reading(Reading(time_s=index * 0.1 + 0.05, true_peak_dbtp=(-4, -4)))
    meter.show_reading(Reading(time_s=5, peak_dbfs=levels, rms_dbfs=(rms, rms), true_peak_dbtp=held))
    meter.show_reading(Reading(time_s=5.2, peak_dbfs=levels, rms_dbfs=(rms, rms), true_peak_dbtp=levels))
    return meter


def reduction(*, fed: bool = False) -> ReductionMeter:
    """A reduction meter."""
    meter = ReductionMeter()
    meter.resize(meter.width(), theme.px(TALL))
    meter.show_reading(Reading(time_s=0, reduction_db=4.1, fed=fed))
    meter.show_reading(Reading(time_s=0.11, reduction_db=2.7, fed=fed))
    return meter


def correlation(value: float, seconds: int = 0) -> CorrelationMeter:
    """A correlation meter that has been so for a while."""
    meter = CorrelationMeter()
    meter.resize(theme.px(150), meter.height())
    for second in range(seconds + 1):
        meter.show_reading(Reading(time_s=second, correlation=value))
    return meter


def meters(sheet: Sheet) -> None:
    """Meters one by one."""
    loudness = LoudnessMeter()
    loudness.resize(loudness.width(), theme.px(TALL))
    loudness.show_largest(-6.5, -8.6)
    loudness.show_reading(Reading(time_s=0, momentary_lufs=-10.1, short_term_lufs=-10.0, other_momentary_lufs=-15.2, other_short_term_lufs=-15.4))
    sheet.row("Meters", [("mix", peak("mix", (-6.5, -8), -18, (-3.1, -3.7))), ("master", peak("master", (-1.3, -2.6), -11, (-1.0, -1.4))),
                         ("reference", peak("ref", (-1.0, -2.2), -10, (-0.7, -1.0))),
                         ("over, latched", peak("master", (0.4, -1.3), -9, (0.2, -1.1), overs=2)), ("loudness", loudness),
                         ("gain reduction", reduction()), ("bypassed, fed", reduction(fed=True)), ("correlation", correlation(0.61)),
                         ("out of phase", correlation(-0.41, 3))], height=TALL)


def column(sheet: Sheet, x: int) -> QWidget:
    """The whole column as on the pictures of the window."""
    made = MeterColumn(sheet)
    made.move(x, 0)
    made.resize(theme.px(theme.sizes.meters), theme.px(952 if theme.density == "comfortable" else 608))
    made.show()
    made.show_song("mix", MIX)
    made.show_song("master", MASTER)
    made.scope.setVisible(theme.density == "comfortable")
    sound = Reading(time_s=1, peak_dbfs=(-1.2, -2.6), rms_dbfs=(-10.3, -12.2), true_peak_dbtp=(-1.0, -1.02), momentary_lufs=-10.1,
                    short_term_lufs=-10.0, integrated_lufs=-12.0, other_momentary_lufs=-15.3, other_short_term_lufs=-15.5, reduction_db=3.7,
                    correlation=0.61, balance_db=-1.9, side_mid_db=-6.4, psr_db=9.0, points=points())
    made.show_reading(replace(sound, time_s=0.5, reduction_db=5.2))
    made.scope.show_reading(sound)
    made.show_reading(sound)
    return made


def meter_column(sheet: Sheet) -> None:
    """The column, and beside it what the other rows leave room for."""
    column(sheet, 0)
    sheet.row("Meter column", [("", sheet.findChildren(MeterColumn)[0])])


def toast(title: str, sentence: str, *words: str, fault: bool = False) -> Toast:
    """A toast that stands."""
    return Toast(title, sentence, [(word, lambda: None) for word in words], fault=fault)


def toasts(sheet: Sheet) -> None:
    """News and faults."""
    sheet.row("Toasts", [("", toast("The mix changed on disk.", "v5, 2 s ago. The chain stays as it is.", "Reload", "Keep v4")),
                         ("", toast("Tape Deck crashed at 2:13.", "Its slot plays dry. Nothing else changed.", "Restart", fault=True)),
                         ("", toast("One dropout, 1.3 ms, at 1:07.", "The system was late, not the chain. The lamp stays lit.", "Clear", fault=True))],
              pitch=464)


def stage_of(dialog: Dialog, page: Plane) -> QWidget:
    """The dialog without its window, for the sheet."""
    dialog.setParent(page)
    dialog.move(0, 0)
    page.resize(dialog.size())
    return page


def standing(title: str, sentence: str, *answers: str, aside: str = "", form: Form | None = None, width: int = 454) -> tuple[QWidget, Dialog]:
    """A dialog in a window of its own size; the last answer is the safe one."""
    page = Plane()
    page.resize(theme.px(width + 40), theme.px(400))
    dialog = Dialog(page, title, sentence, aside=aside, width=width)
    if form is not None:
        dialog.body.addWidget(form)
    for words in answers:
        dialog.add_answer(words, words, safe=words == answers[-1])
    if answers:
        dialog.open()
    dialog.place()
    return stage_of(dialog, page), dialog


def dialogs(sheet: Sheet) -> None:
    """Questions, and the device dialog."""
    first, recovery = standing("The last run ended without closing.",
                               "Session Tidewater was kept up to your last gesture at 14:32:07, band 6 gain. The saved file is 9 s older.",
                               "Open saved", "Open recovered")
    second, channels = standing("song_5.1.wav has 6 channels.", "Mastering RT opens mono and stereo. Nothing was loaded, your session is as before. "
                                "Choose two channels to open as stereo.", "Close", "Choose channels")
    form = Form()
    for label, words in (("System", "ALSA"), ("Device", "Interface 1\N{EN DASH}2"), ("Rate", "44.1 kHz, follows the song"), ("Block", "256 samples, 5.8 ms")):
        form.add(label, Choice("", [words], plane="control", width=320))
    third, _ = standing("Audio device", "", aside="plays while you choose", form=form, width=480)
    sheet.row("Dialogs", [("", first), ("", second), ("", third)], pitch=476)
    for dialog in (recovery, channels):
        safe = dialog.findChildren(QWidget)[-1]
        if isinstance(safe, Painted):
            sheet.surround(safe)


def progress(sheet: Sheet) -> None:
    """Jobs of a rendering."""
    done, running, waiting, failed = (ProgressRow(name) for name in ("WAV 24-bit, 44.1 kHz", "WAV 16-bit, 44.1 kHz, dithered", "FLAC 24-bit, 44.1 kHz",
                                                                     "AAC 256 kbit/s"))
    for row in (done, running, waiting, failed):
        row.resize(theme.px(330), row.height())
    done.show_state("Read back", "Tidewater (Master v4).wav, 60.2 MB", share=1, mark="tick")
    running.show_state("62 %", "166 \N{MULTIPLICATION SIGN} real time, under 1 s left", share=0.62)
    waiting.show_state("Waiting", "after the WAV files")
    failed.show_state("Failed", "The disk is full; 12 MB are missing.", share=0.4, mark="warning")
    sheet.row("Progress", [("done", done), ("running", running), ("waiting", waiting), ("failed", failed)], pitch=350)


ROWS: tuple[Callable[[Sheet], None], ...] = (meters, toasts, dialogs, progress, meter_column)
