"""What a CloudTrail record was done to: its `resources`, and what its parameters name."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from app.audit.importers.fields import MAX_NAME, fit_id, mapping, text

MAX_TARGETS = 20

# Parameters that name a thing, and the kind of thing; most telling first.
_KINDS = {
    "bucketName": "s3_bucket",
    "userName": "iam_user",
    "roleName": "iam_role",
    "roleArn": "iam_role",
    "policyArn": "iam_policy",
    "policyName": "iam_policy",
    "groupName": "group",
    "instanceProfileName": "iam_instance_profile",
    "instanceId": "ec2_instance",
    "snapshotId": "ec2_snapshot",
    "volumeId": "ec2_volume",
    "imageId": "ec2_image",
    "groupId": "ec2_security_group",
    "routeTableId": "ec2_route_table",
    "subnetId": "ec2_subnet",
    "vpcId": "ec2_vpc",
    "functionName": "lambda_function",
    "secretId": "secretsmanager_secret",
    "keyId": "kms_key",
    "dBInstanceIdentifier": "rds_instance",
    "dBSnapshotIdentifier": "rds_snapshot",
    "trailName": "cloudtrail_trail",
    "tableName": "dynamodb_table",
    "clusterName": "cluster",
}

# Parameters whose meaning depends on the service that was called.
_KINDS_BY_SERVICE = {
    "cloudtrail.amazonaws.com": {"name": "cloudtrail_trail"},
    "s3.amazonaws.com": {"key": "s3_object"},
    "secretsmanager.amazonaws.com": {"name": "secretsmanager_secret"},
    "ssm.amazonaws.com": {"name": "ssm_parameter"},
}

# arn:<partition>:<service>:<region>:<account>:<resource>
_ARN = re.compile(r"arn:[^:]*:(?P<service>[^:]*):[^:]*:[^:]*:(?P<resource>.+)", re.DOTALL)


def targets_of(record: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the targets of a record in the form of the contract, each thing once, at most 20."""
    found: dict[str, dict[str, str]] = {}
    for kind, named in (*_resources(record), *_parameters(record)):
        name = _short(named)
        # The same bucket comes as an ARN among the resources and by its name as a parameter.
        found.setdefault(
            name, {"type": kind[:64], "id": fit_id(named), "name": name[:MAX_NAME] or kind}
        )
    return list(found.values())[:MAX_TARGETS]


def _resources(record: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    listed = record.get("resources")
    for resource in listed if isinstance(listed, list) else ():
        if isinstance(resource, Mapping) and (arn := text(resource, "ARN")):
            yield _kind_of_type(text(resource, "type")) or _kind_of_arn(arn), arn


def _parameters(record: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    parameters = mapping(record, "requestParameters")
    own = _KINDS_BY_SERVICE.get(text(record, "eventSource") or "", {})
    yield from _named(parameters, {**_KINDS, **own})
    # EC2 lists things as {"instancesSet": {"items": [{"instanceId": …}]}}.
    for value in parameters.values():
        items = value.get("items") if isinstance(value, Mapping) else None
        for item in items if isinstance(items, list) else ():
            if isinstance(item, Mapping):
                yield from _named(item, _KINDS)


def _named(fields: Mapping[str, Any], kinds: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for parameter, kind in kinds.items():
        named = text(fields, parameter)
        if named is not None:
            yield kind, named


def _kind_of_type(resource_type: str | None) -> str | None:
    """Return the kind of `AWS::S3::Bucket`: `s3_bucket`."""
    if resource_type is None:
        return None
    return "_".join(resource_type.removeprefix("AWS::").split("::")).lower()


def _kind_of_arn(arn: str) -> str:
    parts = _ARN.fullmatch(arn)
    if parts is None:
        return "resource"
    service, resource = parts["service"], parts["resource"]
    if service == "s3":
        return "s3_object" if "/" in resource else "s3_bucket"
    kind, separator, _ = re.sub("[:/]", " ", resource, count=1).partition(" ")
    return f"{service}_{kind}" if separator else service or "resource"


def _short(named: str) -> str:
    """Return the last part of an ARN, which people know a thing by; other names as they are."""
    parts = _ARN.fullmatch(named)
    if parts is None:
        return named
    resource = parts["resource"]
    if parts["service"] == "s3":
        return resource
    return re.split("[:/]", resource, maxsplit=1)[-1].rpartition("/")[2] or resource
