"""The list of legal holds."""

from flask import url_for
from sqlalchemy import Select, select

from app.audit.retention.holds.models import LegalHold
from app.audit.retention.holds.presenting import hold_badge, hold_words
from app.kernel.collections.declaration import Collection, Column, EmptyWords, declare
from app.kernel.times import time_cell


def _statement() -> Select[LegalHold]:
    return select(LegalHold)


HOLDS = declare(
    Collection(
        name="holds",
        title="Legal holds",
        caption="Legal holds, newest first",
        noun=("legal hold", "legal holds"),
        density="comfortable",
        columns=(
            Column("covers", "Covers", lambda hold, _: hold_words(hold)),
            Column("status", "Status", lambda hold, _: hold_badge(hold), type="badge"),
            Column(
                "since", "Since", lambda hold, zone: time_cell(hold.placed_at, zone), type="time"
            ),
            Column("by", "Placed by", lambda hold, _: hold.placed_by_name, priority=2),
        ),
        statement=_statement,
        order=(LegalHold.placed_at, LegalHold.id),
        sorted_by="since",
        row_id=lambda hold: str(hold.id),
        row_href=lambda hold: url_for("holds.show", hold_id=hold.id),
        empty=EmptyWords(
            "Nothing is under hold",
            "A hold keeps the events of a filter, or the whole log, from deletion.",
        ),
    )
)
