"""`mastering-rt demo`: the built-in mix as a file."""
import argparse

from mastering_rt.cli.terminal import progress_bar


def run(arguments: argparse.Namespace) -> int:
    """Synthesise and write it."""
    from mastering_rt.demo import write_demo

    with progress_bar() as progress:
        path = write_demo(arguments.out, rate=arguments.rate, bits=arguments.bits, seed=arguments.seed, overwrite=arguments.overwrite,
                          progress=lambda share: progress("Playing the instruments", share))
    print(path)
    return 0
