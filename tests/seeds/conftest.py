"""Stories told at awkward moments, and an empty database to load one into."""

import dataclasses
import datetime as dt
import os

import pytest
from sqlalchemy import create_engine, make_url, text

from app import create_app
from app.boot.database_addresses import GivenDatabase, app_role_url
from app.boot.schema import prepare_database
from app.kernel.routing import DATABASE
from seeds.story import tell_story

MOMENTS = {
    "a Sunday before dawn": dt.datetime(2026, 2, 15, 3, 20, tzinfo=dt.UTC),
    "a Wednesday noon": dt.datetime(2026, 6, 17, 10, 0, 30, tzinfo=dt.UTC),
    "a Monday just begun": dt.datetime(2026, 7, 5, 22, 1, tzinfo=dt.UTC),
    "the night the clocks go forward": dt.datetime(2026, 3, 29, 2, 30, tzinfo=dt.UTC),
    "weeks after the clocks went back": dt.datetime(2026, 11, 22, 17, 0, tzinfo=dt.UTC),
}


@pytest.fixture(scope="session", params=MOMENTS.values(), ids=MOMENTS.keys())
def now(request):
    return request.param


@pytest.fixture(scope="session")
def story(now):
    return tell_story(now)


@pytest.fixture(scope="session")
def alder_scene(story):
    return story.scenes[0]


@pytest.fixture(scope="session")
def birch_scene(story):
    return story.scenes[1]


@pytest.fixture(scope="module")
def empty_app(settings):
    """The app on a database of its own, because the demonstration's names exist only once."""
    name = f"ballast_seeds_{os.getpid()}"
    owner = make_url(settings.database.owner_url)
    owner_url = owner.set(database=name).render_as_string(hide_password=False)
    addresses = GivenDatabase(owner_url, app_role_url(owner_url, settings.secret_key))
    prepare_database(addresses.for_owner(), addresses.for_app())
    app = create_app(dataclasses.replace(settings, database=addresses))
    yield app
    app.extensions[DATABASE].engine.dispose()
    engine = create_engine(owner, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"DROP ROLE IF EXISTS {name}_app"))
    engine.dispose()
