"""Run from the command line: `BENCH_ROWS=1000000 python -m tests.bench`."""

import argparse
import json
import os
import sys
import time
from pathlib import Path

from tests.bench.report import table
from tests.bench.run import Scale, bench
from tests.support.databases import ROOT

ROWS = 1_000_000
# What growth is measured from.
SMALL = 100_000
FILE = ROOT / "var" / "bench.json"


def main() -> None:
    """Measure the audit log at the size of BENCH_ROWS, and at a tenth of a million before it."""
    parser = argparse.ArgumentParser("tests.bench", description=main.__doc__)
    parser.add_argument("--rows", type=int, default=int(os.environ.get("BENCH_ROWS", ROWS)))
    parser.add_argument("--seconds", type=float, default=2.0, help="for each measurement")
    parser.add_argument("--json", type=Path, default=FILE, help="the file of what was measured")
    given = parser.parse_args()
    started = time.monotonic()
    sizes = [SMALL, given.rows] if given.rows > SMALL else [given.rows]
    results = [bench(Scale(rows, given.seconds)) for rows in sizes]
    given.json.parent.mkdir(parents=True, exist_ok=True)
    given.json.write_text(json.dumps(results, indent=2, ensure_ascii=False))
    sys.stdout.write(f"\n{table(results)}\n\n{time.monotonic() - started:.0f} s in all\n")


if __name__ == "__main__":
    main()
