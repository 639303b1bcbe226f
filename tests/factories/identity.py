"""People, invitations and keys."""

import datetime as dt

import factory

from app.identity.models import Account, ApiKey, Invitation, Membership
from app.identity.passwords import hash_password
from app.identity.tokens import hash_secret
from app.kernel import clock
from app.kernel.ids import uuid7
from tests.factories.base import RowFactory

PASSWORD = "correct horse battery staple"
SECRET = "a-secret-of-the-tests"


class AccountFactory(RowFactory):
    class Meta:
        model = Account

    id = factory.LazyFunction(uuid7)
    name = factory.Sequence(lambda n: f"Person {n}")
    email = factory.LazyAttribute(lambda o: f"{o.id.hex}@people.example")
    password_hash = factory.LazyFunction(lambda: hash_password(PASSWORD))


class MembershipFactory(RowFactory):
    class Meta:
        model = Membership

    class Params:
        account = factory.SubFactory(AccountFactory)

    id = factory.LazyFunction(uuid7)
    account_id = factory.LazyAttribute(lambda o: o.account.id)
    name = factory.LazyAttribute(lambda o: o.account.name)
    email = factory.LazyAttribute(lambda o: o.account.email)
    role = "analyst"
    status = "active"
    joined_at = factory.LazyFunction(clock.now)


class InvitationFactory(RowFactory):
    class Meta:
        model = Invitation

    id = factory.LazyFunction(uuid7)
    email = factory.Sequence(lambda n: f"invited-{n}@people.example")
    role = "analyst"
    secret_hash = hash_secret(SECRET)
    # As the command line invites: in the name of the tenant.
    invited_by = factory.SelfAttribute("tenant_id")
    created_at = factory.LazyFunction(clock.now)
    expires_at = factory.LazyFunction(lambda: clock.now() + dt.timedelta(days=7))


class ApiKeyFactory(RowFactory):
    class Meta:
        model = ApiKey

    id = factory.LazyFunction(uuid7)
    name = factory.Sequence(lambda n: f"key-{n}")
    secret_hash = hash_secret(SECRET)
    scopes = ("audit_event:create",)
    created_by = "test"
    created_at = factory.LazyFunction(clock.now)
