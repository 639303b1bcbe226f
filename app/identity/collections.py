"""People, invitations and keys as list pages."""

from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for
from sqlalchemy import select

from app.identity.models import ApiKey, Invitation, Membership
from app.identity.roles import Role
from app.kernel import clock
from app.kernel.collections.declaration import Collection, Column, EmptyWords, Filter, declare
from app.kernel.collections.filters import begins_with, equals_any
from app.kernel.query_language.terms import Field, Kind
from app.kernel.times import date, time_cell, time_cell_or

_STATUS_TONES = {
    "active": "success",
    "suspended": "warning",
    "open": "info",
    "accepted": "success",
    "revoked": "neutral",
    "expired": "neutral",
}


def _status(text: str) -> dict[str, str]:
    return {"text": text, "tone": _STATUS_TONES[text]}


def _person(member: Membership, _zone: ZoneInfo) -> dict[str, Any]:
    return {"text": member.name, "sub": member.email}


def invitation_status(invitation: Invitation) -> str:
    """Return what became of an invitation, in one word."""
    if invitation.accepted_at:
        return "accepted"
    if invitation.revoked_at:
        return "revoked"
    return "expired" if invitation.expires_at <= clock.now() else "open"


def key_status(key: ApiKey) -> str:
    """Return whether a key still opens anything, in one word."""
    if key.revoked_at:
        return "revoked"
    return "expired" if key.expires_at and key.expires_at <= clock.now() else "active"


MEMBERS = declare(
    Collection(
        name="people",
        title="People",
        caption="Members by name",
        noun=("person", "people"),
        order_words=("By name", "By name, from the end"),
        sorted_by="person",
        density="comfortable",
        columns=(
            Column("person", "Person", _person, type="user"),
            Column("role", "Role", lambda member, _: Role(member.role).label),
            Column("status", "Status", lambda member, _: _status(member.status), type="badge"),
            Column(
                "joined",
                "Joined",
                lambda member, zone: {
                    **time_cell(member.joined_at, zone),
                    "text": date(member.joined_at, zone),
                },
                type="time",
                priority=2,
            ),
        ),
        statement=lambda: select(Membership),
        order=(Membership.name, Membership.id),
        ascending=True,
        row_id=lambda member: str(member.id),
        row_href=lambda member: url_for("people.show", member_id=member.id),
        placeholder="Filter by name, role or status",
        filters=(
            Filter(
                Field("name", "Name", Kind.PREFIX, hint="begins with, as in An"),
                begins_with(Membership.name),
            ),
            Filter(
                Field("email", "Email", Kind.PREFIX, hint="begins with"),
                begins_with(Membership.email),
            ),
            Filter(
                Field("role", "Role", Kind.CHOICE, values=tuple(Role), hint="owner, admin, …"),
                equals_any(Membership.role),
            ),
            Filter(
                Field(
                    "status",
                    "Status",
                    Kind.CHOICE,
                    values=("active", "suspended"),
                    hint="active or suspended",
                ),
                equals_any(Membership.status),
            ),
        ),
        empty=EmptyWords("Nobody is here yet", "Invite the first person."),
    )
)

INVITATIONS = declare(
    Collection(
        name="invitations",
        title="Invitations",
        caption="Invitations, newest first",
        noun=("invitation", "invitations"),
        density="comfortable",
        columns=(
            Column("email", "Invited", lambda one, _: one.email),
            Column("role", "Role", lambda one, _: Role(one.role).label),
            Column(
                "status", "Status", lambda one, _: _status(invitation_status(one)), type="badge"
            ),
            Column(
                "created",
                "Sent",
                lambda one, zone: time_cell(one.created_at, zone),
                type="time",
                priority=2,
            ),
        ),
        statement=lambda: select(Invitation),
        order=(Invitation.created_at, Invitation.id),
        sorted_by="created",
        row_id=lambda one: str(one.id),
        row_href=lambda one: url_for("invitations.show", invitation_id=one.id),
        placeholder="Filter by address or role",
        filters=(
            Filter(
                Field("email", "Email", Kind.PREFIX, hint="begins with"),
                begins_with(Invitation.email),
            ),
            Filter(
                Field("role", "Role", Kind.CHOICE, values=tuple(Role), hint="owner, admin, …"),
                equals_any(Invitation.role),
            ),
        ),
        empty=EmptyWords("Nobody was invited yet", "An invitation is a mail with a link."),
    )
)

API_KEYS = declare(
    Collection(
        name="api-keys",
        title="API keys",
        caption="API keys, newest first",
        noun=("key", "keys"),
        density="comfortable",
        columns=(
            Column("name", "Name", lambda key, _: key.name),
            Column("scopes", "May", lambda key, _: ", ".join(key.scopes), type="code", priority=2),
            Column("status", "Status", lambda key, _: _status(key_status(key)), type="badge"),
            Column(
                "used",
                "Last used",
                lambda key, zone: time_cell_or("never", key.last_used_at, zone),
                type="time",
            ),
        ),
        statement=lambda: select(ApiKey),
        order=(ApiKey.created_at, ApiKey.id),
        row_id=lambda key: str(key.id),
        row_href=lambda key: url_for("keys.show", key_id=key.id),
        placeholder="Filter by name",
        filters=(
            Filter(
                Field("name", "Name", Kind.PREFIX, hint="begins with"), begins_with(ApiKey.name)
            ),
        ),
        empty=EmptyWords(
            "No API key yet", "Programs send events with a key; each program gets its own."
        ),
    )
)
