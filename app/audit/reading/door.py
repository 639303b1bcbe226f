"""The API's doors out of the log: events that match, and one event."""

import json
from collections.abc import Sequence
from uuid import UUID

from flask import Response, request
from sqlalchemy import select

from app.audit.collection import exact_conditions
from app.audit.reading.asked import Asked, read_asked, write_cursor
from app.audit.reading.document import event_document
from app.audit.search.finding import find_lines
from app.audit.search.steps import Place
from app.audit.search.view import EVENTS
from app.audit.service import read_event, record_search
from app.kernel.actor import Actor
from app.kernel.collections.declaration import Moment, Wanted
from app.kernel.database import current_session
from app.kernel.standing import tenant_here

_JSON = "application/json"


def list_events(actor: Actor) -> Response:
    """Answer with a page of the events that match.

    A search is an event, once: its further pages are part of it.
    """
    asked = read_asked(actor, request.args)
    if asked.is_first:
        record_search(actor, query=asked.query.canonical())
    moment = Moment(asked.now, tenant_here().zone)
    wanted = Wanted(asked.query, moment, asked.place, asked.rising, asked.size + 1)
    found = find_lines(wanted, exact_conditions(asked.query, moment))
    lines = found.rows[: asked.size]
    place: Place | None = None
    if len(found.rows) > asked.size:
        place = (lines[-1].occurred_at, lines[-1].id)
    elif found.stopped_at is not None:
        place = (found.stopped_at[0], found.stopped_at[1])
    documents = documents_of([line.id for line in lines])
    return _answer(actor, asked, documents, place)


def show_event(actor: Actor, event_id: UUID) -> Response:
    """Answer with one event, and write into the log that it was read. Raises `NotFound`."""
    read_event(actor, event_id)
    return Response(documents_of([event_id])[0], content_type=_JSON)


def documents_of(ids: Sequence[UUID]) -> list[str]:
    """Return events of the tenant as JSON, in the order of the ids; those that are gone not."""
    if not ids:
        return []
    # The log's bare table, whose other wall is row-level security: ids are no secret of a tenant.
    statement = select(EVENTS.c.id, event_document(EVENTS)).where(EVENTS.c.id.in_(ids))
    found = {row[0]: str(row[1]) for row in current_session().execute(statement)}
    return [found[one] for one in ids if one in found]


def _answer(actor: Actor, asked: Asked, documents: Sequence[str], place: Place | None) -> Response:
    cursor = write_cursor(actor, asked, place) if place else None
    # The events are JSON already; nobody takes them apart only to put them together again.
    body = (
        f'{{"query":{json.dumps(asked.query.canonical(), ensure_ascii=False)}'
        f',"events":[{",".join(documents)}],"next":{json.dumps(cursor)}}}\n'
    )
    return Response(body, content_type=_JSON)
