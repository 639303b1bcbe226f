"""What is under legal hold stays, for as long as the hold lasts and no longer."""

import pytest

from app.audit.event import Party

ANN = Party("person", "u-ann", "Ann Example")


@pytest.fixture
def admin(log):
    return log.world.as_person("admin")


@pytest.fixture
def place(log, admin):
    """Place a hold on a query through its page; return the page of the hold."""

    def placing(query, **typed):
        page = admin.get(f"{log.world.path}/settings/retention/holds/new")
        return admin.submit(page, "Place the hold", q=query, reason="Case 7", **typed)

    return placing


@pytest.mark.parametrize(
    "query", ["actor:u-ann", '"Ann Example"', "created:>2001-01-01 actor:u-ann", ""]
)
def test_what_a_hold_covers_stays(log, place, query):
    anns = log.tell_days_ago(500, 3, actor=ANN)
    others = log.tell_days_ago(500, 3)
    place(query)
    log.night()
    assert log.there(anns) == set(anns)
    assert log.there(others) == (set(others) if query == "" else set())
    assert log.problems() == []


def test_released_events_go_with_the_next_night(log, admin, place):
    anns = log.tell_days_ago(500, 3, actor=ANN)
    hold = place("actor:u-ann")
    log.night()
    page = admin.submit(admin.get(hold.links["Release"]), "Release", reason="Case 7 is closed")
    assert "released" in page.words
    log.night()
    assert log.there(anns) == set()
    placed, released = (
        log.world.log("legal_hold.placed")[0],
        log.world.log("legal_hold.released")[0],
    )
    assert (placed.reason, placed.extra) == ("Case 7", {"query": "actor:u-ann"})
    assert released.reason == "Case 7 is closed"


def test_events_under_a_second_hold_stay_when_one_is_released(log, admin, place):
    anns = log.tell_days_ago(500, 3, actor=ANN)
    first = place("actor:u-ann")
    place("action:door")
    admin.submit(admin.get(first.links["Release"]), "Release", reason="Case 7 is closed")
    log.night()
    assert log.there(anns) == set(anns)


def test_preview_tells_what_is_held(log, admin, place):
    log.tell_days_ago(500, 3, actor=ANN)
    log.tell_days_ago(500, 4)
    log.seal()
    place("actor:u-ann")
    page = admin.get(f"{log.world.path}/settings/retention")
    assert ["Standard", "4", "3", "7", "7", "7"] in page.rows


def test_hold_needs_a_filter_that_can_be_read(log, admin):
    page = admin.get(f"{log.world.path}/settings/retention/holds/new")
    page = admin.submit(page, "Place the hold", q="nonsense:x", reason="Case 7", expect=422)
    assert "The filter could not be read" in page.errors
    assert log.world.log("legal_hold.placed") == []


def test_auditor_sees_holds_and_places_none(log, place):
    place("actor:u-ann")
    auditor = log.world.as_person("auditor")
    page = auditor.get(f"{log.world.path}/settings/retention/holds")
    assert any("in force" in row for row in page.rows)
    auditor.get(f"{log.world.path}/settings/retention/holds/new", expect=403)
