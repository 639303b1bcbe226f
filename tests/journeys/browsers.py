"""Browsers in front of the product: each with its own person, each watched for complaints."""

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from tests.browser.behaviours import wait_for_parts
from tests.journeys.product import PASSWORD
from tests.support.chromium import PATIENCE_MS

# What Chromium says of an answer that is an error page, which some journeys want to see.
_REFUSED = "Failed to load resource: the server responded with a status of 4"


@dataclass
class Browsers:
    """Opens browsers at the product; what somebody does in one is unknown to the others."""

    chromium: Browser
    address: str
    complaints: list[str] = field(default_factory=list)
    _signed_in: dict[str, Any] = field(default_factory=dict)
    _open: list[BrowserContext] = field(default_factory=list)

    def open(self, email: str | None = None, *, width: int = 1280, **options: Any) -> Page:
        """Return a page of a new browser, where somebody is signed in, or nobody.

        A person signs in by hand once a test run; later browsers get the same cookies, because
        the product counts how often one machine tries passwords.
        """
        if email is not None and email not in self._signed_in:
            self._signed_in[email] = self._sign_in(email)
        context = self.chromium.new_context(
            base_url=self.address,
            viewport={"width": width, "height": 800},
            storage_state=self._signed_in.get(email) if email else None,
            **options,
        )
        context.set_default_timeout(PATIENCE_MS)
        self._open.append(context)
        page = context.new_page()
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def close(self) -> list[str]:
        """Close every browser; return what they complained about since the last time."""
        while self._open:
            self._open.pop().close()
        heard, self.complaints = self.complaints, []
        return heard

    def _sign_in(self, email: str) -> Any:
        page = self.open()
        sign_in(page, email)
        state = page.context.storage_state()
        self._open.remove(page.context)
        page.context.close()
        return state

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(_REFUSED):
            self.complaints.append(f"{message.text} at {message.location['url']}")


def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    """Fill in the form of the sign-in page, as a person does."""
    page.goto("/sign-in")
    page.get_by_label("Work email").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Sign out").first.wait_for()


def go_to(page: Page, address: str) -> None:
    """Open an address, and wait for the parts that come after the page."""
    page.goto(address)
    wait_for_parts(page)
