"""Small exports: exactly the filtered rows, safe to open, written down before the first leaves."""

import csv
import datetime as dt
import io
import json

import pytest

from app.audit.exports.cells import HEADER
from app.kernel import clock
from app.kernel.database import unit_of_work
from tests.factories.audit import AuditEventFactory

DAY = clock.now() - dt.timedelta(days=1)


def ask(world, query, role="analyst", *, form="csv", expect=200):
    """Fill in the form that the log's page leads to; return the answer."""
    person = world.as_person(role)
    log = person.get(f"{world.path}/audit-log", query_string={"q": query})
    page = person.get(log.links["Export"])
    sent = page.form("Export")
    answer = person.client.post(sent.action, data={**sent.values, "form": form}, buffered=True)
    assert answer.status_code == expect
    return answer


def rows_of(answer):
    text = answer.get_data(as_text=True)
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def tell(world, count, **values):
    with world.session(), unit_of_work():
        return [
            AuditEventFactory(
                tenant_id=world.tenant.id,
                occurred_at=DAY + dt.timedelta(seconds=number),
                **values,
            )
            for number in range(count)
        ]


def test_export_is_exactly_the_filtered_rows_in_their_order(alder):
    wanted = tell(alder, 60, action="door.opened", outcome="denied")
    tell(alder, 5, action="door.opened")
    tell(alder, 5, action="lamp.lit", outcome="denied")
    rows = rows_of(ask(alder, "action:door outcome:denied"))
    assert [row["id"] for row in rows] == [str(event.id) for event in reversed(wanted)]
    assert {row["action"] for row in rows} == {"door.opened"}


def test_columns_hold_what_the_event_holds(alder):
    (event,) = tell(
        alder,
        1,
        action="door.opened",
        source_ip="198.51.100.7",
        reason="ticket 4711",
        extra={"badge": 17},
        changes={"state": {"before": "closed", "after": "öffen"}},
    )
    (row,) = rows_of(ask(alder, "action:door"))
    assert tuple(row) == HEADER
    assert row["source_ip"] == "198.51.100.7"
    assert row["occurred_at"] == f"{event.occurred_at:%Y-%m-%dT%H:%M:%S.%fZ}"
    assert json.loads(row["metadata"]) == {"badge": 17}
    assert json.loads(row["changes"]) == event.changes
    assert "öffen" in row["changes"]
    assert row["session"] == ""


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1"])
def test_formula_is_only_text_to_a_spreadsheet(alder, text):
    tell(alder, 1, action="door.opened", target_name=text, actor_name=text, reason=text)
    (row,) = rows_of(ask(alder, "action:door"))
    assert row["target_name"] == row["actor_name"] == row["reason"] == f"'{text}"


def test_separators_quotes_and_line_breaks_stay_inside_their_cell(alder):
    text = 'a,b;c "d"\r\ne\nf'
    tell(alder, 1, action="door.opened", target_name=text)
    (row,) = rows_of(ask(alder, "action:door"))
    assert row["target_name"] == text


def test_rows_of_another_tenant_never_leave(alder, birch):
    tell(birch, 3, action="door.opened")
    own = tell(alder, 1, action="door.opened")
    assert [row["id"] for row in rows_of(ask(alder, "action:door"))] == [str(own[0].id)]
    everything = rows_of(ask(alder, ""))
    assert {row["id"] for row in everything} <= {str(event.id) for event in alder.log()}


def test_lines_of_json_hold_the_event_in_the_shape_of_its_contract(alder):
    text = 'a "b"\\c\n\t<é\u2028>'
    (event,) = tell(
        alder,
        1,
        action="door.opened",
        actor_name=text,
        source_ip="2001:db8::1",
        user_agent=text,
        reason=text,
        extra={text: [1, None, {"deep": text}]},
        changes={"state": {"before": None, "after": text}},
        received_from="a-key",
    )
    tell(alder, 1, action="door.closed", target_id=None, target_type=None, target_name=None)
    answer = ask(alder, "action:door", form="jsonl")
    assert answer.mimetype == "application/x-ndjson"
    bare, full = [json.loads(line) for line in answer.text.split("\n")[:-1]]
    assert full == {
        "id": str(event.id),
        "occurred_at": f"{event.occurred_at:%Y-%m-%dT%H:%M:%S.%fZ}",
        "actor": {"type": "person", "id": "u-ann", "name": text},
        "action": "door.opened",
        "event_type_version": 1,
        "outcome": "success",
        "targets": event.targets,
        "source": {"ip": "2001:db8::1", "user_agent": text},
        "reason": text,
        "changes": {"state": {"before": None, "after": text}},
        "metadata": {text: [1, None, {"deep": text}]},
        "received_at": f"{event.received_at:%Y-%m-%dT%H:%M:%S.%fZ}",
        "received_from": "a-key",
        "leaf": event.leaf,
        "retention": "standard",
    }
    assert (bare["targets"], bare["source"]) == ([], {})
    assert "reason" not in bare


@pytest.mark.parametrize(
    "query",
    [
        "outcome:denied",
        "-outcome:denied",
        "actor:Noor",
        "ip:198.51.100.0/24",
        "rare",
        "-rare",
        '"rare word"',
        "target:d-noor",
        "session:s-1",
        "created:2026-03-01..2026-03-02,2026-03-05",
        "-created:2026-03-02",
    ],
)
def test_export_holds_what_the_list_shows_whatever_is_asked(alder, query):
    when = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
    with alder.session(), unit_of_work():
        for number in range(30):
            AuditEventFactory(
                tenant_id=alder.tenant.id,
                occurred_at=when + dt.timedelta(hours=5 * number),
                action="door.opened",
                outcome=("success", "denied", "failure")[number % 3],
                actor_name="Noor" if number % 2 else "Ann",
                source_ip=f"198.51.{100 + number % 2}.7",
                session=f"s-{number % 4}",
                target_id="d-noor" if number % 5 == 0 else "d-1",
                reason="a rare word" if number % 7 == 0 else None,
            )
    asked = f"{query} action:door"
    rows = rows_of(ask(alder, asked))
    person = alder.as_person("analyst")
    page = person.get(f"{alder.path}/audit-log", query_string={"q": asked, "size": 100})
    times = [dt.datetime.fromisoformat(row["occurred_at"]) for row in rows]
    assert [f"{at.day} {at:%b %H:%M:%S}" for at in times] == [row[0] for row in page.rows]
    assert 5 <= len(rows) < 30


def test_export_of_a_time_without_events_is_its_head_alone(alder):
    tell(alder, 1, action="door.opened", reason="rare")
    answer = ask(alder, "rare created:2020-02-01..2020-02-03")
    assert (answer.text.count("\n"), rows_of(answer)) == (1, [])


def test_export_is_in_the_log_before_the_first_row_leaves(alder):
    tell(alder, 1, action="door.opened")
    answer = ask(alder, "outcome:success action:door")
    (event,) = alder.log("audit_event.exported")
    assert event.extra == {"query": "action:door outcome:success", "form": "csv"}
    assert event.actor_name == "Analyst of Alder"
    assert event.target_type == "audit_export"
    assert len(rows_of(answer)) == 1


def test_export_ends_before_its_own_event(alder):
    tell(alder, 1, action="door.opened")
    rows = rows_of(ask(alder, ""))
    assert "audit_event.exported" not in {row["action"] for row in rows}
    assert "door.opened" in {row["action"] for row in rows}


def test_filter_with_a_mistake_exports_nothing(alder):
    person = alder.as_person("analyst")
    values = {"q": "outcome:maybe", "form": "csv", "csrf_token": person.token()}
    page = person.post(f"{alder.path}/audit-log/exports/new", values, expect=422)
    assert "nothing was exported" in page.words
    assert "At character 9" in page.words
    assert alder.log("audit_event.exported") == []


def test_reviewer_who_may_not_export_is_offered_none(alder):
    tell(alder, 1)
    page = alder.as_person("support").get(f"{alder.path}/audit-log")
    assert "Export" not in page.links


def test_file_is_named_after_tenant_and_moment(alder):
    answer = ask(alder, "action:door")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    name = answer.headers["Content-Disposition"]
    assert name.startswith(f"attachment; filename=audit-log-{alder.tenant.slug}-2")
    assert name.endswith("Z.csv")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
