"""What `./dev run [FILE]` starts where there is no display: `python -m mastering_rt.cli.first_run [FILE]`."""
import sys

from mastering_rt.cli import guarded


def main() -> int:
    """The tour; its imports are heavy, so that Ctrl-C has to be listened for before them."""
    from mastering_rt.cli.tour import take

    return take(sys.argv[1] if len(sys.argv) > 1 else None)


if __name__ == "__main__":
    sys.exit(guarded(main))
