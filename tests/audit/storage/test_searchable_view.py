"""The view through which searches read shows the rows of the tenant in scope, and no others."""

import pytest
from sqlalchemy import create_engine, select, text
from sqlalchemy.exc import ProgrammingError

from app.audit.search.lexemes import mark_of
from app.audit.search.view import SEARCHABLE
from app.kernel.database import NO_SCOPE
from app.kernel.routing import database
from app.kernel.tenant_wall import TenantScopeMissing
from tests.audit.storage.logs import WORDS, made_up, tell
from tests.factories.audit import AuditEventFactory

# What somebody might make the app ask who can add to a condition.
HOSTILE = (
    "true",
    "tenant_id IS NOT NULL",
    "NOT (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid)",
    "true OR tenant_id IS NULL",
    "search @@ to_tsquery('simple', :word)",
    "tenant_id::text > ''",
    "tenant_id = :other",
    "id IN (SELECT id FROM audit_events_searchable WHERE tenant_id = :other)",
    "EXISTS (SELECT FROM audit_events AS e WHERE e.tenant_id = :other)",
)


@pytest.fixture
def app_role(settings, alder, birch):
    """The app's role, which has forgotten everything it should name by itself."""
    tell(alder, made_up(200))
    tell(birch, made_up(200, seed=2))
    engine = create_engine(settings.database.for_app())
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def enter(connection, value):
    connection.execute(text("SELECT set_config('app.tenant_id', :id, true)"), {"id": value})


@pytest.mark.parametrize("condition", HOSTILE)
def test_no_condition_shows_another_tenants_rows(app_role, alder, birch, condition):
    enter(app_role, str(alder.tenant.id))
    word = mark_of(birch.tenant.id) + WORDS[0]
    statement = f"SELECT tenant_id FROM audit_events_searchable WHERE {condition}"
    found = app_role.scalars(text(statement), {"word": word, "other": birch.tenant.id})
    assert set(found) <= {alder.tenant.id}


@pytest.mark.parametrize("value", ["", None])
def test_without_a_tenant_the_view_is_empty(app_role, value):
    if value is not None:
        enter(app_role, value)
    statement = text("SELECT count(*) FROM audit_events_searchable WHERE search @@ :q ::tsquery")
    for query in (f"'{WORDS[0]}'", "!'x'"):
        assert app_role.scalar(statement, {"q": query}) == 0
    assert app_role.scalar(text("SELECT count(*) FROM audit_events_searchable")) == 0


def test_a_finished_transaction_leaves_no_tenant_behind(app_role, alder):
    enter(app_role, str(alder.tenant.id))
    assert app_role.scalar(text("SELECT count(*) FROM audit_events_searchable")) > 0
    app_role.commit()
    assert app_role.scalar(text("SELECT count(*) FROM audit_events_searchable")) == 0


def test_the_app_cannot_write_through_the_view_or_look_behind_it(app_role, alder):
    for statement in (
        "UPDATE audit_events_searchable SET action = 'x'",
        "DELETE FROM audit_events_searchable",
        "ALTER VIEW audit_events_searchable SET (security_barrier = false)",
        "CREATE OR REPLACE VIEW audit_events_searchable AS SELECT * FROM audit_events",
        "DROP VIEW audit_events_searchable",
        "ALTER TABLE audit_events DISABLE ROW LEVEL SECURITY",
        "CREATE FUNCTION leak(text) RETURNS boolean LANGUAGE sql AS 'SELECT true'",
    ):
        enter(app_role, str(alder.tenant.id))
        with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
            app_role.execute(text(statement))
        app_role.rollback()
    assert {"salt", "leaf_hash", "commitments"}.isdisjoint(SEARCHABLE.c.keys())


def test_the_process_refuses_to_ask_the_view_without_a_tenant(app):
    with app.app_context(), database().session(NO_SCOPE) as session:
        for statement in (select(SEARCHABLE.c.id), select(select(SEARCHABLE.c.id).subquery())):
            with pytest.raises(TenantScopeMissing):
                session.execute(statement)


def test_words_of_one_tenant_find_nothing_in_another(alder, birch):
    birch.make(AuditEventFactory, target_name="Zebrafinch", reason="zebrafinch")
    for word in ("zebrafinch", mark_of(birch.tenant.id) + "zebrafinch", "zebrafinch OR door"):
        page = alder.as_person("owner").get(f"{alder.path}/audit-log", query_string={"q": word})
        assert "Zebrafinch" not in page.words
    page = birch.as_person("owner").get(f"{birch.path}/audit-log", query_string={"q": "zebrafinch"})
    assert "Zebrafinch" in page.words
