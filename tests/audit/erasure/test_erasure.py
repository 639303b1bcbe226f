"""A person is gone from the log, two people wanted it so, and every proof is as right as before."""

import json
import zipfile

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.audit.erasure import scanning
from app.audit.erasure.models import PersonErasure
from app.audit.event import Party
from app.audit.history.queries import list_latest
from app.audit.models import AuditEvent
from app.audit.proof.checking import check_window
from app.audit.proof.keys import load_keys
from app.audit.proof.settings import seal_settings
from tests.audit.erasure.conftest import ANA
from tests.audit.proof.conftest import judge
from tests.factories.erasure import PersonErasureFactory, RunningErasureFactory

ERASE = text("SELECT audit_erase_events(:erasure, CAST(:rows AS json))")
TRACES = ("u-ana", "Ana Ruiz", "ANA RUIZ", "ana@example.org", "192.0.2.9", "Firefox")


def everything_of(log, ids):
    """Return all that the table holds of events, their words included, as one text."""
    with log.world.session() as session:
        rows = session.execute(
            select(func.to_jsonb(text("audit_events")))
            .select_from(AuditEvent)
            .where(AuditEvent.id.in_(ids))
        )
        return str([row[0] for row in rows])


def test_first_it_is_said_in_numbers_what_would_go_and_nothing_goes(log):
    acts = log.tell_of_ana()
    page = log.ask()
    assert "waiting" in page.words
    assert "Events to erase" in page.words
    with log.world.session() as session:
        erasure = session.scalars(select(PersonErasure)).one()
    assert erasure.found >= 3
    assert {"actor": 2, "targets": 2, "source": 3, "reason": 1, "changes": 1}.items() <= (
        erasure.fields.items()
    )
    assert "Ana Ruiz" in everything_of(log, acts)
    assert log.world.log("erasure.approved") == []


def test_person_is_gone_and_every_proof_stays_valid(log):
    acts = log.tell_of_ana()
    log.seal()
    kept, before = log.keep(), log.pack("before.zip")
    page = log.erase_ana()
    assert "finished" in page.words
    held = everything_of(log, acts)
    assert [trace for trace in TRACES if trace.casefold() in held.casefold()] == []
    assert "Tomas Ek" in held
    assert "Fire drill" in held
    log.seal()
    after = log.pack("after.zip")
    with zipfile.ZipFile(after) as archive:
        assert b"Ana Ruiz" not in archive.read("events.jsonl")
    assert judge(before, log.keys, [kept]).exit_code == 0
    assert judge(after, log.keys, [kept]).exit_code == 0
    with log.world.session():
        assert check_window(load_keys(seal_settings().keys), 0.0).problem is None


def test_command_line_verifies_packs_made_before_and_after(log):
    log.tell_of_ana()
    log.seal()
    before, kept = log.pack("before.zip"), log.keep()
    log.erase_ana()
    log.seal()
    after, newer = log.pack("after.zip"), log.keep("newer.txt")
    runner = log.world.app.test_cli_runner()
    keys = [word for key in log.keys for word in ("--key", key)]
    for pack, checkpoint in ((before, kept), (after, kept), (after, newer)):
        asked = ["audit", "verify", str(pack), *keys, "--kept", str(checkpoint)]
        result = runner.invoke(args=asked)
        assert result.exit_code == 0, result.output


def test_nothing_that_the_log_keeps_names_the_person_afterwards(log):
    log.tell_of_ana()
    log.erase_ana()
    with log.world.session() as session:
        ids = list(session.scalars(select(AuditEvent.id)))
        erasure = session.scalars(select(PersonErasure)).one()
    assert "Ana Ruiz" not in everything_of(log, ids)
    assert "u-ana" not in everything_of(log, ids)
    assert (erasure.person_id, erasure.texts) == (None, None)
    (finished,) = log.world.log("erasure.finished")
    assert finished.extra["erased"] == erasure.erased >= 3


def test_search_list_drawer_and_page_do_not_know_her_any_more(log):
    acts = log.tell_of_ana()
    log.erase_ana()
    owner, place = log.world.as_person("owner"), f"{log.world.path}/audit-log"
    for word in ("ruiz", "actor:u-ana", "ip:192.0.2.9", "ana@example.org"):
        page = owner.get(place, query_string={"q": f"action:door {word}"})
        assert "No event matches" in page.words, word
    page = owner.get(place, query_string={"q": "action:door", "detail": str(acts[0])})
    assert "erased person" in page.words
    assert "Same actor" not in page.words
    assert "Ana Ruiz" not in page.words
    assert "erased person" in owner.get(f"{place}/{acts[1]}").words
    document = owner.get(f"{place}/{acts[0]}/event.json").text
    assert "erased person" in document
    assert "Ana Ruiz" not in document


def test_values_beside_the_list_history_and_api_do_not_know_her(log):
    log.tell(3, actor=ANA, targets=(Party("door", "d-9", "Door 9"),))
    log.erase_ana()
    place = f"{log.world.path}/audit-log"
    owner = log.world.as_person("owner")
    page = owner.get(f"{place}/values", query_string={"q": "action:door"})
    assert "erased person" in page.words
    assert "Ana Ruiz" not in page.words
    with log.world.session():
        assert {line.actor_name for line in list_latest("d-9", limit=5)} == {"erased person"}
    exported = owner.get(f"{log.world.path}/audit-log/exports/new?q=action:door")
    answer = owner.client.post(
        exported.form("Export").action,
        data={**exported.form("Export").values, "form": "jsonl"},
        buffered=True,
    )
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert {line["actor"]["name"] for line in lines} == {"erased person"}


def test_who_asked_cannot_confirm(log):
    log.tell_of_ana()
    owner = log.world.as_person("owner")
    log.ask(owner)
    page = owner.get(f"{log.newest()}/approve")
    page = owner.submit(page, "Erase", expect=409)
    assert "Somebody else has to decide" in page.errors
    assert log.world.log("erasure.approved") == []


def test_database_lets_nobody_confirm_their_own(log):
    with pytest.raises(IntegrityError, match="two_people"):
        log.world.make(RunningErasureFactory, decided_by="u-ben")
    with pytest.raises(IntegrityError, match="two_people"):
        log.world.make(PersonErasureFactory, status="running")


def test_admin_cannot_confirm_and_auditor_cannot_ask(log):
    log.tell_of_ana()
    log.ask()
    log.world.as_person("admin").get(f"{log.newest()}/approve", expect=403)
    auditor = log.world.as_person("auditor")
    auditor.get(log.newest())
    auditor.get(f"{log.place}/new", expect=403)


def test_erasure_goes_on_where_it_was_killed(log, monkeypatch):
    monkeypatch.setattr(scanning, "BATCH", 2)
    acts = log.tell_of_ana()
    log.ask()
    log.confirm()
    real, left = scanning.note, [1, 1]

    def note_two_stretches(*called):
        if not left:
            raise KeyboardInterrupt
        left.pop()
        real(*called)

    with monkeypatch.context() as patch:
        patch.setattr("app.audit.erasure.rounds.note", note_two_stretches)
        with pytest.raises(KeyboardInterrupt):
            log.go_on()
    with log.world.session() as session:
        half = session.scalars(select(PersonErasure)).one()
    assert (half.status, half.reached) == ("running", 4)
    log.go_on()
    assert "Ana Ruiz" not in everything_of(log, acts)
    (finished,) = log.world.log("erasure.finished")
    assert finished.extra["erased"] >= 3
    log.seal()
    assert judge(log.pack(), log.keys).exit_code == 0


def test_events_under_hold_stay_and_the_page_says_which_hold_and_why(log):
    acts = log.tell_of_ana()
    admin = log.world.as_person("admin")
    holds = f"{log.world.path}/settings/retention/holds"
    admin.submit(admin.get(f"{holds}/new"), "Place the hold", q="ip:192.0.2.9", reason="Case 7")
    page = log.erase_ana()
    assert "Case 7" in page.words
    assert "ip:192.0.2.9" in page.words
    assert "Ana Ruiz" in everything_of(log, acts[:1])
    assert "Ana Ruiz" not in everything_of(log, acts[1:])
    (finished,) = log.world.log("erasure.finished")
    assert finished.extra["held"] == 1


def test_nothing_is_confirmed_while_the_whole_log_is_held(log):
    log.tell_of_ana()
    log.ask()
    admin = log.world.as_person("admin")
    holds = f"{log.world.path}/settings/retention/holds"
    admin.submit(admin.get(f"{holds}/new"), "Place the hold", q="", reason="Case 7")
    owner = log.world.as_person("owner")
    page = owner.submit(owner.get(f"{log.newest()}/approve"), "Erase", expect=409)
    assert "Case 7" in page.errors


def test_refused_and_withdrawn_erasures_erase_nothing_and_forget_whom(log):
    acts = log.tell_of_ana()
    log.ask()
    owner, admin = log.world.as_person("owner"), log.world.as_person("admin")
    page = owner.submit(owner.get(f"{log.newest()}/refuse"), "Refuse", reason="Needed for a claim")
    assert "refused" in page.words
    assert "u-ana" not in page.words
    page = admin.submit(log.ask(admin), "Withdraw")
    assert "withdrawn" in page.words
    log.go_on()
    assert "Ana Ruiz" in everything_of(log, acts)
    assert log.world.log("erasure.refused")[0].reason == "Needed for a claim"


def test_second_request_waits_for_the_first(log):
    log.tell_of_ana()
    log.ask()
    admin = log.world.as_person("admin")
    page = admin.get(f"{log.place}/new")
    page = admin.submit(
        page, "Count what would go", expect=409, person_id="u-tomas", reason="Letter 8"
    )
    assert "has not ended yet" in page.errors


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ({"person_id": "u-nobody"}, "nobody of that id"),
        ({"person_id": "controller"}, "id of a program"),
        ({"texts": "an"}, "3 characters"),
    ],
)
def test_request_that_means_nobody_is_refused(log, typed, problem):
    log.tell_of_ana()
    log.tell()
    admin = log.world.as_person("admin")
    values = {"person_id": "u-ana", "reason": "Letter 7", **typed}
    page = admin.submit(admin.get(f"{log.place}/new"), "Count what would go", expect=422, **values)
    assert problem in page.errors


def test_door_of_the_owner_opens_only_for_what_two_people_decided(log):
    waiting = log.world.make(PersonErasureFactory)
    with log.world.session() as session, pytest.raises(DBAPIError, match="two people"):
        session.execute(ERASE, {"erasure": waiting.id, "rows": "[]"})


def test_door_of_the_owner_takes_away_and_adds_nothing(log):
    (event_id, *_rest) = log.tell_of_ana()
    running = log.world.make(RunningErasureFactory)
    forged = {
        "id": str(event_id),
        "actor_id": "u-mallory",
        "actor_name": "Mallory",
        "targets": [],
        "changes": {},
        "metadata": {},
        "search": "",
        "commitments": {"erased": {}, "kept": {}},
        "erased_at": "2026-01-01T00:00:00Z",
    }
    parameters = {"erasure": running.id, "rows": json.dumps([forged])}
    with log.world.session() as session, pytest.raises(DBAPIError, match="nothing added"):
        session.execute(ERASE, parameters)
    assert "Ana Ruiz" in everything_of(log, [event_id])


def test_later_events_of_the_same_id_show_what_they_bring(log):
    acts = log.tell_of_ana()
    log.erase_ana()
    later = log.tell_of_ana()
    assert "Ana Ruiz" in everything_of(log, later)
    assert "Ana Ruiz" not in everything_of(log, acts)


def test_erasure_of_another_tenant_is_not_found(log, birch):
    theirs = birch.make(PersonErasureFactory)
    owner = log.world.as_person("owner")
    for way in ("", "/approve", "/refuse"):
        owner.get(f"{log.place}/{theirs.id}{way}", expect=404)
