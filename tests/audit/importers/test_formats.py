"""From the records of other systems to events: who, what, how it ended, to what."""

import contextlib
import copy
import json

import pytest

from app.audit.event import Party
from app.audit.importers.detecting import detect_format, rate_formats
from app.audit.importers.refusal import RecordRefused, draft_or_refuse
from app.audit.importers.registry import FORMATS
from tests.audit.importers import samples

ALL = [(name, record) for name, records in samples.BY_FORMAT.items() for record in records]


def read(name, record, /, **changes):
    """Return the first draft of a record with some of its fields changed, by dotted path."""
    return read_all(name, record, **changes)[0]


def read_all(name, record, /, **changes):
    record = copy.deepcopy(record)
    for path, value in changes.items():
        place = record
        *way, last = path.split("__")
        for step in way:
            place = place[int(step) if isinstance(place, list) else step]
        if value is ...:
            del place[last]
        else:
            place[last] = value
    return [draft_or_refuse(event) for event in FORMATS[name].events(record)]


def test_every_format_has_a_sample():
    assert set(samples.BY_FORMAT) == set(FORMATS)


@pytest.mark.parametrize(("name", "record"), ALL)
def test_format_is_told_by_a_single_record(name, record):
    best, second = rate_formats([record])[:2]

    assert best.name == name
    assert best.score > second.score


@pytest.mark.parametrize(("name", "record"), ALL)
def test_what_collectors_put_around_a_record_is_taken_off(name, record):
    wrapped = {"source": "somewhere", "raw": record}

    assert detect_format([wrapped]).name == name
    if name != "ndjson":
        assert read(name, wrapped).id == read(name, record).id


def test_records_of_no_known_format_are_not_taken_for_one():
    assert detect_format([{"when": "2026-03-14", "who": "ann", "what": "opened"}]) is None
    assert detect_format([]) is None


@pytest.mark.parametrize(("name", "record"), ALL)
def test_record_of_another_format_is_refused_as_such(name, record):
    for other in set(FORMATS) - {name, "ndjson"}:
        with pytest.raises(RecordRefused, match=f"not a record of {FORMATS[other].title}"):
            FORMATS[other].events(record)


@pytest.mark.parametrize(("name", "record"), ALL)
def test_same_record_gets_the_same_id_whatever_the_order_of_its_fields(name, record):
    turned = dict(reversed(record.items()))

    assert [one.id for one in read_all(name, turned)] == [one.id for one in read_all(name, record)]


@pytest.mark.parametrize(("name", "record"), ALL)
@pytest.mark.parametrize("wrong", [None, 7, "x", [], [7], {"x": []}, True, 1e308, -1])
def test_any_field_of_another_type_is_read_or_refused(name, record, wrong):
    for path in paths_of(record):
        with contextlib.suppress(RecordRefused):
            read_all(name, record, **{path: wrong})
        with contextlib.suppress(RecordRefused):
            read_all(name, record, **{path: ...})


def paths_of(value, way=""):
    members = value.items() if isinstance(value, dict) else enumerate(value)
    for name, member in members:
        path = f"{way}__{name}" if way else str(name)
        if not isinstance(value, list):
            yield path
        if isinstance(member, dict | list):
            yield from paths_of(member, path)


def test_okta_grant_says_who_gave_whom_what():
    draft = read("okta", samples.OKTA)

    assert draft.action == "okta.user.account.privilege.grant"
    assert draft.occurred_at.isoformat() == "2026-03-14T09:26:53.496000+00:00"
    assert str(draft.id) == samples.OKTA["uuid"]
    assert draft.actor == Party("person", "00u1ann", "Ann Example")
    assert draft.targets == (Party("User", "00u2ben", "Ben Example"),)
    assert draft.changes == {"role": {"before": "none", "after": "super"}}
    assert (draft.source_ip, draft.session, draft.request_id) == ("203.0.113.7", "sess-1", "req-1")
    assert draft.reason == "because"
    assert draft.metadata["privilege_granted"] == "Super administrator"


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ("SUCCESS", "success"),
        ("ALLOW", "success"),
        ("FAILURE", "failure"),
        ("DENY", "denied"),
        ("CHALLENGE", "success"),
    ],
)
def test_okta_result_is_the_outcome(said, outcome):
    assert read("okta", samples.OKTA, outcome__result=said).outcome == outcome


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [("User", "person"), ("SystemPrincipal", "system"), ("PublicClientApp", "service")],
)
def test_okta_principal_is_a_person_the_system_or_a_service(kind, wanted):
    assert read("okta", samples.OKTA, actor__type=kind).actor.type == wanted


def test_github_visibility_change_is_a_change():
    draft = read("github", samples.GITHUB)

    assert draft.action == "github.repo.access"
    assert draft.occurred_at.isoformat() == "2026-03-14T09:26:53.496000+00:00"
    assert draft.actor == Party("person", "4711", "ann")
    assert draft.changes == {"visibility": {"before": "private", "after": "public"}}
    assert [target.type for target in draft.targets] == [
        "github_repository",
        "github_user",
        "github_hook",
        "github_organization",
    ]


@pytest.mark.parametrize(
    ("changes", "kind"), [({"actor_is_bot": True}, "service"), ({"actor": "b[bot]"}, "service")]
)
def test_github_bot_is_a_service(changes, kind):
    assert read("github", samples.GITHUB, **changes).actor.type == kind


@pytest.mark.parametrize(
    ("status", "outcome"), [(200, "success"), (403, "denied"), (500, "failure")]
)
def test_github_status_of_an_api_request_is_its_outcome(status, outcome):
    assert read("github", samples.GITHUB, status_code=status).outcome == outcome


def test_github_web_hook_has_the_time_of_what_it_is_about():
    draft = read("github_webhook", samples.GITHUB_WEBHOOK)

    assert draft.action == "github.pull_request.edited"
    assert draft.occurred_at.isoformat() == "2026-03-14T09:26:53+00:00"
    assert draft.actor == Party("person", "4711", "ann")
    assert draft.targets[0] == Party("github_pull_request", "PR_99", "Count again")
    assert draft.changes == {"title": {"before": "Count", "after": "Count again"}}


@pytest.mark.parametrize(
    ("payload", "action"),
    [
        (samples.GITHUB_REPOSITORY, "github.repository.archived"),
        (samples.GITHUB_PUSH, "github.push.pushed"),
    ],
)
def test_github_web_hook_about_a_repository_has_the_time_of_its_change(payload, action):
    draft = read("github_webhook", payload)

    assert (draft.action, draft.occurred_at.isoformat()) == (action, "2026-03-14T09:26:53+00:00")


def test_github_web_hook_without_a_time_is_refused():
    payload = {
        "action": "member_added",
        "membership": {"user": {"login": "ben"}},
        "organization": {"id": 12, "login": "alder"},
        "sender": {"login": "ann", "id": 4711, "type": "User"},
    }

    with pytest.raises(RecordRefused, match="no time"):
        read("github_webhook", payload)


def test_google_activity_is_one_event_for_each_of_its_events():
    shared, viewed = read_all("google_workspace", samples.GOOGLE)

    assert shared.action == "google.drive.change_document_visibility"
    assert viewed.action == "google.drive.view"
    assert shared.id != viewed.id
    assert shared.actor == Party("person", "1001", "ann@example.org")
    assert shared.targets[0] == Party("document", "doc-1", "Ledger")
    assert shared.changes == {"visibility": {"before": "private", "after": "people_with_link"}}
    assert shared.metadata["parameters"]["primary_event"] is True


def test_google_event_written_by_itself_reads_the_same():
    record = {name: value for name, value in samples.GOOGLE.items() if name != "events"}
    alone = record | {"type": "login", "name": "login_failure", "parameters": {"login_type": "x"}}

    draft = read("google_workspace", alone)

    assert (draft.action, draft.outcome) == ("google.drive.login_failure", "failure")


def test_auth0_call_of_the_management_api_names_the_endpoint():
    draft = read("auth0", samples.AUTH0)

    assert (draft.action, draft.outcome) == ("auth0.management_api.call", "success")
    assert draft.actor == Party("person", "auth0|1001", "ann@example.org")
    assert draft.targets[0] == Party(
        "auth0_endpoint", "/api/v2/clients/client-2", "/api/v2/clients/client-2"
    )
    assert draft.metadata["request"] == {"name": "Portal"}


@pytest.mark.parametrize(
    ("code", "action", "outcome"),
    [
        ("s", "auth0.sign_in", "success"),
        ("fp", "auth0.sign_in", "failure"),
        ("limit_wc", "auth0.account.block", "denied"),
        ("gd_auth_failed", "auth0.mfa.verify", "failure"),
        ("new_code_of_theirs", "auth0.new_code_of_theirs", "success"),
    ],
)
def test_auth0_type_is_told_in_words(code, action, outcome):
    draft = read("auth0", samples.AUTH0, type=code)

    assert (draft.action, draft.outcome) == (action, outcome)


def test_auth0_exchange_without_a_user_is_done_by_the_application():
    record = {"date": "2026-03-14T09:26:53Z", "type": "seccft", "client_id": "c-1", "log_id": "9"}

    assert read("auth0", record).actor == Party("service", "c-1", "c-1")


def test_auth0_stream_is_unwrapped():
    assert (
        read("auth0", {"log_id": "9", "data": samples.AUTH0}).id == read("auth0", samples.AUTH0).id
    )


def test_slack_entry_says_what_happened_to_which_channel():
    draft = read("slack", samples.SLACK)

    assert draft.action == "slack.user_channel_join"
    assert draft.occurred_at.isoformat() == "2026-03-14T09:26:53+00:00"
    assert draft.actor == Party("person", "W123AB456", "Ann Example")
    assert draft.targets == (Party("channel", "C01", "ledgers"),)
    assert draft.session == "847288190092"


def test_slack_failed_sign_in_is_a_failure():
    assert read("slack", samples.SLACK, action="user_login_failed").outcome == "failure"


def test_one_password_audit_event_names_object_and_person():
    draft = read("one_password", samples.ONE_PASSWORD_AUDIT)

    assert draft.action == "one_password.gm.join"
    assert draft.actor == Party("person", "ACTORUUIDEXAMPLE", "Ann Example")
    assert [target.name for target in draft.targets] == ["Keepers", "Ben Example"]
    assert (draft.source_ip, draft.session) == ("203.0.113.7", "SESSIONEXAMPLE")


@pytest.mark.parametrize(
    ("category", "outcome"),
    [
        ("success", "success"),
        ("credentials_failed", "failure"),
        ("mfa_failed", "failure"),
        ("firewall_failed", "denied"),
    ],
)
def test_one_password_sign_in_attempt_ends_as_its_category_says(category, outcome):
    draft = read("one_password", samples.ONE_PASSWORD_SIGN_IN, category=category)

    assert draft.action == "one_password.sign_in.attempted"
    assert (draft.outcome, draft.reason) == (outcome, "password_secret_bad")


def test_one_password_usage_names_item_and_vault():
    draft = read("one_password", samples.ONE_PASSWORD_USAGE)

    assert draft.action == "one_password.item.secure_copy"
    assert [target.id for target in draft.targets] == ["itemexample", "vaultexample"]


def test_own_event_without_an_id_gets_the_same_one_at_every_import():
    assert read("ndjson", samples.OWN).id == read("ndjson", samples.OWN).id


@pytest.mark.parametrize(
    ("name", "record", "path"),
    [
        ("okta", samples.OKTA, "published"),
        ("slack", samples.SLACK, "date_create"),
        ("google_workspace", samples.GOOGLE, "id__time"),
        ("auth0", samples.AUTH0, "date"),
        ("one_password", samples.ONE_PASSWORD_AUDIT, "timestamp"),
        ("cloudtrail", samples.CLOUDTRAIL, "eventTime"),
    ],
)
def test_record_without_a_time_is_refused_and_never_gets_that_of_the_import(name, record, path):
    with pytest.raises(RecordRefused):
        read(name, record, **{path: ...})
    with pytest.raises(RecordRefused, match="the time cannot be read"):
        read(name, record, **{path: "yesterday"})


def test_metadata_that_is_too_much_is_named_and_left_out():
    huge = {f"field_{number}": "x" * 900 for number in range(40)}

    draft = read("slack", samples.SLACK, details=huge)

    assert len(json.dumps(draft.metadata)) < 16_384
    assert draft.metadata["left_out"] == "details"
