"""What people do in the console: they sign in, look into the log, and leave."""

import datetime as dt
from dataclasses import dataclass, replace
from uuid import UUID

from app.audit.event import EventDraft, Party
from app.identity.models import SignInSession
from app.identity.roles import Role
from app.identity.sessions import LIFETIME
from app.kernel.actor import Source
from app.kernel.commands import Outcome
from app.vocabulary.audit_tags import AuditTag
from app.vocabulary.permissions import Permission
from seeds.rhythm import OFFICE
from seeds.scene import Member, Scene, recent

# Browsers that are still signed in; older sittings are told by their events alone.
_STILL_OPEN = dt.timedelta(days=3)

_SETTLING_IN = dt.timedelta(hours=1)
# No sitting takes longer, so that nobody acts on after being suspended.
_LONGEST = dt.timedelta(hours=1)
_FROM_HOME = 0.25
_MISTYPED = 0.07
_SIGNS_OUT = 0.4
_REFUSED = 0.05

# How often each role does what in the console; only what the role may do.
_HABITS: dict[Role, dict[AuditTag, float]] = {
    Role.OWNER: {AuditTag.AUDIT_EVENT_SEARCHED: 5, AuditTag.AUDIT_EVENT_READ: 4},
    Role.ADMIN: {AuditTag.AUDIT_EVENT_SEARCHED: 5, AuditTag.AUDIT_EVENT_READ: 4},
    Role.ANALYST: {
        AuditTag.AUDIT_EVENT_SEARCHED: 6,
        AuditTag.AUDIT_EVENT_READ: 5,
        AuditTag.AUDIT_EVENT_EXPORTED: 0.5,
    },
    Role.SUPPORT: {AuditTag.AUDIT_EVENT_SEARCHED: 4, AuditTag.AUDIT_EVENT_READ: 5},
    Role.AUDITOR: {
        AuditTag.AUDIT_EVENT_SEARCHED: 5,
        AuditTag.AUDIT_EVENT_READ: 5,
        AuditTag.AUDIT_EVENT_EXPORTED: 1,
    },
    Role.EDITOR: {},
}

# Pages that a role meets a refusal at, by a link that a colleague sent.
_REFUSALS: dict[Role, tuple[Permission, str]] = {
    Role.ANALYST: (Permission.SETTING_READ, "settings.index"),
    Role.SUPPORT: (Permission.API_KEY_READ, "keys.index"),
    Role.EDITOR: (Permission.AUDIT_EVENT_READ, "audit.index"),
    Role.AUDITOR: (Permission.MEMBER_CREATE, "invitations.new"),
}


@dataclass(frozen=True, slots=True)
class Sitting:
    """One visit to the console: whose, from where, and what the log was like before it."""

    member: Member
    source: Source
    role: Role
    past: list[EventDraft]
    queries: tuple[str, ...]


def tell_sittings(scene: Scene, each: int, queries: tuple[str, ...]) -> None:
    """Tell so many visits of each member, fewer for those who joined late or left."""
    past = scene.in_order()
    for member in scene.members:
        share = (scene.calendar.now - member.joined_at) / (
            scene.calendar.now - scene.calendar.start
        )
        since = member.joined_at + _SETTLING_IN
        moments = scene.calendar.spread(scene.chance, round(each * share), OFFICE, since)
        for at in moments:
            if member.is_active_at(at + _LONGEST):
                place = member.home if scene.chance.holds(_FROM_HOME) else member.desk
                sitting = Sitting(member, place, member.role_at(at), past, queries)
                _tell_sitting(scene, sitting, at)


def sign_in(scene: Scene, member: Member, place: Source, at: dt.datetime) -> Source:
    """Tell a successful sign-in; return the place with the session that began."""
    session_id = scene.chance.id_at(at)
    target = Party("session", str(session_id), place.ip or "session")
    scene.record(at, member.actor, AuditTag.SESSION_STARTED, place, targets=(target,))
    return replace(place, session=str(session_id))


def fail_sign_in(scene: Scene, member: Member, place: Source, at: dt.datetime) -> None:
    """Tell a sign-in with a wrong password."""
    scene.record(
        at,
        member.actor,
        AuditTag.SESSION_STARTED,
        place,
        outcome=Outcome.FAILURE,
        reason="password",
    )


def keep_session(
    scene: Scene, member: Member, source: Source, started_at: dt.datetime, seen_at: dt.datetime
) -> None:
    """Keep the row of a browser that is still signed in."""
    if source.session is None or scene.calendar.now - started_at > _STILL_OPEN:
        return
    row = SignInSession(
        id=UUID(source.session),
        secret_hash=scene.chance.unusable_hash(),
        account_id=member.account_id,
        started_at=started_at,
        last_seen_at=min(seen_at, scene.calendar.now),
        expires_at=started_at + LIFETIME,
        ip=source.ip,
        user_agent=source.user_agent,
    )
    scene.sessions.append(row)


def _tell_sitting(scene: Scene, sitting: Sitting, at: dt.datetime) -> None:
    chance, member = scene.chance, sitting.member
    if chance.holds(_MISTYPED):
        fail_sign_in(scene, member, sitting.source, at - chance.pause(8, 40))
    source = sign_in(scene, member, sitting.source, at)
    last = at
    habits = _HABITS[sitting.role]
    for _ in range(chance.randint(1, 6) if habits else 0):
        last += chance.pause(15, 300)
        _act(scene, sitting, chance.weighted(habits), source, last)
    if sitting.role in _REFUSALS and chance.holds(_REFUSED):
        last += chance.pause(20, 200)
        _be_refused(scene, sitting, source, last)
    signs_out_at = last + chance.pause(60, 1500)
    if chance.holds(_SIGNS_OUT) and signs_out_at < scene.calendar.now:
        target = Party("session", str(source.session), str(source.ip))
        ended = AuditTag.SESSION_ENDED
        scene.record(signs_out_at, member.actor, ended, source, targets=(target,))
    else:
        keep_session(scene, member, source, at, last)


def _act(scene: Scene, sitting: Sitting, tag: AuditTag, source: Source, at: dt.datetime) -> None:
    actor = sitting.member.actor
    if tag is AuditTag.AUDIT_EVENT_READ:
        event = recent(scene.chance, sitting.past, at)
        if event is not None:
            target = Party("audit_event", str(event.id), event.action)
            scene.record(at, actor, tag, source, targets=(target,))
        return
    metadata = {"query": scene.chance.choice(sitting.queries)}
    if tag is AuditTag.AUDIT_EVENT_EXPORTED:
        metadata["form"] = "csv"
    scene.record(at, actor, tag, source, metadata=metadata)


def _be_refused(scene: Scene, sitting: Sitting, source: Source, at: dt.datetime) -> None:
    permission, endpoint = _REFUSALS[sitting.role]
    scene.record(
        at,
        sitting.member.actor,
        AuditTag.ACCESS_DENIED,
        source,
        outcome=Outcome.DENIED,
        metadata={"permission": permission.value, "endpoint": endpoint, "method": "GET"},
    )
