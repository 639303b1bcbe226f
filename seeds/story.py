"""The whole story: everything that the demonstration consists of, before it is stored."""

import datetime as dt
from dataclasses import dataclass, replace
from uuid import UUID

from app.audit.event import EventDraft
from app.identity.models import Account, Membership
from app.kernel.commands import Outcome
from app.vocabulary.audit_tags import AuditTag
from seeds import alder, alder_treasures, birch, birch_treasures
from seeds.cast import PEOPLE, TENANTS, DemoPerson, DemoTenant
from seeds.chance import Chance
from seeds.contracts import register_alder_types, register_birch_types
from seeds.desks import desk_and_home
from seeds.household import change_people, found_tenant
from seeds.refusals import tell_alder_refusals
from seeds.rhythm import Calendar
from seeds.scene import FOUNDED, Member, Scene
from seeds.sittings import tell_sittings

ALDER_SITTINGS, BIRCH_SITTINGS = 14, 8

_JOINED = ("08:52:40", "10:04:15", "10:37:52", "11:21:08", "13:48:33", "14:15:27")
_SHARED_ACTIONS = {AuditTag.SESSION_STARTED, AuditTag.SESSION_ENDED}
_ROLE_CHANGED, _SUSPENDED = "10:47:12", "16:05:31"


@dataclass(frozen=True, slots=True)
class Story:
    """The people's accounts, still without a password, and a scene for each tenant."""

    accounts: tuple[Account, ...]
    scenes: tuple[Scene, ...]


def tell_story(now: dt.datetime) -> Story:
    """Return the story of the six weeks up to `now`; the same story for the same `now`."""
    accounts = _accounts(now)
    account_ids = {account.email: account.id for account in accounts}
    scenes = tuple(_set_scene(tenant, account_ids, now) for tenant in TENANTS)
    alder_scene, birch_scene = scenes
    found_tenant(alder_scene, "Alder Health AB")
    change_people(alder_scene)
    register_alder_types(alder_scene)
    alder.tell_product(alder_scene)
    alder_treasures.hide_treasures(alder_scene)
    tell_alder_refusals(alder_scene)
    tell_sittings(alder_scene, ALDER_SITTINGS, alder.QUERIES)
    found_tenant(birch_scene, "Birch Energie")
    change_people(birch_scene)
    register_birch_types(birch_scene)
    birch.tell_product(birch_scene)
    birch_treasures.hide_treasures(birch_scene)
    tell_sittings(birch_scene, BIRCH_SITTINGS, birch.QUERIES)
    share_sign_ins(alder_scene, birch_scene)
    return Story(accounts, scenes)


def members_of(scene: Scene) -> list[Membership]:
    """Return the rows of a tenant's people as they are at the end of the story."""
    last_seen = {
        event.actor.id: event.occurred_at
        for event in scene.in_order()
        if event.outcome is Outcome.SUCCESS and event.session is not None
    }
    return [
        Membership(
            id=member.id,
            account_id=member.account_id,
            name=member.person.name,
            email=member.person.email,
            role=member.person.role.value,
            status=member.person.status,
            joined_at=member.joined_at,
            last_seen_at=last_seen.get(str(member.account_id)),
        )
        for member in scene.members
    ]


def share_sign_ins(scene: Scene, other: Scene) -> None:
    """Tell each tenant the sign-ins that a person of both made to visit the other.

    Signing in is an act on an account, and stands in the log of every tenant that it is in.
    """
    there, back = _sign_ins_meant_for(scene, other), _sign_ins_meant_for(other, scene)
    other.events += there
    scene.events += back


def _sign_ins_meant_for(scene: Scene, other: Scene) -> list[EventDraft]:
    joined_at = {str(member.account_id): member.joined_at for member in other.members}
    return [
        replace(event, id=other.chance.id_at(event.occurred_at))
        for event in scene.events
        if event.action in _SHARED_ACTIONS
        and event.actor.id in joined_at
        and event.occurred_at > joined_at[event.actor.id]
    ]


def _accounts(now: dt.datetime) -> tuple[Account, ...]:
    """Return one account for each address, made when its first place in a tenant was taken."""
    joined: dict[str, dt.datetime] = {}
    for tenant in TENANTS:
        calendar = Calendar(now, tenant.time_zone)
        for number, person in _people_of(tenant):
            at = _joined_at(calendar, number, person)
            joined[person.email] = min(at, joined.get(person.email, at))
    names = {person.email: person.name for person in PEOPLE}
    return tuple(
        Account(
            id=Chance(f"{email} {now}").id_at(at), email=email, name=names[email], created_at=at
        )
        for email, at in joined.items()
    )


def _set_scene(tenant: DemoTenant, account_ids: dict[str, UUID], now: dt.datetime) -> Scene:
    calendar, chance = Calendar(now, tenant.time_zone), Chance(f"{tenant.slug} {now}")
    tenant_id = chance.id_at(calendar.on_day(0, FOUNDED))
    members = []
    for number, person in _people_of(tenant):
        joined_at = _joined_at(calendar, number, person)
        desk, home = desk_and_home(tenant, person.email, number)
        member = Member(
            person=person,
            account_id=account_ids[person.email],
            id=chance.id_at(joined_at),
            joined_at=joined_at,
            role_changed_at=calendar.on_day(person.joined_day + 2, _ROLE_CHANGED)
            if person.started_as
            else None,
            suspended_at=None
            if person.suspended_day is None
            else calendar.on_day(person.suspended_day, _SUSPENDED),
            desk=desk,
            home=home,
        )
        members.append(member)
    return Scene(tenant, tenant_id, calendar, chance, tuple(members))


def _people_of(tenant: DemoTenant) -> list[tuple[int, DemoPerson]]:
    return list(enumerate(person for person in PEOPLE if person.tenant == tenant.slug))


def _joined_at(calendar: Calendar, number: int, person: DemoPerson) -> dt.datetime:
    return calendar.on_day(person.joined_day, _JOINED[number % len(_JOINED)])
