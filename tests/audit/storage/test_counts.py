"""The counts beside the log are what the log says, and somebody notices when they are not."""

import datetime as dt
from collections import Counter

import pytest
from sqlalchemy import delete, func, select, update

from app.audit.heads import lock_head
from app.audit.rollups.checking import compare_round
from app.audit.rollups.drift import find_drift
from app.audit.rollups.keeping import take_from_counts
from app.audit.rollups.models import ALL_ACTIONS, AuditCountDaily, AuditCountHourly
from app.kernel.database import unit_of_work
from tests.audit.storage.logs import made_up, tell


@pytest.fixture
def flask(app):
    def run(*arguments):
        result = app.test_cli_runner().invoke(args=["audit", "counts", *arguments])
        return result.exit_code, result.output

    return run


def drift_of(world):
    with world.session():
        return find_drift()


def change(world, statement):
    with world.session() as session, unit_of_work():
        assert session.execute(statement).rowcount > 0


def test_counts_are_what_the_log_says(alder, birch):
    tell(alder, made_up(700))
    tell(birch, made_up(20, seed=9))
    assert drift_of(alder) == []
    assert drift_of(birch) == []
    with alder.session() as session:
        statement = select(AuditCountDaily.action, AuditCountDaily.outcome, AuditCountDaily.n)
        daily = Counter()
        for action, outcome, n in session.execute(statement):
            daily[action, outcome] += n
        hourly = session.scalar(select(func.sum(AuditCountHourly.n)))
    events = alder.log()
    of_actions = Counter((event.action, event.outcome) for event in events)
    of_all = Counter((ALL_ACTIONS, event.outcome) for event in events)
    assert daily == of_actions + of_all
    assert hourly == len(events)


def test_events_of_all_years_are_counted(alder):
    drafts = made_up(6)
    years = (1970, 1999, 2024, 2026, 2999, 9998)
    moments = [dt.datetime(year, 12, 31, 23, 59, 59, 999_999, dt.UTC) for year in years]
    told = [
        type(draft)(
            id=draft.id,
            occurred_at=at,
            actor=draft.actor,
            action=draft.action,
            outcome=draft.outcome,
        )
        for draft, at in zip(drafts, moments, strict=True)
    ]
    tell(alder, told)
    with alder.session() as session:
        days = session.scalars(
            select(AuditCountDaily.day).where(AuditCountDaily.action == ALL_ACTIONS)
        )
        assert {at.date() for at in moments} <= set(days)


def test_what_is_taken_away_is_no_longer_counted(alder):
    drafts = tell(alder, made_up(50))
    with alder.session() as session, unit_of_work():
        lock_head(session, alder.tenant.id)
        take_from_counts(session, alder.tenant.id, drafts[:20])
    # The events themselves are still there, and so the counts now say too little of them.
    missing = {(one.action, one.outcome): 0 for one in drift_of(alder)}
    assert missing
    wrong = drift_of(alder)
    assert sum(one.counted - one.kept for one in wrong if one.action is None) == 20
    assert sum(one.counted - one.kept for one in wrong if one.action == ALL_ACTIONS) == 20


@pytest.mark.parametrize("table", [AuditCountDaily, AuditCountHourly])
def test_wrong_missing_and_needless_counts_are_found(alder, table):
    tell(alder, made_up(300))
    assert drift_of(alder) == []
    change(alder, update(table).where(table.outcome == "failure").values(n=table.n + 1))
    found = drift_of(alder)
    assert found
    assert {one.kept - one.counted for one in found} == {1}
    change(alder, delete(table).where(table.outcome == "denied"))
    gone = [one for one in drift_of(alder) if one.outcome == "denied"]
    assert gone
    assert {one.kept for one in gone} == {0}


def test_command_names_what_is_wrong_and_mends_it(alder, flask):
    tell(alder, made_up(100))
    assert flask("--tenant", alder.tenant.slug) == (0, "All counts are what the log says.\n")
    change(alder, update(AuditCountHourly).values(n=AuditCountHourly.n + 3))
    code, words = flask("--tenant", alder.tenant.slug)
    assert code == 1
    assert "counts are wrong." in words
    code, words = flask("--tenant", alder.tenant.slug, "--mend")
    assert code == 1
    assert "are right now." in words
    assert flask("--tenant", alder.tenant.slug)[0] == 0
    first, second = alder.log("audit_count.drifted")
    assert (first.extra["mended"], second.extra["mended"]) == (False, True)
    assert second.extra["wrong"] >= 1
    assert second.actor_name == "flask audit counts"


def test_nightly_round_tells_each_log_of_its_own(app, alder, birch):
    tell(alder, made_up(40))
    change(alder, update(AuditCountDaily).values(n=AuditCountDaily.n + 1))
    with app.app_context():
        compare_round([alder.tenant.id, birch.tenant.id])
    (event,) = alder.log("audit_count.drifted")
    assert (event.actor_name, event.outcome) == ("worker", "failure")
    assert birch.log("audit_count.drifted") == []
