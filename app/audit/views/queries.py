"""Reads of saved views: a person sees their own, and what was shared with the tenant."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import ColumnElement, String, and_, bindparam, or_, select

from app.audit.views.models import SavedView, SavedViewDefault
from app.kernel.actor import Actor
from app.kernel.database import current_session
from app.kernel.problems import NotFound

# Made once: every page of the log begins with it.
_PERSON = bindparam("person", type_=String)
_VIEWS_AND_DEFAULT = (
    select(SavedView, SavedViewDefault.view_id)
    .outerjoin(
        SavedViewDefault,
        and_(SavedViewDefault.view_id == SavedView.id, SavedViewDefault.person_id == _PERSON),
    )
    .where(or_(SavedView.owner_id == _PERSON, SavedView.is_shared))
)


def list_views(actor: Actor) -> list[SavedView]:
    """Return the views that the actor sees: their own first, then the shared, each by name."""
    statement = select(SavedView).where(_seen_by(actor))
    return _in_order(actor, current_session().scalars(statement))


def get_view(actor: Actor, view_id: UUID) -> SavedView:
    """Return one view that the actor sees. Raises `NotFound`."""
    statement = select(SavedView).where(SavedView.id == view_id, _seen_by(actor))
    found = current_session().scalar(statement)
    if found is None:
        raise NotFound
    return found


def list_views_and_default(actor: Actor) -> tuple[list[SavedView], UUID | None]:
    """Return the views that the actor sees, and which of them the log opens with, in one read."""
    rows = current_session().execute(_VIEWS_AND_DEFAULT, {"person": actor.id}).all()
    # What an outer join finds may be missing, whatever the column promises.
    defaults: list[UUID | None] = [view_id for _, view_id in rows]
    default = next(filter(None, defaults), None)
    return _in_order(actor, [view for view, _ in rows]), default


def find_default(actor: Actor) -> UUID | None:
    """Return the view that the log opens with for the actor, if they chose one."""
    statement = select(SavedViewDefault.view_id).where(SavedViewDefault.person_id == actor.id)
    return current_session().scalar(statement)


def _in_order(actor: Actor, views: Iterable[SavedView]) -> list[SavedView]:
    return sorted(views, key=lambda view: (view.owner_id != actor.id, view.name.casefold()))


def _seen_by(actor: Actor) -> ColumnElement[bool]:
    return or_(SavedView.owner_id == actor.id, SavedView.is_shared)
