"""Text of strangers, shown: as text, on every page and in every file."""

import csv
import io

import pytest

from app.kernel import clock
from app.kernel.untrusted_text import FORMULA

HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)>'


@pytest.fixture
def hostile_event(alder, program_of):
    event = {
        "occurred_at": clock.now().isoformat(),
        "actor": {"type": "person", "id": HOSTILE, "name": HOSTILE},
        "action": "document.shared",
        "outcome": "denied",
        "targets": [{"type": HOSTILE[:60], "id": "javascript:alert(1)", "name": HOSTILE}],
        "source": {"ip": "198.51.100.7", "user_agent": HOSTILE, "session": HOSTILE},
        "reason": HOSTILE,
        "changes": {HOSTILE: {"before": HOSTILE, "after": "=cmd|'/c calc'!A0"}},
        "metadata": {HOSTILE: HOSTILE, "deep": {"a": [HOSTILE]}},
    }
    answer = program_of(alder).send(event)
    assert answer.status_code == 201, answer.text
    return answer.get_json()["id"]


@pytest.mark.parametrize("place", ["/", "/audit-log", "/audit-log?detail={id}", "/audit-log/{id}"])
def test_hostile_event_is_shown_as_text(alder, hostile_event, place):
    page = alder.as_person("owner").get(f"{alder.path}{place.format(id=hostile_event)}")
    assert "<script>alert" not in page.text
    assert "<img src=x" not in page.text
    assert not [href for href in page.links.values() if href.startswith(("javascript:", "data:"))]


def test_hostile_query_is_echoed_as_text(alder):
    owner = alder.as_person("owner")
    for text in (HOSTILE, f'actor:"{HOSTILE}', f"created:{HOSTILE}"):
        response = owner.client.get(f"{alder.path}/audit-log", query_string={"q": text})
        assert "<script>alert" not in response.text


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "\n=1", "\uff1d1+1"]
)
def test_cell_of_an_export_is_no_formula(alder, program_of, text):
    body = export_of_one(alder, program_of(alder), text)
    row = next(csv.DictReader(io.StringIO(body, newline="")))
    # What nobody can see is written out when it comes in, and begins no formula any more.
    assert row["actor_name"] in (f"'{text}", f"\\u{ord(text[0]):04x}{text[1:]}")
    assert not row["actor_name"].startswith(FORMULA)


def test_cell_of_an_export_stays_one_where_semicolons_part_cells(alder, program_of):
    """Spreadsheets of half of Europe do so, and a cell that is not quoted falls apart there."""
    body = export_of_one(alder, program_of(alder), "x;=1+1")
    assert '"x;=1+1"' in body


def export_of_one(world, program, name):
    event = {
        "occurred_at": clock.now().isoformat(),
        "actor": {"type": "person", "id": "u-1", "name": name},
        "action": "document.opened",
    }
    assert program.send(event).status_code == 201
    analyst = world.as_person("analyst")
    values = {"q": "action:document.opened", "form": "csv", "csrf_token": analyst.token()}
    return analyst.client.post(
        f"{world.path}/audit-log/exports/new", data=values, buffered=True
    ).text


def test_name_of_an_export_is_made_of_nothing_a_person_typed(alder):
    owner = alder.as_person("owner")
    values = {"name": 'x"\r\nSet-Cookie: a=b', "time_zone": "UTC", "csrf_token": owner.token()}
    owner.client.post(f"{alder.path}/settings/edit", data=values)
    sent = {"q": "", "form": "csv", "csrf_token": owner.token()}
    response = owner.client.post(f"{alder.path}/audit-log/exports/new", data=sent, buffered=True)
    assert "Set-Cookie: a=b" not in str(response.headers)
    assert alder.tenant.slug in response.headers["Content-Disposition"]
