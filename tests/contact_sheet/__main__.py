"""Render every example and every page: `python -m tests.contact_sheet [--only NAME] [--fresh]`.

Pictures that are there are kept, so that a run that was broken off goes on where it stopped.
"""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser

from components.registry import Registry
from tests.contact_sheet.index import write_index
from tests.contact_sheet.pictures import take_examples, take_pages
from tests.journeys.browsers import Browsers
from tests.journeys.product import started
from tests.journeys.sitemap import read_url_map
from tests.journeys.stops import find_stops
from tests.support.chromium import NO_BROWSER, find_chromium, running_chromium
from tests.support.databases import ServerLease

FOLDER = Path(__file__).parents[2] / "var" / "contact-sheet"


def main() -> None:
    """Take what is missing and write the index."""
    wanted = _arguments()
    if find_chromium() is None:
        raise SystemExit(NO_BROWSER)
    if wanted.fresh and not wanted.only:
        shutil.rmtree(wanted.to, ignore_errors=True)
    is_contract = wanted.only in Registry.load().contracts
    try:
        with running_chromium() as browser:
            if is_contract or not wanted.only:
                take_examples(browser, wanted.to, only=wanted.only, fresh=wanted.fresh, say=_say)
            if not is_contract:
                _take_product(browser, wanted)
    finally:
        sys.stdout.write(f"{write_index(wanted.to)}\n")


def _take_product(browser: Browser, wanted: argparse.Namespace) -> None:
    lease = ServerLease()
    lease.take()
    try:
        with started() as product, tempfile.TemporaryDirectory() as folder:
            browsers = Browsers(browser, product.address)
            stops = find_stops(browsers, read_url_map(Path(folder)))
            chosen = [stop for stop in stops if wanted.only in (None, stop.name)]
            if not chosen:
                known = ", ".join(sorted(stop.name for stop in stops))
                raise SystemExit(f"No contract and no page is called {wanted.only}. Pages: {known}")
            take_pages(browsers, chosen, wanted.to, fresh=wanted.fresh, say=_say)
    finally:
        lease.give_back()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.contact_sheet", description=__doc__)
    parser.add_argument(
        "--only", metavar="NAME", help="one contract, or one page such as audit.index"
    )
    parser.add_argument("--fresh", action="store_true", help="take pictures again that are there")
    parser.add_argument("--to", type=Path, default=FOLDER, help="folder for pictures and index")
    return parser.parse_args()


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
