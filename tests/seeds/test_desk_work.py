"""What the demonstration's people have done with the log is there for a stranger to find."""

import pytest

from app.kernel import clock
from seeds.desk_work import DOORS, EXPORT, VIEWS, work_at_the_desk
from seeds.load import load_demo
from tests.support.browser import Visitor

PASSWORD = "a password of the demonstration"


@pytest.fixture(scope="module")
def worked(empty_app):
    with empty_app.app_context():
        load_demo(password=PASSWORD, now=clock.now())
        work_at_the_desk()
    return empty_app


@pytest.fixture
def owner(worked):
    visitor = Visitor(worked)
    visitor.submit(
        visitor.get("/sign-in"), "Sign in", email="owner@alder.example", password=PASSWORD
    )
    return visitor


def test_owner_sees_shared_views_and_their_own(owner):
    page = owner.get("/t/alder/audit-log/views")
    for view in VIEWS["alder"]:
        assert (view.name in page.words) == (view.is_shared or view.owner.startswith("owner@"))


def test_every_view_finds_something(owner):
    for view in VIEWS["alder"]:
        page = owner.get("/t/alder/audit-log", query_string={"q": view.query})
        assert page.rows, view.name


def test_log_of_the_doors_is_imported_but_for_the_lines_that_are_broken(owner):
    page = owner.get("/t/alder/audit-log/imports")
    assert any(DOORS in row[0] and "finished" in row for row in page.rows)
    opened = owner.get("/t/alder/audit-log?q=action:doors.opened&size=100")
    assert len([row for row in opened.rows if "doors.opened" in row]) == 34


def test_export_can_be_downloaded(owner):
    page = owner.get("/t/alder/audit-log/exports")
    assert any(EXPORT[1] in row[0] and "finished" in row for row in page.rows)
