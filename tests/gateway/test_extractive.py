"""The rules of the built-in provider, seen through the contract."""

import json

import pytest
from jsonschema import Draft202012Validator

from app.gateway.extractive.rules import NotAnswerableError, claims_from
from app.summaries.claims.contract import Answer, ClaimKind, Refusal, Why, answer_schema
from tests.gateway.digests import content, group


def answer_to(digest):
    message = {"role": "user", "content": json.dumps(digest.as_json())}
    response_format = {"json_schema": {"name": "audit-summary-claims"}}
    data = claims_from({"messages": [message], "response_format": response_format})
    Draft202012Validator(answer_schema(digest)).validate(data)
    return Answer.from_json(data)


def test_failures_and_denials_come_first_then_rare_bursts_and_frequent():
    order = [Why.FREQUENT, Why.BURST, Why.RARE, Why.DENIED, Why.FAILURES]
    digest = content(*(group(number, why) for number, why in enumerate(order, 1)))

    cited = [claim.event_ids[0] for claim in answer_to(digest).claims]

    assert cited == ["E400", "E500", "E300", "E200", "E100"]


def test_claim_says_what_its_group_says():
    digest = content(group(1, count=3))

    [claim] = answer_to(digest).claims

    said = (claim.actor, claim.action, claim.target, claim.outcome, claim.ip, claim.count)
    assert said == ("A1", "session.started", "R1", "success", "I1", 3)
    assert (claim.first, claim.last) == (digest.groups[0].first, digest.groups[0].last)
    assert claim.is_complete
    assert claim.event_ids == ("E100", "E101", "E102")


def test_complete_claim_may_cite_fewer_events_than_it_counts():
    [claim] = answer_to(content(group(count=90, cited=8))).claims

    assert claim.is_complete
    assert (claim.count, len(claim.event_ids)) == (90, 8)


def test_group_that_is_not_exact_is_claimed_of_the_cited_events_only():
    [claim] = answer_to(content(group(count=90, cited=8, ip=None, is_exact=False))).claims

    assert not claim.is_complete
    assert claim.count == len(claim.event_ids) == 8
    assert (claim.first, claim.last) == (None, None)


def test_group_that_is_not_exact_but_cited_whole_keeps_its_times():
    digest = content(group(count=2, target=None, is_exact=False))

    [claim] = answer_to(digest).claims

    assert not claim.is_complete
    assert claim.count == 2
    assert claim.first == digest.groups[0].first


def test_at_most_eight_claims_two_of_them_absences():
    groups = [group(number) for number in range(1, 13)]

    claims = answer_to(content(*groups, absent=("a.exported", "b.deleted", "c.revoked"))).claims

    assert [claim.kind for claim in claims] == [ClaimKind.ACTIVITY] * 6 + [ClaimKind.ABSENCE] * 2


def test_absence_claims_nothing_but_the_action():
    [absence] = answer_to(content(total=5, absent=("audit_event.exported",))).claims

    assert absence.kind is ClaimKind.ABSENCE
    assert absence.action == "audit_event.exported"
    assert (absence.count, absence.is_complete, absence.event_ids) == (0, True, ())
    assert absence.actor is absence.target is absence.ip is absence.outcome is None


@pytest.mark.parametrize(
    "digest", [content(), content(absent=("audit_event.exported",)), content(total=5)]
)
def test_slice_without_evidence_is_refused(digest):
    answer = answer_to(digest)

    assert answer.claims == ()
    assert answer.refusal is Refusal.NO_EVIDENCE


@pytest.mark.parametrize(
    "request_body",
    [
        {},
        {"messages": [], "response_format": {"json_schema": {"name": "audit-summary-claims"}}},
        {"messages": [{"content": "Hi"}], "response_format": {"json_schema": {"name": "x"}}},
        {
            "messages": [{"content": '{"total": 1, "absent": [], "groups": [{"why": "liked"}]}'}],
            "response_format": {"json_schema": {"name": "audit-summary-claims"}},
        },
    ],
)
def test_request_without_a_digest_is_not_answerable(request_body):
    with pytest.raises(NotAnswerableError):
        claims_from(request_body)
