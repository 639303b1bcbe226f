from functools import partial

import pytest

from app.kernel.query_language.query import parse
from app.kernel.query_language.terms import Field, Kind


@pytest.fixture(scope="session")
def page_fields():
    return (
        Field("actor", "Actor", Kind.TEXT),
        Field("action", "Action", Kind.PREFIX),
        Field("outcome", "Outcome", Kind.CHOICE, ("success", "failure", "denied")),
        Field("ip", "IP address", Kind.IP),
        Field("created", "Time", Kind.TIME),
    )


@pytest.fixture(scope="session")
def ask(page_fields):
    return partial(parse, fields=page_fields)
