"""Settings of a tenant: who may change them, and what the change does to every page."""

import datetime as dt

import pytest

from tests.factories.audit import AuditEventFactory
from tests.factories.mail import OutboxMessageFactory

NOON = dt.datetime(2026, 7, 1, 12, 0, tzinfo=dt.UTC)


def save(visitor, world, *, expect=200, **typed):
    page = visitor.get(f"{world.path}/settings/edit")
    return visitor.submit(page, "Save", expect=expect, **typed)


def test_time_zone_changes_the_times_that_pages_show(alder):
    alder.make(AuditEventFactory, occurred_at=NOON, action="door.opened")
    owner = alder.as_person("owner")
    log = f"{alder.path}/audit-log?q=action:door.opened"
    assert "1 Jul 12:00:00" in owner.get(log).words
    page = save(owner, alder, time_zone="Asia/Tokyo")
    assert "The settings are saved." in page.words
    page = owner.get(log)
    assert "1 Jul 21:00:00" in page.words
    assert "times in Asia/Tokyo" in page.words
    assert 'datetime="2026-07-01T12:00:00Z"' in page.text


def test_time_zone_changes_what_a_day_is(alder):
    late = NOON.replace(hour=23)
    alder.make(AuditEventFactory, occurred_at=late, action="door.opened")
    owner = alder.as_person("owner")
    log = f"{alder.path}/audit-log?q=action:door.opened+created:2026-07-02"
    assert "No event matches" in owner.get(log).words
    save(owner, alder, time_zone="Asia/Tokyo")
    assert "1 event ·" in owner.get(log).words


def test_change_is_in_the_log_with_before_and_after(alder):
    owner = alder.as_person("owner")
    save(owner, alder, name="Alder Clinics", time_zone="Europe/Berlin")
    (event,) = alder.log("setting.updated")
    assert event.changes == {
        "name": {"before": "Alder Health", "after": "Alder Clinics"},
        "time_zone": {"before": "UTC", "after": "Europe/Berlin"},
    }
    assert "Alder Clinics" in owner.get("/").words


@pytest.mark.parametrize("zone", ["Mars/Base", "", "utc", "../../etc/passwd", "localtime"])
def test_zone_that_is_none_is_refused_and_nothing_typed_is_lost(alder, zone):
    owner = alder.as_person("owner")
    page = save(owner, alder, expect=422, name="Alder Clinics", time_zone=zone)
    assert "Time zone:" in page.errors
    assert page.form("Save").values["name"] == "Alder Clinics"
    assert alder.log("setting.updated") == []


@pytest.mark.parametrize("name", ["", "   ", "x" * 81])
def test_name_that_does_not_fit_is_refused(alder, name):
    page = save(alder.as_person("owner"), alder, expect=422, name=name)
    assert "Name:" in page.errors


def test_form_shows_what_is_set_now(alder):
    owner = alder.as_person("owner")
    save(owner, alder, time_zone="America/New_York")
    values = owner.get(f"{alder.path}/settings/edit").form("Save").values
    assert values["time_zone"] == "America/New_York"
    assert values["name"] == "Alder Health"


def test_auditor_reads_settings_and_is_offered_no_change(alder):
    page = alder.as_person("auditor").get(f"{alder.path}/settings")
    assert "Change" not in page.links
    assert "Outbox" not in page.links
    assert "API keys" in page.links


def test_outbox_says_what_waits_and_what_was_sent(alder):
    alder.make(OutboxMessageFactory, subject="Waiting")
    alder.make(OutboxMessageFactory, subject="Gone", body="", sent_at=NOON)
    owner = alder.as_person("owner")
    page = owner.get(f"{alder.path}/settings/outbox")
    sent = {row[0]: row[3] for row in page.rows}
    assert sent == {"Waiting": "not yet", "Gone": "1 Jul 12:00:00"}
    assert "Wiped" in owner.get(page.links["Gone"]).words
    assert "A body" in owner.get(page.links["Waiting"]).words


def test_mail_with_the_longest_subject_has_a_page(alder):
    mail = alder.make(OutboxMessageFactory, subject="A subject " * 40)
    page = alder.as_person("owner").get(f"{alder.path}/settings/outbox/{mail.id}")
    assert page.heading.startswith("A subject")
