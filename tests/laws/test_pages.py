"""Laws of pages: each says what it is, and its parts are the same alone as in the page."""

import pytest

from app.identity.roles import Role
from app.kernel.collections.declaration import COLLECTIONS
from app.kernel.query_language.query import parse
from app.kernel.routing import Audience
from tests.factories.audit import AuditEventFactory
from tests.laws.catalogue import objects_of, routes_of

pytestmark = pytest.mark.law

# Parts of pages that are never asked for as a page, and downloads.
FRAGMENTS = {
    "audit.document",
    "imports.progress",
    "imports.refusals",
    "exports.file",
    "exports.manifest",
    "deletions.progress",
    "evaluations.progress",
    "exports.progress",
    "quarantine.progress",
    "seal.checkpoint",
    "seal.event_proof",
    "seal.growth",
    "summaries.progress",
}
# A list page stays within this many statements, however many rows it shows.
MOST_STATEMENTS = 16


def pages_of(app, world):
    for route in routes_of(app, Audience.TENANT):
        if route.method == "GET" and route.rule.endpoint not in FRAGMENTS:
            objects = objects_of(world, route.parameters)
            yield route, route.address(app, world.tenant.slug, objects)


def test_every_page_has_a_title_and_one_heading(app, alder):
    owner = alder.as_person(Role.OWNER)
    for route, address in pages_of(app, alder):
        page = owner.get(address)
        assert page.title.endswith(f"· {alder.tenant.name} · Ballast"), route
        assert len(list(page.tree.iter("h1"))) == 1, route
        assert page.heading in page.title, route


def test_every_list_shows_the_same_rows_as_page_and_as_part(app, alder):
    alder.make(AuditEventFactory)
    owner = alder.as_person(Role.OWNER)
    lists = [alder.path + place for place in LIST_PAGES]
    for address in lists:
        whole, part = owner.get(address), owner.part(address, "results")
        assert whole.rows == part.rows, address
        assert "<html" not in part.text
        assert 'id="results"' in part.text


LIST_PAGES = (
    "/audit-log",
    "/audit-log/imports",
    "/audit-log/exports",
    "/event-types",
    "/people",
    "/people/invitations",
    "/quarantine",
    "/settings/api-keys",
    "/settings/evaluations",
    "/settings/model-calls",
    "/settings/outbox",
    "/settings/retention/deletions",
    "/settings/retention/erasures",
    "/settings/retention/holds",
    "/summaries",
    "/summaries/queue",
)


def test_every_collection_has_its_page_among_the_list_pages():
    assert len(COLLECTIONS) == len(LIST_PAGES)


@pytest.mark.parametrize("place", LIST_PAGES)
def test_bad_parameters_give_a_notice_and_never_an_error_page(alder, place):
    owner = alder.as_person(Role.OWNER)
    page = owner.get(f"{alder.path}{place}?cursor=forged&size=7&q=nonsense:%22")
    assert "could not be read" in page.words
    assert "Pages have 25, 50, 100 rows" in page.words
    assert page.errors, "The mistake in the query is named."


@pytest.mark.parametrize("place", LIST_PAGES)
def test_list_page_stays_within_its_statements(alder, place, count_statements):
    alder.make(AuditEventFactory)
    owner = alder.as_person(Role.OWNER)
    with count_statements() as statements:
        owner.get(alder.path + place)
    assert len(statements) <= MOST_STATEMENTS, "\n".join(statements)


@pytest.mark.parametrize("name", sorted(COLLECTIONS))
def test_presets_of_lists_are_valid_queries(name):
    collection = COLLECTIONS[name]
    for preset in collection.presets:
        assert not parse(preset.query, collection.fields).errors, preset


def test_error_inside_a_page_is_a_part_and_not_a_page(alder):
    """Htmx puts it where the answer belongs, so it must bring no second page along."""
    part = alder.as_person(Role.EDITOR).part(f"{alder.path}/audit-log", "results", expect=403)
    assert "<html" not in part.text
    assert "audit_event:read" in part.words
