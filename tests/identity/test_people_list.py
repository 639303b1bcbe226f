"""The list of people, and how it is narrowed."""

import pytest

from tests.factories.identity import MembershipFactory


def names(visitor, world, query=""):
    page = visitor.get(f"{world.path}/people", query_string={"q": query})
    return [row[0] for row in page.rows]


@pytest.fixture
def owner(alder):
    alder.make(MembershipFactory, name="Zoe Zimmer", email="zoe@z.example", status="suspended")
    alder.make(MembershipFactory, name="Bea Adams", email="bea@a.example", role="admin")
    return alder.as_person("owner")


FOUND = {
    "name:Zoe": {"Zoe Zimmer"},
    "name:Zoe,Bea": {"Zoe Zimmer", "Bea Adams"},
    "email:bea@": {"Bea Adams"},
    "role:admin": {"Admin of Alder", "Bea Adams"},
    "role:admin -name:Admin": {"Bea Adams"},
    "status:suspended": {"Zoe Zimmer"},
    "-status:active": {"Zoe Zimmer"},
    "-role:owner,admin,analyst,support,editor": {"Auditor of Alder"},
    "name:zoe": set(),
    "name:%": set(),
    "name:_oe": set(),
}


def test_filters_find_exactly_whom_they_say(owner, alder):
    for query, found in FOUND.items():
        shown = names(owner, alder, query)
        assert len(shown) == len(found), query
        assert all(any(name in cell for cell in shown) for name in found), query


def test_everybody_is_listed_by_name(owner, alder):
    shown = names(owner, alder)
    assert len(shown) == 8
    bare = [member for member in shown if "of Alder" in member]
    assert bare == sorted(bare)


def test_filter_that_finds_nobody_offers_a_way_back(owner, alder):
    page = owner.get(f"{alder.path}/people?q=name:Nobody")
    assert "No person matches this filter" in page.words
    assert page.links["Clear the filter"] == f"{alder.path}/people"


def test_free_text_is_refused_with_its_place(owner, alder):
    page = owner.get(f"{alder.path}/people", query_string={"q": "role:owner zoe"})
    assert "This list has no free text; name a field." in page.errors
    assert page.form("Apply the filter").values["q"] == "role:owner zoe"


def test_roles_page_is_what_the_roles_hold(owner, alder):
    page = owner.get(f"{alder.path}/people/roles")
    marks = {}
    for row in page.tree.iter("tr"):
        icons = [node.get("aria-label") for node in row.iter() if node.get("role") == "img"]
        marks["".join(row.itertext()).split()[0]] = icons
    assert marks["member:read"] == ["may", "may", "may", "may", "may not", "may"]
    assert marks["audit_event:create"] == ["may not"] * 6


def test_page_of_a_member_leads_to_what_they_did(owner, alder):
    member = alder.people["analyst"]
    alder.as_person("analyst")
    page = owner.get(f"{alder.path}/people/{member.id}")
    log = owner.get(page.links["What they did"])
    assert log.rows[-1][1:3] == ["Analyst of Alder", "session.started"]
    assert "1 event ·" in log.words
