"""`mastering-rt plugins scan|list|test`: what plugins of other makers there are, and whether they can be trusted."""
import argparse
from pathlib import Path

from msgspec import to_builtins
from rich.console import Console
from rich.table import Table
from rich.text import Text

from mastering_rt.cli.terminal import print_json, progress_bar, stop_when_terminated, tell
from mastering_rt.errors import Cancelled, UsageProblem, shown
from mastering_rt.plugins.allowed import allow
from mastering_rt.plugins.blocked import WORDS as BLOCKED
from mastering_rt.plugins.blocked import is_blocked
from mastering_rt.plugins.scan import Catalogue, Found, folders, installed
from mastering_rt.plugins.test import test_one
from mastering_rt.plugins.typed import find_plugin

LIVE = {True: "equals render", False: "differs", None: "too slow to tell"}


def run(arguments: argparse.Namespace) -> int:
    """0; 1 when a plugin that was to be tested failed."""
    job = {"scan": scan, "list": list_known, "test": test, "block": block, "unblock": block, "allow": let}[arguments.what]
    return job(arguments)


def scan(arguments: argparse.Namespace) -> int:
    """Try what is new or changed. Stopped, it keeps what was found. Cancelled."""
    where = [Path(arguments.path)] if arguments.path else None
    if where and not where[0].exists():
        raise UsageProblem(f"There is no folder {shown(where[0])} to look in.")
    stop_when_terminated()
    try:
        with progress_bar() as progress:
            found = Catalogue().scan(where, again=arguments.again, progress=progress)
    except KeyboardInterrupt:
        raise Cancelled("The scan was stopped; what was found so far is kept.") from None
    return show(found, arguments)


def list_known(arguments: argparse.Namespace) -> int:
    """What the last scan found."""
    catalogue, there = Catalogue(), len(installed())
    if there and not catalogue.plugins and not arguments.json:
        tell(f"{there} plugin{'s are' if there > 1 else ' is'} installed, and none was looked at yet; that is done by: mastering-rt plugins scan")
        return 0
    if catalogue.stale():
        tell("The folders have changed since the last scan; bring the list up to date with: mastering-rt plugins scan")
    return show(catalogue.plugins, arguments)


def show(found: tuple[Found, ...], arguments: argparse.Namespace) -> int:
    if arguments.json:
        print_json([to_builtins(plugin) for plugin in found])
        return 0
    if not found:
        print("No plugins were found in " + ", ".join(map(str, [arguments.path] if arguments.path else folders())) + ".")
        return 0
    table = Table(box=None, pad_edge=False)
    for heading in ("Plugin", "Maker", "Version", "Category", "Channels", "Latency", "Loads in", "Test", "Live"):
        table.add_column(heading, no_wrap=heading in ("Plugin", "Latency", "Loads in"), overflow="fold")
    for plugin in found:
        words = plugin.problem or ", ".join(plugin.verdicts) or "good"
        live = LIVE[plugin.live_equals_render] if plugin.live_tested else "not tested"
        channels = "2" if plugin.channels == 2 else "pair" if plugin.channels else ""
        measured = (f"{plugin.latency}", f"{plugin.load_ms:.0f} ms") if plugin.usable else ("", "")
        cells = (plugin.title, plugin.vendor, plugin.version, plugin.category, channels, *measured, words, live if plugin.usable else "")
        table.add_row(*map(Text, cells))         # as they are: brackets in a plugin's name are no markup
    Console().print(table)
    return 0


def test(arguments: argparse.Namespace) -> int:
    """One plugin at length, or all that can be used: what it is, what it does to noise, and whether it sounds live as it renders. What is found
    is kept for the list."""
    catalogue = Catalogue()
    paths = [find_plugin(arguments.path).path] if arguments.path else [found.path for found in catalogue.plugins if found.usable]
    if not paths:
        raise UsageProblem("Say which plugin to test: a path, or a name that a scan has found.")
    stop_when_terminated()
    tested = []
    with progress_bar() as progress:
        for place, path in enumerate(paths):
            progress(Path(path).stem, place / len(paths))
            tested.append(test_one(path))
            catalogue.keep(tested[-1])
    if arguments.json:
        rows = [{**to_builtins(found), "realtime_factor": found.realtime_factor or None} for found in tested]
        print_json(rows[0] if arguments.path else rows)
    else:
        print("\n".join(line for found in tested for line in words(found)))
    return 0 if all(found.usable for found in tested) else 1


def block(arguments: argparse.Namespace) -> int:
    """Keep a plugin from being loaded by anything, or let it."""
    if not arguments.path:
        raise UsageProblem(f"Say which plugin to {arguments.what}: a path, or a name that a scan has found.")
    path = find_plugin(arguments.path).path
    found = Catalogue().block(path, arguments.what == "block")
    if found.blocked:
        allow(path, False)
    if arguments.json:
        print_json(to_builtins(found))
    else:
        print(f"{found.title} is blocked: nothing loads it until it is unblocked." if found.blocked else f"{found.title} is no longer blocked.")
    return 0


def let(arguments: argparse.Namespace) -> int:
    """Let sessions load a plugin that lies where plugins are not installed."""
    if not arguments.path:
        raise UsageProblem("Say which plugin to allow: its path.")
    path = find_plugin(arguments.path).path
    if is_blocked(path):
        raise UsageProblem(f"{shown(path)} {BLOCKED}")
    allow(path)
    if arguments.json:
        print_json({"path": path, "allowed": True})
    else:
        print(f"Sessions may load {path} from now on; mastering-rt plugins block takes that back.")
    return 0


def words(found: Found) -> list[str]:
    """For people."""
    if not found.usable:
        return [f"{found.title} {found.problem}."]
    verdict = {True: "Sounds live as it renders, to the bit", False: "Sounds otherwise live than rendered",
               None: "It did not keep up while it played, so live and render were not compared"}[found.live_equals_render]
    return [f"{found.title} {found.version} by {found.vendor}, {found.format}, {found.category}",
            f"  {'two channels' if found.channels == 2 else 'one channel, runs as a pair'}; latency {found.latency} samples; {found.parameters} parameters; "
            f"loads in {found.load_ms:.0f} ms",
            f"  Noise through it, twice: {', '.join(found.verdicts) or 'good'}",
            f"  {verdict}; renders at {found.realtime_factor:.0f} x real time"]
