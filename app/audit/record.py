"""The door for the app's own actions: every command's event comes in here."""

from app.audit.event import EventDraft, Party
from app.audit.event_types.own import newest_own
from app.audit.store import store_events
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.commands import Done
from app.kernel.database import Scope, current_session, enter_scope, scope_of
from app.kernel.ids import uuid7
from app.vocabulary.audit_tags import AuditTag


def record_command(actor: Actor, tag: AuditTag, done: Done[object]) -> None:
    """Write the event of a command in its own transaction, so that neither is without the other.

    An act on an account (signing in) is written once into each tenant of `done.tenant_ids`;
    everything else into the tenant in scope.
    """
    session = current_session()
    if done.tenant_ids is None:
        store_events(session, [_draft(actor, tag, done)])
        return
    home = scope_of(session)
    for tenant_id in done.tenant_ids:
        enter_scope(session, Scope(tenant_id=tenant_id))
        store_events(session, [_draft(actor, tag, done)])
    enter_scope(session, home)


def _draft(actor: Actor, tag: AuditTag, done: Done[object]) -> EventDraft:
    source, kind = actor.source, newest_own(tag.value)
    return EventDraft(
        id=done.event_id or uuid7(),
        occurred_at=clock.now(),
        actor=Party(actor.type.value, actor.id, actor.name),
        action=tag.value,
        outcome=done.outcome,
        targets=tuple(Party(t.type, t.id, t.name) for t in done.targets),
        source_ip=source.ip,
        user_agent=source.user_agent,
        session=source.session,
        request_id=source.request_id,
        reason=done.reason,
        changes={
            key: {"before": change.before, "after": change.after}
            for key, change in done.changes.items()
        },
        metadata=dict(done.metadata),
        version=kind.version,
        retention=kind.retention,
    )
