"""The page of the seal: how it stands, in words, and the evidence that is downloaded from it."""

import datetime as dt
import zipfile

import pytest
from sqlalchemy import text

from app.audit.proof import seal_state
from app.audit.proof.keys import load_keys
from app.audit.proof.proofs import seal_of
from app.audit.proof.publishing import publish_round
from app.audit.proof.rounds import check_round
from app.audit.proof.settings import SEAL, seal_settings
from app.audit.proof.standalone.assembly import FILE
from app.kernel import clock
from tests.audit.proof.conftest import judge


@pytest.fixture
def auditor(log):
    return log.world.as_person("auditor")


@pytest.fixture
def page(log, auditor):
    """Open the page of the seal."""
    return lambda: auditor.get(f"{log.world.path}/audit-log/seal")


@pytest.fixture
def settings_of(app, monkeypatch):
    """Change what the operator decided about the seal."""

    def change(**values):
        with app.app_context():
            old = seal_settings()
        settings = type(old)(**{"host": old.host, "keys": old.keys, **values})
        monkeypatch.setitem(app.extensions, SEAL, settings)

    return change


def test_sealed_log_says_so_and_how_far(log, page):
    log.tell(5)
    size = log.seal().size
    words = page().words
    assert f"Checkpoint of {size:,} events" in words
    assert "Sealed up to" in words
    assert "sealed within seconds" in words or "covered by a signed checkpoint" in words


def test_page_says_what_the_seal_does_not_prove(log, page):
    words = page().words
    assert "the seal detects that afterwards; it does not prevent it." in words
    assert "Without an outside copy they can write both anew, and nobody can tell." in words


def test_log_that_is_not_sealed_yet_has_no_checkpoint_and_no_error(page):
    assert "None yet; the first follows the first event." in page().words


def test_late_worker_is_named(log, page, monkeypatch):
    log.seal()
    log.tell(1)
    assert "being sealed" in page().words
    later = clock.now() + dt.timedelta(minutes=3)
    monkeypatch.setattr(seal_state.clock, "now", lambda: later)
    assert "The worker is behind" in page().words


def test_missing_key_is_named(log, page, settings_of, tmp_path):
    settings_of(keys=tmp_path / "nothing")
    assert "No signing key is set up" in page().words


def test_broken_seal_is_named_with_what_was_found(log, page, database_owner, app):
    log.tell(3)
    log.seal()
    statement = "UPDATE audit_events SET reason = 'x' WHERE tenant_id = :t AND leaf = 1"
    database_owner.execute(text(statement), {"t": log.world.tenant.id})
    database_owner.commit()
    with app.app_context():
        check_round([log.world.tenant.id])
    found = page()
    assert "broken" in found.words
    assert "The event of leaf 1 (" in found.words


def test_unreadable_checkpoint_is_named_and_no_error_page(log, page, database_owner):
    log.seal()
    statement = "UPDATE audit_checkpoints SET note = 'x' WHERE tenant_id = :t"
    database_owner.execute(text(statement), {"t": log.world.tenant.id})
    database_owner.commit()
    assert "What stands for the checkpoint" in page().words


def test_copies_outside_are_named_or_their_absence(log, page, app, settings_of, tmp_path):
    log.seal()
    assert "No checkpoint leaves this installation by itself" in page().words
    settings_of(publish_folder=tmp_path / "outside", publish_url="http://127.0.0.1:9/none")
    assert "The first checkpoint is on its way." in page().words
    with app.app_context():
        publish_round([log.world.tenant.id])
    words = page().words
    assert "kept" in words
    assert "failing The address could not be reached" in words
    assert str(tmp_path) not in words, "Where the operator keeps things is not the tenant's."


def test_keys_on_the_page_check_the_evidence_from_it(log, page, auditor):
    log.tell(4)
    log.seal()
    found = page()
    key = next(
        node.get("value") or "".join(node.itertext())
        for node in found.tree.iter()
        if "+" in (node.get("value") or "") or (node.tag == "code" and "+" in (node.text or ""))
    ).strip()
    path = log.folder / "kept.txt"
    path.write_text(
        auditor.get(found.links[f"Checkpoint of {log.checkpoint().size:,} events"]).text
    )
    assert judge(path, [key]).exit_code == 0


def test_whole_log_is_packed_from_the_form(log, auditor):
    log.tell(300)
    log.seal()
    kept = log.keep()
    log.tell(5)
    log.seal()
    form = auditor.get(f"{log.world.path}/audit-log/seal/packs/new").form("Make and download")
    values = {**form.values, "q": "action:door", "kept": kept.read_text().replace("\n", "\r\n")}
    answer = auditor.client.post(form.action, data=values)
    assert answer.status_code == 200
    assert answer.mimetype == "application/zip"
    assert f"filename=evidence-{log.world.tenant.slug}-" in answer.headers["Content-Disposition"]
    path = log.folder / "download.zip"
    path.write_bytes(answer.get_data())
    answer.close()
    report = judge(path, log.keys, [kept])
    assert report.exit_code == 0, str(report)
    with zipfile.ZipFile(path) as archive:
        assert len(archive.read("events.jsonl").splitlines()) == 305
    (event,) = log.world.log("audit_event.exported")
    assert event.extra == {"query": "action:door", "form": "pack"}


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"q": "outcome:maybe"}, "The filter could not be read"),
        ({"kept": "nothing of the kind"}, "This is no checkpoint"),
    ],
)
def test_mistake_in_the_form_makes_no_pack(log, auditor, values, words):
    log.seal()
    address = f"{log.world.path}/audit-log/seal/packs/new"
    page = auditor.submit(auditor.get(address), "Make and download", expect=422, **values)
    assert words in page.errors
    assert log.world.log("audit_event.exported") == []


def test_pack_of_a_log_without_a_seal_is_refused_in_words(log, auditor):
    address = f"{log.world.path}/audit-log/seal/packs/new"
    page = auditor.submit(auditor.get(address), "Make and download", expect=409)
    assert "Nothing is sealed yet" in page.errors


def test_pack_that_is_too_large_is_refused_with_the_command(log, auditor, monkeypatch):
    monkeypatch.setattr("app.audit.proof.routes.MOST_EVENTS", 3)
    log.tell(5)
    log.seal()
    address = f"{log.world.path}/audit-log/seal/packs/new"
    page = auditor.submit(auditor.get(address), "Make and download", expect=409)
    assert f"flask audit pack --tenant {log.world.tenant.slug}" in page.errors


def test_reader_who_may_not_export_makes_no_packs(log):
    reader = log.world.as_person("support")
    assert "Make a pack" not in reader.get(f"{log.world.path}/audit-log/seal").links
    reader.get(f"{log.world.path}/audit-log/seal/packs/new", expect=403)


def test_proof_of_an_event_is_downloaded_and_that_is_an_event(log, auditor):
    ids = log.tell(20)
    log.seal()
    answer = auditor.client.get(f"{log.world.path}/audit-log/seal/events/{ids[4]}")
    assert answer.headers["Content-Disposition"].endswith(f'"{ids[4]}.tlog-proof"')
    path = log.folder / "one.tlog-proof"
    path.write_bytes(answer.get_data())
    assert judge(path, log.keys).exit_code == 0
    assert log.world.log("audit_event.read")[-1].target_id == str(ids[4])


def test_proof_of_growth_is_downloaded(log, auditor):
    log.tell(20)
    old = log.seal().size
    kept = log.keep()
    log.tell(20)
    new = log.seal().size
    answer = auditor.client.get(f"{log.world.path}/audit-log/seal/growth/{old}/{new}")
    path = log.folder / "growth.txt"
    path.write_bytes(answer.get_data())
    assert judge(path, log.keys, [kept]).exit_code == 0
    auditor.get(f"{log.world.path}/audit-log/seal/growth/{new}/{old}", expect=404)


def test_everybody_may_have_the_keys_and_the_verifier(app, log, visitor):
    log.seal()
    answer = visitor.client.get("/seal/keys")
    with app.app_context():
        (key,) = load_keys(seal_settings().keys).keys
    assert f"{key.public.hex()} seal-key.pem signs" in answer.text
    assert answer.mimetype == "text/plain"
    answer = visitor.client.get("/seal/verifier")
    assert answer.get_data() == FILE.read_bytes()
    assert "ballast_verify.py" in answer.headers["Content-Disposition"]


def test_event_says_where_it_is_sealed_and_offers_its_proof(log, auditor):
    ids = log.tell(3)
    log.seal()
    for address in ("/{}", "?detail={}"):
        page = auditor.get(f"{log.world.path}/audit-log{address.format(ids[1])}")
        link = next(words for words in page.links if words.startswith("Proof of leaf"))
        path = log.folder / "one.tlog-proof"
        path.write_bytes(auditor.client.get(page.links[link]).get_data())
        assert judge(path, log.keys).exit_code == 0


def test_event_that_is_not_sealed_yet_says_so(log, auditor):
    log.seal()
    (late,) = log.tell(1)
    assert "Not sealed yet" in auditor.get(f"{log.world.path}/audit-log/{late}").words


def test_log_leads_to_its_seal(log, auditor):
    page = auditor.get(f"{log.world.path}/audit-log")
    assert auditor.get(page.links["Seal"]).heading == "Seal"


def test_first_checkpoint_of_a_log_knows_when_it_covered_an_event(log):
    log.tell(3)
    first = log.seal()
    log.tell(1)
    log.seal()
    with log.world.session():
        assert seal_of(log.world.log()[0]).sealed_at == first.created_at
