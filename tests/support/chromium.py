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


@contextmanager
def open_chromium() -> Iterator[Browser]:
    """Start Chromium; without one the test is skipped, and fails where `CI=true`."""
    paths = [path for name in NAMES if (path := shutil.which(name))]
    if not paths:
        reason = f"no browser: none of {', '.join(NAMES)} is on the PATH (`make browser`)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=paths[0], args=ARGUMENTS)
        yield browser
        browser.close()
