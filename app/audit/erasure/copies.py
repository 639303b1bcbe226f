"""What the audit log keeps of a person outside its events, and letting go of it."""

from collections import Counter
from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import delete, select

from app.audit.erasure.elsewhere import reach_elsewhere
from app.audit.erasure.person import Person
from app.audit.exports.files import remove_files
from app.audit.exports.models import AuditExport, ExportStatus
from app.audit.exports.service import is_there
from app.audit.exports.settings import export_settings
from app.audit.ingest.imports.models import FileImport, ImportMapping, ImportStatus
from app.audit.ingest.imports.pieces import forget_pieces
from app.audit.ingest.quarantine.lock import lock_quarantine
from app.audit.ingest.quarantine.models import QuarantinedItem
from app.audit.proof.leaves import ERASED, ERASED_PERSON
from app.audit.retention.holds.models import LegalHold
from app.audit.views.models import SavedView, SavedViewDefault
from app.kernel import clock
from app.kernel.database import current_session
from app.kernel.mail import OutboxMessage
from app.kernel.tenant_wall import tenant_in_scope

# Refused items are read so many at a time; one is 64 KB at most.
_AT_ONCE = 200
_OPEN = (ImportStatus.WAITING.value, ImportStatus.RUNNING.value)


def count_copies(person: Person) -> Counter[str]:
    """Return what there is of a person outside the events, by kind.

    Exports and uploaded files count whole, whoever is in them: nobody looks into each.
    """
    return reach_elsewhere(person, clears=False) + Counter(
        {
            "exports": len(_exports()),
            "uploads": len(_uploads(ended=True)),
            "refused_items": sum(1 for _ in _refused_items(person)),
            "saved_views": len(_views(person)),
            "mails": len(_mails(person)),
            "uploads_waiting": len(_uploads(ended=False)),
            "holds": sum(
                person.is_mentioned_in(hold.query, hold.reason)
                for hold in current_session().scalars(select(LegalHold))
            ),
        }
    )


def clear_copies(person: Person) -> Counter[str]:
    """Let go of the copies, in the open transaction; return how many of each kind went.

    Uploads that wait to be imported and what holds say stay: others rely on them.
    """
    session = current_session()
    lock_quarantine(session)
    refused = list(_refused_items(person))
    session.execute(delete(QuarantinedItem).where(QuarantinedItem.id.in_(refused)))
    gone = reach_elsewhere(person, clears=True)
    gone.update({"refused_items": len(refused), "exports": _expire_exports(person)})
    for upload in _uploads(ended=True):
        forget_pieces(upload.id)
        gone["uploads"] += 1
    for view in _views(person):
        session.delete(view)
        gone["saved_views"] += 1
    session.execute(delete(SavedViewDefault).where(SavedViewDefault.person_id == person.id))
    for mail in _mails(person):
        session.delete(mail)
        gone["mails"] += 1
    session.flush()
    _clear_names(person)
    return gone


def remove_expired_files() -> None:
    """Delete the files of exports whose time ended with an erasure; the worker does it as well."""
    settings, tenant_id = export_settings(), tenant_in_scope()
    for export in current_session().scalars(select(AuditExport)):
        if export.status != ExportStatus.RUNNING and not is_there(export):
            remove_files(settings, tenant_id, export.id)


def _clear_names(person: Person) -> None:
    """Take a person out of what stays: reports of imports, and who uploaded or saved something."""
    for upload in current_session().scalars(select(FileImport)):
        kept = {why: n for why, n in upload.refusals.items() if not person.is_mentioned_in(why)}
        if len(kept) < len(upload.refusals):
            upload.refusals = kept
        if person.is_mentioned_in(upload.uploaded_by):
            upload.uploaded_by = ERASED_PERSON
        if person.is_mentioned_in(upload.file_name):
            upload.file_name = ERASED
    for mapping in current_session().scalars(select(ImportMapping)):
        if person.is_mentioned_in(mapping.saved_by):
            mapping.saved_by = ERASED_PERSON
    for view in current_session().scalars(select(SavedView)):
        if view.owner_id == person.id:
            view.owner_name = ERASED_PERSON


def _exports() -> list[AuditExport]:
    """Return the exports of which there is a file, or will be one."""
    exports = current_session().scalars(select(AuditExport))
    return [one for one in exports if one.status == ExportStatus.RUNNING or is_there(one)]


def _expire_exports(person: Person) -> int:
    now, ended = clock.now(), _exports()
    for export in ended:
        if export.status == ExportStatus.RUNNING:
            export.status, export.finished_at = ExportStatus.CANCELLED.value, now
        else:
            export.expires_at = now
    for export in current_session().scalars(select(AuditExport)):
        if export.asked_by == person.id:
            export.asked_by_name = ERASED_PERSON
        if person.is_mentioned_in(export.query):
            # What was asked for names them; of its file the worker finds that it is nobody's.
            remove_files(export_settings(), tenant_in_scope(), export.id)
            current_session().delete(export)
    return len(ended)


def _uploads(*, ended: bool) -> list[FileImport]:
    is_open = FileImport.status.in_(_OPEN)
    statement = select(FileImport).where(FileImport.has_file, ~is_open if ended else is_open)
    return list(current_session().scalars(statement))


def _refused_items(person: Person) -> Iterator[UUID]:
    last: UUID | None = None
    while True:
        statement = select(QuarantinedItem.id, QuarantinedItem.item, QuarantinedItem.problems)
        if last is not None:
            statement = statement.where(QuarantinedItem.id > last)
        rows = current_session().execute(statement.order_by(QuarantinedItem.id).limit(_AT_ONCE))
        page = rows.all()
        for item_id, item, problems in page:
            details = [one.get("detail") for one in problems]
            if person.is_mentioned_in(item, *details):
                yield item_id
        if len(page) < _AT_ONCE:
            return
        last = page[-1][0]


def _views(person: Person) -> list[SavedView]:
    """Return the views that name a person, and those that are theirs alone."""
    views = current_session().scalars(select(SavedView))
    return [
        view
        for view in views
        if person.is_mentioned_in(view.name, view.query)
        or (view.owner_id == person.id and not view.is_shared)
    ]


def _mails(person: Person) -> list[OutboxMessage]:
    """Return the mails that were sent and name a person as whom they went to, or what about."""
    sent = select(OutboxMessage).where(OutboxMessage.sent_at.is_not(None))
    return [
        mail
        for mail in current_session().scalars(sent)
        if person.is_mentioned_in(mail.recipient, mail.subject)
    ]
