"""What can be typed: every subcommand with its options. Standard library only."""
import argparse
import math
import sys
from typing import Any, NoReturn

from mastering_rt.cli import jobs

DESCRIPTION = "Hear a mix through a chain of processors, compare at the same loudness, render exactly what was heard."
MOST_FRAMES = 8192
BITS = ("8", "16", "20", "24", "32", "32f", "64f")
DITHERS = ("auto", "none", "tpdf", "highpass", "light", "standard", "strong")


class Parser(argparse.ArgumentParser):
    """Errors as one sentence that names the remedy."""

    def error(self, message: str) -> NoReturn:
        print(f"{self.prog}: {message}. See {self.prog} --help.", file=sys.stderr)
        raise SystemExit(2)


def parse(argv: list[str]) -> argparse.Namespace:
    """The arguments, with the function to run as `.job`. No arguments: the window."""
    parser = Parser(prog="mastering-rt", description=DESCRIPTION)
    parser.add_argument("--version", action=_Version, nargs=0, help="show program's version number and exit")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for add in (_gui, _play, _render, _analyze, _compare, _abx, _recall, _devices, _plugins, _presets, _params, _demo):
        add(commands)
    arguments = parser.parse_args(argv)
    return arguments if hasattr(arguments, "job") else parser.parse_args(["gui"])


def _frames(text: str) -> int:
    frames = int(text)
    if not 0 <= frames <= MOST_FRAMES:
        raise argparse.ArgumentTypeError(f"a block cannot have {frames} frames; give 1 to {MOST_FRAMES}, or 0 to leave it to the device")
    return frames


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds < math.inf:
        raise argparse.ArgumentTypeError(f"{text} s is no time to play; give a number above 0")
    return seconds


def _channels(text: str) -> list[int]:
    try:
        channels = [int(part) for part in text.split(",")]
    except ValueError:
        channels = []
    if not 1 <= len(channels) <= 2 or min(channels) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} are not channels; give one or two numbers from 1 up, such as 3,4")
    return channels


class _Version(argparse.Action):
    """Looks for the version when it is asked for: that takes as long as a minute of music to measure."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        print(f"mastering-rt {_version()}")
        parser.exit()


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("mastering-rt")
    except PackageNotFoundError:
        return "(not installed, run from its folder)"


def _command(commands: Any, name: str, job: Any, summary: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=summary, description=summary)
    parser.set_defaults(job=job)
    return parser


def _gui(commands: Any) -> None:
    p = _command(commands, "gui", jobs.gui, "Open the window, on a mix or a session.")
    p.add_argument("file", nargs="?", metavar="FILE", help="a sound file or a session (.mrt); without one, the demo mix")
    _device_options(p)


def _play(commands: Any) -> None:
    p = _command(commands, "play", jobs.play, "Play a mix through a chain in the terminal, with meters; keys switch mix and master.")
    p.add_argument("file", metavar="FILE", help="a sound file or a session (.mrt)")
    _chain_options(p)
    _device_options(p)
    p.add_argument("--start", metavar="TIME", default="0", help="where to begin: seconds or m:ss")
    p.add_argument("--seconds", type=_seconds, metavar="S", help="stop after so many seconds")
    p.add_argument("--loop", metavar="FROM-TO", help="go round between two times, such as 1:05-1:26")
    p.add_argument("--mix", action="store_true", help="begin with the mix instead of the master")
    p.add_argument("--unmatched", action="store_true", help="do not bring mix and master to the same loudness")


def _render(commands: Any) -> None:
    p = _command(commands, "render", jobs.render, "Write the master, then measure the written file.")
    p.add_argument("file", metavar="IN", help="a sound file or a session (.mrt)")
    p.add_argument("out", metavar="OUT", help="the master; its suffix chooses WAV, RF64, W64, AIFF, CAF or FLAC")
    _chain_options(p)
    p.epilog = ("Thresholds of a dynamic equaliser can come from the song: --set dynamic_eq.band1_threshold=p90 lets the band act in the loudest "
                "tenth of the time in which it sounds, --set dynamic_eq.thresholds=p90 every band that is on.")
    p.add_argument("--target-lufs", type=float, metavar="LUFS", help="set the drive so that the whole song reads this loudness")
    p.add_argument("--rate", type=int, metavar="HZ", help="sample rate of the master (the mix is converted before the chain)")
    p.add_argument("--bits", choices=BITS, default="24", help="word length; 20 lie in words of 24; 32f and 64f are floating point (default 24)")
    p.add_argument("--dither", choices=DITHERS, default="auto",
                   help="auto: TPDF up to 24 bits, else none; highpass: TPDF with less noise in the lows; light, standard, strong: noise shaped "
                        "to where the ear hears least, for up to 20 bits")
    p.add_argument("--exact", action="store_true",
                   help="find what still passes the limiter's ceiling between the samples, in any content, and take it off")
    p.add_argument("--range", metavar="FROM-TO", help="only this part, such as 0:30-1:45; it sounds as it does in the whole song")
    p.add_argument("--overwrite", action="store_true", help="replace OUT if it exists")
    p.add_argument("--json", action="store_true", help="print the measurements for machines")


def _analyze(commands: Any) -> None:
    p = _command(commands, "analyze", jobs.analyze, "Measure whole files: loudness, peaks, dynamics, stereo, and what is wrong with them.")
    p.add_argument("files", nargs="+", metavar="FILE", help="sound files, or folders of them; several are shown as a table")
    p.add_argument("--quick", action="store_true", help="only loudness, range, peaks and what comes with them: several times as fast")
    p.add_argument("--channels", type=_channels, metavar="N[,N]", help="only one or two channels of each file, counted from 1, such as 3,4")
    p.add_argument("--watch", action="store_true", help="measure again whatever changes or comes into a folder, until Ctrl+C")
    p.add_argument("--json", action="store_true", help="print a list of objects for machines; with --watch, one object per line")


def _compare(commands: Any) -> None:
    p = _command(commands, "compare", jobs.compare, "Say what mastering changed: loudness, peaks, spectrum, width, dynamics, findings.")
    p.add_argument("mix", metavar="MIX", help="the sound file before")
    p.add_argument("master", metavar="MASTER", help="the sound file after")
    p.add_argument("--json", action="store_true", help="print an object for machines")


def _abx(commands: Any) -> None:
    p = _command(commands, "abx", jobs.abx, "Take a blind test of two files in the terminal: matched in loudness, order sealed, exact odds.")
    p.add_argument("a", metavar="A", help="a sound file")
    p.add_argument("b", metavar="B", help="another version of it")
    p.add_argument("--trials", type=int, default=16, metavar="N", help="10 to 25 (default 16)")
    p.add_argument("--prefer", action="store_true", help="ask which one is preferred, in place of whether they can be told apart")
    p.add_argument("--loop", metavar="FROM-TO", help="go round between two times of A, such as 1:05-1:26 (default: what both files share)")
    p.add_argument("--offset", type=int, default=None, metavar="SAMPLES",
                   help="how much later the song begins in B than in A, in samples of A (default: it is found)")
    p.add_argument("--log", metavar="FILE", help="where every trial is logged")
    p.add_argument("--json", action="store_true", help="print the result for machines")
    _device_options(p)


def _recall(commands: Any) -> None:
    p = _command(commands, "recall", jobs.recall, "Print the recall sheet of a session, its journal, or what changed between two versions.")
    p.add_argument("session", metavar="SESSION", help="a session (.mrt) or a recall sheet")
    p.add_argument("--between", nargs=2, type=int, metavar=("OLDER", "NEWER"), help="what changed from one saved version to another, such as 3 5")
    p.add_argument("--journal", action="store_true", help="only the journal")
    p.add_argument("--rebuild", metavar="OUT", help="make a session again from the sheet")
    p.add_argument("--json", action="store_true", help="print for machines")


def _devices(commands: Any) -> None:
    p = _command(commands, "devices", jobs.devices, "List the audio devices.")
    p.add_argument("--json", action="store_true", help="print a list of objects for machines")


def _plugins(commands: Any) -> None:
    p = _command(commands, "plugins", jobs.plugins, "Scan, list and test plugins of other makers, each in a process of its own.")
    p.add_argument("what", choices=("scan", "list", "test", "block", "unblock", "allow"), metavar="scan|list|test|block|unblock|allow",
                   help="scan: try what is new; list: what the last scan found; test: one plugin at length, or all; block: never load it again; "
                        "allow: let sessions load it, wherever it lies")
    p.add_argument("path", nargs="?", metavar="PATH", help="a plugin's file or name, or for scan a folder to look in")
    p.add_argument("--again", action="store_true", help="scan: try all plugins again, also those that failed")
    p.add_argument("--json", action="store_true", help="print for machines")


def _presets(commands: Any) -> None:
    p = _command(commands, "presets", jobs.presets, "List the presets, or show one.")
    p.add_argument("name", nargs="?", metavar="NAME", help="show the chain of this preset")
    p.add_argument("--json", action="store_true", help="print for machines")


def _params(commands: Any) -> None:
    p = _command(commands, "params", jobs.params, "List the stage kinds and their parameters.")
    p.add_argument("kind", nargs="?", metavar="KIND", help="only this stage kind")
    p.add_argument("--json", action="store_true", help="print a list of objects for machines")


def _demo(commands: Any) -> None:
    p = _command(commands, "demo", jobs.demo, "Write the built-in demo mix.")
    p.add_argument("out", metavar="OUT", help="the sound file to write")
    p.add_argument("--rate", type=int, default=44100, metavar="HZ", help="sample rate (default 44100)")
    p.add_argument("--bits", choices=BITS, default="24", help="word length (default 24)")
    p.add_argument("--seed", type=int, default=None, help="another song from the same band")
    p.add_argument("--overwrite", action="store_true", help="replace OUT if it exists")


def _chain_options(p: argparse.ArgumentParser) -> None:
    p.add_argument("--session", metavar="FILE", help="take the chain from a session (.mrt)")
    p.add_argument("--preset", metavar="NAME", help="take the chain from a preset; none is an empty chain (default: default)")
    p.add_argument("--set", dest="settings", action="append", default=[], metavar="SLOT.PARAM=VALUE",
                   help="set a parameter, such as limiter.ceiling=-1; adds the stage where the chain has none; repeatable")


def _device_options(p: argparse.ArgumentParser) -> None:
    p.add_argument("--device", metavar="NAME", help="audio device, by name or part of it; 'clock' plays without sound")
    p.add_argument("--blocksize", type=_frames, default=0, metavar="FRAMES", help=f"frames per block, up to {MOST_FRAMES}; 0 leaves it to the device")
