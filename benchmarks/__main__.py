"""`python -m benchmarks` lists the benchmarks; `python -m benchmarks NAME [OPTIONS]` runs one, `all` every one with its defaults."""
import ast
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent
NAMES = sorted(path.stem.removeprefix("bench_") for path in FOLDER.glob("bench_*.py"))


def summary(name):
    text = ast.get_docstring(ast.parse((FOLDER / f"bench_{name}.py").read_text(encoding="utf-8"))) or ""
    return text.split("\n")[0]


def run(name, options):
    return subprocess.call([sys.executable, "-m", f"benchmarks.bench_{name}", *options], cwd=FOLDER.parent)


def main(arguments):
    if not arguments:
        print("\n".join(f"{name:12} {summary(name)}" for name in NAMES))
        return 0
    name, options = arguments[0], arguments[1:]
    if name == "all":
        return max(print(f"\n{each}: {summary(each)}", flush=True) or run(each, options) for each in NAMES)
    if name not in NAMES:
        print(f"there is no benchmark {name!r}; there are {', '.join(NAMES)}", file=sys.stderr)
        return 2
    return run(name, options)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
