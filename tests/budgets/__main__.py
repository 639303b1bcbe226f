"""Starts the product with its demonstration and measures its pages.

Every page is loaded in fresh browsers, on a processor four times slower and a network of 1.6 Mbit/s
and 150 ms, and used with real keys and mouse. A page is over when the median of its rounds exceeds
`components/budgets.json` twice in a row. Exits with 1 when any is. One page at a time; nothing
else should run on the machine.
"""

import argparse
import os
from pathlib import Path
from tempfile import TemporaryDirectory

from components.budgets import read_budgets
from tests.budgets.places import find_places
from tests.budgets.program import measure_all, say, tell, write_report
from tests.journeys.browsers import Browsers
from tests.journeys.product import started
from tests.journeys.sitemap import read_url_map
from tests.support.chromium import open_chromium
from tests.support.databases import ROOT, ServerLease

ROUNDS = 5
REPORT = ROOT / "var" / "budgets.json"


def main(arguments: list[str] | None = None) -> int:
    """Measure, print, write the report; 0 when every page is within its budget."""
    parser = argparse.ArgumentParser(prog="python -m tests.budgets", description=__doc__)
    parser.add_argument(
        "--pages",
        nargs="*",
        default=[],
        metavar="TEXT",
        help="only routes that hold one of these, or end with it, as /queue$ does",
    )
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"loads a page ({ROUNDS})")
    parser.add_argument("--report", type=Path, default=REPORT, help="where to write the numbers")
    options = parser.parse_args(arguments)
    budgets, load_before = read_budgets(), os.getloadavg()
    lease = ServerLease()
    lease.take()
    try:
        with TemporaryDirectory() as folder, started() as product, open_chromium() as chromium:
            browsers = Browsers(chromium, product.address)
            places = find_places(browsers, read_url_map(Path(folder)))
            wanted = [
                place
                for place in places
                if not options.pages or any(_is_meant(place.route, text) for text in options.pages)
            ]
            verdicts = measure_all(browsers, wanted, budgets, max(1, options.rounds))
    finally:
        lease.give_back()
    write_report(verdicts, options.report, load_before)
    say(f"All numbers are in {options.report}; load average before: {load_before[0]:.2f}.")
    return 0 if tell(verdicts) else 1


def _is_meant(route: str, text: str) -> bool:
    return route.endswith(text[:-1]) if text.endswith("$") else text in route


if __name__ == "__main__":
    raise SystemExit(main())
