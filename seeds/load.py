"""Storing the demonstration."""

import datetime as dt

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.audit.store import store_events
from app.identity.passwords import hash_password
from app.kernel import clock
from app.kernel.database import NO_SCOPE, Scope, enter_scope, unit_of_work
from app.kernel.routing import database
from app.tenancy.models import Tenant
from seeds.cast import TENANTS
from seeds.scene import Scene
from seeds.story import Story, members_of, tell_story

# Any fixed number: it only has to be the same for everybody who loads the demonstration.
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(736252)")


def load_demo(*, password: str, now: dt.datetime | None = None) -> None:
    """Store both tenants and six weeks of events up to `now`, or nothing at all.

    All people get this password. Returns at once when the demonstration is there. Needs an app
    context, and opens a session of its own.
    """
    with database().session(), unit_of_work() as session:
        session.execute(_ONE_AT_A_TIME)
        if _is_there(session):
            return
        story = tell_story(now or clock.now())
        _store_accounts(session, story, hash_password(password))
        for scene in story.scenes:
            _store_scene(session, scene)
        enter_scope(session, NO_SCOPE)


def _is_there(session: Session) -> bool:
    slugs = [tenant.slug for tenant in TENANTS]
    return session.scalar(select(Tenant.id).where(Tenant.slug.in_(slugs)).limit(1)) is not None


def _store_accounts(session: Session, story: Story, password_hash: str) -> None:
    """Store the people. One hash for all: each would take as long as a sign-in does."""
    for account in story.accounts:
        account.password_hash = password_hash
    session.add_all(story.accounts)
    session.flush()


def _store_scene(session: Session, scene: Scene) -> None:
    tenant = scene.tenant
    row = Tenant(
        id=scene.tenant_id,
        slug=tenant.slug,
        name=tenant.name,
        time_zone=tenant.time_zone,
        is_demo=True,
        created_at=scene.founded_at,
    )
    session.add(row)
    session.flush()
    enter_scope(session, Scope(tenant_id=scene.tenant_id))
    session.add_all(members_of(scene))
    session.add_all([*scene.invitations, *scene.api_keys, *scene.sessions])
    session.add_all([*scene.event_types, *scene.refused])
    session.flush()
    session.add_all(scene.deprecations)
    store_events(session, scene.in_order())
    session.flush()
