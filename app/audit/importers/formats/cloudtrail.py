"""AWS CloudTrail records.

The fields are those of AWS's reference, "CloudTrail record contents" (event version 1.08 and
later; earlier ones lack some).
"""

import json
import re
from typing import Any

from app.audit.contract.content import find_unfit_content
from app.audit.contract.validate import find_address
from app.audit.importers.actions import snake
from app.audit.importers.fields import Raw, mapping, text
from app.audit.importers.fingerprint import find_uuid, id_of_record
from app.audit.importers.format import Format
from app.audit.importers.formats.cloudtrail_actor import actor_of
from app.audit.importers.formats.cloudtrail_targets import targets_of
from app.audit.importers.moments import moment_of
from app.audit.importers.refusal import RecordRefused
from app.audit.importers.rules import address_rule, chosen, metadata_rules, text_rule

MAX_PARAMETERS = 8_000

_EVENT_SOURCE = re.compile(r"[a-z0-9.-]+\.amazonaws\.com(\.cn)?")
_API_DATE = re.compile(r"\d{8}(v\d+)?$")
_DENIED = re.compile(r"AccessDenied|Unauthorized|NotAuthorized", re.IGNORECASE)


def action_of(event_source: str, event_name: str) -> str:
    """Return the action of an API call: `s3.amazonaws.com`, `GetObject` → `s3.get_object`.

    The date that some services carry in the name (`GetFunction20150331v2`) is left out.
    """
    service = event_source.partition(".amazonaws.com")[0]
    return f"{snake(service)}.{snake(_API_DATE.sub('', event_name))}"


def _recognise(record: Raw) -> float:
    source, name = text(record, "eventSource"), text(record, "eventName")
    return 1.0 if name and source and _EVENT_SOURCE.fullmatch(source) else 0.0


def _id(record: Raw) -> str:
    # AWS's own ids are UUIDs; what has been rewritten on its way here is told apart by all that
    # it says.
    return find_uuid(text(record, "eventID")) or id_of_record("cloudtrail", record)


def _moment(record: Raw) -> str:
    written = text(record, "eventTime")
    if written is None:
        raise RecordRefused("no time: eventTime is missing")
    return moment_of(written)


def _action(record: Raw) -> str:
    return action_of(record["eventSource"], record["eventName"])


def _outcome(record: Raw) -> str:
    code = text(record, "errorCode")
    if code is not None:
        return "denied" if _DENIED.search(code) else "failure"
    # A failed sign-in has no error code; the answer says it: {"ConsoleLogin": "Failure"}.
    answer = text(mapping(record, "responseElements"), text(record, "eventName") or "")
    return "failure" if answer == "Failure" else "success"


def _session(record: Raw) -> str | None:
    access_key = text(mapping(record, "userIdentity"), "accessKeyId") or ""
    # A temporary key (ASIA…) lives as long as one session and names it.
    return access_key[:256] if access_key.startswith("ASIA") else None


def _read_only(record: Raw) -> bool | None:
    return record.get("readOnly") in (True, "true") if "readOnly" in record else None


def _account(record: Raw) -> str | None:
    own = text(record, "recipientAccountId", cut_to=64)
    return own or text(mapping(record, "userIdentity"), "accountId", cut_to=64)


def _mfa(record: Raw) -> bool | None:
    session = mapping(mapping(mapping(record, "userIdentity"), "sessionContext"), "attributes")
    said = session.get("mfaAuthenticated")
    if said is None:
        said = mapping(record, "additionalEventData").get("MFAUsed")
    return None if said is None else str(said).lower() in ("true", "yes")


def _address(record: Raw) -> str | None:
    """Return where a call came from that is no IP address: the name of a service."""
    address = text(record, "sourceIPAddress", cut_to=256)
    return None if find_address(address or "") else address


def _parameters(record: Raw) -> Any:  # noqa: ANN401  JSON is whatever the sender made it
    """Return what the caller asked for, as it was written, when that is small."""
    parameters = mapping(record, "requestParameters")
    if not parameters or find_unfit_content([parameters]) is not None:
        return None
    if len(json.dumps(parameters)) > MAX_PARAMETERS:
        return "left out: too long"
    return dict(parameters)


_CALL = ("eventSource", "eventName")
_IDENTITY = "userIdentity"

CLOUDTRAIL = Format(
    name="cloudtrail",
    title="AWS CloudTrail",
    origin='Files that a trail delivers (`{"Records": […]}`, packed with gzip), the answers of'
    " `lookup-events`, or one record a line.",
    recognise=_recognise,
    refuses=("a record without `eventTime`",),
    rules=(
        chosen("id", ["eventID"], "as it is; where it is no UUID, made of the whole record", _id),
        chosen("occurred_at", ["eventTime"], "in UTC", _moment),
        chosen(
            "actor",
            [_IDENTITY],
            "people: IAM users, root, federated and single sign-on users; roles and services are"
            " services. A role's session names the actor as `role/session`.",
            actor_of,
        ),
        chosen("action", _CALL, "`s3.amazonaws.com`, `GetObject` → `s3.get_object`", _action),
        chosen(
            "outcome",
            ["errorCode", "responseElements", "eventName"],
            "denied for `AccessDenied` and its kin, failure for any other error code and for a"
            " failed console sign-in",
            _outcome,
        ),
        chosen(
            "targets",
            ["resources", "requestParameters", "eventSource"],
            "resources, and the things that the parameters name; each once, at most 20",
            targets_of,
        ),
        address_rule("sourceIPAddress"),
        text_rule("source.user_agent", "userAgent"),
        chosen("source.session", [_IDENTITY], "the temporary access key, `ASIA…`", _session),
        text_rule("source.request_id", "requestID"),
        text_rule("metadata.aws_region", "awsRegion"),
        chosen("metadata.aws_account", ["recipientAccountId", _IDENTITY], "as it is", _account),
        text_rule("metadata.event_source", "eventSource"),
        text_rule("metadata.event_name", "eventName"),
        text_rule("metadata.event_type", "eventType"),
        chosen("metadata.read_only", ["readOnly"], "as true or false", _read_only),
        text_rule("metadata.error_code", "errorCode"),
        text_rule("metadata.error_message", "errorMessage"),
        chosen("metadata.mfa", [_IDENTITY, "additionalEventData"], "as true or false", _mfa),
        *metadata_rules(
            access_key_id="userIdentity.accessKeyId",
            invoked_by="userIdentity.invokedBy",
            vpc_endpoint="vpcEndpointId",
        ),
        chosen(
            "metadata.source_address", ["sourceIPAddress"], "where it is no IP address", _address
        ),
        chosen(
            "metadata.request_parameters",
            ["requestParameters"],
            f"as they are, up to {MAX_PARAMETERS:,} characters",
            _parameters,
        ),
    ),
)
