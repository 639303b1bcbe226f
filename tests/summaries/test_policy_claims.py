"""Claims that quote released content: the seam is there, and refuses as long as there is none."""

import pytest

from app.summaries.claims.contract import OFFERED_KINDS, ClaimKind
from app.summaries.claims.fields import ClaimFields
from app.summaries.claims.verdicts import Verdict
from app.summaries.claims.verifier import SliceReads, verify
from tests.summaries.logs import MemoryLog, fields_of

PASSAGE = "Keys are  rotated every\n90 days. Nobody shares a key."


class WithContent(MemoryLog):
    def find_passage(self, passage_id):
        return PASSAGE if passage_id == "p-1" else None


def policy(passage="p-1", quote="Keys are rotated every 90 days."):
    return fields_of(kind=ClaimKind.POLICY, count=0, passage=passage, quote=quote)


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        (policy(), Verdict.SUPPORTED),
        (policy(quote="KEYS ARE ROTATED every 90 days"), Verdict.SUPPORTED),
        (policy(quote="Keys are rotated every 30 days."), Verdict.CONTRADICTED),
        (policy(quote="  "), Verdict.UNCITED),
        (policy(passage="p-2"), Verdict.OUT_OF_SCOPE),
        (policy(passage=None), Verdict.OUT_OF_SCOPE),
    ],
)
def test_quote_is_held_against_its_passage(claim, verdict):
    assert verify(claim, (), WithContent([])).verdict is verdict


def test_without_content_every_policy_claim_is_refused_and_none_is_offered():
    assert verify(policy(), (), SliceReads(None)).verdict is Verdict.OUT_OF_SCOPE
    assert ClaimKind.POLICY not in OFFERED_KINDS


def test_policy_claim_keeps_its_quote_where_it_is_stored():
    assert ClaimFields.from_json(policy().as_json()) == policy()
