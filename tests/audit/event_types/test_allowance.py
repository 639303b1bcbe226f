"""How many events a key may send, and what a client is told about it."""

import pytest

from app.audit.ingest.allowance import spend_events
from app.audit.ingest.rules.service import Rules
from app.identity.roles import Role
from app.kernel.database import unit_of_work
from app.kernel.problems import TooManyRequests
from tests.audit.event_types.test_typed_ingestion import set_rules
from tests.audit.sending import Sender, an_event


@pytest.fixture
def sender(app, alder):
    return Sender(app, alder.tenant)


def test_answer_says_what_is_left(sender, alder):
    set_rules(alder, events_per_minute=100)

    headers = sender.post([an_event(), an_event()]).headers

    assert (headers["RateLimit-Limit"], headers["RateLimit-Remaining"]) == ("100", "98")
    assert 0 < int(headers["RateLimit-Reset"]) <= 60


def test_request_beyond_the_allowance_is_refused_whole_and_costs_nothing(sender, alder):
    set_rules(alder, events_per_minute=60)
    sender.post([an_event() for _ in range(50)])

    answer = sender.post([an_event() for _ in range(11)])

    assert answer.status_code == 429
    assert answer.content_type == "application/problem+json"
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    assert answer.headers["RateLimit-Remaining"] == "10"
    assert "Nothing of this request was stored; send 10 of them" in answer.get_json()["detail"]
    assert len(alder.log("door.opened")) == 50
    assert sender.post([an_event() for _ in range(10)]).status_code == 200


def test_day_has_a_limit_of_its_own(alder):
    rules = Rules(events_per_minute=600_000, events_per_day=1_000)
    with alder.session():
        with unit_of_work() as session:
            spend_events(session, "a-key", 1_000, rules)
        with pytest.raises(TooManyRequests, match="events a day") as caught, unit_of_work() as s:
            spend_events(s, "a-key", 1, rules)

    assert caught.value.retry_after_s > 0


def test_every_key_has_an_allowance_of_its_own(app, sender, alder):
    set_rules(alder, events_per_minute=60)
    sender.post([an_event() for _ in range(60)])

    assert sender.post(an_event()).status_code == 429
    assert Sender(app, alder.tenant).post(an_event()).status_code == 201


def test_refused_items_count_too(sender, alder):
    set_rules(alder, events_per_minute=60)

    assert sender.post([{}] * 60).status_code == 207
    assert sender.post([{}]).status_code == 429


def test_owner_changes_the_rules_and_the_log_says_how(alder):
    owner = alder.as_person(Role.OWNER)
    page = owner.get(f"{alder.path}/ingestion/edit")
    page = owner.submit(page, "Save", events_per_minute="5000", registered_types_only="y")

    assert "5,000" in page.words
    assert "refused, into quarantine" in page.words
    changes = alder.log("setting.updated")[-1].changes
    assert changes == {
        "registered_types_only": {"before": "no", "after": "yes"},
        "events_per_minute": {"before": "600000", "after": "5000"},
    }


@pytest.mark.parametrize("typed", ["0", "59", "600001", "many", ""])
def test_rule_out_of_its_bounds_is_refused(alder, typed):
    owner = alder.as_person(Role.OWNER)
    page = owner.get(f"{alder.path}/ingestion/edit")

    page = owner.submit(page, "Save", events_per_minute=typed, expect=422)

    assert "Events a minute" in page.errors
