"""From CloudTrail's records to events."""

import contextlib
from uuid import UUID

import pytest

from app.audit.event import Party
from app.audit.importers.formats.cloudtrail import CLOUDTRAIL, action_of
from app.audit.importers.refusal import RecordRefused, draft_or_refuse

RECORD = {
    "eventVersion": "1.08",
    "userIdentity": {
        "type": "IAMUser",
        "principalId": "AIDAEXAMPLE",
        "arn": "arn:aws:iam::111122223333:user/noor",
        "accountId": "111122223333",
        "accessKeyId": "ASIAEXAMPLE",
        "userName": "noor",
        "sessionContext": {"attributes": {"mfaAuthenticated": "true"}},
    },
    "eventTime": "2026-07-10T11:42:36Z",
    "eventSource": "s3.amazonaws.com",
    "eventName": "GetObject",
    "awsRegion": "eu-west-1",
    "sourceIPAddress": "198.51.100.4",
    "userAgent": "aws-cli/2.13",
    "requestParameters": {"bucketName": "ledgers", "key": "2026/07.csv"},
    "resources": [{"type": "AWS::S3::Bucket", "ARN": "arn:aws:s3:::ledgers"}],
    "requestID": "CC9X0N62QREGTBMN",
    "eventID": "293ba626-3be5-4a26-ab1b-0f4c54f49959",
    "readOnly": True,
    "recipientAccountId": "111122223333",
}


def read_record(record):
    (event,) = CLOUDTRAIL.events(record)
    return draft_or_refuse(event)


def read(**changes):
    return read_record({**RECORD, **changes})


def test_record_becomes_an_event_with_all_it_says():
    draft = read()

    assert draft.id == UUID(RECORD["eventID"])
    assert draft.occurred_at.isoformat() == "2026-07-10T11:42:36+00:00"
    assert draft.actor == Party("person", "arn:aws:iam::111122223333:user/noor", "noor")
    assert (draft.action, draft.outcome) == ("s3.get_object", "success")
    assert draft.targets == (
        Party("s3_bucket", "arn:aws:s3:::ledgers", "ledgers"),
        Party("s3_object", "2026/07.csv", "2026/07.csv"),
    )
    assert (draft.source_ip, draft.session) == ("198.51.100.4", "ASIAEXAMPLE")
    assert draft.metadata["aws_account"] == "111122223333"
    assert draft.metadata["mfa"] is True
    assert draft.metadata["read_only"] is True


@pytest.mark.parametrize(
    ("source", "name", "action"),
    [
        ("s3.amazonaws.com", "GetObject", "s3.get_object"),
        ("rds.amazonaws.com", "DescribeDBInstances", "rds.describe_db_instances"),
        ("sts.amazonaws.com", "AssumeRoleWithSAML", "sts.assume_role_with_saml"),
        ("lambda.amazonaws.com", "GetFunction20150331v2", "lambda.get_function"),
        ("resource-explorer-2.amazonaws.com", "Search", "resource_explorer_2.search"),
        ("servicecatalog-appregistry.amazonaws.com", "X", "servicecatalog_appregistry.x"),
    ],
)
def test_action_is_service_and_call(source, name, action):
    assert action_of(source, name) == action


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        ("AccessDenied", "denied"),
        ("AccessDeniedException", "denied"),
        ("Client.UnauthorizedOperation", "denied"),
        ("NoSuchBucketPolicy", "failure"),
        ("ThrottlingException", "failure"),
    ],
)
def test_error_code_decides_the_outcome(code, outcome):
    assert read(errorCode=code).outcome == outcome


def test_failed_sign_in_is_a_failure_though_it_has_no_error_code():
    draft = read(
        eventSource="signin.amazonaws.com",
        eventName="ConsoleLogin",
        responseElements={"ConsoleLogin": "Failure"},
    )

    assert (draft.action, draft.outcome) == ("signin.console_login", "failure")


@pytest.mark.parametrize(
    ("identity", "actor"),
    [
        (
            {"type": "Root", "arn": "arn:aws:iam::1:root", "principalId": "1"},
            Party("person", "arn:aws:iam::1:root", "root"),
        ),
        (
            {"type": "AWSService", "invokedBy": "rds.amazonaws.com"},
            Party("service", "rds.amazonaws.com", "rds.amazonaws.com"),
        ),
        (
            {
                "type": "AssumedRole",
                "principalId": "AROA:build-77",
                "arn": "arn:aws:sts::1:assumed-role/deployer/build-77",
            },
            Party("service", "arn:aws:sts::1:assumed-role/deployer/build-77", "deployer/build-77"),
        ),
        (
            {
                "type": "AssumedRole",
                "principalId": "AROA:ines@example.org",
                "arn": "arn:aws:sts::1:assumed-role/AWSReservedSSO_Admin_1/ines@example.org",
            },
            Party(
                "person",
                "arn:aws:sts::1:assumed-role/AWSReservedSSO_Admin_1/ines@example.org",
                "AWSReservedSSO_Admin_1/ines@example.org",
            ),
        ),
        (
            {"accountId": "1", "invokedBy": "ec2.amazonaws.com"},
            Party("service", "ec2.amazonaws.com", "ec2.amazonaws.com"),
        ),
        ({"type": "Unknown"}, Party("anonymous", "unknown", "Unknown caller")),
        (None, Party("anonymous", "unknown", "Unknown caller")),
    ],
)
def test_identity_becomes_an_actor(identity, actor):
    assert read(userIdentity=identity).actor == actor


def test_call_from_a_service_has_no_address_but_says_where_it_came_from():
    draft = read(sourceIPAddress="secretsmanager.amazonaws.com")

    assert draft.source_ip is None
    assert draft.metadata["source_address"] == "secretsmanager.amazonaws.com"


def test_things_in_lists_of_ec2_are_targets():
    items = {"items": [{"instanceId": "i-1"}, {"instanceId": "i-2"}]}

    draft = read(
        eventSource="ec2.amazonaws.com", resources=None, requestParameters={"instancesSet": items}
    )

    assert [target.id for target in draft.targets] == ["i-1", "i-2"]


def test_thing_with_a_very_long_name_keeps_an_id_of_its_own():
    first = read(requestParameters={"key": "k" * 900 + "1"}, resources=None).targets[0]
    second = read(requestParameters={"key": "k" * 900 + "2"}, resources=None).targets[0]

    assert first.id != second.id
    assert len(first.id) <= 512


def test_record_without_an_id_gets_the_same_one_every_time():
    assert read(eventID=None).id == read(eventID=None).id
    assert read(eventID="1").id != read(eventID="1", eventName="PutObject").id


def test_time_without_a_zone_is_utc():
    draft = read(eventTime="2026-01-21 17:49:47.000000000")

    assert draft.occurred_at.isoformat() == "2026-01-21T17:49:47+00:00"


def test_wrapped_record_is_unwrapped():
    wrapped = {"source": "aws.cloudtrail", "raw": RECORD}

    assert read_record(wrapped).id == UUID(RECORD["eventID"])


@pytest.mark.parametrize(
    "raw",
    [
        {},
        {"raw": "text"},
        {"source": "okta", "raw": {"eventType": "user.session.start"}},
        {"eventSource": "asana", "eventName": "x"},
        {"eventSource": ["s3.amazonaws.com"], "eventName": "GetObject"},
    ],
)
def test_what_is_no_cloudtrail_record_is_refused_as_such(raw):
    with pytest.raises(RecordRefused, match="not a record of AWS CloudTrail"):
        read_record(raw)


@pytest.mark.parametrize("wrong", [None, 7, "x", [], [7], {"x": []}, True])
def test_record_with_any_field_of_another_type_is_read_or_refused(wrong):
    for name in RECORD:
        with contextlib.suppress(RecordRefused):
            read_record({**RECORD, name: wrong})
