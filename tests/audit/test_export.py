"""Export: exactly the filtered rows, safe to open, and written down before the first one leaves."""

import csv
import datetime as dt
import io
import json

import pytest

from app.audit.event import EventDraft, Party
from app.audit.export import HEADER
from app.audit.store import store_events
from app.kernel import clock
from app.kernel.commands import Outcome
from app.kernel.database import unit_of_work
from app.kernel.ids import uuid7
from tests.factories.audit import AuditEventFactory

DAY = clock.now() - dt.timedelta(days=1)


def ask(world, query, role="analyst", expect=200):
    """Press the button of the log's page; return the answer before it is read."""
    person = world.as_person(role)
    page = person.get(f"{world.path}/audit-log", query_string={"q": query})
    form = page.form("Export CSV")
    answer = person.client.post(form.action, data=form.values)
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
    assert row["occurred_at"] == event.occurred_at.isoformat().replace("+00:00", "Z")
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


def test_two_thousand_rows_stream_in_parts(alder):
    with alder.session() as session, unit_of_work():
        actor = Party("service", "controller", "Door controller")
        drafts = [
            EventDraft(uuid7(), DAY, actor, "door.opened", Outcome.SUCCESS) for _ in range(2_050)
        ]
        store_events(session, drafts)
    answer = ask(alder, "action:door")
    assert answer.is_streamed
    parts = list(answer.iter_encoded())
    assert len(parts) == 1 + 3
    rows = list(csv.DictReader(io.StringIO(b"".join(parts).decode())))
    assert len({row["id"] for row in rows}) == 2_050


def test_export_is_in_the_log_before_the_first_row_leaves(alder):
    tell(alder, 1, action="door.opened")
    answer = ask(alder, "outcome:success action:door")
    (event,) = alder.log("audit_event.exported")
    assert event.extra == {"query": "action:door outcome:success", "form": "csv"}
    assert event.actor_name == "Analyst of Alder"
    assert len(rows_of(answer)) == 1


def test_export_without_a_filter_holds_its_own_event(alder):
    rows = rows_of(ask(alder, ""))
    assert rows[0]["action"] == "audit_event.exported"


def test_filter_with_a_mistake_exports_nothing(alder):
    person = alder.as_person("analyst")
    values = {"q": "outcome:maybe", "csrf_token": person.token()}
    page = person.post(f"{alder.path}/audit-log/exports", values, expect=422)
    assert "nothing was exported" in page.words
    assert alder.log("audit_event.exported") == []


def test_reviewer_who_may_not_export_is_offered_none(alder):
    tell(alder, 1)
    page = alder.as_person("support").get(f"{alder.path}/audit-log")
    assert not page.has_button("Export CSV")


def test_file_is_named_after_tenant_and_moment(alder):
    answer = ask(alder, "action:door")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    name = answer.headers["Content-Disposition"]
    assert name.startswith(f'attachment; filename="audit-log-{alder.tenant.slug}-2')
    assert name.endswith('Z.csv"')
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
