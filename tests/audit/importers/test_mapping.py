"""Files of any other system: mapping their fields, and suggesting how."""

import json

import pytest

from app.audit.event import Party
from app.audit.importers.fields import at
from app.audit.importers.mapping.asking import mapping_of_options
from app.audit.importers.mapping.mapping import Mapping, kind_of_actor
from app.audit.importers.mapping.sources import SourcesUnreadable, read_sources
from app.audit.importers.mapping.suggesting import suggest_mapping
from app.audit.importers.refusal import RecordRefused, draft_or_refuse

RECORD = {
    "created": "2026-03-14 09:26:53",
    "who": {"id": "u-1", "name": "Ann Example", "kind": "user"},
    "what": "Opened the Door",
    "door": {"id": 7, "label": "North"},
    "ok": False,
    "from": "203.0.113.7",
    "rest": {"deep": [1, 2]},
}
FIELDS = {
    "occurred_at": "created",
    "actor.id": "who.id",
    "actor.name": "who.name",
    "actor.type": "who.kind",
    "action": "'doors' + what",
    "target.id": "door.id",
    "target.name": "door.label",
    "target.type": "'door'",
    "outcome": "ok",
    "source.ip": "from",
}


def a_mapping(**changes):
    options = {"zone": "UTC", "day_first": True, "keeps_rest": True}
    fields = {name: read_sources(written) for name, written in FIELDS.items()}
    return Mapping(fields, **{**options, **changes})


def read(record=RECORD, **changes):
    (event,) = a_mapping(**changes).events(record)
    return draft_or_refuse(event)


def test_mapped_fields_make_the_event():
    draft = read()

    assert draft.occurred_at.isoformat() == "2026-03-14T09:26:53+00:00"
    assert draft.actor == Party("person", "u-1", "Ann Example")
    assert (draft.action, draft.outcome) == ("doors.opened_the_door", "failure")
    assert draft.targets == (Party("door", "7", "North"),)
    assert draft.source_ip == "203.0.113.7"
    assert draft.metadata["rest"] == {"deep": [1, 2]}
    assert "what" not in draft.metadata


def test_time_without_a_zone_is_in_that_of_the_mapping():
    assert read(zone="Europe/Berlin").occurred_at.isoformat() == "2026-03-14T08:26:53+00:00"


@pytest.mark.parametrize(("day_first", "month"), [(True, 4), (False, 3)])
def test_order_of_day_and_month_is_that_of_the_mapping(day_first, month):
    draft = read({**RECORD, "created": "03/04/2026 09:26"}, day_first=day_first)

    assert draft.occurred_at.month == month


def test_mapping_may_forget_the_rest():
    assert read(keeps_rest=False).metadata == {}


def test_id_is_that_of_the_record_whatever_the_mapping():
    other = Mapping({"occurred_at": read_sources("created"), "action": read_sources("'x.y'")})

    assert draft_or_refuse(other.events(RECORD)[0]).id == read().id
    assert read({**RECORD, "ok": True}).id != read().id


@pytest.mark.parametrize("missing", ["created", "what"])
def test_record_without_time_or_action_is_refused(missing):
    with pytest.raises(RecordRefused, match=r"no (time|action)"):
        read({name: value for name, value in RECORD.items() if name != missing})


def test_record_without_an_actor_has_an_unknown_one():
    record = {name: value for name, value in RECORD.items() if name != "who"}

    assert read(record).actor == Party("anonymous", "unknown", "Unknown")


def test_mapping_is_kept_and_read_again():
    kept = json.loads(json.dumps(a_mapping().as_json()))

    assert Mapping.from_json(kept) == a_mapping()


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("a", ["1"]),
        ("missing, a", ["1"]),
        ("a.b, a", ["1"]),
        ("'x' + a", ["x", "1"]),
        ("'x' + missing, 'y'", ["y"]),
        ("`a, b`", ["2"]),
        ("c.d.0", ["3"]),
        ("e.f", ["4"]),
        ("", []),
    ],
)
def test_sources_are_read_in_their_order(written, parts):
    record = {"a": 1, "a, b": 2, "c": {"d": [3]}, "e.f": 4}

    assert read_sources(written).parts_of(record) == parts


@pytest.mark.parametrize("written", ["a,", "a +", "'x", "a b` c", ",", "x" * 600])
def test_sources_that_cannot_be_read_say_where(written):
    with pytest.raises(SourcesUnreadable):
        read_sources(written)


@pytest.mark.parametrize("written", ["a", "'x' + a.b", "`a, b`, 'c'", "`a+b`", "user name, x"])
def test_sources_are_written_as_they_were_read(written):
    assert str(read_sources(written)) == written


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("User", "person"),
        ("Service Account", "service"),
        ("SYSTEM", "system"),
        ("api_key", "api_key"),
        ("Anonymous", "anonymous"),
        (None, "person"),
    ],
)
def test_kind_of_actor_is_told_by_its_word(word, kind):
    assert kind_of_actor(word) == kind


def test_point_in_a_name_is_no_way_into_an_object():
    assert at({"a.b": 1, "a": {"b": 2}}, "a.b") == 1
    assert at({"a": {"b.c": 3}}, "a.b.c") == 3
    assert at({"a": [1]}, "a.5") is None


RECORDS = [
    {
        "eventTime": f"2026-03-14T09:{number:02d}:53Z",
        "updated_at": "2026-04-01T00:00:00Z",
        "user": {"id": f"u-{number}", "email": f"p{number}@example.org"},
        "operationName": "Delete Document" if number % 2 else "Share Document",
        "result": "failed" if number % 3 else "ok",
        "resource": {"id": f"d-{number}", "name": "Ledger", "type": "document"},
        "clientIp": "203.0.113.7",
        "dstIp": "192.0.2.1",
        "userAgent": "Mozilla/5.0",
        "correlationId": f"c-{number}",
    }
    for number in range(12)
]


def test_names_and_values_suggest_the_mapping():
    found = {name: str(one) for name, one in suggest_mapping(RECORDS, "crm").fields.items()}

    assert found == {
        "occurred_at": "eventTime",
        "actor.id": "user.id",
        "actor.name": "user.email",
        "action": "'crm' + operationName",
        "outcome": "result",
        "target.id": "resource.id",
        "target.name": "resource.name",
        "target.type": "resource.type",
        "source.ip": "clientIp",
        "source.user_agent": "userAgent",
        "source.request_id": "correlationId",
    }


def test_names_in_another_language_are_told_by_their_values():
    records = [
        {
            "Zeitpunkt": f"{number + 1:02d}.03.2026 09:00",
            "Benutzer": f"p{number}@example.org",
            "Aktion": "gelöscht" if number % 2 else "geöffnet",
            "Adresse": "192.0.2.1",
        }
        for number in range(12)
    ]

    found = {name: str(one) for name, one in suggest_mapping(records, "crm").fields.items()}

    assert found == {
        "occurred_at": "Zeitpunkt",
        "actor.id": "Benutzer",
        "action": "'crm' + Aktion",
        "source.ip": "Adresse",
    }


def test_dates_that_leave_no_choice_tell_that_the_month_comes_first():
    records = [{"time": "12/25/2026 10:00", "action": "x", "user": "ann"}]

    assert suggest_mapping(records, "crm").day_first is False


def test_options_of_a_command_change_a_mapping():
    changed = mapping_of_options(a_mapping(), ["action='x' + what", "reason=why", "outcome="], None)

    assert str(changed.fields["action"]) == "'x' + what"
    assert "outcome" not in changed.fields
    for wrong in (["nothing=x"], ["action"], ["action='x"]):
        with pytest.raises(ValueError, match=r"action|field"):
            mapping_of_options(a_mapping(), wrong, None)
    with pytest.raises(ValueError, match="no time zone"):
        mapping_of_options(a_mapping(), [], "Atlantis/Capital")
