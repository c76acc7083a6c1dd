"""docs/measurements.md: the figures that the tests reach, beside their limits. `./dev docs measurements` makes it anew.

    python docs/measurements.py [--from FILE] [--out FILE]

The tests themselves give the figures (fixture `reached` in tests/conftest.py), so that none stands here that no test holds.
"""
import argparse
import json
import platform
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "measurements.md"
HEAD = """# Measurements

What the processors and meters reach, as the tests measured it. A figure outside its limit fails the test named beside it; of the cases of one
row the worst is shown. Made by `./dev docs measurements`; times are not tests: `python -m benchmarks stages` prints those of every stage.

Measured on {machine}.
"""


def measure(target: Path) -> None:
    """Run the tests that reach a figure, and leave the figures in `target` as JSON lines. SystemExit when a test fails."""
    together = ["-n", "2", "--dist", "loadfile"]
    command = [sys.executable, "-m", "pytest", "-q", *together, "--figures", str(target), "tests"]
    if subprocess.call(command, cwd=ROOT):
        raise SystemExit("A test failed, so the figures are not what they should be; docs/measurements.md stays as it was.")


def worst(rows: list[dict]) -> list[dict]:
    """Of the rows with the same promise, case and limit the one nearest to its limit, in the order in which they came."""
    found: dict[tuple, dict] = {}
    for row in sorted(rows, key=lambda row: (row["test"], row["promise"], row["what"])):
        key = (row["promise"], row["what"], row["limit"])
        if key not in found or slack(row) < slack(found[key]):
            found[key] = row
    return list(found.values())


def slack(row: dict) -> float:
    """How far a figure is inside its limit."""
    return row["figure"] - row["limit"] if row["least"] else row["limit"] - row["figure"]


def number(value: float, unit: str) -> str:
    """A figure with as many digits as say something."""
    text = f"{value:.3g}" if abs(value) < 1 or not unit.startswith("dB") else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
    return f"{text} {unit}".strip()


def table(rows: list[dict]) -> str:
    """One promise: its cases, what was reached, the limit."""
    lines = ["| case | reached | limit |", "|---|---|---|"]
    for row in rows:
        sign = "at least" if row["least"] else "at most"
        lines.append(f"| {row['what']} | {number(row['figure'], row['unit'])} | {sign} {number(row['limit'], row['unit'])} |")
    return "\n".join(lines)


def page(rows: list[dict]) -> str:
    """The whole page."""
    parts = [HEAD.format(machine=f"{platform.system()}, {platform.machine()}, Python {platform.python_version()}")]
    kept = worst(rows)
    for promise in dict.fromkeys(row["promise"] for row in kept):
        mine = [row for row in kept if row["promise"] == promise]
        homes = ", ".join(f"`{test}`" for test in dict.fromkeys(row["test"].split("::")[0] for row in mine))
        parts.append(f"## {promise}\n\n{table(mine)}\n\n{homes}\n")
    return "\n".join(parts)


def write(target: Path = PAGE, source: Path | None = None) -> None:
    """Measure, or take the figures of an earlier run, and write the page."""
    with tempfile.TemporaryDirectory(prefix="mastering-rt-") as folder:
        if source is None:
            source = Path(folder) / "figures"
            measure(source)
        rows = [json.loads(line) for line in source.read_text().splitlines()]
    target.write_text(page(rows), encoding="utf-8")
    print(f"{target.name}, {len(rows)} figures", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--from", dest="source", type=Path, help="figures of an earlier `pytest --figures FILE`")
    parser.add_argument("--out", type=Path, default=PAGE)
    asked = parser.parse_args()
    write(asked.out, asked.source)
