"""Every claim of speed, each a script that prints a table: `python -m benchmarks` lists them."""
