"""The story as a whole: at every moment it is true to the rules of the app and of time."""

import dataclasses
import datetime as dt
import ipaddress
import json

import pytest

from app.audit.collection import AUDIT_LOG
from app.audit.contract.types import UNREGISTERED
from app.audit.contract.validate import read_event
from app.audit.event import STANDARD
from app.identity.roles import permissions_of
from app.kernel.commands import COMMANDS, Outcome
from app.kernel.query_language.query import parse
from app.vocabulary.audit_tags import AuditTag
from seeds import alder, birch
from seeds.alder_treasures import INJECTION_IP, TAKEOVER_IP
from seeds.cast import SHARED_EMAIL
from seeds.desks import DOCUMENTATION_NETWORKS
from seeds.outsiders import OUTSIDERS
from seeds.paperwork import INSTALLER
from seeds.rhythm import DAYS
from seeds.story import members_of, tell_story

NETWORKS = [ipaddress.ip_network(network) for network in DOCUMENTATION_NETWORKS]
GUARDS = {spec.audit: spec.requires for spec in COMMANDS.values()}


def events_of(story):
    return [event for scene in story.scenes for event in scene.events]


def test_same_moment_tells_same_story(story, now):
    again = tell_story(now)
    assert [scene.in_order() for scene in again.scenes] == [
        scene.in_order() for scene in story.scenes
    ]
    assert [account.id for account in again.accounts] == [a.id for a in story.accounts]


def test_every_id_is_used_once(story):
    ids = [event.id for event in events_of(story)]
    assert len(ids) == len(set(ids))


def test_ids_sort_like_the_times_of_their_events(story):
    for event in events_of(story):
        assert event.id.int >> 80 == int(event.occurred_at.timestamp() * 1000)


def test_all_events_lie_in_the_six_weeks_and_none_in_the_future(story, now):
    for scene in story.scenes:
        times = [event.occurred_at for event in scene.events]
        assert scene.founded_at == min(times)
        assert now - dt.timedelta(days=DAYS + 1) < min(times)
        assert now - dt.timedelta(hours=8) < max(times) < now


def test_there_is_enough_to_look_at(alder_scene, birch_scene):
    assert 2400 <= len(alder_scene.events) <= 2800
    assert 1050 <= len(birch_scene.events) <= 1350


def test_the_last_day_is_lively_whatever_day_it_is(alder_scene, birch_scene, now):
    yesterday = now - dt.timedelta(days=1)
    assert sum(event.occurred_at > yesterday for event in alder_scene.events) > 80
    assert sum(event.occurred_at > yesterday for event in birch_scene.events) > 30


def test_every_actor_exists(story):
    for scene in story.scenes:
        known = {member.actor for member in scene.members} | OUTSIDERS | {INSTALLER}
        assert {event.actor for event in scene.events} <= known


def test_people_do_only_what_their_role_allows(story):
    checked = 0
    for scene in story.scenes:
        members = {str(member.account_id): member for member in scene.members}
        for event in scene.events:
            guard = GUARDS.get(event.action)
            if guard and event.actor.id in members and event.outcome is Outcome.SUCCESS:
                role = members[event.actor.id].role_at(event.occurred_at)
                assert guard in permissions_of(role), (event.actor.name, event.action)
                checked += 1
    assert checked > 500


def test_people_are_refused_only_what_their_role_lacks(story):
    for scene in story.scenes:
        members = {str(member.account_id): member for member in scene.members}
        for event in scene.events:
            if event.action == AuditTag.ACCESS_DENIED:
                role = members[event.actor.id].role_at(event.occurred_at)
                assert event.metadata["permission"] not in permissions_of(role)


def test_nobody_acts_before_joining_or_after_being_suspended(story):
    for scene in story.scenes:
        members = {str(member.account_id): member for member in scene.members}
        for event in scene.events:
            member = members.get(event.actor.id)
            assert member is None or member.is_active_at(event.occurred_at), event


def test_all_addresses_belong_to_documentation(story):
    addresses = {event.source_ip for event in events_of(story)} - {None}
    assert len(addresses) > 30
    for address in map(ipaddress.ip_address, addresses):
        assert any(address in network for network in NETWORKS)


def test_every_kind_of_event_fits_the_contract(story):
    kinds = {(event.action, event.outcome): event for event in events_of(story)}
    for event in kinds.values():
        # Whoever sends an event cannot claim the version that the app writes its own in.
        sent = dataclasses.replace(event, version=UNREGISTERED, retention=STANDARD)
        assert read_event(as_sent(event)) == sent


def test_actions_are_the_app_s_own_or_the_products(story):
    own = set(AuditTag)
    products = {event.action for event in events_of(story)} - own
    assert products == {
        "patient_record.viewed",
        "prescription.issued",
        "appointment.booked",
        "report.exported",
        "integration.synced",
        "meter_reading.imported",
        "tariff.updated",
        "invoice.generated",
        "contract.signed",
        "grid_alert.acknowledged",
    }


@pytest.mark.parametrize("query", [*alder.QUERIES, *birch.QUERIES])
def test_searches_in_the_log_are_written_as_the_app_writes_them(query):
    parsed = parse(query, AUDIT_LOG.fields)
    assert not parsed.errors
    assert parsed.canonical() == query


def test_at_night_only_intruders_are_in_the_console(story):
    for scene in story.scenes:
        for event in scene.events:
            hour = event.occurred_at.astimezone(scene.calendar.zone).hour
            if event.action in set(AuditTag) and not 6 <= hour < 22:
                assert event.source_ip in {TAKEOVER_IP, INJECTION_IP}


def test_weekends_are_quieter_than_working_days(alder_scene, now):
    days = {}
    for event in alder_scene.events:
        if event.occurred_at < now - dt.timedelta(days=2):
            day = event.occurred_at.astimezone(alder_scene.calendar.zone).date()
            days[day] = days.get(day, 0) + 1
    weekend = [count for day, count in days.items() if day.weekday() >= 5]
    working = [count for day, count in days.items() if day.weekday() < 5]
    assert sum(weekend) / len(weekend) < 0.6 * sum(working) / len(working)


def test_sign_ins_of_the_consultant_stand_in_both_logs(story):
    times = []
    for scene in story.scenes:
        (member,) = [m for m in scene.members if m.person.email == SHARED_EMAIL]
        times.append(
            {
                event.occurred_at
                for event in scene.events
                if event.actor == member.actor and event.action == AuditTag.SESSION_STARTED
            }
        )
    alder_times, birch_times = times
    assert birch_times
    assert birch_times <= alder_times


def test_everybody_has_joined_by_an_invitation_to_their_address(story):
    for scene in story.scenes:
        accepted = {one.email: one for one in scene.invitations if one.accepted_at}
        for membership in members_of(scene):
            invitation = accepted[membership.email]
            assert invitation.created_at < invitation.accepted_at == membership.joined_at


def as_sent(event):
    """Return the event as a sender would write it."""
    source = {
        "ip": event.source_ip,
        "user_agent": event.user_agent,
        "session": event.session,
        "request_id": event.request_id,
    }
    value = {
        "id": str(event.id),
        "occurred_at": event.occurred_at.isoformat(),
        "actor": {"type": event.actor.type, "id": event.actor.id, "name": event.actor.name},
        "action": event.action,
        "outcome": event.outcome,
        "targets": [{"type": t.type, "id": t.id, "name": t.name} for t in event.targets],
        "source": {key: part for key, part in source.items() if part is not None},
        "reason": event.reason,
        "changes": event.changes,
        "metadata": event.metadata,
    }
    return json.loads(json.dumps({key: part for key, part in value.items() if part is not None}))
