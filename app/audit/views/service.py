"""Commands on saved views: what is shared is kept by everybody who may share."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, func, select

from app.audit.collection import AUDIT_LOG
from app.audit.tenant_lock import lock_in_tenant
from app.audit.views.columns import canonical_columns
from app.audit.views.models import SavedView, SavedViewDefault
from app.audit.views.queries import find_default, get_view
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.commands import Change, Done, Target, command
from app.kernel.database import current_session
from app.kernel.ids import uuid7
from app.kernel.problems import InvalidInput, PermissionMissing, Refused
from app.kernel.query_language.query import parse
from app.kernel.untrusted_text import is_storable
from app.vocabulary.audit_tags import AuditTag
from app.vocabulary.permissions import Permission

MAX_NAME = 40
# Of one person, and of what is shared in a tenant.
MAX_VIEWS = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """What a view shows: text of the query language, and the keys of its columns."""

    query: str
    columns: str = ""


@command(requires=Permission.SAVED_VIEW_CREATE, audit=AuditTag.SAVED_VIEW_CREATED)
def create_view(actor: Actor, asked: Asked, *, name: str, is_shared: bool) -> Done[SavedView]:
    """Keep what the log shows under a name.

    Raises `InvalidInput` for a query that cannot be read, `Refused` for a name that the actor
    has given already or for more views than there may be, `PermissionMissing` for sharing.
    """
    if is_shared:
        _demand_sharing(actor)
    lock_in_tenant(current_session(), "saved views")
    view = SavedView(
        id=uuid7(),
        owner_id=actor.id,
        owner_name=actor.name,
        name=_free_name(actor.id, name),
        query=_canonical(asked.query),
        columns=canonical_columns(asked.columns),
        is_shared=is_shared,
        updated_at=clock.now(),
    )
    _demand_room(view)
    current_session().add(view)
    changes = {"query": Change(None, view.query), "columns": Change(None, view.columns)}
    return Done(view, (_target(view),), changes, metadata={"shared": is_shared})


@command(requires=Permission.SAVED_VIEW_CREATE, audit=AuditTag.SAVED_VIEW_UPDATED)
def update_view(
    actor: Actor,
    view_id: UUID,
    *,
    asked: Asked | None = None,
    name: str | None = None,
    is_shared: bool | None = None,
) -> Done[SavedView]:
    """Change what a view shows, how it is called, or who sees it; None leaves a part as it is.

    Raises what `create_view` raises, and what `get_kept_view` does.
    """
    lock_in_tenant(current_session(), "saved views")
    view = get_kept_view(actor, view_id)
    before = _parts(view)
    if name is not None and name != view.name:
        view.name = _free_name(view.owner_id, name)
    if is_shared is not None and is_shared != view.is_shared:
        _demand_sharing(actor)
        view.is_shared = is_shared
        # Nobody can take away what is theirs from somebody else by unsharing it.
        _demand_owner_when_private(actor, view)
        _demand_room(view)
    if asked is not None:
        view.query, view.columns = _canonical(asked.query), canonical_columns(asked.columns)
    view.updated_at = clock.now()
    after = _parts(view)
    changes = {key: Change(before[key], after[key]) for key in before if before[key] != after[key]}
    return Done(view, (_target(view),), changes)


@command(requires=Permission.SAVED_VIEW_CREATE, audit=AuditTag.SAVED_VIEW_DELETED)
def delete_view(actor: Actor, view_id: UUID) -> Done[None]:
    """Delete a view; the log opens without it for everybody.

    Raises what `get_kept_view` does.
    """
    view = get_kept_view(actor, view_id)
    target = _target(view)
    changes = {"query": Change(view.query, None), "columns": Change(view.columns, None)}
    current_session().delete(view)
    return Done(None, (target,), changes, metadata={"shared": view.is_shared})


@command(requires=Permission.SAVED_VIEW_CREATE, audit=AuditTag.SAVED_VIEW_DEFAULT_CHANGED)
def choose_default(actor: Actor, view_id: UUID | None) -> Done[None]:
    """Open the log with a view from now on, for the actor alone; None: with all events.

    Raises `NotFound`.
    """
    session, former = current_session(), find_default(actor)
    session.execute(delete(SavedViewDefault).where(SavedViewDefault.person_id == actor.id))
    targets: tuple[Target, ...] = ()
    if view_id is not None:
        targets = (_target(get_view(actor, view_id)),)
        session.add(SavedViewDefault(person_id=actor.id, view_id=view_id))
    change = Change(str(former) if former else None, str(view_id) if view_id else None)
    return Done(None, targets, {"view": change})


def may_keep(actor: Actor, view: SavedView) -> bool:
    """Say whether the actor may change and delete a view that they see."""
    if view.is_shared:
        return actor.may(Permission.SAVED_VIEW_SHARE)
    return view.owner_id == actor.id and actor.may(Permission.SAVED_VIEW_CREATE)


def get_kept_view(actor: Actor, view_id: UUID) -> SavedView:
    """Return a view that the actor may change and delete. Raises `NotFound` and `Refused`."""
    view = get_view(actor, view_id)
    if not may_keep(actor, view):
        raise Refused(
            f"“{view.name}” is shared, and only those who may share views change or delete it."
            " Save a view of your own instead."
        )
    return view


def _demand_sharing(actor: Actor) -> None:
    if not actor.may(Permission.SAVED_VIEW_SHARE):
        raise PermissionMissing(Permission.SAVED_VIEW_SHARE)


def _demand_owner_when_private(actor: Actor, view: SavedView) -> None:
    if not view.is_shared and view.owner_id != actor.id:
        raise Refused(
            f"Only {view.owner_name} can make this view private. You can delete it, or save one"
            " of your own."
        )


def _canonical(text: str) -> str:
    query = parse(text, AUDIT_LOG.fields)
    if query.errors:
        raise InvalidInput(f"The filter could not be read. {query.errors[0].sentence}")
    return query.canonical()


def _free_name(owner_id: str, name: str) -> str:
    if not 0 < len(name) <= MAX_NAME or not name.strip() or not is_storable(name):
        raise InvalidInput(f"A name has 1 to {MAX_NAME} characters.")
    statement = select(SavedView.id).where(SavedView.owner_id == owner_id, SavedView.name == name)
    if current_session().scalar(statement) is not None:
        raise Refused(f"There is a view called “{name}” already. Choose another name.")
    return name


def _demand_room(view: SavedView) -> None:
    statement = select(func.count()).select_from(SavedView).where(SavedView.id != view.id)
    if view.is_shared:
        statement, whose = statement.where(SavedView.is_shared), "The tenant shares"
    else:
        statement = statement.where(SavedView.owner_id == view.owner_id, ~SavedView.is_shared)
        whose = "You have"
    if (current_session().scalar(statement) or 0) >= MAX_VIEWS:
        raise Refused(f"{whose} {MAX_VIEWS} views already. Delete one that nobody uses.")


def _parts(view: SavedView) -> dict[str, str]:
    shared = "with everybody" if view.is_shared else "with nobody"
    return {"name": view.name, "query": view.query, "columns": view.columns, "shared": shared}


def _target(view: SavedView) -> Target:
    return Target("saved_view", str(view.id), view.name)
