"""`mastering-rt analyze`: whole files measured and looked through; several as a table; again and again while they change."""
import argparse
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from msgspec.json import encode
from msgspec.structs import asdict

from mastering_rt.cli.sound_files import Watched, sound_files
from mastering_rt.cli.table import table_lines
from mastering_rt.cli.terminal import print_json, progress_bar, stop_when_terminated, tell
from mastering_rt.errors import FileProblem, MasteringError, clock, shown
from mastering_rt.qc.examine import Examined, examine_file
from mastering_rt.qc.finding import Finding

LOOK_EVERY_S = 1.0


def run(arguments: argparse.Namespace) -> int:
    """Every file that can be measured is; 1 if one could not."""
    stop_when_terminated()
    return watch(arguments) if arguments.watch else once(arguments)


def once(arguments: argparse.Namespace) -> int:
    """One file in full, several as a table, or a list for machines."""
    paths, problems = sound_files(arguments.files)
    found = list(measured(paths, arguments, problems.append))
    for problem in problems:
        tell(f"mastering-rt: {problem}")
    if arguments.json:
        print_json([as_json(each) for each in found])
    elif len(found) == 1:
        print("\n".join(lines_of(found[0])))
    elif found:
        print("\n".join(table_lines(found)))
    return 1 if problems else 0


def watch(arguments: argparse.Namespace, wait: Callable[[float], None] = time.sleep) -> int:
    """Each file in full as soon as it is there and no longer grows, and again when it has changed, until Ctrl+C.

    `wait` lets some seconds pass between two looks at the folders. With --json, one object per line.
    """
    watched = Watched(arguments.files)
    try:
        while True:
            for each in measured(watched.changed(), arguments, lambda problem: tell(f"mastering-rt: {problem}")):
                print(encode(as_json(each)).decode() if arguments.json else "\n".join([*lines_of(each), ""]), flush=True)
            wait(LOOK_EVERY_S)
    except KeyboardInterrupt:
        return 0


def measured(paths: Iterable[str], arguments: argparse.Namespace, problem: Callable[[str], None]) -> Iterator[Examined]:
    """What is known of each file; what cannot be measured is told as a sentence, and left out."""
    for path in paths:
        try:
            with progress_bar() as progress:
                found = examine_file(path, quick=arguments.quick, channels=chosen(path, arguments.channels),
                                     progress=partial(progress, f"Measuring {path}"))
        except MasteringError as error:
            problem(str(error))
            continue
        for notice in found.notices:
            tell(notice)
        yield found


def chosen(path: str, channels: Sequence[int] | None) -> Sequence[int] | None:
    """The channels asked for, counted from 0. FileProblem for those that the file does not have."""
    from mastering_rt.audio.files import open_audio

    if channels is None:
        return None
    with open_audio(path, channels=(0,)) as file:
        missing = [channel for channel in channels if channel > file.channels_in_file]
        if missing:
            raise FileProblem(f"{shown(path)} has no channel {missing[0]}; it has {file.channels_in_file}, counted from 1.")
    return [channel - 1 for channel in channels]


def as_json(found: Examined) -> dict[str, object]:
    """For machines; no findings where nobody looked."""
    findings = {} if found.findings is None else {"findings": [asdict(finding) for finding in found.findings]}
    return {**asdict(found.report), **findings}


def lines_of(found: Examined) -> Iterator[str]:
    """The whole report of one file."""
    yield found.report.text()
    if found.findings is not None:
        yield from finding_lines(found.findings)


def finding_lines(findings: Sequence[Finding], what: str = "finding", of: str = "") -> Iterator[str]:
    """Each finding with its time and how much it matters, the gravest marked."""
    yield f"\n  {len(findings) or 'no'} {what}{'s' * (len(findings) != 1)}{of}"
    for finding in findings:
        mark = {"act": "!", "look": "?", "note": " "}[finding.severity]
        yield f"  {mark} {clock(finding.time_s)}  {finding.text}"
