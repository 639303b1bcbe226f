"""What other domains copied of a person: the words of summaries and of calls to models."""

import pytest
from sqlalchemy import select

from app.audit.erasure.person import Person
from app.gateway.erasing import erase_from_answers
from app.gateway.models import ModelAnswer, ModelCall
from app.kernel.database import unit_of_work
from app.summaries.models import SummaryClaim
from tests.factories.gateway import made_call
from tests.factories.summaries import NOTHING_HAPPENED, SummaryClaimFactory, SummaryFactory

HERS = {**NOTHING_HAPPENED, "actor": "u-ana", "names": {"actor": "Ana Ruiz", "target": None}}


def claim_about(world, name, **fields):
    """Make a claim of a summary in review."""
    summary = world.make(SummaryFactory)
    sentence = f"{name} shredded no document."
    return world.make(SummaryClaimFactory, summary_id=summary.id, sentence=sentence, **fields)


def test_claims_that_nobody_signed_lose_the_person_and_others_stay(log):
    log.tell_of_ana()
    hers = claim_about(log.world, "Ana Ruiz", fields=HERS)
    other = claim_about(log.world, "Tomas Ek")
    page = log.ask()
    assert "Claims of summaries that are not signed" in page.words
    log.confirm()
    log.go_on()
    with log.world.session() as session:
        left = {one.summary_id: one for one in session.scalars(select(SummaryClaim))}
    assert left[hers.summary_id].sentence == "erased person shredded no document."
    assert left[hers.summary_id].fields["actor"] == "erased"
    assert left[hers.summary_id].fields["names"]["actor"] == "erased person"
    assert left[other.summary_id].sentence == "Tomas Ek shredded no document."


def test_counting_changes_no_claim(log):
    log.tell_of_ana()
    claim_about(log.world, "Ana Ruiz", fields=HERS)
    log.ask()
    with log.world.session() as session:
        assert session.scalars(select(SummaryClaim)).one().fields == HERS


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Ana Ruiz left", "erased person left"),
        ("seen by ANA RUIZ, twice: ana ruiz", "seen by erased person, twice: erased person"),
        ("u-ana", "erased"),
        ("Annual report", "Annual report"),
        ("by u-anatol and u-ana", "by u-anatol and erased person"),
    ],
)
def test_person_is_blanked_word_by_word(text, left):
    ana = Person("u-ana", frozenset({"Ana Ruiz"}))
    assert ana.out_of({"said": [text]}) == {"said": [left]}


def test_words_of_model_calls_lose_the_person(log, run_jobs):
    log.tell_of_ana()
    analyst = log.world.as_person("analyst")
    page = analyst.get(f"{log.world.path}/audit-log", query_string={"q": "action:door"})
    assert "Summarise 4 events" in page.words
    asking = analyst.get(f"{log.world.path}/summaries/new", query_string={"q": "action:door"})
    analyst.submit(asking, "Ask")
    run_jobs()
    with log.world.session() as session, unit_of_work():
        answer = session.scalars(select(ModelAnswer)).one()
        answer.answer = "Ana Ruiz opened a door."
    ana = Person("u-ana", frozenset({"Ana Ruiz"}))
    with log.world.session():
        assert erase_from_answers(ana, clears=False)["model_calls"] == 1
    log.erase_ana()
    with log.world.session() as session:
        assert session.scalars(select(ModelAnswer)).one().answer == "erased person opened a door."


def test_ledger_of_model_calls_forgets_who_made_them(log):
    log.tell_of_ana()
    call_id = made_call(log.world, caller_id="u-ana", caller_name="Ana Ruiz")
    ana = Person("u-ana", frozenset({"Ana Ruiz"}))
    with log.world.session():
        assert erase_from_answers(ana, clears=False)["model_calls"] == 1
    log.erase_ana()
    with log.world.session() as session:
        call = session.scalars(select(ModelCall).where(ModelCall.id == call_id)).one()
    assert (call.caller_id, call.caller_name) == ("erased", "erased person")
