"""Records that other systems really wrote, or their owners show as samples, where at hand."""

import json
from collections import Counter, defaultdict

import pytest

from app.audit.importers.detecting import detect_format
from app.audit.importers.mapping.mapping import MAPPED
from app.audit.importers.mapping.suggesting import suggest_mapping
from app.audit.importers.plan import propose_plan
from app.audit.importers.reading.records import Source, read_records
from app.audit.importers.refusal import RecordRefused, draft_or_refuse
from app.audit.importers.registry import FORMATS
from app.audit.ingest.importing import import_events

# Which format the records of a source are of; all others go in by a mapping of their fields.
FORMAT_OF = {
    "aws.cloudtrail": "cloudtrail",
    "panther.AWS.CloudTrail": "cloudtrail",
    "panther.Auth0.Events": "auth0",
    "panther.GSuite.ActivityEvent": "google_workspace",
    "panther.GitHub.Audit": "github",
    "panther.Okta.SystemLog": "okta",
    "panther.OnePassword.ItemUsage": "one_password",
    "panther.OnePassword.SignInAttempt": "one_password",
    "panther.Slack.AuditLogs": "slack",
}
ALL = 4_877


@pytest.fixture(scope="module")
def by_source(real_data):
    """The records of each source, as they are in the file."""
    found = defaultdict(list)
    file = Source.of_file(real_data / "events_real.jsonl")
    for record in read_records(file, file.layout()):
        found[record.value["source"]].append(record.value["raw"])
    return found


@pytest.fixture(scope="module")
def results(by_source):
    """What became of the records of each source: format, drafts, refusals by reason."""
    return {source: read_all(source, records) for source, records in by_source.items()}


def read_all(source, records):
    found = detect_format(records[:200])
    name = found.name if found else MAPPED
    stem = source.partition(".")[2]
    reader = FORMATS[name] if found else suggest_mapping(records[:200], stem)
    drafts, refused = [], Counter()
    for record in records:
        try:
            drafts += [draft_or_refuse(event) for event in reader.events(record)]
        except RecordRefused as refusal:
            refused[refusal.reason] += 1
    return name, drafts, refused


def test_every_record_goes_in_or_is_refused_with_a_reason(by_source, results, record_property):
    for source, (name, drafts, refused) in sorted(results.items()):
        counts = {"records": len(by_source[source]), "read": len(drafts), "refused": dict(refused)}
        record_property(f"{source} as {name}", json.dumps(counts))
        assert len(drafts) + sum(refused.values()) == len(by_source[source]), source
        assert all(refused), source
    assert sum(len(records) for records in by_source.values()) == ALL


def test_format_is_told_by_the_records_alone(results):
    told = {source: name for source, (name, _, _) in results.items()}

    wanted = {source: FORMAT_OF.get(source, told[source]) for source in told}
    strangers = {source for source in told if source not in FORMAT_OF}

    assert told == wanted
    assert {told[source] for source in strangers} <= {MAPPED, "github_webhook"}


def test_nothing_is_refused_but_for_what_it_lacks(results):
    reasons = Counter()
    for _, _, refused in results.values():
        reasons += Counter({reason.partition(":")[0]: n for reason, n in refused.items()})

    wrong_format = {reason for reason in reasons if reason.startswith("not a record of")}

    assert set(reasons) - wrong_format == {"no time", "no action", "the time cannot be read"}


def test_every_captured_cloudtrail_record_is_read(results):
    name, drafts, refused = results["aws.cloudtrail"]

    assert (name, len(drafts), len(refused)) == ("cloudtrail", 2_900, 0)
    assert len({draft.id for draft in drafts}) == 2_900


def test_captured_records_keep_their_failures(results):
    _, drafts, _ = results["aws.cloudtrail"]

    outcomes = Counter(draft.outcome.value for draft in drafts)

    assert outcomes == {"success": 2_600, "failure": 240, "denied": 60}


def test_the_same_records_get_the_same_ids_again(by_source, results):
    for source, (_, drafts, _) in results.items():
        again = read_all(source, by_source[source])[1]
        assert [draft.id for draft in again] == [draft.id for draft in drafts], source


def test_all_of_it_is_stored_once_however_often_it_is_imported(
    app, alder, by_source, results, tmp_path
):
    ids = set()
    for source, records in by_source.items():
        path = tmp_path / f"{source.partition('.')[2]}.jsonl"
        path.write_text("\n".join(map(json.dumps, records)))
        _, drafts, refused = results[source]
        new = {draft.id for draft in drafts} - ids
        ids |= new
        plan = propose_plan(Source.of_file(path), path.stem)
        with alder.session():
            first = import_events(alder.system(), path, plan, lambda _: None)
            is_known = source in FORMAT_OF
            again = import_events(alder.system(), path, plan, lambda _: None) if is_known else None

        assert (first.stored, first.refused) == (len(new), sum(refused.values())), source
        assert first.stored + first.duplicates == len(drafts), source
        assert again is None or again.stored == 0, source
