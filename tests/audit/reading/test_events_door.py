"""`GET /api/v1/events`: the same questions and answers as on the page, for programs."""

import json

import pytest
from jsonschema import Draft202012Validator

from app.audit.openapi import openapi_document
from app.vocabulary.permissions import Permission
from tests.audit.reading.conftest import EVENTS


def ids(events):
    return [event["id"] for event in events]


def test_events_that_match_come_newest_first_in_the_shape_of_the_contract(alder, reader_of, tell):
    wanted = tell(alder, 3, action="door.opened", source_ip="198.51.100.7", extra={"a": [None]})
    tell(alder, 2, action="lamp.lit")
    answer = reader_of(alder).get(q="action:door ip:198.51.100.0/24")
    assert answer["query"] == "action:door ip:198.51.100.0/24"
    assert ids(answer["events"]) == [str(event.id) for event in reversed(wanted)]
    assert answer["next"] is None
    document = openapi_document()
    schema = {"$ref": "#/components/schemas/EventPage", "components": document["components"]}
    Draft202012Validator(schema).validate(answer)
    first = answer["events"][0]
    assert first["actor"] == {"type": "person", "id": "u-ann", "name": "Ann Example"}
    assert (first["source"], first["metadata"]) == ({"ip": "198.51.100.7"}, {"a": [None]})


@pytest.mark.parametrize("order", ["newest", "oldest"])
def test_pages_follow_one_another_without_gap_or_repetition(alder, reader_of, tell, order):
    events = tell(alder, 25, action="door.opened")
    pages = reader_of(alder).pages(q="action:door created:24h", size=10, order=order)
    assert [len(page) for page in pages] == [10, 10, 5]
    found = [one for page in pages for one in ids(page)]
    told = [str(event.id) for event in events]
    assert found == (told if order == "oldest" else told[::-1])


def test_search_is_one_event_however_many_pages_it_has(alder, reader_of, tell):
    tell(alder, 25, action="door.opened")
    reader = reader_of(alder)
    reader.pages(q="action:door", size=10)
    reader.get()
    searches = alder.log("audit_event.searched")
    assert [event.extra["query"] for event in searches] == ["action:door", ""]
    assert {event.actor_id for event in searches} == {reader.key_id}


def test_nobody_goes_on_with_the_search_of_another_key(alder, birch, reader_of, tell):
    tell(alder, 25, action="door.opened")
    cursor = reader_of(alder).get(q="action:door", size=10)["next"]
    for other in (reader_of(alder), reader_of(birch)):
        problem = other.get(q="action:door", size=10, cursor=cursor, expect=422)
        assert problem["errors"][0]["parameter"] == "cursor"


def test_cursor_is_of_one_query_and_one_order(alder, reader_of, tell):
    tell(alder, 25, action="door.opened")
    reader = reader_of(alder)
    cursor = reader.get(q="action:door", size=10)["next"]
    reader.get(q="action:lamp", cursor=cursor, expect=422)
    reader.get(q="action:door", order="oldest", cursor=cursor, expect=422)
    assert reader.get(q="ACTION:door", cursor=cursor)["events"]


def test_mistake_in_the_query_is_named_with_its_place(alder, reader_of):
    problem = reader_of(alder).get(q="action:door outcome:maybe nonsense:1", expect=422)
    assert problem["type"] == "urn:ballast:problem:invalid-input"
    first, second = problem["errors"]
    assert (first["parameter"], first["position"]) == ("q", 20)
    assert "success, failure, denied" in first["detail"]
    assert second["position"] == 26
    assert alder.log("audit_event.searched") == []


@pytest.mark.parametrize(
    ("parameters", "named"),
    [
        ({"size": "0"}, "size"),
        ({"size": "501"}, "size"),
        ({"size": "٣"}, "size"),
        ({"order": "random"}, "order"),
        ({"cursor": "forged"}, "cursor"),
        ({"query": "action:door"}, "query"),
        ({"q": ["a", "b"]}, "q"),
    ],
)
def test_parameter_that_cannot_be_used_is_never_passed_over(alder, reader_of, parameters, named):
    problem = reader_of(alder).get(**parameters, expect=422)
    assert [error["parameter"] for error in problem["errors"]] == [named]


def test_key_that_may_only_write_is_refused_and_that_is_an_event(alder, reader_of):
    problem = reader_of(alder, Permission.AUDIT_EVENT_CREATE).get(expect=403)
    assert "audit_event:read" in problem["detail"]
    assert alder.log("access.denied")[-1].extra["endpoint"] == "api.list_events"


def test_events_of_another_tenant_are_not_there(alder, birch, reader_of, tell):
    (theirs,) = tell(birch, 1, action="door.opened")
    reader = reader_of(alder)
    assert reader.get(q="action:door")["events"] == []
    problem = reader.get(f"{EVENTS}/{theirs.id}", expect=404)
    assert problem["title"] == "There is nothing here"


def test_one_event_is_what_the_search_found_and_reading_it_is_an_event(alder, reader_of, tell):
    (event,) = tell(alder, 1, action="door.opened", reason="ticket 4711")
    reader = reader_of(alder)
    found = reader.get(q="action:door")["events"][0]
    assert reader.get(f"{EVENTS}/{event.id}") == found
    assert alder.log("audit_event.read")[-1].target_id == str(event.id)
    reader.get(f"{EVENTS}/{event.tenant_id}", expect=404)


def test_days_are_those_of_the_tenant(alder, reader_of, tell):
    tell(alder, 1, action="door.opened")
    owner = alder.as_person("owner")
    values = {"name": "Alder", "time_zone": "Pacific/Kiritimati", "csrf_token": owner.token()}
    owner.post(f"{alder.path}/settings/edit", values)
    page = owner.get(f"{alder.path}/audit-log", query_string={"q": "action:door created:today"})
    answer = reader_of(alder).get(q="action:door created:today")
    assert len(answer["events"]) == len(page.rows)


def test_events_are_what_an_export_holds(alder, reader_of, tell):
    tell(alder, 3, action="door.opened", actor_name='Ann "the\\key" Ruiz', reason="é\u2028\n")
    person = alder.as_person("analyst")
    values = {"q": "action:door", "form": "jsonl", "csrf_token": person.token()}
    export = person.client.post(
        f"{alder.path}/audit-log/exports/new", data=values, buffered=True
    ).text
    lines = [json.loads(line) for line in export.strip().split("\n")]
    assert reader_of(alder).get(q="action:door")["events"] == lines
