"""The list of erasures."""

from flask import url_for
from sqlalchemy import Select, select

from app.audit.erasure.models import PersonErasure
from app.audit.erasure.presenting import erasure_badge, whom
from app.kernel.collections.declaration import Collection, Column, EmptyWords, declare
from app.kernel.times import time_cell


def _statement() -> Select[PersonErasure]:
    return select(PersonErasure)


ERASURES = declare(
    Collection(
        name="erasures",
        title="Erasures",
        caption="Erasures of a person, newest first",
        noun=("erasure", "erasures"),
        density="comfortable",
        columns=(
            Column("asked", "Asked", lambda one, zone: time_cell(one.asked_at, zone), type="time"),
            Column("status", "Status", lambda one, _: erasure_badge(one), type="badge"),
            Column("whom", "Whom", lambda one, _: whom(one)),
            Column("erased", "Events erased", lambda one, _: f"{one.erased:,}", type="num"),
            Column("held", "Held", lambda one, _: f"{one.held:,}", type="num", priority=2),
            Column("by", "Asked by", lambda one, _: one.asked_by_name, priority=3),
        ),
        statement=_statement,
        order=(PersonErasure.asked_at, PersonErasure.id),
        sorted_by="asked",
        row_id=lambda one: str(one.id),
        row_href=lambda one: url_for("erasures.show", erasure_id=one.id),
        empty=EmptyWords(
            "Nobody was erased",
            "One person asks for it, another confirms it. What goes is counted first.",
        ),
    )
)
