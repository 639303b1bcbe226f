"""What an export holds: the rows of a query as of a moment, up to a watermark."""

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, FromClause, Select, literal, select

from app.audit.collection import AUDIT_LOG, exact_conditions
from app.audit.exports.cells import cells
from app.audit.exports.models import AuditExport, ExportForm
from app.audit.reading.document import event_document
from app.audit.search.days import days_of, lexemes_of
from app.audit.search.lexemes import mark_of
from app.audit.search.narrowing import TIME, narrow
from app.audit.search.steps import Stretch, in_index
from app.audit.search.view import EVENTS, SEARCHABLE, onto
from app.kernel.collections.declaration import Moment
from app.kernel.collections.spans import spans_of
from app.kernel.query_language.query import Query, parse
from app.kernel.query_language.times import TimeWindow
from app.kernel.tenant_wall import tenant_in_scope


@dataclass(frozen=True, slots=True)
class Selection:
    """Events that match a query, read at a moment, of leaves below the watermark."""

    query: Query
    moment: Moment
    watermark: int

    @property
    def spans(self) -> tuple[TimeWindow, ...]:
        """The stretches of time that the query leaves, apart from each other, oldest first."""
        return spans_of(self.query, TIME, self.moment)

    def rows(self, form: ExportForm, window: TimeWindow) -> Select[Any]:
        """Return the rows of a window as the form writes them, newest first.

        Where the query names something that the inverted index knows, the view is read through
        which the index can be used; otherwise the log itself.
        """
        tenant_id = tenant_in_scope()
        conditions = exact_conditions(self.query, self.moment)
        mark = mark_of(tenant_id)
        narrowing = narrow(self.query, mark)
        source: FromClause = EVENTS
        where: list[ColumnElement[bool]] = [EVENTS.c.tenant_id == tenant_id, *conditions]
        if narrowing.text is not None and narrowing.is_selective:
            source = SEARCHABLE
            days = days_of(Stretch(tenant_id, window, None, rising=False))
            # Together with its days the index leads to no event outside the window.
            words = f"{narrowing.text} & {lexemes_of(days, mark)}" if days else narrowing.text
            where = [
                *in_index(tenant_id, words),
                *(onto(one, source) for one in conditions),
            ]
        columns = cells(source) if form is ExportForm.CSV else [event_document(source)]
        # Nearly all leaves are below the watermark: as plain arithmetic it tempts nobody to look
        # for the rows by their leaves.
        where.append(source.c.leaf + literal(0) < self.watermark)
        return (
            select(*columns)
            .where(*where, *_within(window, source))
            .order_by(source.c.occurred_at.desc(), source.c.id.desc())
        )


def selection_of(export: AuditExport) -> Selection:
    """Return what an export holds: always the same, whenever it is asked."""
    query = parse(export.query, AUDIT_LOG.fields)
    return Selection(query, Moment(export.asked_at, ZoneInfo(export.zone)), export.watermark)


def _within(window: TimeWindow, source: FromClause) -> list[ColumnElement[bool]]:
    bounds = []
    if window.start is not None:
        bounds.append(source.c.occurred_at >= window.start)
    if window.end is not None:
        bounds.append(source.c.occurred_at < window.end)
    return bounds
