"""What the README promises there is to find."""

import datetime as dt

from seeds.alder_treasures import BURST_IP, BURST_VIEWS, INJECTION_IP, TAKEOVER_IP
from seeds.birch_treasures import LOOK_ALIKE

MINUTE = dt.timedelta(minutes=1)


def from_address(scene, address):
    return [event for event in scene.in_order() if event.source_ip == address]


def of_action(scene, action):
    return [event for event in scene.in_order() if event.action == action]


def local(scene, moment):
    return moment.astimezone(scene.calendar.zone)


def test_tomas_s_account_is_taken_over_at_night(alder_scene, now):
    events = from_address(alder_scene, TAKEOVER_IP)
    assert [(event.action, event.outcome) for event in events] == [
        ("session.started", "failure"),
        ("session.started", "failure"),
        ("session.started", "failure"),
        ("session.started", "success"),
        ("api_key.created", "success"),
        ("member.role_changed", "success"),
        ("audit_event.exported", "success"),
    ]
    assert {event.actor.name for event in events} == {"Tomas Ek"}
    assert local(alder_scene, events[0].occurred_at).hour == 3
    assert dt.timedelta(days=1) < now - events[0].occurred_at < dt.timedelta(days=3)
    key, promotion, export = events[4:]
    assert key.targets[0].name == "ci-deploy"
    assert promotion.targets[0].name == "Ana Ruiz"
    assert promotion.changes["role"]["after"] == "Admin"
    assert promotion.occurred_at - key.occurred_at < 3 * MINUTE
    assert 9 * MINUTE < export.occurred_at - promotion.occurred_at < 11 * MINUTE


def test_the_intruder_s_key_and_session_outlive_the_morning(alder_scene):
    (key,) = [key for key in alder_scene.api_keys if key.name == "ci-deploy"]
    assert (key.revoked_at, key.expires_at) == (None, None)
    assert TAKEOVER_IP in {session.ip for session in alder_scene.sessions}


def test_ana_is_no_admin_any_more(alder_scene):
    last = [
        event
        for event in of_action(alder_scene, "member.role_changed")
        if event.targets[0].name == "Ana Ruiz"
    ][-1]
    assert last.actor.name == "Rosa Lindqvist"
    assert last.changes["role"] == {"before": "Admin", "after": "Support reviewer"}


def test_an_analyst_views_a_burst_of_records_from_a_new_address(alder_scene):
    views = from_address(alder_scene, BURST_IP)
    assert len({view.targets[0].id for view in views}) == len(views) == BURST_VIEWS == 180
    assert {(view.actor.name, view.action) for view in views} == {
        ("Elin Sandberg", "patient_record.viewed")
    }
    assert views[-1].occurred_at - views[0].occurred_at <= 20 * MINUTE


def test_one_price_changes_at_night_without_a_ticket_and_back_an_hour_later(birch_scene):
    without = [event for event in of_action(birch_scene, "tariff.updated") if not event.reason]
    wrong, right = without
    assert local(birch_scene, wrong.occurred_at).strftime("%A %H:%M") == "Sunday 22:41"
    assert 50 * MINUTE < right.occurred_at - wrong.occurred_at < 70 * MINUTE
    before, after = (wrong.changes["price_ct_kwh"][side] for side in ("before", "after"))
    assert float(after) == round(float(before) / 10, 2)
    assert right.changes["price_ct_kwh"] == {"before": after, "after": before}


def test_all_other_prices_change_in_the_window_with_a_ticket(birch_scene):
    ticketed = [event for event in of_action(birch_scene, "tariff.updated") if event.reason]
    assert len(ticketed) >= 10
    for event in ticketed:
        at = local(birch_scene, event.occurred_at)
        assert at.strftime("%A") in {"Tuesday", "Thursday"}
        assert 10 <= at.hour < 12


def test_the_history_of_each_price_has_no_gap(birch_scene):
    prices = {}
    for event in of_action(birch_scene, "tariff.updated"):
        change = event.changes["price_ct_kwh"]
        assert change["before"] == prices.get(event.targets[0].id, change["before"])
        prices[event.targets[0].id] = change["after"]


def test_the_billing_run_of_that_night_met_the_wrong_price(birch_scene):
    wrong = next(event for event in of_action(birch_scene, "tariff.updated") if not event.reason)
    cheap = [
        event
        for event in of_action(birch_scene, "invoice.generated")
        if event.metadata["price_ct_kwh"] == wrong.changes["price_ct_kwh"]["after"]
    ]
    assert cheap
    for event in cheap:
        assert dt.timedelta(0) < event.occurred_at - wrong.occurred_at < 60 * MINUTE


def test_an_invitation_to_a_look_alike_domain_is_withdrawn(birch_scene):
    (invitation,) = [one for one in birch_scene.invitations if one.email == LOOK_ALIKE]
    assert invitation.accepted_at is None
    assert invitation.created_at < invitation.revoked_at
    told = [
        event.action
        for event in birch_scene.in_order()
        if event.targets and event.targets[0].name == LOOK_ALIKE
    ]
    assert told == ["invitation.created", "invitation.revoked"]


def test_a_service_fails_more_and_more_for_one_afternoon(birch_scene):
    imports = of_action(birch_scene, "meter_reading.imported")
    failed = [event for event in imports if event.outcome == "failure"]
    outage = [event for event in failed if event.reason.startswith("concentrator")]
    times = [local(birch_scene, event.occurred_at) for event in outage]
    assert len({at.date() for at in times}) == 1
    hours = [at.hour for at in times]
    assert set(hours) <= {13, 14, 15, 16, 17}
    assert hours.count(16) > hours.count(13) + 3
    assert len(outage) > 2 * (len(failed) - len(outage))


def test_a_user_agent_speaks_to_the_summarising_model(alder_scene, now):
    tries = from_address(alder_scene, INJECTION_IP)
    assert len(tries) == 2
    for event in tries:
        assert event.outcome == "failure"
        assert "nothing unusual happened" in event.user_agent
        assert now - event.occurred_at < dt.timedelta(days=1)


def test_each_tenant_has_a_key_that_expires_in_nine_days_and_a_revoked_one(story, now):
    for scene in story.scenes:
        soon = [key for key in scene.api_keys if key.expires_at]
        assert [scene.calendar.days_since(key.expires_at) for key in soon] == [-9]
        assert now < soon[0].expires_at
        revoked = [key for key in scene.api_keys if key.revoked_at]
        assert len(revoked) == 1
        assert revoked[0].created_at < revoked[0].last_used_at < revoked[0].revoked_at


def test_each_tenant_has_an_invitation_that_waits(story, now):
    for scene in story.scenes:
        waiting = [
            one
            for one in scene.invitations
            if not one.accepted_at and not one.revoked_at and one.expires_at > now
        ]
        assert len(waiting) == 1
        assert any(one.revoked_at for one in scene.invitations)
