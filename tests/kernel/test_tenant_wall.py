"""The wall in the process: no statement over a tenant's table leaves it without a tenant."""

import pytest
from sqlalchemy import delete, exists, func, insert, literal, select, text, union_all, update
from sqlalchemy.orm import aliased

from app.identity.models import Account, ApiKey, Membership
from app.kernel.database import NO_SCOPE, Scope, current_session, enter_scope, unit_of_work
from app.kernel.ids import uuid7
from app.kernel.routing import database
from app.kernel.tenant_wall import TenantMismatch, TenantScopeMissing
from tests.factories.identity import ApiKeyFactory, MembershipFactory

KEY = {"id": uuid7(), "name": "k", "secret_hash": "x", "scopes": [], "created_by": "x"}
OTHER = aliased(ApiKey)

STATEMENTS = {
    "select": select(ApiKey),
    "select of a column": select(ApiKey.name),
    "select of an alias": select(OTHER),
    "count": select(func.count()).select_from(ApiKey),
    "count of a subquery": select(func.count()).select_from(select(ApiKey.id).subquery()),
    "literal": select(literal(1)).select_from(ApiKey),
    "exists": select(exists(select(ApiKey.id))),
    "join from a global table": select(Account.name).join(
        Membership, Membership.account_id == Account.id
    ),
    "condition over a global table": select(Account).where(
        Account.id.in_(select(Membership.account_id))
    ),
    "with": select(select(ApiKey.id).cte("keys").c.id),
    "union": union_all(select(ApiKey.name), select(Account.name)),
    "update": update(ApiKey).values(name="x"),
    "delete": delete(ApiKey),
    "insert": insert(ApiKey).values(**KEY),
}


@pytest.fixture
def outside(app):
    """A session of no tenant."""
    with app.app_context(), database().session(NO_SCOPE) as session:
        yield session


@pytest.fixture
def inside(alder):
    with alder.session() as session:
        yield session


@pytest.mark.parametrize("name", sorted(STATEMENTS))
def test_statement_over_a_tenants_table_needs_a_tenant(outside, name):
    with pytest.raises(TenantScopeMissing, match="no tenant is in scope"):
        outside.execute(STATEMENTS[name])


def test_reading_by_key_needs_a_tenant(outside, alder):
    key = alder.make(ApiKeyFactory)
    with pytest.raises(TenantScopeMissing):
        outside.get(ApiKey, (alder.tenant.id, key.id))


def test_adding_a_row_needs_a_tenant(outside):
    outside.add(ApiKeyFactory.build())
    with pytest.raises(TenantScopeMissing):
        outside.flush()


def test_own_account_opens_only_the_statement_that_asks_for_it(outside, alder):
    enter_scope(outside, Scope(account_id=alder.people["owner"].account_id))
    own = select(Membership.tenant_id)
    with pytest.raises(TenantScopeMissing):
        outside.execute(own)
    assert list(outside.scalars(own.execution_options(own_account=True))) == [alder.tenant.id]


def test_row_takes_the_tenant_in_scope(inside, alder):
    key = ApiKeyFactory.build()
    inside.add(key)
    inside.flush()
    assert key.tenant_id == alder.tenant.id


def test_row_of_another_tenant_is_refused(inside, birch):
    row = ApiKeyFactory.build(tenant_id=birch.tenant.id)
    with pytest.raises(TenantMismatch), unit_of_work():
        inside.add(row)


@pytest.mark.parametrize("way", ["change", "delete"])
def test_row_carried_over_from_another_tenant_is_refused(inside, birch, way):
    key = inside.merge(birch.make(ApiKeyFactory), load=False)
    if way == "change":
        key.name = "changed"
    else:
        inside.delete(key)
    with pytest.raises(TenantMismatch):
        inside.flush()


def test_every_kind_of_statement_sees_the_own_tenant_only(app, alder, birch):
    for world in (alder, birch):
        world.make(ApiKeyFactory, name=f"key of {world.tenant.name}")
    with birch.session() as session:
        assert list(session.scalars(STATEMENTS["select of a column"])) == ["key of Birch Health"]
        assert session.scalar(STATEMENTS["count"]) == 1
        assert session.scalar(STATEMENTS["count of a subquery"]) == 1
        with unit_of_work():
            assert session.execute(update(ApiKey).values(name="changed")).rowcount == 1
            assert session.execute(delete(ApiKey)).rowcount == 1
    with alder.session() as session:
        assert list(session.scalars(select(ApiKey.name))) == ["key of Alder Health"]


def test_row_level_security_holds_where_the_wall_cannot_see(alder, birch):
    """The walls do not lean on each other: words past the ORM meet the first one."""
    birch.make(MembershipFactory, name="Nobody of Alder")
    with alder.session() as session:
        names = session.scalars(text("SELECT name FROM memberships"))
        assert all("Alder" in name for name in names)
        with unit_of_work():
            changed = session.execute(
                text("UPDATE memberships SET name = name WHERE tenant_id = :other"),
                {"other": birch.tenant.id},
            )
        assert changed.rowcount == 0


def test_scope_of_one_transaction_is_not_that_of_the_next(app, alder):
    with alder.session() as session:
        session.execute(text("SELECT 1"))
    with app.app_context(), database().session() as session:
        assert session.scalar(text("SELECT current_setting('app.tenant_id', true)")) in ("", None)
        assert current_session() is session
