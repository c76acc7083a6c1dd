"""`mastering-rt plugins scan|list|test`: what plugins of other makers there are, and whether they can be trusted."""
import argparse
from pathlib import Path

from msgspec import to_builtins
from rich.console import Console
from rich.table import Table

from mastering_rt.cli.terminal import print_json, progress_bar, stop_when_terminated, tell
from mastering_rt.errors import UsageProblem, shown
from mastering_rt.plugins.scan import Catalogue, Found, folders, installed, try_plugin
from mastering_rt.plugins.test import Tested, test_plugin
from mastering_rt.plugins.typed import find_plugin


def run(arguments: argparse.Namespace) -> int:
    """0; 1 when a plugin that was to be tested failed."""
    job = {"scan": scan, "list": list_known, "test": test}[arguments.what]
    return job(arguments)


def scan(arguments: argparse.Namespace) -> int:
    """Try what is new or changed."""
    where = [Path(arguments.path)] if arguments.path else None
    if where and not where[0].exists():
        raise UsageProblem(f"There is no folder {shown(where[0])} to look in.")
    stop_when_terminated()
    with progress_bar() as progress:
        found = Catalogue().scan(where, again=arguments.again, progress=progress)
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
    for heading in ("Plugin", "Maker", "Version", "Category", "Channels", "Latency", "Loads in", "Test"):
        table.add_column(heading, no_wrap=heading in ("Plugin", "Latency", "Loads in"), overflow="fold")
    for plugin in found:
        words = plugin.problem or ", ".join(plugin.verdicts) or "good"
        table.add_row(plugin.title, plugin.vendor, plugin.version, plugin.category, "2" if plugin.channels == 2 else "pair" if plugin.channels else "",
                      f"{plugin.latency}" if plugin.usable else "", f"{plugin.load_ms:.0f} ms" if plugin.usable else "", words)
    Console().print(table)
    return 0


def test(arguments: argparse.Namespace) -> int:
    """One plugin at length: what it is, what it does to noise, and whether it sounds live as it renders."""
    if not arguments.path:
        raise UsageProblem("Say which plugin to test: a path, or a name that a scan has found.")
    found = try_plugin(find_plugin(arguments.path).path)
    tested = test_plugin(found) if found.usable else None
    if arguments.json:
        print_json({**to_builtins(found), "live_equals_render": tested.live_equals_render if tested else None,
                    "realtime_factor": tested.realtime_factor if tested else None})
    else:
        print("\n".join(words(found, tested)))
    return 0 if found.usable else 1


def words(found: Found, tested: Tested | None) -> list[str]:
    """For people."""
    if not found.usable:
        return [f"{found.title} {found.problem}."]
    lines = [f"{found.title} {found.version} by {found.vendor}, {found.format}, {found.category}",
             f"  {'two channels' if found.channels == 2 else 'one channel, runs as a pair'}; latency {found.latency} samples; {found.parameters} parameters; "
             f"loads in {found.load_ms:.0f} ms",
             f"  Noise through it, twice: {', '.join(found.verdicts) or 'good'}"]
    if tested is not None:
        verdict = {True: "Sounds live as it renders, to the bit", False: "Sounds otherwise live than rendered",
                   None: "It did not keep up while it played, so live and render were not compared"}[tested.live_equals_render]
        lines.append(f"  {verdict}; renders at {tested.realtime_factor:.0f} x real time")
    return lines
