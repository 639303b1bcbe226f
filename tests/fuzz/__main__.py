"""Run from the command line: `python -m tests.fuzz --events 200000 --queries 20000`."""

import argparse
import multiprocessing
import signal
import sys
import time
from concurrent.futures import ProcessPoolExecutor

from tests.fuzz.run import Tally, run_alone


def main() -> int:
    """Send and ask whatever can be thought of; return 1 when an answer was wrong."""
    parser = argparse.ArgumentParser("tests.fuzz", description=main.__doc__)
    parser.add_argument("--events", type=int, default=200_000)
    parser.add_argument("--queries", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--logs", type=int, default=2, help="so many logs share it, side by side")
    given = parser.parse_args()
    started, logs = time.monotonic(), given.logs
    seeds = range(given.seed, given.seed + logs)
    # Who is interrupted are those who work: they tell what they have found until then.
    signal.signal(signal.SIGINT, lambda *_: None)
    tally = Tally()
    with ProcessPoolExecutor(logs, multiprocessing.get_context("spawn")) as pool:
        shares = ([given.events // logs] * logs, [given.queries // logs] * logs)
        for one in pool.map(run_alone, seeds, *shares):
            tally.add(one)
    seconds = time.monotonic() - started
    sys.stdout.write(f"\n{tally.table()}\n{seconds:.0f} s, seeds {seeds[0]} to {seeds[-1]}\n")
    return 1 if tally.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
