"""A signed-in person in front of the app, without a browser: every page is checked on the way."""

import itertools
from dataclasses import dataclass, field
from http import HTTPStatus

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from components.assets import AssetManifest
from components.lint.rendered import check_html, check_page
from components.registry import Registry
from tests.support.html import Page

REGISTRY = Registry.load()
_visitors = itertools.count()

# What must be on each page, whatever it shows.
DEMANDED_HEADERS = ("Content-Security-Policy", "X-Content-Type-Options", "X-Request-Id")


@dataclass
class Visitor:
    """Somebody who uses the app through HTTP."""

    app: Flask
    client: FlaskClient = field(init=False)

    def __post_init__(self) -> None:
        self.client = self.app.test_client()
        # Each visitor has an address of their own: limits count by address, and a test that
        # signs in must not use up the tries of another.
        number = next(_visitors)
        self.client.environ_base["REMOTE_ADDR"] = f"198.18.{number // 250}.{number % 250 + 1}"

    def get(self, path: str, *, expect: int = 200, **options) -> Page:
        """Open a page, following redirects; the page must be right in every way we can check."""
        response = self.client.get(path, follow_redirects=True, **options)
        return self._page(response, expect)

    def part(self, path: str, target: str, *, expect: int = 200) -> Page:
        """Ask for a part of a page as htmx does."""
        headers = {"HX-Request": "true", "HX-Target": target}
        response = self.client.get(path, headers=headers)
        assert response.status_code == expect, response.text[:2000]
        findings = check_html(response.text, REGISTRY, self._assets, path)
        assert not findings, "\n".join(map(str, findings))
        return Page(response.status_code, response.text, dict(response.headers))

    def submit(self, page: Page, label: str, *, expect: int = 200, **typed: str) -> Page:
        """Fill in the form with that button on a page, and send it."""
        form = page.form(label)
        return self.post(form.action, {**form.values, **typed}, expect=expect)

    def post(self, path: str, values: dict[str, str], *, expect: int = 200) -> Page:
        """Send values to an address, following redirects."""
        response = self.client.post(path, data=values, follow_redirects=True)
        return self._page(response, expect)

    def sign_in(self, email: str, password: str) -> None:
        """Send the form of the sign-in page, and do not look at where it leads to."""
        form = self.get("/sign-in").form("Sign in")
        typed = {**form.values, "email": email, "password": password}
        response = self.client.post(form.action, data=typed)
        assert response.status_code == HTTPStatus.SEE_OTHER, response.text[:3000]

    @property
    def _assets(self) -> AssetManifest:
        assets: AssetManifest = self.app.jinja_env.globals["ui"].assets
        return assets

    def token(self) -> str:
        """Return a CSRF token of this visitor's session, from a page that everybody may see."""
        text = self.client.get("/account/sessions", follow_redirects=True).text
        return text.split('name="csrf-token" content="')[1].split('"')[0]

    def _page(self, response: TestResponse, expect: int) -> Page:
        assert response.status_code == expect, f"{response.status_code}: {response.text[:3000]}"
        page = Page(response.status_code, response.text, dict(response.headers))
        if response.mimetype == "text/html":
            for name in DEMANDED_HEADERS:
                assert name in response.headers
            findings = check_page(response.text, REGISTRY, self._assets, response.request.path)
            assert not findings, "\n".join(map(str, findings))
        return page
