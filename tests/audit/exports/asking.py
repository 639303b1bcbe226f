"""Asking for exports as a person does, and finding what became of them."""

import csv
import datetime as dt
import io

from app.audit.event import EventDraft, Party
from app.audit.exports.files import list_files, whole_path
from app.audit.exports.models import AuditExport
from app.audit.exports.settings import export_settings
from app.audit.store import store_events
from app.kernel import clock
from app.kernel.commands import Outcome
from app.kernel.database import unit_of_work
from app.kernel.ids import uuid7

SPREAD = dt.timedelta(minutes=7)


def tell_many(world, count, action="door.opened"):
    """Store events over many hours, every third one denied."""
    start = clock.now() - SPREAD * (count + 1)
    actor = Party("service", "controller", "Door controller")
    outcomes = (Outcome.SUCCESS, Outcome.FAILURE, Outcome.DENIED)
    with world.session() as session, unit_of_work():
        drafts = [
            EventDraft(uuid7(), start + SPREAD * number, actor, action, outcomes[number % 3])
            for number in range(count)
        ]
        store_events(session, drafts)
    return drafts


def post_export(person, world, query, form="csv"):
    """Send the form of the page for exports; return the answer as it is."""
    values = {"q": query, "form": form, "csrf_token": person.token()}
    return person.client.post(f"{world.path}/audit-log/exports/new", data=values, buffered=True)


def address_of(answer):
    """Return the address of the export that the answer leads to."""
    assert answer.status_code == 303
    return answer.headers["Location"]


def export_at(world, address):
    """Return the row behind the address of an export."""
    with world.session() as session:
        return session.get(AuditExport, (world.tenant.id, address.rpartition("/")[2]))


def files_of(world):
    """Return the names of the files that there are for a tenant."""
    with world.session():
        return sorted(path.name for _id, path in list_files(export_settings(), world.tenant.id))


def path_of(world, export):
    with world.session():
        return whole_path(export_settings(), world.tenant.id, export.id)


def ids_in(text):
    """Return the ids in the rows of a CSV, in their order."""
    return [row["id"] for row in csv.DictReader(io.StringIO(text, newline=""), strict=True)]
