"""A changing route without an event, or an event without a contract, fails the build."""

import pytest
from flask import Flask

from app.audit.event_types.coverage import matrix
from app.audit.event_types.coverage.matrix import list_coverage, list_holes
from app.audit.event_types.own import own_types
from app.identity.service.people import suspend_member
from app.kernel.routing import AccountPages, guard_of

pytestmark = pytest.mark.law

pages = AccountPages("holes", __name__)


@pages.post("/holes/silent")
def silent(actor):
    """Change something, and tell nobody."""


@pytest.fixture
def leaky():
    """An app with a single changing route, which runs no command."""
    app = Flask("leaky")
    app.register_blueprint(pages.blueprint)
    return app


def test_route_that_runs_no_command_is_a_hole(leaky):
    holes = list_holes(leaky)

    assert "/holes/silent (holes.silent) leads to no command, so it writes no event." in holes


def test_event_without_a_contract_is_a_hole(app, monkeypatch):
    fewer = {action: kinds for action, kinds in own_types().items() if action != "member.suspended"}
    monkeypatch.setattr(matrix, "own_types", lambda: fewer)

    (hole,) = list_holes(app)
    assert hole.endswith("/suspension writes member.suspended, which has no event type.")


def test_contract_that_nothing_writes_is_told(app, monkeypatch):
    more = {**own_types(), "member.praised": own_types()["member.suspended"]}
    monkeypatch.setattr(matrix, "own_types", lambda: more)

    assert list_holes(app) == ["member.praised is an event type that no command writes."]


def test_exception_that_no_route_needs_is_told(app, monkeypatch):
    monkeypatch.setattr(matrix, "WITHOUT_COMMAND", {**matrix.WITHOUT_COMMAND, "gone.by": "Once."})

    assert list_holes(app) == ["gone.by is an exception and no route."]


def test_route_is_traced_through_views_services_and_jobs(app):
    found = {row.endpoint: row for row in list_coverage(app)}

    assert found["people.suspend"].commands == (
        f"{suspend_member.__module__}.{suspend_member.__name__}",
    )
    # The second is written by the job that the first one asks for.
    assert {"quarantine_replay.requested", "quarantine_replay.finished"} <= set(
        found["quarantine.replay_all"].events
    )


def test_every_changing_route_is_looked_at(app):
    changing = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.methods & {"POST", "PUT", "PATCH", "DELETE"}
    }

    assert changing == {row.endpoint for row in list_coverage(app)}
    assert all(guard_of(app.view_functions[endpoint]) for endpoint in changing)
