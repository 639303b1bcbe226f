"""`flask audit import`: a file into the log, from the command line."""

import dataclasses
import gzip
import json

import pytest

from app.audit.importers.mapping.mapping import Mapping
from app.audit.importers.mapping.sources import read_sources
from app.audit.importers.plan import propose_plan
from app.audit.importers.reading.records import Source
from app.audit.ingest import importing
from app.audit.ingest.importing import import_events
from app.audit.ingest.imports.mappings import save_mapping
from app.kernel.database import Scope
from app.kernel.problems import PermissionMissing
from app.kernel.routing import database
from tests.audit.importers import samples
from tests.audit.sending import an_event

IMPORTED = "audit_event.imported"


@pytest.fixture
def write(tmp_path):
    def write(*lines, name="events.jsonl"):
        path = tmp_path / name
        text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def run(app, alder):
    def run(path, format_name="ndjson", tenant=None):
        slug = tenant or alder.tenant.slug
        arguments = ["audit", "import", "--tenant", slug, "--format", format_name, str(path)]
        return app.test_cli_runner().invoke(args=arguments)

    return run


def test_file_is_stored_and_the_import_is_an_event_itself(run, write, alder):
    result = run(write(*[an_event() for _ in range(3)]))

    assert result.exit_code == 0
    assert "3 records read" in result.output
    assert len(alder.log("door.opened")) == 3
    (event,) = alder.log(IMPORTED)
    assert (event.actor_id, event.target_id) == ("flask audit import", "events.jsonl")
    assert event.extra == {
        "format": "ndjson",
        "read": 3,
        "stored": 3,
        "duplicates": 0,
        "refused": 0,
    }


def test_importing_again_adds_nothing(run, write, alder):
    without_id = an_event()
    del without_id["id"]
    path = write(an_event(), without_id)
    run(path)

    result = run(path)

    assert result.exit_code == 0
    assert "0 stored, 2 with an id that the log has already" in result.output
    assert len(alder.log("door.opened")) == 2


def test_events_go_to_the_named_tenant_only(run, write, birch):
    run(write(an_event()))

    assert birch.log("door.opened") == []


def test_lines_that_do_not_fit_are_counted_by_reason_with_their_places(run, write, alder):
    bad = an_event(action="Opened")

    result = run(write(an_event(), "{oops", *[bad] * 7, "[]", an_event()))

    assert result.exit_code == 0
    assert "2 records read" in result.output
    assert "7 × /action: This must be object.verb_past" in result.output
    assert "(line 3, 4, 5, 6, 7, …)" in result.output
    assert "1 × not a JSON object (line 10)" in result.output
    assert len(alder.log("door.opened")) == 2


def test_file_without_a_single_readable_record_fails(run, write, alder):
    result = run(write("{oops"))

    assert result.exit_code == 1
    assert alder.log(IMPORTED)[0].outcome == "failure"


def test_unknown_tenant_is_answered_with_those_there_are(run, write, alder):
    result = run(write(an_event()), tenant="nobody")

    assert result.exit_code == 1
    assert "nobody" in result.output
    assert alder.tenant.slug in result.output


def test_unknown_format_and_missing_file_are_answered_in_words(run, write, tmp_path):
    assert "'cloudtrail'" in run(write(an_event()), format_name="csv").output
    assert "does not exist" in run(tmp_path / "nothing").output


def test_packed_cloudtrail_file_is_imported(run, tmp_path, alder):
    record = {
        "eventTime": "2026-07-10T11:42:36Z",
        "eventSource": "s3.amazonaws.com",
        "eventName": "DeleteBucket",
        "errorCode": "AccessDenied",
        "userIdentity": {"type": "IAMUser", "userName": "noor", "principalId": "AIDA"},
    }
    path = tmp_path / "trail.json.gz"
    path.write_bytes(gzip.compress(json.dumps({"Records": [record, {}]}).encode()))

    result = run(path, "cloudtrail")

    assert "1 × not a record of AWS CloudTrail (record 2)" in result.output
    (event,) = alder.log("s3.delete_bucket")
    assert (event.actor_name, event.outcome) == ("noor", "denied")


def test_interrupted_import_keeps_what_it_stored_and_says_so(app, alder, write, monkeypatch):
    monkeypatch.setattr(importing, "BATCH", 2)
    path = write(*[an_event() for _ in range(5)])

    def interrupt(report):
        if report.stored >= 4:
            raise KeyboardInterrupt

    with app.app_context(), database().session(Scope(tenant_id=alder.tenant.id)):
        with pytest.raises(KeyboardInterrupt):
            import_events(
                alder.system(), path, propose_plan(Source.of_file(path), "events"), interrupt
            )
        report = import_events(
            alder.system(), path, propose_plan(Source.of_file(path), "events"), lambda _: None
        )

    assert (report.stored, report.duplicates) == (1, 4)
    assert sorted(event.outcome for event in alder.log(IMPORTED)) == ["failure", "success"]


def test_import_without_the_permission_stores_nothing(app, alder, write):
    path = write(an_event())

    with app.app_context(), database().session(Scope(tenant_id=alder.tenant.id)):
        powerless = dataclasses.replace(alder.system(), permissions=frozenset())
        with pytest.raises(PermissionMissing):
            import_events(
                powerless, path, propose_plan(Source.of_file(path), "events"), lambda _: None
            )

    assert alder.log("door.opened") == []


def test_endless_variety_of_mistakes_is_summed_up(run, write):
    kinds = [an_event(outcome=f"outcome {number}") for number in range(100)]

    result = run(write(an_event(), *kinds))

    assert "100 refused" in result.output
    assert "50 × other reasons" in result.output


TABLE = (
    "Time,User,Action,Document\n"
    "2026-03-14 09:26:53,ann@example.org,Opened,Ledger\n"
    "2026-03-14 09:27:53,ben@example.org,Shared,=1+1\n"
    "yesterday,ben@example.org,Shared,Ledger\n"
)


@pytest.fixture
def call(app, alder):
    def call(path, *options):
        arguments = ["audit", "import", "--tenant", alder.tenant.slug, *options, str(path)]
        return app.test_cli_runner().invoke(args=arguments)

    return call


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "crm.csv"
    path.write_text(TABLE)
    return path


def test_format_is_told_by_the_file(call, tmp_path, alder):
    path = tmp_path / "logs.json"
    path.write_text(json.dumps([samples.OKTA, samples.OKTA | {"uuid": "another"}]))

    result = call(path)

    assert "Okta System Log: a JSON list, UTF-8" in result.output
    assert len(alder.log("okta.user.account.privilege.grant")) == 2


def test_preview_shows_the_mapping_as_options_and_stores_nothing(call, table, alder):
    result = call(table, "--preview")

    assert "--map \"action='crm' + Action\"" in result.output
    assert "ann@example.org crm.opened → Ledger (success)" in result.output
    assert "line 4: refused: the time cannot be read" in result.output
    assert alder.log("crm.opened") == []


def test_mapping_by_options_overrules_the_suggestion(call, table, alder):
    result = call(table, "--map", "action='ledger' + Action", "--zone", "Europe/Berlin")

    assert "2 records read" in result.output
    (event,) = alder.log("ledger.opened")
    assert event.occurred_at.isoformat() == "2026-03-14T08:26:53+00:00"


def test_saved_mapping_is_used_by_its_name(call, table, alder):
    with alder.session():
        fields = {"occurred_at": "Time", "action": "'saved' + Action"}
        save_mapping(
            alder.actor("owner"),
            "crm",
            Mapping({name: read_sources(one) for name, one in fields.items()}),
        )

    assert call(table, "--mapping", "crm").exit_code == 0
    assert len(alder.log("saved.shared")) == 1
    assert "No mapping called other" in call(table, "--mapping", "other").output


@pytest.mark.parametrize(
    ("option", "answer"),
    [
        (("--map", "nothing=x"), "the fields are action"),
        (("--map", "action='x"), "This cannot be read"),
        (("--zone", "Atlantis/Capital"), "is no time zone"),
    ],
)
def test_options_that_make_no_sense_are_answered_in_words(call, table, option, answer):
    result = call(table, *option)

    assert result.exit_code == 1
    assert answer in result.output


def test_refusals_are_written_to_a_file(call, table, tmp_path):
    path = tmp_path / "refused.csv"

    call(table, "--refusals", str(path))

    assert '"the time cannot be read","1","line","4"' in path.read_text()


def test_file_that_cannot_be_unpacked_is_answered_in_words(call, tmp_path):
    path = tmp_path / "x.gz"
    path.write_bytes(b"\x1f\x8bnothing of the kind")

    result = call(path)

    assert (result.exit_code, "gzip data" in result.output) == (1, True)
