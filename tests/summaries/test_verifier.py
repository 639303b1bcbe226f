"""The verifier: every true claim passes, no wrong one does."""

import dataclasses
import hashlib
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from app.audit.importers.reading.records import Source, read_records
from app.audit.importers.refusal import draft_or_refuse
from app.audit.importers.registry import FORMATS
from app.summaries.claims import verifier
from app.summaries.claims.contract import ClaimKind
from app.summaries.claims.verdicts import Verdict
from app.summaries.claims.verifier import VERIFIER_VERSION, verify
from tests.summaries.logs import (
    DAY,
    ELSEWHERE,
    LIES,
    MemoryLog,
    an_event,
    fields_of,
    random_log,
    true_claims,
)

FOLDER = Path(verifier.__file__).parent
VERIFIER_FILES = ("checking", "fields", "verdicts", "verifier")
VERIFIER = (2, "10c08909f4a968a7c94abdba55987ac433e765f96b3fd622b1fa74a0d1554fd2")

LOG = random_log(seed=7)
CLAIMS = tuple(true_claims(LOG, seed=11, number=300))

THREE = MemoryLog([an_event(n, at=DAY + timedelta(seconds=10 * n)) for n in range(3)])
IDS = tuple(event.id for event in THREE.events)
ANN = fields_of(actor="u-ann", count=3, first=DAY, last=DAY + timedelta(seconds=20))


def test_version_of_the_verifier_moves_with_its_files():
    """What was evaluated holds for one verifier: raise VERIFIER_VERSION, then write its hash."""
    text = "".join((FOLDER / f"{name}.py").read_text("utf-8") for name in VERIFIER_FILES)
    assert (VERIFIER_VERSION, hashlib.sha256(text.encode()).hexdigest()) == VERIFIER


def test_every_true_claim_is_supported():
    findings = [verify(fields, ids, LOG) for fields, ids in CLAIMS]

    assert [f.detail for f in findings if f.verdict is not Verdict.SUPPORTED] == []


@pytest.mark.parametrize("lie", LIES)
def test_no_wrong_claim_is_supported(lie):
    wrong = [changed for claim in CLAIMS if (changed := LIES[lie](LOG, *claim)) is not None]

    verdicts = [verify(fields, ids, LOG).verdict for fields, ids in wrong]

    assert len(verdicts) > 50
    assert Verdict.SUPPORTED not in verdicts


def test_an_event_of_another_tenant_is_out_of_scope_like_one_that_never_was():
    finding = verify(ANN, (*IDS[:2], ELSEWHERE), THREE)

    assert finding.verdict is Verdict.OUT_OF_SCOPE
    assert finding.detail == "1 cited event is not in this slice of the log."


def test_scope_is_checked_before_fields():
    elsewhere = dataclasses.replace(ANN, actor="u-nobody")

    assert verify(elsewhere, (ELSEWHERE,), THREE).verdict is Verdict.OUT_OF_SCOPE


def test_a_claim_to_be_all_that_leaves_some_out_is_incomplete():
    finding = verify(dataclasses.replace(ANN, count=2), IDS[:2], THREE)

    assert finding.verdict is Verdict.INCOMPLETE
    assert finding.detail == "The slice holds 3 such events, not 2."


def test_a_claim_without_events_is_uncited():
    assert verify(ANN, (), THREE).verdict is Verdict.UNCITED


def test_a_partial_claim_speaks_only_of_what_it_cites():
    partial = fields_of(actor="u-ann", count=2, is_complete=False)

    assert verify(partial, IDS[:2], THREE).verdict is Verdict.SUPPORTED
    assert verify(dataclasses.replace(partial, count=3), IDS[:2], THREE).verdict is Verdict.UNCITED


def test_a_claim_about_nothing_in_particular_is_refused():
    assert verify(fields_of(count=3), IDS, THREE).verdict is Verdict.CONTRADICTED


def test_absence_is_only_a_count_of_zero():
    absence = fields_of(kind=ClaimKind.ABSENCE, action="key.created", count=0)

    assert verify(absence, (), THREE).verdict is Verdict.SUPPORTED
    assert verify(absence, IDS[:1], THREE).verdict is Verdict.CONTRADICTED
    opened = dataclasses.replace(absence, action="document.opened")
    assert verify(opened, (), THREE).detail == "The slice holds 3 such events."


def test_times_are_compared_to_the_second_that_a_sentence_says():
    late = dataclasses.replace(ANN, first=ANN.first + timedelta(milliseconds=900))

    assert verify(late, IDS, THREE).verdict is Verdict.SUPPORTED


def test_the_verifier_holds_on_captured_cloudtrail_events(real_data):
    file = Source.of_file(real_data / "events_real.jsonl")
    records = (record.value for record in read_records(file, file.layout()))
    captured = [each for each in records if each["source"] == "aws.cloudtrail"]
    events = [event for each in captured for event in FORMATS["cloudtrail"].events(each)]
    drafts = [draft_or_refuse(event) for event in events]
    log = MemoryLog([_fact(number, draft) for number, draft in enumerate(drafts)])
    claims = tuple(true_claims(log, seed=3, number=150))

    assert {verify(*claim, log).verdict for claim in claims} == {Verdict.SUPPORTED}
    for name, lie in LIES.items():
        wrong = [changed for claim in claims if (changed := lie(log, *claim)) is not None]
        verdicts = {verify(*claim, log).verdict for claim in wrong}
        assert wrong, name
        assert Verdict.SUPPORTED not in verdicts, name


def _fact(number, draft):
    target = draft.targets[0] if draft.targets else None
    return an_event(
        number,
        id=UUID(int=number),
        at=draft.occurred_at,
        actor_id=draft.actor.id,
        actor_name=draft.actor.name,
        action=draft.action,
        outcome=draft.outcome.value,
        target_id=target.id if target else None,
        source_ip=draft.source_ip,
    )
