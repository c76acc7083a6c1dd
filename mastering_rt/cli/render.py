"""`mastering-rt render`: the master as a file, and what was read back from it."""
import argparse
from collections.abc import Iterator

from mastering_rt.audio.quantize import DITHER_NAMES
from mastering_rt.cli import song_thresholds
from mastering_rt.cli.chains import wanted
from mastering_rt.cli.terminal import print_json, progress_bar, range_of, stop_when_terminated, tell
from mastering_rt.errors import clock, grouped
from mastering_rt.offline.exact import ExactReport
from mastering_rt.offline.render import RenderOptions, RenderReport, render


def run(arguments: argparse.Namespace) -> int:
    """0 when the file is written, also when a notice was needed."""
    arguments.settings, wishes = song_thresholds.split(arguments.settings)
    path, loaded = wanted(arguments)
    options = RenderOptions(bits=arguments.bits, dither=arguments.dither, sample_rate_hz=arguments.rate,
                            range_s=range_of(arguments.range) if arguments.range else None,
                            target_lufs=arguments.target_lufs, overwrite=arguments.overwrite, exact=arguments.exact)
    stop_when_terminated()
    with progress_bar() as progress:
        session, notices = song_thresholds.apply(loaded.session, wishes, path, progress)
        report = render(path, arguments.out, session, options, progress=progress)
    for notice in (*loaded.notices, *notices, *report.notices):
        tell(notice)
    if arguments.json:
        print_json(report.as_json())
    else:
        print(report_text(report))
    return 0


def report_text(report: RenderReport) -> str:
    """What was read back, for people."""
    chain = ", ".join(slot.title for slot in report.chain if not slot.bypassed) or "empty"
    return "\n".join([
        report.file.text(),
        f"  Chain: {chain}; latency {grouped(report.latency_samples)} samples, taken out",
        f"  Gain reduction: {report.gain_reduction_mean_db:.1f} dB mean, {report.gain_reduction_max_db:.1f} dB most",
        *(exact_lines(report.exact) if report.exact else ()),
        f"  {report.bits} bits, dither {DITHER_NAMES[report.dither]}; rendered at {report.realtime_factor:.0f} x real time",
        f"  SHA-256 {report.sha256}",
    ])


def exact_lines(exact: ExactReport) -> Iterator[str]:
    """What the exact mode found and took off."""
    if not exact.places_touched or exact.reduction_max_at_s is None:
        yield "  Exact mode: nothing passes the ceiling; every sample is as the limiter left it"
        return
    places = "1 place" if exact.places_touched == 1 else f"{exact.places_touched} places"
    yield (f"  Exact mode: {places} turned down, at most {exact.reduction_max_db:.2f} dB at {clock(exact.reduction_max_at_s)}; "
           f"{exact.left_over_db:.3f} dB left over")
    yield "    " + ", ".join(f"{clock(place.at_s)} {-place.reduction_db:.2f} dB" for place in exact.places)
