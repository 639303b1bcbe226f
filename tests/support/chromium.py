"""One Chromium for a test process: found where it may be, and never silently missed."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
# Chromium's own sandbox does not work for root, which is who tests are in a container.
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
# Two cores that also run the product, the database and the browser are sometimes slow.
PATIENCE_MS = 20_000


NO_BROWSER = f"no browser: none of {', '.join(NAMES)} is on the PATH (`make browser`)"


@contextmanager
def open_chromium() -> Iterator[Browser]:
    """Start Chromium; without one the test is skipped, and fails where `CI=true`."""
    if find_chromium() is None:
        if os.environ.get("CI") == "true":
            pytest.fail(NO_BROWSER)
        pytest.skip(NO_BROWSER)
    expect.set_options(timeout=PATIENCE_MS)
    with running_chromium() as browser:
        yield browser


@contextmanager
def running_chromium() -> Iterator[Browser]:
    """Start the Chromium of this machine."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
        yield browser
        browser.close()


def find_chromium() -> str | None:
    """Return where Chromium is; None where there is none."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)
