"""Two tenants for each test, with a person for every role, both always present.

A test never cleans up: its tenants are its own, and the walls between tenants keep the tests
apart as they keep customers apart.
"""

import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.models import AuditEvent
from app.identity.models import Account, Membership
from app.identity.queries.actors import load_actor
from app.identity.roles import Role
from app.kernel.actor import Actor, system_actor
from app.kernel.database import Scope, unit_of_work
from app.kernel.routing import database
from app.kernel.standing import TenantFacts
from app.tenancy.service import create_tenant
from tests.factories.identity import PASSWORD, AccountFactory, MembershipFactory
from tests.support.browser import Visitor

_numbers = itertools.count(1)


@dataclass
class World:
    """A tenant of a test, and its people by role."""

    app: Flask
    tenant: TenantFacts
    people: dict[Role, Membership] = field(default_factory=dict)

    @property
    def path(self) -> str:
        return f"/t/{self.tenant.slug}"

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Open a session of the tenant, inside the app."""
        with self.app.app_context(), database().session(Scope(self.tenant.id)) as session:
            yield session

    def make(self, factory, **values):
        """Make and store a row of this tenant."""
        with self.session(), unit_of_work():
            return factory(tenant_id=self.tenant.id, **values)

    def actor(self, role: str | Role) -> Actor:
        """Return the person of a role as the actor of a command; needs an open session."""
        return load_actor(self.people[Role(role)].account_id)

    def system(self) -> Actor:
        return system_actor(self.tenant.id, "test")

    def as_person(self, role: str | Role) -> Visitor:
        """Return the person of a role, signed in."""
        return self.sign_in(self.people[Role(role)].email)

    def sign_in(self, email: str, password: str = PASSWORD) -> Visitor:
        visitor = Visitor(self.app)
        visitor.sign_in(email, password)
        return visitor

    def log(self, action: str | None = None) -> list[AuditEvent]:
        """Return the tenant's events, oldest first."""
        with self.session() as session:
            statement = select(AuditEvent).order_by(AuditEvent.occurred_at, AuditEvent.id)
            if action:
                statement = statement.where(AuditEvent.action == action)
            return list(session.scalars(statement))

    def account(self, email: str) -> Account | None:
        with self.session() as session:
            return session.scalar(select(Account).where(Account.email == email))


def make_world(app: Flask, name: str) -> World:
    """Make a tenant with one person for every role."""
    slug = f"{name.lower()}-{os.getpid()}-{next(_numbers)}"
    with app.app_context(), database().session():
        actor = system_actor(None, "test")
        tenant = create_tenant(actor, slug, name=f"{name} Health", is_demo=False)
        world = World(app, tenant)
        # All at once: thousands of tests begin with this.
        with unit_of_work() as session:
            accounts = {
                role: AccountFactory.build(
                    name=f"{role.label} of {name}", email=f"{role}@{slug}.example"
                )
                for role in Role
            }
            world.people = {
                role: MembershipFactory.build(tenant_id=tenant.id, account=account, role=role.value)
                for role, account in accounts.items()
            }
            session.add_all(accounts.values())
            session.flush()
            session.add_all(world.people.values())
    return world
