"""Tenants keep event types of their own, through the API and through pages."""

import json

import pytest
from sqlalchemy.exc import ProgrammingError

from app.audit.event_types.models import EventTypeVersion
from app.identity.roles import Role
from app.kernel.database import current_session
from app.vocabulary.permissions import Permission
from tests.audit.event_types.keeping import TYPES, Keeper
from tests.audit.event_types.schemas import schema_for

NUMBER = {"type": "object", "properties": {"n": {"type": "number"}}, "required": ["n"]}
CLOSED = {**NUMBER, "additionalProperties": False}


def door(metadata=NUMBER, **root):
    schema = schema_for(metadata=metadata, **root)
    schema["examples"][0]["metadata"] = {"n": 7}
    return schema


@pytest.fixture
def keeper(app, alder):
    return Keeper(app, alder.tenant)


def test_type_that_is_registered_can_be_read_back(keeper, alder):
    answer = keeper.register(door())

    assert (answer["version"], answer["major"]) == (1, 1)
    assert answer["registered_at"]
    read = keeper.get("/door.opened").get_json()
    assert read["versions"][0]["schema"] == door()
    assert read["defined_by"] == "tenant"
    assert "door.opened" in [one["action"] for one in keeper.get().get_json()["event_types"]]
    event = alder.log("event_type.registered")[-1]
    assert event.target_id == "door.opened"
    assert event.extra["sha256"] == answer["sha256"]


def test_own_types_are_listed_beside_the_tenants(keeper):
    keeper.register(door())
    listed = {one["action"]: one["defined_by"] for one in keeper.get().get_json()["event_types"]}

    assert (listed["door.opened"], listed["member.removed"]) == (
        "tenant",
        "ballast",
    )


def test_compatible_version_follows(keeper):
    keeper.register(door(CLOSED))
    wider = {**CLOSED, "properties": {**CLOSED["properties"], "note": {"type": "string"}}}

    assert keeper.register(door(wider))["version"] == 2
    assert keeper.get("/door.opened").get_json()["default_version"] == 2


@pytest.mark.parametrize(
    ("metadata", "pointer"),
    [
        ({**NUMBER, "required": ["n", "m"], "properties": {"n": {"type": "number"}, "m": {}}}, "m"),
        ({**NUMBER, "properties": {"n": {"enum": [7]}}}, "n"),
        ({**NUMBER, "properties": {"n": {"type": "integer"}}}, "n"),
        ({**NUMBER, "properties": {"n": {"type": "number", "maximum": 9}}}, "n"),
        (CLOSED, ""),
    ],
)
def test_breaking_version_is_refused_and_named(keeper, metadata, pointer):
    keeper.register(door())
    schema = door(metadata)
    schema["examples"][0]["metadata"] = {"n": 7, "m": 1} if pointer == "m" else {"n": 7}

    answer = keeper.post({"action": "door.opened", "schema": schema})

    assert answer.status_code == 422
    body = answer.get_json()
    assert "x-major" in body["detail"]
    place = "/metadata" + (f"/{pointer}" if pointer else "")
    assert place in [error["pointer"] for error in body["errors"]]
    assert len(keeper.get("/door.opened").get_json()["versions"]) == 1


def test_breaking_version_of_a_new_major_is_taken_and_used_only_by_who_names_it(keeper):
    keeper.register(door())
    number = {**NUMBER, "properties": {"n": {"type": "integer"}}}

    assert keeper.register(door(number, **{"x-major": 2}))["version"] == 2
    assert keeper.get("/door.opened").get_json()["default_version"] == 1


@pytest.mark.parametrize("major", [3, 17])
def test_majors_are_not_skipped(keeper, major):
    keeper.register(door())
    answer = keeper.post({"action": "door.opened", "schema": door(**{"x-major": major})})

    assert answer.status_code == 422
    assert answer.get_json()["errors"][0]["pointer"] == "/schema/x-major"


@pytest.mark.parametrize(
    ("body", "status", "pointer"),
    [
        ([], 422, None),
        ({"schema": {}}, 422, "/action"),
        ({"action": 3, "schema": {}}, 422, "/action"),
        ({"action": "Door", "schema": door()}, 422, "/action"),
        ({"action": "member.removed", "schema": door()}, 409, None),
        ({"action": "door.opened", "schema": door(), "owner": "me"}, 422, "/owner"),
        ({"action": "door.opened", "schema": 3}, 422, "/schema"),
        ({"action": "door.opened", "schema": door(required=[["n"]])}, 422, "/schema/required"),
        (
            {"action": "door.opened", "schema": door({"$ref": "#"})},
            422,
            "/schema/properties/metadata/$ref",
        ),
        ({"action": "window.opened", "schema": door()}, 422, "/schema/examples/0/action"),
        ({"action": "door.opened", "schema": door(title="a\x00b")}, 422, "/schema"),
        ({"action": "door.opened", "schema": door(title="\ud800")}, 422, "/schema"),
        ({"action": "door.opened", "schema": door(title="exe\u202egpj")}, 422, "/schema"),
        (
            {"action": "door.opened", "schema": door(description="x" * 70_000)},
            422,
            "/schema/description",
        ),
    ],
)
def test_what_is_no_event_type_is_refused_with_the_place(keeper, body, status, pointer):
    answer = keeper.post(body)

    assert answer.status_code == status, answer.text
    pointers = [error["pointer"] for error in answer.get_json().get("errors", [])]
    assert pointer is None or pointer in pointers


def test_keys_need_the_scope(app, alder):
    reader = Keeper(app, alder.tenant, (Permission.EVENT_TYPE_READ,))

    assert reader.get().status_code == 200
    assert reader.post({"action": "door.opened", "schema": door()}).status_code == 403
    assert app.test_client().get(TYPES).status_code == 401


def test_types_of_another_tenant_are_not_there(app, keeper, birch):
    keeper.register(door())
    other = Keeper(app, birch.tenant)

    assert other.get("/door.opened").status_code == 404
    assert "door.opened" not in [one["action"] for one in other.get().get_json()["event_types"]]


def test_version_cannot_be_changed_even_by_the_apps_own_code(keeper, alder):
    keeper.register(door())
    with alder.session() as session:
        row = session.get_one(EventTypeVersion, (alder.tenant.id, "door.opened", 1))
        row.title = "Another"
        with pytest.raises(ProgrammingError, match="permission denied"):
            session.flush()
        current_session().rollback()


def test_person_registers_a_type_and_its_next_version(alder):
    owner = alder.as_person(Role.OWNER)
    page = owner.get(f"{alder.path}/event-types/new")
    page = owner.submit(page, "Register", action="door.opened", schema=json.dumps(door(CLOSED)))
    assert "Version 1 of door.opened is registered" in page.words
    assert page.heading == "Invoice approved"

    page = owner.get(page.links["New version"])
    wider = door({**CLOSED, "properties": {"n": {"type": "number"}, "m": {"type": "string"}}})
    page = owner.submit(page, "Register", schema=json.dumps(wider))

    assert "Version 2" in page.words
    assert "/metadata/m Added." in page.words
    assert ["Version 1", "in force"] in [row[:2] for row in page.rows]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("{oops", "line 1, column 2"),
        ("{}", "/title: This is needed"),
        (json.dumps(door({"type": "object", "maxLength": 3})), "This is for string"),
    ],
)
def test_person_is_told_what_is_wrong_and_keeps_what_was_typed(alder, typed, words):
    owner = alder.as_person(Role.OWNER)
    page = owner.get(f"{alder.path}/event-types/new")

    page = owner.submit(page, "Register", action="door.opened", schema=typed, expect=422)

    assert words in page.errors
    assert page.form("Register").values["schema"].strip() == typed


def test_person_deprecates_a_version_and_senders_are_told(keeper, alder):
    keeper.register(door())
    owner = alder.as_person(Role.OWNER)
    page = owner.get(f"{alder.path}/event-types/door.opened")
    page = owner.get(page.links["Deprecate"])
    page = owner.submit(page, "Deprecate", note="Send gate.opened.")

    assert "Send gate.opened." in page.words
    assert not page.links.get("Deprecate")
    assert alder.log("event_type.deprecated")[-1].reason == "Send gate.opened."
    assert keeper.get("/door.opened").get_json()["versions"][0]["deprecation"]


def test_list_shows_own_types_and_the_tenants_and_filters_them(keeper, alder):
    keeper.register(door())
    analyst = alder.as_person(Role.ANALYST)
    assert [row[0] for row in analyst.get(f"{alder.path}/event-types?q=origin:tenant").rows] == [
        "door.opened Invoice approved"
    ]
    page = analyst.get(f"{alder.path}/event-types?q=action:member.")
    assert [row[0].split()[0] for row in page.rows] == [
        "member.reinstated",
        "member.removed",
        "member.role_changed",
        "member.suspended",
    ]
    assert "Register" not in page.links


def test_page_of_an_own_type_shows_fields_samples_and_counts(alder):
    page = alder.as_person(Role.OWNER).get(f"{alder.path}/event-types/session.started")

    assert "targets[].name" not in page.words
    assert "Events in 30 days 1" in page.words
    assert '"action": "session.started"' in page.text.replace("&#34;", '"')
    assert "New version" not in page.links


def test_any_two_versions_are_compared_and_a_new_major_says_what_it_breaks(keeper, alder):
    whole = {**CLOSED, "properties": {"n": {"type": "integer"}}}
    wider = {**CLOSED, "properties": {**whole["properties"], "m": {"type": "string"}}}
    keeper.register(door(CLOSED))
    keeper.register(door(whole, **{"x-major": 2}))
    keeper.register(door(wider, **{"x-major": 2}))
    owner = alder.as_person(Role.OWNER)

    page = owner.get(f"{alder.path}/event-types/door.opened")
    assert "Changes since version 2" in page.words
    assert ["/metadata/m", "Added.", "compatible"] in page.rows
    page = owner.get(f"{alder.path}/event-types/door.opened?version=3&since=1")
    assert "Changes since version 1" in page.words
    assert ["/metadata/n", "No longer takes fraction.", "breaking"] in page.rows
    page = owner.get(f"{alder.path}/event-types/door.opened?version=2&since=2")
    assert "Changes since version 1" in page.words
    page = owner.get(f"{alder.path}/event-types/door.opened?version=1")
    assert "Changes since" not in page.words


@pytest.mark.parametrize("place", ["door.closed", "session.started?version=9", "%F0%9F"])
def test_type_that_is_not_there_is_not_found(alder, place):
    alder.as_person(Role.OWNER).get(f"{alder.path}/event-types/{place}", expect=404)
