"""Between tenants, and after somebody was shut out."""

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from tests.factories.audit import AuditEventFactory
from tests.factories.mail import OutboxMessageFactory


def test_cursor_of_one_tenant_shows_nothing_of_it_in_another(alder, birch):
    for number in range(30):
        alder.make(AuditEventFactory, actor_name=f"Alder only {number}")
    page = alder.as_person("owner").get(f"{alder.path}/audit-log?size=25")
    href = next(href for href in page.links.values() if "cursor=" in href)
    moved = href.replace(alder.tenant.slug, birch.tenant.slug)
    assert "Alder only" not in birch.as_person("owner").get(moved).text


def test_export_holds_no_row_of_another_tenant(alder, birch):
    birch.make(AuditEventFactory, actor_name="Birch only")
    analyst = alder.as_person("analyst")
    values = {"q": "", "form": "csv", "csrf_token": analyst.token()}
    body = analyst.client.post(
        f"{alder.path}/audit-log/exports/new", data=values, buffered=True
    ).text
    assert "Birch only" not in body


def test_not_found_page_of_a_foreign_tenant_names_neither_it_nor_its_people(alder, birch):
    response = alder.as_person("owner").client.get(f"{birch.path}/settings/outbox")
    assert response.status_code == 404
    assert birch.tenant.name not in response.text
    assert birch.people["owner"].email not in response.text


def test_mail_of_a_foreign_tenant_is_not_there(alder, birch):
    mail = birch.make(OutboxMessageFactory, body="/invitations/secret")
    owner = alder.as_person("owner")
    response = owner.client.get(f"{alder.path}/settings/outbox/{mail.id}")
    assert response.status_code == 404


def test_suspended_person_is_out_from_the_next_request_on(alder):
    analyst, owner = alder.as_person("analyst"), alder.as_person("owner")
    path = f"{alder.path}/people/{alder.people['analyst'].id}/suspension"
    owner.post(path, {"reason": "", "csrf_token": owner.token()})
    assert analyst.client.get(f"{alder.path}/audit-log").status_code == 404


@pytest.mark.parametrize("path", ["/sign-out", "{t}/people/invitations/new", "{t}/settings/edit"])
def test_change_without_a_token_is_refused(app, alder, path):
    owner = alder.as_person("owner")
    response = owner.client.post(path.format(t=alder.path), data={"name": "Taken"})
    assert response.status_code == 400


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE audit_events DISABLE ROW LEVEL SECURITY",
        "SET ROLE ballast_owner",
        "SELECT rolpassword FROM pg_authid",
        "CREATE TABLE public.mine (a int)",
        "CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "SELECT pg_read_file('/etc/hostname')",
        "SELECT lo_import('/etc/hostname')",
        "COPY accounts TO PROGRAM 'true'",
        "UPDATE audit_events SET action = 'x'",
        "DELETE FROM audit_events",
        "TRUNCATE audit_events",
        "SET session_replication_role = replica",
        "ALTER TABLE summaries DISABLE TRIGGER ALL",
        "UPDATE alembic_version SET version_num = '0'",
    ],
)
def test_role_of_the_app_may_not(settings, statement):
    engine = create_engine(settings.database.for_app())
    try:
        with engine.connect() as connection, pytest.raises(DBAPIError):
            connection.execute(text(statement))
    finally:
        engine.dispose()
