"""Run from the command line: `python -m tests.fuzz --events 200000 --queries 20000`."""

import argparse
import logging
import sys
import time

from tests.fuzz.run import run
from tests.support.installation import installed


def main() -> int:
    """Send and ask whatever can be thought of; return 1 when an answer was wrong."""
    parser = argparse.ArgumentParser("tests.fuzz", description=main.__doc__)
    parser.add_argument("--events", type=int, default=200_000)
    parser.add_argument("--queries", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    started = time.monotonic()
    with installed() as installation:
        app = installation.make_app()
        # A line for each request would hide what is found.
        logging.getLogger("ballast.request").setLevel(logging.WARNING)
        tally = run(app, given.seed, events=given.events, asked=given.queries)
    seconds = time.monotonic() - started
    sys.stdout.write(f"\n{tally.table()}\n{seconds:.0f} s, seed {given.seed}\n")
    return 1 if tally.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
