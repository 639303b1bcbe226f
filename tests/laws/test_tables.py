"""Laws of tables: the first wall between tenants stands on each of them."""

import pytest
from sqlalchemy import create_engine, text

from app.kernel.database import Base
from app.kernel.tenant_wall import TenantScoped, tenant_tables

pytestmark = pytest.mark.law

# Tables of no tenant, each with the reason.
GLOBAL_TABLES = {
    "accounts": "A person signs in once, and may be a member of several tenants.",
    "field_measurements": "How fast pages were; says nothing about anybody.",
    "model_breakers": "An endpoint that is away is away for every tenant.",
    "model_probes": "What an endpoint can do does not depend on who asks it.",
    "model_stops": "The operator's stop binds every tenant.",
    "rate_windows": "Counts tries before anybody knows which tenant they are for.",
    "sessions": "A signed-in browser belongs to an account, not to a tenant.",
    "tenants": "Every request begins by finding one.",
}
# Tables whose owner the policies do not bind, each with the reason. The app's role is not the
# owner and cannot become it, so that the policies bind every statement of the app.
UNFORCED = {
    "audit_events": "The view for searches reads it as the owner, and names the tenant itself.",
}
VIEWS = {"audit_events_searchable"}
# Functions that run as the owner of the schema: the only ways past append-only.
OWNERS_FUNCTIONS = {"audit_delete_events", "audit_erase_events"}
# Not ours: made by the migration tool and by the job queue, whose rows hold only ids.
FOREIGN_TABLES = {"alembic_version"}
FOREIGN_PREFIX = "procrastinate_"


@pytest.fixture
def app_role(settings):
    engine = create_engine(settings.database.for_app())
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def test_every_table_is_a_tenants_or_on_the_global_list():
    ours = set(Base.metadata.tables)
    assert ours == set(tenant_tables()) | set(GLOBAL_TABLES)


def test_every_table_of_the_database_is_known(database_owner):
    found = set(
        database_owner.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
    )
    foreign = {name for name in found if name.startswith(FOREIGN_PREFIX)} | FOREIGN_TABLES
    assert found - foreign == set(Base.metadata.tables)


@pytest.mark.parametrize("name", sorted(tenant_tables()))
def test_tenant_leads_the_primary_key_and_every_foreign_key(name):
    table = Base.metadata.tables[name]
    assert next(iter(table.primary_key.columns)).name == "tenant_id"
    for constraint in table.foreign_key_constraints:
        if constraint.referred_table.name in GLOBAL_TABLES:
            continue
        assert constraint.column_keys[0] == "tenant_id", constraint.name


@pytest.mark.parametrize("name", sorted(tenant_tables()))
def test_row_level_security_is_on_and_forced(database_owner, name):
    flags = database_owner.execute(
        text("SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE relname = :name"),
        {"name": name},
    ).one()
    wanted = (True, name not in UNFORCED)
    assert tuple(flags) == wanted, "Call migrations.row_security.protect for the table."
    policies = database_owner.execute(
        text("SELECT policyname, qual, with_check FROM pg_policies WHERE tablename = :name"),
        {"name": name},
    ).all()
    isolation = {row.policyname: row for row in policies}["tenant_isolation"]
    assert "app.tenant_id" in isolation.qual
    assert isolation.qual == isolation.with_check


def test_app_role_owns_and_bypasses_nothing(app_role):
    row = app_role.execute(
        text(
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb,"
            " (SELECT count(*) FROM pg_class WHERE relowner = pg_roles.oid) AS owned"
            " FROM pg_roles WHERE rolname = current_user"
        )
    ).one()
    assert tuple(row) == (False, False, False, False, 0)


@pytest.mark.parametrize("name", sorted(UNFORCED))
def test_app_role_cannot_become_the_owner_of_an_unforced_table(app_role, name):
    """Neither by being it, nor through a role that it is a member of."""
    statement = text(
        "SELECT pg_has_role(current_user, relowner, 'MEMBER') FROM pg_class WHERE relname = :name"
    )
    assert app_role.scalar(statement, {"name": name}) is False


def test_every_view_is_known(database_owner):
    found = database_owner.scalars(
        text("SELECT viewname FROM pg_views WHERE schemaname = 'public'")
    )
    assert set(found) == VIEWS


@pytest.mark.parametrize("name", sorted(VIEWS))
def test_view_names_the_tenant_of_the_session_and_can_only_be_read(database_owner, app_role, name):
    definition = database_owner.scalar(
        text("SELECT definition FROM pg_views WHERE viewname = :name"), {"name": name}
    )
    assert "app.tenant_id" in definition
    granted = app_role.scalars(
        text(
            "SELECT privilege FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE',"
            " 'TRUNCATE', 'REFERENCES', 'TRIGGER']) AS privilege"
            " WHERE has_table_privilege(current_user, :name, privilege)"
        ),
        {"name": name},
    )
    assert set(granted) == {"SELECT"}


def test_functions_of_the_owner_are_known_and_hold_to_the_tenant_of_the_session(database_owner):
    found = database_owner.execute(
        text(
            "SELECT proname, prosrc, proconfig, proacl::text AS granted FROM pg_proc"
            " WHERE prosecdef AND pronamespace = 'public'::regnamespace"
        )
    ).all()
    assert {function.proname for function in found} == OWNERS_FUNCTIONS
    for function in found:
        assert "current_setting('app.tenant_id', true)" in function.prosrc
        assert function.proconfig == ["search_path=pg_catalog, public, pg_temp"]
        # An entry without a name before the sign is everybody.
        assert "{=" not in function.granted
        assert ",=" not in function.granted


@pytest.mark.parametrize("name", sorted(tenant_tables() | dict.fromkeys(VIEWS)))
def test_without_a_tenant_no_row_is_seen(app_role, alder, name):
    assert app_role.scalar(text(f"SELECT count(*) FROM {name}")) == 0


def test_with_a_tenant_only_its_rows_are_seen(app_role, alder, birch):
    app_role.execute(
        text("SELECT set_config('app.tenant_id', :id, true)"), {"id": str(alder.tenant.id)}
    )
    seen = set(app_role.scalars(text("SELECT DISTINCT tenant_id FROM memberships")))
    assert seen == {alder.tenant.id}


@pytest.mark.parametrize(
    "name", sorted(name for name, model in tenant_tables().items() if model.append_only)
)
@pytest.mark.parametrize("privilege", ["UPDATE", "DELETE", "TRUNCATE"])
def test_what_only_grows_cannot_be_changed_by_the_app(app_role, name, privilege):
    allowed = app_role.scalar(
        text("SELECT has_table_privilege(current_user, :name, :privilege)"),
        {"name": name, "privilege": privilege},
    )
    assert allowed is False


def test_tenant_scoped_mixin_is_what_marks_a_tenants_table():
    for name, model in tenant_tables().items():
        assert issubclass(model, TenantScoped), name
