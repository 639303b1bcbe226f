"""The words of a call have their own retention, and verdicts are written beside it."""

import datetime as dt

import pytest
from sqlalchemy import update

from app.gateway.errors import FailureCode, ModelCallFailed
from app.gateway.forgetting import forget_texts
from app.gateway.models import ModelAnswer
from app.gateway.verdicts import record_verdicts
from app.identity.roles import Role
from app.kernel.database import unit_of_work
from app.kernel.ids import uuid7


def make_old(caller, call_id, days):
    with caller.session(), unit_of_work() as session:
        session.execute(
            update(ModelAnswer)
            .where(ModelAnswer.call_id == call_id)
            .values(created_at=ModelAnswer.created_at - dt.timedelta(days=days))
        )


def forget(caller):
    with caller.session():
        return forget_texts()


def test_words_go_after_their_days_and_the_ledger_stays(caller):
    old, young = uuid7(), uuid7()
    caller.complete(old)
    caller.complete(young)
    make_old(caller, old, 31)
    make_old(caller, young, 29)
    before = caller.row(old).output_hash

    assert (forget(caller), forget(caller)) == (1, 0)

    assert (caller.words(old).messages, caller.words(old).answer) == ([], None)
    assert caller.words(old).emptied_at is not None
    assert caller.row(old).output_hash == before
    assert caller.words(young).answer is not None


def test_words_of_another_tenant_are_its_own_matter(caller, caller_elsewhere):
    call_id = uuid7()
    caller_elsewhere.complete(call_id)
    make_old(caller_elsewhere, call_id, 31)

    assert forget(caller) == 0
    assert caller_elsewhere.words(call_id).answer is not None


def test_forgotten_answer_is_not_taken_for_an_empty_one(caller):
    call_id = uuid7()
    caller.complete(call_id)
    make_old(caller, call_id, 31)
    forget(caller)

    with pytest.raises(ModelCallFailed) as caught:
        caller.complete(call_id)
    assert caught.value.failure_code is FailureCode.EXPIRED


def test_page_says_that_words_are_not_kept_any_more(alder, caller):
    call_id = uuid7()
    caller.complete(call_id)
    make_old(caller, call_id, 31)
    forget(caller)

    page = alder.as_person(Role.OWNER).get(f"{alder.path}/settings/model-calls/{call_id}/text")

    assert "Not kept any more: its days are over." in page.words


def test_verdicts_are_counted_and_may_be_written_again(caller, caller_elsewhere):
    call_id = uuid7()
    caller.complete(call_id)
    assert caller.row(call_id).verdicts is None

    with caller.session():
        record_verdicts(call_id, ["supported"])
        record_verdicts(call_id, ["supported", "contradicted", "supported"])
    with caller_elsewhere.session():
        record_verdicts(call_id, ["contradicted"])

    assert caller.row(call_id).verdicts == {"contradicted": 1, "supported": 2}
