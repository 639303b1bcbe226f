"""Whoever reads the log in a bench: a person's browser, and SQL written by hand."""

import itertools
import re
from collections.abc import Callable
from html import unescape
from urllib.parse import urlencode
from uuid import UUID

import psycopg
from flask import Flask

from app.audit.collection import AUDIT_LOG
from app.kernel.collections.cursors import Cursor, write_cursor
from app.kernel.query_language.query import parse
from tests.bench.cases import BARS_OF, PAGE_OF, Case, Variant
from tests.support.wire import Answer, Person, Wire

_LATER = re.compile(r'hx-get="([^"]*/(over-time|values)[^"]*)"')
_PARTS = {"over-time": BARS_OF, "values": "values"}
_ENTER = "SELECT set_config('app.tenant_id', %s, true)"


class Reader:
    """A person who is signed in and reads one tenant's log, on connections of their own."""

    def __init__(self, app: Flask, person: Person, slug: str, port: int) -> None:
        self._app, self._person = app, person
        self._path, self._port = f"/t/{slug}/audit-log", port

    def caller(self, case: Case, first: int = 0) -> Callable[[], Answer]:
        """Return what asks for the case once, another variant each time."""
        headers = self._person.headers
        if case.part != PAGE_OF:
            headers |= {"HX-Request": "true", "HX-Target": ""}
        addresses = [self._address(case, variant) for variant in case.variants]
        turns = itertools.cycle(addresses[first % len(addresses) :] + addresses)
        wire = Wire(self._port)

        def call() -> Answer:
            answer = wire.send("GET", next(turns), headers=headers)
            if answer.status != 200:
                raise RuntimeError(f"{case.name}: {answer.status} {answer.text[:500]}")
            return answer

        return call

    def _address(self, case: Case, variant: Variant) -> str:
        asked = {"q": variant.query} if variant.query else {}
        if case.is_deep:
            query = parse(variant.query, AUDIT_LOG.fields)
            key = (variant.parameters["at"], variant.parameters["id"])
            with self._app.app_context():
                asked["cursor"] = write_cursor(AUDIT_LOG, query, Cursor(forward=True, key=key))
        address = f"{self._path}?{urlencode(asked)}" if asked else self._path
        if case.part == PAGE_OF:
            return address
        # As the page itself asks for it: with the token that says the search is known already.
        page = self._person.get(address).text
        found = {_PARTS[name]: unescape(url) for url, name in _LATER.findall(page)}
        return found[case.part]


class HandWritten:
    """SQL on a plain connection of the app's role, in a transaction of the tenant."""

    def __init__(self, address: str, tenant: UUID) -> None:
        self._address, self._tenant = address, tenant

    def caller(self, case: Case, first: int = 0) -> Callable[[], int]:
        """Return what asks for the case once; it returns the number of rows."""
        connection = psycopg.connect(self._address, autocommit=True, prepare_threshold=None)
        # The tenant as a literal, without which the planner misjudges words by far.
        statement = case.floor.replace("%(tenant)s", f"'{self._tenant}'")
        turns = itertools.cycle(case.variants[first % len(case.variants) :] + case.variants)

        def call() -> int:
            with connection.transaction():
                connection.execute(_ENTER, (str(self._tenant),))
                return len(connection.execute(statement, next(turns).parameters).fetchall())

        return call
