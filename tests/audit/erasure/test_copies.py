"""What is kept of a person outside the events goes with them, and nothing else does."""

import datetime as dt

import pytest
from sqlalchemy import select

from app.audit.exports import requesting
from app.audit.exports.files import whole_path
from app.audit.exports.models import AuditExport
from app.audit.exports.settings import export_settings
from app.audit.ingest.imports.models import FileImport
from app.audit.ingest.quarantine.models import QuarantinedItem
from app.audit.views.models import SavedView
from app.kernel import clock
from app.kernel.mail import OutboxMessage
from tests.audit.erasure.conftest import ANA
from tests.factories.erasure import PersonErasureFactory
from tests.factories.imports import FileImportFactory
from tests.factories.mail import OutboxMessageFactory
from tests.factories.quarantine import QuarantinedItemFactory


@pytest.fixture
def kept(log):
    """Return the values of a column of a table that are left, in order."""

    def values(column):
        with log.world.session() as session:
            return sorted(map(str, session.scalars(select(column))))

    return values


def test_saved_views_that_name_her_go_and_others_stay(log, kept):
    log.tell_of_ana()
    owner = log.world.as_person("owner")
    for name, query in (("Hers", "actor:u-ana"), ("Failures", "outcome:failure")):
        page = owner.get(f"{log.world.path}/audit-log/views/new", query_string={"q": query})
        owner.submit(page, "Save view", name=name)
    log.erase_ana()
    assert kept(SavedView.name) == ["Failures"]
    assert log.world.log("erasure.finished")[0].extra["saved_views_deleted"] == 1


def test_files_of_exports_made_before_end(log, kept, run_jobs, monkeypatch):
    monkeypatch.setattr(requesting, "MOST_AT_ONCE", 1)
    log.tell_of_ana()
    log.tell(1, actor=ANA)
    owner = log.world.as_person("owner")
    for query in ("action:door", "actor:u-ana"):
        page = owner.get(f"{log.world.path}/audit-log/exports/new", query_string={"q": query})
        owner.submit(page, "Export")
    run_jobs()
    with log.world.session() as session:
        exports = list(session.scalars(select(AuditExport)))
        paths = [whole_path(export_settings(), log.world.tenant.id, one.id) for one in exports]
    assert all(path.is_file() for path in paths)
    log.erase_ana()
    assert not any(path.exists() for path in paths)
    assert kept(AuditExport.query) == ["action:door"]
    listed = owner.get(f"{log.world.path}/audit-log/exports")
    assert any("expired" in row for row in listed.rows)


def test_refused_items_that_name_her_go_and_others_stay(log, kept):
    log.tell_of_ana()
    for text in ('{"who": "Ana Ruiz"}', '{"who": "Annual"}'):
        log.world.make(QuarantinedItemFactory, item=text, item_bytes=len(text))
    log.erase_ana()
    assert kept(QuarantinedItem.item) == ['{"who": "Annual"}']


def test_uploaded_files_whose_import_ended_go_and_those_that_wait_stay(log, kept):
    log.tell_of_ana()
    for status in ("finished", "waiting"):
        log.world.make(FileImportFactory, status=status, has_file=True)
    page = log.erase_ana()
    assert kept(FileImport.has_file) == ["False", "True"]
    assert "uploads that wait to be imported" in page.words


def test_mails_that_were_sent_to_her_go(log, kept):
    log.tell_of_ana()
    now = clock.now()
    for recipient in ("ana@example.org", "tomas@example.org"):
        log.world.make(OutboxMessageFactory, recipient=recipient, sent_at=now)
    log.erase_ana()
    assert kept(OutboxMessage.recipient) == ["tomas@example.org"]


def test_other_tenant_keeps_everything(log, birch):
    log.tell_of_ana()
    birch.make(PersonErasureFactory, asked_at=clock.now() - dt.timedelta(days=1))
    birch.make(QuarantinedItemFactory, item='{"who": "Ana Ruiz"}')
    before = len(birch.log())
    log.erase_ana()
    with birch.session() as session:
        assert session.scalars(select(QuarantinedItem)).one().item == '{"who": "Ana Ruiz"}'
    assert len(birch.log()) == before
    assert not any(event.erased_at for event in birch.log())
