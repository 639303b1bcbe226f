"""A bare app with the design system, and templates given as text."""

from collections.abc import Callable

import jinja2
import pytest
from flask import Flask, render_template

from components.assets import AssetManifest
from components.calling import Ui
from components.change import lock
from components.flask_ui import install
from components.registry import ROOTS, Registry
from tests.components.workshop import Workshop, open_workshop

Render = Callable[..., str]


@pytest.fixture(scope="session")
def pages() -> dict[str, str]:
    """Templates of the bare app by name; a test adds its own."""
    return {}


@pytest.fixture(scope="session")
def host(pages) -> Flask:
    """An app with nothing but the design system."""
    app = Flask(__name__, static_folder=None)
    app.jinja_env.loader = jinja2.DictLoader(pages)
    app.extensions["registry"] = install(app)
    return app


@pytest.fixture(scope="session")
def registry(host) -> Registry:
    return host.extensions["registry"]


@pytest.fixture(scope="session")
def ui(host) -> Ui:
    return host.jinja_env.globals["ui"]


@pytest.fixture(scope="session")
def manifest(ui) -> AssetManifest:
    return ui.assets


@pytest.fixture
def render(host, pages) -> Render:
    """Render a template's text as the page `page.html`, with values by name."""

    def draw(source: str, **values) -> str:
        pages["page.html"] = source
        host.jinja_env.cache.clear()
        with host.test_request_context():
            return render_template("page.html", **values)

    return draw


@pytest.fixture
def workshop(app, tmp_path, monkeypatch) -> Workshop:
    """A copy of the design system; every command and check of this test reads the copy."""
    made = open_workshop(app, tmp_path, dict(ROOTS), lock.LOCK)
    for kind, room in ROOTS.items():
        monkeypatch.setitem(ROOTS, kind, made.folder / room.name)
    monkeypatch.setattr(lock, "LOCK", made.lock)
    return made
