"""The command line: `mastering-rt` and its subcommands. Each job imports what it needs when it is asked for, so --help is quick."""
import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. 0: done, 1: failed, 2: cannot be asked for. Errors are one sentence on the error stream."""
    def job() -> object:
        from mastering_rt.cli.arguments import parse

        arguments = parse(sys.argv[1:] if argv is None else list(argv))
        return arguments.job(arguments)
    return guarded(job)


def guarded(job: object) -> int:
    """Run a job; turn its errors into a sentence and an exit status."""
    from mastering_rt.errors import MasteringError

    assert callable(job)
    try:
        status = job()
        return int(status or 0)
    except MasteringError as error:
        print(f"mastering-rt: {error}", file=sys.stderr)
        return error.exit_status
    except KeyboardInterrupt:
        print("mastering-rt: stopped; nothing half-made was left.", file=sys.stderr)
        return 1
    except BrokenPipeError:
        sys.stderr.close()
        return 1
