"""A new list page is one declaration and one query: here is one, made for this test alone.

The domain below has a table, a declaration and a route of two lines, as the how-to asks for, and
no template. Everything that a list page does comes with it.
"""

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Index, create_engine, make_url, select, text
from sqlalchemy.orm import Mapped, mapped_column

from app import create_app
from app.kernel.collections.declaration import (
    COLLECTIONS,
    Collection,
    Column,
    EmptyWords,
    Filter,
    declare,
)
from app.kernel.collections.filters import begins_with, equals_any, within_time
from app.kernel.collections.listing import open_listing
from app.kernel.collections.rendering import render_list
from app.kernel.database import Base, unit_of_work
from app.kernel.ids import uuid7
from app.kernel.query_language.terms import Field, Kind
from app.kernel.routing import DATABASE, TenantPages
from app.kernel.tenant_wall import TenantScoped
from app.kernel.times import time_cell
from app.vocabulary.permissions import Permission
from migrations.row_security import protect
from tests.support.worlds import make_world

FIRST = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
ROWS = 60


@pytest.fixture(scope="module")
def lamp(settings):
    """The model and its table, with row security like every other; gone afterwards."""

    class Lamp(TenantScoped, Base):
        __tablename__ = "lamps"
        __table_args__ = (Index(None, "tenant_id", "lit_at", "id"),)

        id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
        room: Mapped[str]
        state: Mapped[str]
        lit_at: Mapped[datetime] = mapped_column(default=FIRST)

    engine = create_engine(settings.database.for_owner())
    role = make_url(settings.database.for_app()).username
    with engine.begin() as connection:
        Lamp.__table__.create(connection)
        with Operations.context(MigrationContext.configure(connection)):
            protect("lamps")
        connection.execute(text(f"GRANT SELECT, INSERT ON lamps TO {role}"))
    yield Lamp
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE lamps"))
    engine.dispose()
    forget(Lamp)


def forget(model):
    """Take a mapped class out of the metadata, so that no law of tables meets it later."""
    manager = model.__mapper__.class_manager
    Base.metadata.remove(model.__table__)
    Base.registry._dispose_manager_and_mapper(manager)  # noqa: SLF001 - classes are for ever else
    Base.registry._managers.pop(manager, None)  # noqa: SLF001


@pytest.fixture(scope="module")
def app(settings, lamp):
    """The product with one more list page."""
    lamps = declare(
        Collection(
            name="lamps",
            title="Lamps",
            caption="Lamps, last lit first",
            noun=("lamp", "lamps"),
            columns=(
                Column(
                    "lit", "Lit", lambda lamp, zone: time_cell(lamp.lit_at, zone), type="time"
                ),
                Column("room", "Room", lambda lamp, _: lamp.room),
                Column("state", "State", lambda lamp, _: {"text": lamp.state, "tone": "info"},
                       type="badge", priority=2),
            ),
            statement=lambda: select(lamp),
            order=(lamp.lit_at, lamp.id),
            sorted_by="lit",
            row_id=lambda lamp: str(lamp.id),
            row_href=lambda _lamp: None,
            filters=(
                Filter(Field("room", "Room", Kind.PREFIX), begins_with(lamp.room)),
                Filter(
                    Field("state", "State", Kind.CHOICE, values=("on", "off")),
                    equals_any(lamp.state),
                ),
                Filter(Field("lit", "Lit", Kind.TIME), within_time(lamp.lit_at)),
            ),
            empty=EmptyWords("No lamp yet", "A lamp appears here once it is lit."),
        )
    )  # fmt: skip
    pages = TenantPages("lamps", __name__, "/lamps")

    @pages.get("", requires=Permission.MEMBER_READ)
    def index(actor):
        return render_list(open_listing(lamps))

    app = create_app(settings)
    app.register_blueprint(pages.blueprint)
    app.testing = True
    yield app
    app.extensions[DATABASE].engine.dispose()
    del COLLECTIONS["lamps"]


@pytest.fixture(scope="module")
def lit(app, lamp):
    """A tenant with lamps in its rooms, one every minute."""
    world = make_world(app, "Alder")
    with world.session() as session, unit_of_work():
        for number in range(ROWS):
            state = "off" if number % 3 == 0 else "on"
            at = FIRST + timedelta(minutes=number)
            session.add(lamp(room=f"Room {number:02}", state=state, lit_at=at))
    return world


@pytest.fixture
def dark(app):
    """A tenant without a lamp."""
    return make_world(app, "Birch")


@pytest.fixture
def person(lit):
    return lit.as_person("analyst")


def rooms(page):
    return [row[1] for row in page.rows]


def test_page_lists_what_the_query_finds_in_its_own_order(lit, person):
    page = person.get(f"{lit.path}/lamps")
    assert page.heading == "Lamps"
    assert page.title == f"Lamps · {lit.tenant.name} · Ballast"
    assert "60 lamps" in page.words
    assert rooms(page) == [f"Room {number:02}" for number in range(59, 9, -1)]
    assert page.rows[0][2] == "on"


def test_page_can_be_turned_round(lit, person):
    page = person.get(f"{lit.path}/lamps")
    turned = person.get(page.links["Lit"])
    assert rooms(turned)[:2] == ["Room 00", "Room 01"]
    assert 'aria-sort="ascending"' in turned.text


def test_page_goes_on_and_back_by_cursors(lit, person):
    first = person.get(f"{lit.path}/lamps?size=25")
    second = person.get(first.links["Next"])
    third = person.get(second.links["Next"])
    assert rooms(first) + rooms(second) + rooms(third) == [
        f"Room {number:02}" for number in range(59, -1, -1)
    ]
    assert "Next" not in third.links
    assert rooms(person.get(third.links["Previous"])) == rooms(second)
    forged = person.get(f"{lit.path}/lamps?cursor=forged")
    assert "could not be read" in forged.words


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state:off", 20),
        ("-state:off", 40),
        ('room:"Room 0"', 10),
        ('room:"Room 0" state:off', 4),
        ("lit:>=2026-11-22T09:50Z", 10),
    ],
)
def test_page_is_filtered_by_the_query_language(lit, person, query, found):
    page = person.get(f"{lit.path}/lamps", query_string={"q": query, "size": 100})
    assert page.errors == ""
    assert f"{found} lamps" in page.words
    assert len(page.rows) == found


def test_filter_keeps_only_what_matches_and_shows_itself_as_a_chip(lit, person):
    page = person.get(f"{lit.path}/lamps?q=state:off")
    assert {row[2] for row in page.rows} == {"off"}
    assert page.links["Remove filter: State off"] == f"{lit.path}/lamps"


def test_mistake_in_the_query_is_named_in_its_place(lit, person):
    page = person.get(f"{lit.path}/lamps?q=state:dim")
    assert "dim" in page.errors
    page = person.get(f"{lit.path}/lamps?q=bright")
    assert "no free text" in page.errors


def test_page_without_a_row_says_so_in_the_words_of_its_declaration(dark):
    page = dark.as_person("analyst").get(f"{dark.path}/lamps")
    assert "No lamp yet" in page.words
    assert "A lamp appears here once it is lit." in page.words


def test_page_without_a_match_offers_the_way_back(lit, person):
    page = person.get(f"{lit.path}/lamps?q=room:Cellar")
    assert "No lamp matches this filter" in page.words
    assert page.links["Clear the filter"] == f"{lit.path}/lamps"


def test_part_for_htmx_is_the_same_list_without_the_page(lit, person):
    page = person.get(f"{lit.path}/lamps")
    part = person.part(f"{lit.path}/lamps", "results")
    assert part.rows == page.rows
    assert "<html" not in part.text
    assert re.search(r'hx-get="[^"]+" hx-target="#results"', part.text)


def test_another_tenant_sees_neither_page_nor_row(lit, dark):
    stranger = dark.as_person("owner")
    stranger.get(f"{lit.path}/lamps", expect=404)
    assert stranger.get(f"{dark.path}/lamps").rows == []


def test_somebody_who_is_not_signed_in_is_asked_to(app, lit, visitor):
    page = visitor.get(f"{lit.path}/lamps")
    assert page.heading == "Sign in"


def test_nothing_was_written_but_the_declaration(app):
    """No template, no stylesheet and no script knows the list."""
    assert "lamps" not in {name.split("/")[0] for name in app.jinja_env.list_templates()}
    assert "lamp" not in app.test_client().get(app.jinja_env.globals["ui"].assets.css_url).text
