"""One reader for all: the gallery shows the same to everybody who may see it."""

import pytest
from flask import Flask

from tests.support.browser import Visitor
from tests.support.worlds import make_world


@pytest.fixture(scope="session")
def editor(app: Flask) -> Visitor:
    """Somebody who may see the gallery, and nothing but the gallery is asked of them."""
    return make_world(app, "Cedar").as_person("editor")
