"""`mastering-rt analyze`: whole files measured."""
import argparse
from functools import partial

from msgspec.structs import asdict

from mastering_rt.cli.terminal import print_json, progress_bar, tell
from mastering_rt.errors import MasteringError
from mastering_rt.measure.analysis import analyze_file


def run(arguments: argparse.Namespace) -> int:
    """Every file that can be measured is; 1 if one could not."""
    reports, failed = [], 0
    for path in arguments.files:
        try:
            with progress_bar() as progress:
                reports.append(analyze_file(path, progress=partial(progress, f"Measuring {path}")))
        except MasteringError as error:
            tell(f"mastering-rt: {error}")
            failed = 1
            continue
        if not arguments.json:
            print(reports[-1].text(), end="\n\n" if len(arguments.files) > 1 else "\n")
    if arguments.json:
        print_json([asdict(report) for report in reports])
    return failed
