"""Run from the command line: `python -m tests.kill --times 100`."""

import argparse
import json
import sys
from pathlib import Path

from tests.kill.run import Run
from tests.support.installation import installed


def main() -> int:
    """Kill parts of a working installation; return 1 when something got lost or doubled."""
    parser = argparse.ArgumentParser("tests.kill", description=main.__doc__)
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, help="write the tally into this file, too")
    given = parser.parse_args()
    with installed() as installation:
        tally = Run(installation, given.seed).go(given.times)
    sys.stdout.write(f"\n{tally.table()}\n")
    if given.json is not None:
        given.json.write_text(json.dumps(tally.as_json(), indent=2))
    return 1 if tally.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
