"""Evidence packs: made from the page of a signed summary, and checked like a stranger does."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from hashlib import sha256

import pytest

from app.kernel import clock
from app.kernel.ids import uuid7
from app.summaries.packs.container import LOG, README, SUMMARY
from app.summaries.service import decisions
from app.summaries.service.review import recheck_stored
from tests.audit.proof.conftest import judge
from tests.audit.proof.pack_parts import lines_of
from tests.factories.audit import AuditEventFactory
from tests.summaries.packs import download, judged, keys_of, parts, seal


def test_auditor_downloads_a_pack_that_proves_text_events_and_signature(signed, pack):
    _, keys = keys_of(signed)

    report = judged(pack, *keys)

    assert report.exit_code == 0, str(report)
    text = str(report)
    claims = [claim for claim in signed.claims if claim.removed_at is None]
    assert "Support reviewer of Alder signed at" in text
    assert "Analyst of Alder had asked for it: two people" in text
    assert f"all {len(claims)} claims hold of the {signed.row.events_total} events" in text


def test_who_looked_at_the_summary_is_not_in_it(signed, pack):
    inner = pack.with_name("log.zip")
    inner.write_bytes(parts(pack)[LOG])
    about = [
        line["event"]["action"]
        for line in lines_of(inner)
        if [target["id"] for target in line["event"]["targets"]] == [str(signed.id)]
    ]

    assert signed.world.log("audit_event.read")
    assert about == ["summary.requested", "summary.drafted", "summary.approved"]


def test_what_was_signed_is_in_it_byte_for_byte_and_so_is_the_record_of_it(signed, pack):
    members = parts(pack)

    assert sha256(members[SUMMARY]).hexdigest() == signed.row.approved_hash
    (exported,) = signed.world.log("summary.evidence_exported")
    assert exported.target_id == str(signed.id)
    assert exported.extra["sha256"] == sha256(pack.read_bytes()).hexdigest()
    assert "flask summaries verify" in members[README].decode()


def test_pack_of_the_log_inside_is_one_for_itself(signed, pack, tmp_path):
    inner = tmp_path / "log.zip"
    inner.write_bytes(parts(pack)[LOG])
    _, keys = keys_of(signed)

    assert judge(inner, keys).exit_code == 0


def test_events_that_come_after_the_signature_change_nothing(signed, tmp_path):
    row = signed.row
    signed.world.make(
        AuditEventFactory,
        occurred_at=row.window_end - timedelta(minutes=5),
        actor_id="u-tomas",
        actor_name="Tomas Ek",
        action="session.started",
        outcome="failure",
        source_ip="198.51.100.7",
    )
    seal(signed)
    path = tmp_path / "later.zip"
    path.write_bytes(download(signed).data)

    assert judged(path).exit_code == 0


def test_what_is_signed_holds_of_all_that_the_log_took_in_before(drafted, monkeypatch):
    """An event that slips in while the claims are read is found before the signature."""
    row = drafted.row

    def read_and_slip(summary, claim):
        checked = recheck_stored(summary, claim)
        monkeypatch.setattr(decisions, "recheck_stored", recheck_stored)
        with ThreadPoolExecutor(1) as pool:
            pool.submit(
                drafted.world.make,
                AuditEventFactory,
                occurred_at=row.window_start + timedelta(minutes=1),
                actor_id="u-tomas",
                actor_name="Tomas Ek",
                action="session.started",
                outcome="failure",
                target_type="session",
                target_id="s-1",
                source_ip="198.51.100.7",
            ).result()
        return checked

    monkeypatch.setattr(decisions, "recheck_stored", read_and_slip)
    support = drafted.world.as_person("support")
    page = support.submit(support.get(drafted.path), "Approve", expect=409)

    assert "does not hold any more" in page.words
    assert drafted.row.status == "in_review"


def test_before_the_approval_is_sealed_it_asks_for_patience(drafted):
    support = drafted.world.as_person("support")
    support.submit(support.get(drafted.path), "Approve")

    answer = download(drafted)

    assert answer.status_code == 409
    assert "not sealed yet" in answer.text


def test_pack_that_would_prove_nothing_is_not_handed_out(signed, remove):
    remove(*signed.claims[0].event_ids)

    answer = download(signed)

    assert answer.status_code == 409
    assert "No pack can be made that proves this summary" in answer.text
    assert signed.world.log("summary.evidence_exported") == []


def test_pack_made_before_an_erasure_stays_right(signed, pack, remove):
    remove(*signed.claims[0].event_ids)

    assert judged(pack).exit_code == 0


def test_withdrawn_summary_says_so_in_its_pack(signed, tmp_path):
    owner = signed.world.as_person("owner")
    page = owner.get(f"{signed.path}/withdrawal")
    owner.submit(page, "Withdraw", reason="The badge was lent")
    seal(signed)
    path = tmp_path / "withdrawn.zip"
    path.write_bytes(download(signed, "owner").data)

    report = judged(path)

    assert report.exit_code == 0
    assert "Owner of Alder withdrew it" in str(report)


@pytest.mark.parametrize("address", ["2001:db8:0:0:1:0:0:7", "::ffff:192.0.2.1", "fe80::1"])
def test_addresses_are_the_same_in_claims_and_in_the_pack(alder, ask, run_jobs, tmp_path, address):
    """The database, the leaf and the sentence may spell an address each in its own way."""
    at = clock.now() - timedelta(minutes=5)
    event = {"action": "door.forced", "outcome": "denied", "source_ip": address}
    alder.make(AuditEventFactory, occurred_at=at, **event)
    asked, _, _ = ask("action:door.forced")
    run_jobs()
    support = alder.as_person("support")
    support.submit(support.get(asked.path), "Approve")
    seal(asked)
    path = tmp_path / "pack.zip"
    path.write_bytes(download(asked).data)

    assert any(claim.fields["ip"] for claim in asked.claims)
    assert judged(path).exit_code == 0


def test_draft_has_no_pack(drafted):
    assert download(drafted).status_code == 409


def test_only_who_may_export_the_log_gets_one(signed):
    assert download(signed, "support").status_code == 403


def test_summary_of_another_tenant_is_not_there(signed, birch):
    admin = birch.as_person("admin")
    assert admin.client.get(f"{birch.path}/summaries/{signed.id}/evidence").status_code == 404
    assert admin.client.get(f"{signed.path}/evidence").status_code == 404


def test_commands_make_and_check_a_pack(app, signed, tmp_path):
    def run(*arguments):
        return app.test_cli_runner().invoke(args=["summaries", *map(str, arguments)])

    path = tmp_path / "made.zip"
    slug = signed.world.tenant.slug
    made = run("pack", "--tenant", slug, signed.id, path)
    assert made.exit_code == 0, made.output
    assert f"events are in {path}" in made.output

    right = run("verify", path, "--key", keys_of(signed)[1][0])
    assert right.exit_code == 0
    assert "RIGHT: this is what was sealed." in right.output

    published = tmp_path / "keys.txt"
    published.write_text(app.test_client().get("/seal/keys").text)
    key_in_hex = published.read_text().splitlines()[1].split(" ")[0]
    assert run("verify", path, "--key", published).exit_code == 0
    assert run("verify", path, "--key", key_in_hex).exit_code == 0
    assert run("verify", path, "--key", "0" * 64).exit_code == 1

    path.write_bytes(path.read_bytes()[:-1])
    assert run("verify", path).exit_code == 2
    assert "CANNOT READ" in run("verify", tmp_path / "none.zip").output
    assert "no such summary" in run("pack", "--tenant", slug, uuid7(), path).output
