"""`mastering-rt recall`: the recall sheet of a session, its journal, what changed between two versions, and the way back from a sheet."""
import argparse
import sys
from pathlib import Path

from mastering_rt.cli.terminal import print_json, tell
from mastering_rt.desk.opening import is_session
from mastering_rt.session.journal import between, changes_of
from mastering_rt.session.recall import Recalled, check_target, entry_lines, read_sheet, sheet_json, sheet_text
from mastering_rt.session.store import load_session, save_session


def run(arguments: argparse.Namespace) -> int:
    """0 when there was something to tell."""
    held = _held(Path(arguments.session))
    for notice in held.notices:
        tell(notice)
    if arguments.rebuild:
        target = Path(arguments.rebuild)
        check_target(target if is_session(str(target)) else target.with_name(target.name + ".mrt"))
        print(save_session(held.session, target, held.journal))
    elif arguments.between:
        _print_between(held, *arguments.between, as_json=arguments.json)
    elif arguments.journal:
        for entry, changed in zip(held.journal, changes_of(held.journal)):
            print("\n".join(entry_lines(entry, changed)))
    else:
        sys.stdout.write((sheet_json if arguments.json else sheet_text)(held.session, held.journal))
    return 0


def _held(path: Path) -> Recalled:
    if not is_session(str(path)):
        return read_sheet(path)
    loaded = load_session(path)
    return Recalled(loaded.session, loaded.journal, loaded.notices)


def _print_between(held: Recalled, older: int, newer: int, *, as_json: bool) -> None:
    found = between(held.journal, older, newer)
    if as_json:
        print_json({"from": older, "to": newer, "changes": found})
    else:
        print("\n".join([f"From version {older} to version {newer}:", *(f"  {sentence}" for sentence in found)]))
