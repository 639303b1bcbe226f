"""The law of roles: who may open what is written down, and is what the app does."""

import csv
import io
from pathlib import Path

import pytest

from app.identity.roles import Role, permissions_of
from tests.laws.catalogue import objects_of, permission_routes_of

pytestmark = pytest.mark.law

TABLE = Path(__file__).parent / "role_matrix.csv"
MAY, MAY_NOT = "yes", "no"


def matrix(app):
    """Return the table of routes and roles as the code has it."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(["route", "permission", *[role.value for role in Role]])
    for route in permission_routes_of(app):
        needs = route.guard.requires
        cells = [MAY if needs in permissions_of(role) else MAY_NOT for role in Role]
        writer.writerow([str(route), needs.value, *cells])
    return buffer.getvalue()


def test_role_matrix_is_the_committed_one(app):
    assert TABLE.read_text() == matrix(app), (
        "Who may do what has changed. If that is meant, write the table anew:"
        " .venv/bin/python -m tests.laws.write_role_matrix, and let a reviewer see the difference."
    )


@pytest.mark.parametrize("role", list(Role))
def test_app_lets_in_exactly_whom_the_matrix_names(app, alder, role):
    person = alder.as_person(role)
    for route in permission_routes_of(app):
        if route.method != "GET":
            continue
        objects = objects_of(alder, route.parameters)
        answer = person.client.get(route.address(app, alder.tenant.slug, objects))
        allowed = route.guard.requires in permissions_of(role)
        assert (answer.status_code != 403) is allowed, f"{role}: {route} → {answer.status_code}"


@pytest.mark.parametrize("role", list(Role))
def test_refused_changes_are_in_the_log(app, alder, role):
    person = alder.as_person(role)
    token = person.token()
    for route in permission_routes_of(app):
        if route.method != "POST" or route.guard.requires in permissions_of(role):
            continue
        objects = objects_of(alder, route.parameters)
        address = route.address(app, alder.tenant.slug, objects)
        answer = person.client.post(address, data={"csrf_token": token})
        assert answer.status_code == 403, route
        assert route.guard.requires.value in answer.text
        denial = alder.log("access.denied")[-1]
        assert denial.outcome == "denied"
        assert denial.extra["endpoint"] == route.rule.endpoint
