"""`mastering-rt demo`: the built-in mix as a file."""
import argparse

from mastering_rt.cli.terminal import tell


def run(arguments: argparse.Namespace) -> int:
    """Synthesise and write it."""
    from mastering_rt.demo import write_demo

    tell("Playing the instruments ...")
    print(write_demo(arguments.out, arguments.rate, arguments.seed, bits=arguments.bits, overwrite=arguments.overwrite))
    return 0
