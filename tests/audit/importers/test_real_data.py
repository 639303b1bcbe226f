"""Real CloudTrail records, where they are at hand."""

from collections import Counter

import pytest
from app.audit.importers.files import read_records

from app.audit.importers.refusal import RecordRefused
from app.audit.importers.registry import FORMATS


@pytest.fixture(scope="module")
def outcome_by_source(real_data):
    importer = FORMATS["cloudtrail"].importer
    read, refused = Counter(), Counter()
    drafts = []
    for record in read_records(real_data / "events_real.jsonl"):
        source = record.value["source"]
        try:
            draft = importer.read(record.value)
        except RecordRefused as refusal:
            refused[source, refusal.reason] += 1
        else:
            read[source] += 1
            if source == "aws.cloudtrail":
                drafts.append(draft)
    return read, refused, drafts


def test_every_captured_cloudtrail_record_is_read(outcome_by_source):
    read, refused, drafts = outcome_by_source

    assert read["aws.cloudtrail"] == 2_900
    assert [source for source, _ in refused if source == "aws.cloudtrail"] == []
    assert len({draft.id for draft in drafts}) == 2_900


def test_captured_records_keep_their_failures(outcome_by_source):
    _, _, drafts = outcome_by_source

    outcomes = Counter(draft.outcome.value for draft in drafts)

    assert outcomes == {"success": 2_600, "failure": 240, "denied": 60}


def test_other_systems_records_are_refused_with_a_reason(outcome_by_source, record_property):
    read, refused, _ = outcome_by_source
    record_property("read", dict(read))
    record_property("refused", sum(refused.values()))

    assert sum(read.values()) + sum(refused.values()) == 4_877
    assert all(reason for _, reason in refused)
