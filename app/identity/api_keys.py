"""The form of an API key, and finding the key behind one.

A key reads `ballast_<tenant>.<id>.<secret>`: the tenant leads, so that the key can be looked up
inside its tenant's scope, and the fixed beginning lets secret scanners recognise a leaked one.
"""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import bindparam, select, text

from app.identity.models import ApiKey
from app.identity.tokens import hash_secret, same_hash
from app.kernel import clock
from app.kernel.database import Scope, current_session, enter_scope, unit_of_work
from app.kernel.standing import TenantFacts
from app.tenancy.queries import find_tenant

KEY_SCHEME = "bearer"
_PREFIX = "ballast_"
_SEEN_EVERY = dt.timedelta(minutes=1)

_KEPT = ApiKey.__table__.columns
# Made once, and of bare columns: every call of the API begins with it.
_KEY = select(
    _KEPT.id,
    _KEPT.name,
    _KEPT.scopes,
    _KEPT.secret_hash,
    _KEPT.expires_at,
    _KEPT.last_used_at,
    _KEPT.revoked_at,
).where(_KEPT.tenant_id == bindparam("tenant"), _KEPT.id == bindparam("id"))
_SEEN = text("UPDATE api_keys SET last_used_at = :now WHERE tenant_id = :tenant AND id = :id")


@dataclass(frozen=True, slots=True)
class PresentedKey:
    """What is known of the key that a request carries."""

    id: UUID
    name: str
    scopes: tuple[str, ...]


def spell_key(tenant_slug: str, key_id: UUID, secret: str) -> str:
    """Return the text of a key, which is shown once."""
    return f"{_PREFIX}{tenant_slug}.{key_id.hex}.{secret}"


def find_key(presented: str) -> tuple[PresentedKey, TenantFacts] | None:
    """Return the live key that the text names and its tenant, now in scope; or None."""
    parts = presented.removeprefix(_PREFIX).split(".")
    if not presented.startswith(_PREFIX) or len(parts) != len(("tenant", "id", "secret")):
        return None
    slug, key_hex, secret = parts
    tenant = find_tenant(slug) if slug.isprintable() and slug.isascii() else None
    key_id = _uuid(key_hex)
    if tenant is None or key_id is None:
        return None
    session = current_session()
    enter_scope(session, Scope(tenant_id=tenant.id))
    key = session.execute(_KEY, {"tenant": tenant.id, "id": key_id}).one_or_none()
    now = clock.now()
    if key is None or not same_hash(key.secret_hash, hash_secret(secret)):
        return None
    if key.revoked_at is not None or (key.expires_at is not None and key.expires_at <= now):
        return None
    if key.last_used_at is None or now - key.last_used_at > _SEEN_EVERY:
        with unit_of_work():
            session.execute(_SEEN, {"tenant": tenant.id, "id": key_id, "now": now})
    return PresentedKey(key.id, key.name, tuple(key.scopes)), tenant


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(hex=text)
    except ValueError:
        return None
