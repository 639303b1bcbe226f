"""Laws of budgets: no page asks too much of its reader, and none weighs more than it may."""

import dataclasses
import html
import re

import pytest

from app.boot.budgets import (
    MAX_COLUMNS,
    MAX_FILTERS,
    MAX_PLACES,
    OverBudgetError,
    demand_budgets,
)
from app.identity.roles import Role
from app.kernel.collections.declaration import COLLECTIONS
from app.kernel.database import unit_of_work
from app.kernel.routing import Audience
from app.shell.navigation import PLACES
from components.budgets import read_budgets
from tests.budgets.weight import weigh
from tests.factories.audit import AuditEventFactory
from tests.factories.event_types import EventTypeVersionFactory
from tests.factories.identity import SECRET, ApiKeyFactory, InvitationFactory, MembershipFactory
from tests.factories.mail import OutboxMessageFactory
from tests.factories.quarantine import QuarantinedItemFactory
from tests.factories.summaries import SummaryFactory
from tests.laws.catalogue import BUILDERS, objects_of, routes_of

pytestmark = pytest.mark.law


def test_app_is_within_its_budgets(app):
    demand_budgets(app)
    assert len(PLACES) <= MAX_PLACES


@pytest.mark.parametrize(("part", "limit"), [("columns", MAX_COLUMNS), ("filters", MAX_FILTERS)])
def test_app_refuses_to_start_with_a_list_over_budget(app, monkeypatch, part, limit):
    people = COLLECTIONS["people"]
    one = getattr(people, part)[0]
    monkeypatch.setitem(
        COLLECTIONS, "people", dataclasses.replace(people, **{part: (one,) * (limit + 1)})
    )
    with pytest.raises(OverBudgetError, match=part):
        demand_budgets(app)


BUDGETS = read_budgets()
# One more than a page of a list shows.
ROWS = 51
# Of pages that differ only in what they show, such as those of components, so many are weighed.
SAMPLES = 10
INVITATION = "/invitations/<token>"
LISTED = (
    AuditEventFactory,
    EventTypeVersionFactory,
    QuarantinedItemFactory,
    MembershipFactory,
    InvitationFactory,
    ApiKeyFactory,
    OutboxMessageFactory,
    SummaryFactory,
)
_LINK = re.compile(r'(?:href|src)="(/[^"#]*)')


@pytest.fixture
def full(alder, birch):
    """A tenant whose every list fills more than a page, and whose owner belongs to another too."""
    with alder.session(), unit_of_work():
        for factory in LISTED:
            factory.create_batch(ROWS, tenant_id=alder.tenant.id)
    owner = alder.people[Role.OWNER]
    birch.make(MembershipFactory, account_id=owner.account_id, name=owner.name, email=owner.email)
    return alder


def pages_of(app, world):
    """Yield every page there is: its route template, and what an owner, or a stranger, gets."""
    owner, stranger = world.as_person(Role.OWNER).client, app.test_client()
    linked: dict[str, set[str]] = {f"GET {INVITATION}": {invitation_of(world)}}
    waiting = []
    for route in routes_of(app):
        if route.method != "GET" or route.guard.audience is Audience.API:
            continue
        if route.guard.audience is Audience.TENANT or not route.parameters:
            objects = objects_of(world, route.parameters)
            address = route.address(app, world.tenant.slug, objects)
            who = stranger if route.guard.audience is Audience.PUBLIC else owner
            answer = who.get(address)
            if answer.status_code == 200 and answer.mimetype == "text/html":
                note_links(app, answer.text, linked)
                yield route.rule.rule, answer.text
        else:
            waiting.append(route)
    for route in waiting:
        addresses = sorted(linked.get(str(route), ()))
        assert addresses, f"No page links to {route}, so that nobody knows what it weighs."
        for address in addresses[:: max(1, len(addresses) // SAMPLES)]:
            answer = owner.get(address)
            assert answer.status_code == 200, f"{address} answered {answer.status_code}."
            if answer.mimetype == "text/html":
                note_links(app, answer.text, linked)
                yield route.rule.rule, answer.text


def note_links(app, text, linked):
    """Note the addresses that a page links to, by their routes."""
    adapter = app.url_map.bind("localhost")
    for link in _LINK.findall(text):
        address = html.unescape(link).partition("?")[0]
        if adapter.test(address, "GET"):
            rule, _values = adapter.match(address, "GET", return_rule=True)
            linked.setdefault(f"GET {rule.rule}", set()).add(address)


def invitation_of(world):
    invitation = world.make(InvitationFactory)
    return f"/invitations/{world.tenant.slug}.{invitation.id.hex}.{SECRET}"


def test_every_page_is_within_its_weight(app, full):
    over, seen = [], set()
    for route, text in pages_of(app, full):
        weight, budget = weigh(text), BUDGETS.of_route(route)
        seen.add(route)
        assert all(re.match(r"/(?!/)", address) for address in weight.fetched), route
        over += [
            f"{route}: {name} is {getattr(weight, name):,}; the budget is {limit:,}"
            for name in ("html_gz", "dom_nodes", "requests")
            if getattr(weight, name) > (limit := getattr(budget, name))
        ]
    assert over == [], "Make the page lighter, or give it numbers of its own in budgets.json."
    assert {"/sign-in", "/tenants", INVITATION} <= seen
    assert len(seen) > len(BUILDERS)


def test_lists_are_full_when_they_are_weighed(full):
    owner = full.as_person(Role.OWNER)
    for place in ("/audit-log", "/people", "/people/invitations", "/summaries"):
        assert len(owner.get(full.path + place).rows) >= ROWS - 1, place


def test_routes_with_budgets_of_their_own_exist(app):
    assert set(BUDGETS.routes) <= {rule.rule for rule in app.url_map.iter_rules()}
