"""The people of the demonstration."""

from collections import Counter

import pytest

from app.identity.roles import Role
from seeds.cast import PEOPLE, SHARED_EMAIL, TENANTS


@pytest.mark.parametrize("tenant", TENANTS, ids=lambda tenant: tenant.slug)
def test_every_role_of_a_tenant_has_its_listed_address(tenant):
    listed = {person.email: person for person in PEOPLE if person.is_listed}
    for role in Role:
        person = listed[f"{role}@{tenant.slug}.example"]
        assert (person.tenant, person.role, person.status) == (tenant.slug, role, "active")


@pytest.mark.parametrize("tenant", TENANTS, ids=lambda tenant: tenant.slug)
def test_a_tenant_has_enough_people_and_some_are_suspended(tenant):
    people = [person for person in PEOPLE if person.tenant == tenant.slug]
    assert 12 <= len(people) <= 16
    assert {person.status for person in people} == {"active", "suspended"}


def test_only_the_consultant_is_in_both_tenants_and_is_listed_once():
    places = Counter(person.email for person in PEOPLE)
    assert [email for email, count in places.items() if count > 1] == [SHARED_EMAIL]
    consultant = [person for person in PEOPLE if person.email == SHARED_EMAIL]
    assert {person.tenant: person.role for person in consultant} == {
        "alder": Role.ANALYST,
        "birch": Role.SUPPORT,
    }
    assert [person.is_listed for person in consultant].count(True) == 1


def test_names_look_alike_but_nobody_else_has_the_same_name_twice():
    names = Counter(person.name for person in PEOPLE if person.email != SHARED_EMAIL)
    assert set(names.values()) == {1}
    assert {"Ana Ruiz", "Anna Ruiz", "Tomas Ek", "Thomas Eck"} <= names.keys()


def test_all_addresses_are_of_a_domain_that_nobody_owns():
    assert all(person.email.endswith(".example") for person in PEOPLE)
