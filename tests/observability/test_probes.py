"""Probes for whatever runs Ballast."""

import dataclasses

import pytest

from app import create_app
from app.boot.database_addresses import GivenDatabase
from app.kernel.routing import DATABASE

DEAD = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"


@pytest.fixture
def variant(settings):
    """Another app, with some settings changed."""
    made = []

    def make(**changes):
        made.append(create_app(dataclasses.replace(settings, **changes)))
        return made[-1].test_client()

    yield make
    for app in made:
        app.extensions[DATABASE].engine.dispose()


def test_live_and_ready(app):
    client = app.test_client()
    assert client.get("/healthz").json == {"status": "ok"}
    assert client.get("/readyz").json == {"status": "ok", "database": "ok"}


def test_alive_without_a_database_but_not_ready(variant):
    client = variant(database=GivenDatabase(DEAD, DEAD))
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json["status"] == "not ready"


def test_metrics_count_by_route_and_never_by_address(app, alder):
    alder.as_person("owner").get(f"{alder.path}/people")
    text = app.test_client().get("/metrics").text
    assert 'route="/t/<slug:tenant>/people"' in text
    assert alder.tenant.slug not in text


def test_metrics_without_a_token_are_for_this_machine(app):
    there = {"REMOTE_ADDR": "192.0.2.1"}
    assert app.test_client().get("/metrics", environ_overrides=there).status_code == 404


def test_metrics_with_a_token_are_for_whoever_holds_it(variant):
    client = variant(metrics_token="a token of the tests")
    assert client.get("/metrics").status_code == 404
    for presented, status in (("wrong", 404), ("ä", 404), ("a token of the tests", 200)):
        headers = {"Authorization": f"Bearer {presented}".encode().decode("latin-1")}
        assert client.get("/metrics", headers=headers).status_code == status
