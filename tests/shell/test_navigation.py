"""Where people can go from every page, and where they start."""

import pytest

from tests.factories.audit import AuditEventFactory
from tests.factories.identity import InvitationFactory

PLACES = {
    "owner": {"Overview", "Audit log", "Summaries", "People", "Settings"},
    "analyst": {"Overview", "Audit log", "Summaries", "People"},
    "editor": {"Overview", "Summaries"},
    "auditor": {"Overview", "Audit log", "Summaries", "People", "Settings"},
}


def navigation(page):
    """Return what the navigation offers and which place is marked as the open one."""
    (bar,) = [node for node in page.tree.iter("nav") if node.get("aria-label") == "Main"][:1]
    links = list(bar.iter("a"))
    names = [" ".join("".join(link.itertext()).split()) for link in links]
    current = [n for n, link in zip(names, links, strict=True) if link.get("aria-current")]
    return names, current


@pytest.mark.parametrize("role", sorted(PLACES))
def test_navigation_shows_the_places_that_the_role_may_open(alder, role):
    person = alder.as_person(role)
    page = person.get(f"{alder.path}/")
    names, current = navigation(page)
    assert set(names) == PLACES[role]
    assert current == ["Overview"]
    for name in names:
        person.get(page.links[name])


def test_place_of_a_deeper_page_is_marked(alder):
    owner = alder.as_person("owner")
    assert navigation(owner.get(f"{alder.path}/settings/api-keys"))[1] == ["Settings"]


def test_place_says_how_much_waits_there(alder):
    alder.make(InvitationFactory)
    owner = alder.as_person("owner")
    names, current = navigation(owner.get(f"{alder.path}/people/invitations"))
    assert current == ["People1 waiting"]
    assert current[0] in names


def test_start_leads_everybody_to_where_they_belong(alder, visitor):
    assert visitor.get("/").heading == "Sign in"
    assert alder.as_person("owner").get("/").heading == "Overview"


def test_new_tenant_sees_its_first_steps(alder):
    page = alder.as_person("owner").get(f"{alder.path}/")
    assert "First steps" in page.words
    assert "Invite the people who work with you" in page.links


def test_used_tenant_sees_none(alder):
    for _ in range(15):
        alder.make(AuditEventFactory)
    assert "First steps" not in alder.as_person("owner").get(f"{alder.path}/").words


def test_numbers_of_the_overview_lead_to_what_they_count(alder):
    for outcome in ("failure", "denied", "success"):
        alder.make(AuditEventFactory, outcome=outcome)
    alder.make(InvitationFactory)
    owner = alder.as_person("owner")
    page = owner.get(f"{alder.path}/")
    href = next(h for words, h in page.links.items() if "ailed or denied" in words)
    assert "2 events" in owner.get(href).words
    href = next(h for words, h in page.links.items() if "Open invitations" in words)
    assert len(owner.get(href).rows) == 1
