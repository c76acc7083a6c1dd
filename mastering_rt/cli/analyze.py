"""`mastering-rt analyze`: whole files measured."""
import argparse
from collections.abc import Iterator, Sequence
from functools import partial

from msgspec.structs import asdict

from mastering_rt.cli.terminal import print_json, progress_bar, tell
from mastering_rt.errors import MasteringError, clock
from mastering_rt.measure.analysis import analyze_file
from mastering_rt.qc.finding import Finding
from mastering_rt.qc.inspect import inspect_file


def run(arguments: argparse.Namespace) -> int:
    """Every file that can be measured is; 1 if one could not."""
    reports, findings, failed = [], [], 0
    for path in arguments.files:
        try:
            with progress_bar() as progress:
                report = analyze_file(path, progress=partial(progress, f"Measuring {path}"))
                found = inspect_file(path, progress=partial(progress, f"Looking through {path}"))
        except MasteringError as error:
            tell(f"mastering-rt: {error}")
            failed = 1
            continue
        reports.append(report)
        findings.append(found)
        if not arguments.json:
            print("\n".join([report.text(), *finding_lines(found)]), end="\n\n" if len(arguments.files) > 1 else "\n")
    if arguments.json:
        print_json([{**asdict(report), "findings": [asdict(finding) for finding in found]} for report, found in zip(reports, findings)])
    return failed


def finding_lines(findings: Sequence[Finding], what: str = "finding") -> Iterator[str]:
    """Each finding with its time and how much it matters, the gravest marked."""
    yield f"\n  {len(findings) or 'no'} {what}{'s' * (len(findings) != 1)}"
    for finding in findings:
        mark = {"act": "!", "look": "?", "note": " "}[finding.severity]
        yield f"  {mark} {clock(finding.time_s)}  {finding.text}"
