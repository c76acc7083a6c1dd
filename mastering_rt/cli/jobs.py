"""One function per subcommand; each imports its own work, so that no command pays for another."""
import argparse


def gui(arguments: argparse.Namespace) -> int:
    from mastering_rt.cli.display import why_no_window
    from mastering_rt.errors import UsageProblem

    missing = why_no_window()
    if missing:
        raise UsageProblem(missing)
    from gui.app import run

    return int(run(arguments.file, arguments.device, arguments.blocksize))


def play(arguments: argparse.Namespace) -> int:
    from mastering_rt.cli.play import run

    return run(arguments)


def render(arguments: argparse.Namespace) -> int:
    from mastering_rt.cli.render import run

    return run(arguments)


def analyze(arguments: argparse.Namespace) -> int:
    from mastering_rt.cli.analyze import run

    return run(arguments)


def compare(arguments: argparse.Namespace) -> int:
    from mastering_rt.cli.compare import run

    return run(arguments)


def devices(arguments: argparse.Namespace) -> int:
    from mastering_rt.cli.lists import devices as run

    return run(arguments)


def plugins(arguments: argparse.Namespace) -> int:
    from mastering_rt.cli.plugins import run

    return run(arguments)


def presets(arguments: argparse.Namespace) -> int:
    from mastering_rt.cli.lists import presets as run

    return run(arguments)


def params(arguments: argparse.Namespace) -> int:
    from mastering_rt.cli.lists import params as run

    return run(arguments)


def abx(arguments: argparse.Namespace) -> int:
    from mastering_rt.cli.abx import run

    return run(arguments)


def recall(arguments: argparse.Namespace) -> int:
    from mastering_rt.cli.recall import run

    return run(arguments)


def demo(arguments: argparse.Namespace) -> int:
    from mastering_rt.cli.demo import run

    return run(arguments)
