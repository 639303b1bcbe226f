"""One queue for people who review in several tenants."""

from datetime import timedelta

import pytest

from app.identity.roles import Role
from app.kernel import clock
from tests.factories.identity import MembershipFactory
from tests.factories.summaries import SummaryFactory

PAGE = "/account/reviews"


@pytest.fixture
def reviewer(alder, birch):
    """The support reviewer of Alder, who reviews for Birch as well."""
    person = alder.people[Role.SUPPORT]
    join(birch, person, Role.SUPPORT)
    return person


def join(world, person, role):
    values = {"account_id": person.account_id, "name": person.name, "email": person.email}
    world.make(MembershipFactory, role=role.value, **values)


def draft_of(world, minutes_ago, **values):
    at = clock.now() - timedelta(minutes=minutes_ago)
    return world.make(SummaryFactory, requested_at=at, **values)


def test_drafts_of_all_organisations_stand_in_one_queue_oldest_first(alder, birch, reviewer):
    draft_of(alder, 5, title="Newest")
    draft_of(birch, 20, title="Middle")
    draft_of(alder, 50, title="Oldest")
    draft_of(birch, 60, title="Own", requested_by=str(reviewer.account_id))
    draft_of(birch, 70, title="Signed", status="requested")

    visitor = alder.sign_in(reviewer.email)
    page = visitor.get(PAGE)

    assert [row[:2] for row in page.rows] == [
        ["Oldest", "Alder Health"],
        ["Middle", "Birch Health"],
        ["Newest", "Alder Health"],
    ]
    assert "Middle" in visitor.get(page.links["Middle"]).words
    assert page.links["Middle"].startswith(birch.path)


def test_where_somebody_does_not_review_no_draft_is_shown(alder, birch):
    person = alder.people[Role.SUPPORT]
    join(birch, person, Role.ANALYST)
    draft_of(alder, 5, title="Mine to review")
    draft_of(birch, 5, title="Not mine")

    page = alder.sign_in(person.email).get(PAGE)

    assert [row[0] for row in page.rows] == ["Mine to review"]


def test_who_reviews_nowhere_is_told_so(alder):
    assert "summary:approve" in alder.as_person("analyst").get(PAGE, expect=403).words


def test_queue_of_one_organisation_leads_to_that_of_all(alder, birch, reviewer):
    everywhere = alder.sign_in(reviewer.email).get(f"{alder.path}/summaries/queue")
    alone = birch.as_person("support").get(f"{birch.path}/summaries/queue")

    assert everywhere.links["All organisations"] == PAGE
    assert "All organisations" not in alone.links
