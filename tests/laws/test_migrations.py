"""Laws of migrations: one line of them, and at its end exactly the tables of the models."""

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

from app.boot.schema import MIGRATIONS, alembic_config
from app.kernel.database import Base

pytestmark = pytest.mark.law


@pytest.fixture
def empty_database(settings):
    """Another database beside the test's own, for going down and up again."""
    base = create_engine(settings.database.for_owner()).url
    name = f"{base.database}_migrations"
    maintenance = create_engine(base.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with maintenance.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine = create_engine(base.set(database=name))
    yield engine
    engine.dispose()
    with maintenance.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    maintenance.dispose()


def tables_of(connection):
    statement = text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    return set(connection.scalars(statement)) - {"alembic_version"}


def ours(_object, name, kind, _reflected, _compared):
    return not (
        kind == "table" and (name.startswith("procrastinate_") or name == "alembic_version")
    )


def test_there_is_one_head():
    assert len(ScriptDirectory(str(MIGRATIONS)).get_heads()) == 1


def test_migrations_make_exactly_the_tables_of_the_models(settings):
    engine = create_engine(settings.database.for_owner())
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_object": ours, "compare_type": True}
        )
        differences = compare_metadata(context, Base.metadata)
    engine.dispose()
    assert differences == []


def test_migrations_go_down_to_nothing_and_up_again(empty_database):
    with empty_database.begin() as connection:
        config = alembic_config(connection)
        command.upgrade(config, "head")
        at_head = tables_of(connection)
        command.downgrade(config, "base")
        assert tables_of(connection) == set()
        command.upgrade(config, "head")
        assert tables_of(connection) == at_head
