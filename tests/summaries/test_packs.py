"""Evidence packs: made from the page of a signed summary, and checked like a stranger does."""

import io
import json
import random
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest
from sqlalchemy import select

from app.audit.models import AuditEvent
from app.audit.proof.kept_checkpoints import find_last_checkpoint
from app.audit.proof.keys import load_keys
from app.audit.proof.notes import VerifierKey
from app.audit.proof.pack_writing import PackOrder, write_pack
from app.audit.proof.rounds import seal_round
from app.audit.proof.settings import seal_settings
from app.audit.proof.verifier.pack_files import EVENTS
from app.audit.proof.verifier.program import question
from app.audit.proof.verifier.report import Unreadable
from app.kernel import clock
from app.kernel.ids import uuid7
from app.summaries.packs.checking import check_evidence
from app.summaries.packs.container import COVER, LOG, MEMBERS, README, SUMMARY, write_container
from app.summaries.packs.cover import HASHED, read_cover
from app.summaries.service import decisions
from app.summaries.service.review import recheck_stored
from tests.audit.proof.conftest import judge
from tests.audit.proof.pack_parts import changed, lines_of, rows
from tests.factories.audit import AuditEventFactory


@pytest.fixture
def signed(drafted):
    """A summary that support has signed, and that is sealed."""
    support = drafted.world.as_person("support")
    page = support.submit(support.get(drafted.path), "Approve")
    assert "Approved by" in page.words
    seal(drafted)
    return drafted


@pytest.fixture
def pack(signed, tmp_path):
    """The file that an auditor has downloaded."""
    path = tmp_path / "pack.zip"
    path.write_bytes(download(signed).data)
    return path


def seal(asked):
    with asked.world.app.app_context():
        seal_round([asked.world.tenant.id])


def download(asked, role="admin"):
    visitor = asked.world.as_person(role)
    path = f"{asked.path}/evidence"
    return visitor.client.post(path, data={"csrf_token": visitor.token()}, buffered=True)


def judged(path, *keys):
    return check_evidence(question(path, list(keys), [], []))


def parts(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def put_together(path, members, *, signs_anew=None):
    """Write a pack of changed parts as its writer would; `signs_anew` are keys to sign it with."""
    if signs_anew is not None:
        cover = read_cover(members[COVER].decode()).cover
        hashes = {name: sha256(members[name]).hexdigest() for name in HASHED}
        cover = replace(cover, hashes=hashes)
        members = {**members, COVER: signs_anew.sign_text(cover.text, cover.origin).encode()}
    with path.open("wb") as out:
        write_container(out, {name: io.BytesIO(members[name]) for name in MEMBERS})
    return path


def keys_of(signed):
    """The keys of the log, as an auditor has them from the page of the seal."""
    with signed.world.session():
        ring = load_keys(seal_settings().keys)
        origin = find_last_checkpoint().note.split("\n")[0]
        return ring, [str(key) for key in ring.verifier_keys(origin)]


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


def test_no_byte_of_a_pack_can_be_changed(pack):
    content = bytearray(pack.read_bytes())
    chance = random.Random(11)  # noqa: S311  repeatable
    with zipfile.ZipFile(pack) as archive:
        cover = archive.getinfo(COVER)
    beginning = range(0, cover.header_offset + 60 + cover.file_size, 3)
    end = range(len(content) - 400, len(content), 3)
    places = [*beginning, *end, *(chance.randrange(len(content)) for _ in range(150))]

    assert [place for place in places if passes_with(pack, content, place)] == []


@pytest.mark.proof
def test_no_byte_at_all_of_a_pack_can_be_changed(pack):
    content = bytearray(pack.read_bytes())

    assert [place for place in range(len(content)) if passes_with(pack, content, place)] == []


def passes_with(pack, content, place):
    """Say whether a pack with another byte at that place passes, checked with its own keys."""
    damaged = pack.with_name("damaged.zip")
    content[place] ^= 1 << place % 8
    damaged.write_bytes(content)
    content[place] ^= 1 << place % 8
    try:
        return judged(damaged).exit_code == 0
    except Unreadable:
        return False


def test_not_even_the_server_can_put_another_text_into_a_pack(signed, pack):
    ring, keys = keys_of(signed)
    members = parts(pack)
    document = json.loads(members[SUMMARY])
    document["title"] = "Nothing to see"
    members[SUMMARY] = json.dumps(document).encode()
    forged = put_together(pack.with_name("forged.zip"), members, signs_anew=ring)

    report = judged(forged, *keys)

    assert report.exit_code == 1
    assert "what was signed is another text than summary.json" in str(report)


def test_nor_can_it_leave_out_an_event_that_a_claim_rests_on(signed, pack):
    """The log inside proves what is in it, not that all is; so the claims do not hold of it."""
    ring, keys = keys_of(signed)
    cited = [event_id for claim in signed.claims for event_id in claim.event_ids]
    members, without = parts(pack), io.BytesIO()
    with signed.world.session():
        statement = select(AuditEvent).where(AuditEvent.id.not_in(cited))
        order = PackOrder(clock.now(), "https://ballast.example", "", statement)
        write_pack(without, order, find_last_checkpoint(), ring)
    members[LOG] = without.getvalue()
    forged = put_together(pack.with_name("forged.zip"), members, signs_anew=ring)

    report = judged(forged, *keys)

    assert report.exit_code == 1
    assert "claim 1 does not hold: " in str(report)


def test_events_that_were_changed_in_the_log_inside_are_named(signed, pack):
    ring, keys = keys_of(signed)
    members = parts(pack)
    inner = pack.with_name("inner.zip")
    inner.write_bytes(members[LOG])
    lines = lines_of(inner)
    lines[3]["event"]["outcome"] = "denied"
    members[LOG] = changed(inner, **{EVENTS: rows(lines)}).read_bytes()
    forged = put_together(pack.with_name("forged.zip"), members, signs_anew=ring)

    report = judged(forged, *keys)

    assert report.exit_code == 1
    assert "it is not what was sealed" in str(report)


def test_pack_of_somebody_elses_key_does_not_pass(signed, pack):
    stranger = VerifierKey("example.org/another-log", b"k" * 32)
    assert judged(pack, str(stranger)).exit_code == 1


@pytest.mark.parametrize("content", [b"", b"PK", b"{}", b"PK\x05\x06" + b"\x00" * 18])
def test_what_is_no_pack_cannot_be_read(tmp_path, content):
    path = tmp_path / "other.zip"
    path.write_bytes(content)
    with pytest.raises(Unreadable):
        judged(path)


@pytest.mark.parametrize(
    "change",
    [
        {"window": ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"]},
        {"events": [float("inf"), 0]},
        {"claims": [{}] * 100},
        {"claims": None},
        {"summary": 7},
    ],
)
def test_hostile_texts_end_in_words(pack, signed, change):
    ring, _ = keys_of(signed)
    members = parts(pack)
    document = {**json.loads(members[SUMMARY]), **change}
    members[SUMMARY] = json.dumps(document).replace("Infinity", "1e999").encode()

    try:
        report = judged(put_together(pack.with_name("hostile.zip"), members, signs_anew=ring))
    except Unreadable:
        return
    assert report.exit_code == 1


def test_zone_that_is_a_folder_ends_in_words(pack, signed):
    ring, _ = keys_of(signed)
    members = parts(pack)
    text = members[COVER].decode().split("\n\n")[0].replace("zone UTC", "zone America")
    members[COVER] = ring.sign_text(f"{text}\n", text.split("\n")[1].split(" ")[1]).encode()

    with pytest.raises(Unreadable):
        judged(put_together(pack.with_name("hostile.zip"), members))


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


def test_approval_that_a_program_sent_is_none(signed, tmp_path):
    """Programs may write any action into the log; who they are stands in the event."""
    signed.world.make(
        AuditEventFactory,
        action="summary.approved",
        target_type="summary",
        target_id=str(signed.id),
        extra={"hash": "0" * 64, "claims": 1},
        received_from="a key",
    )
    seal(signed)
    path = tmp_path / "pack.zip"
    path.write_bytes(download(signed).data)

    assert judged(path).exit_code == 0


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
