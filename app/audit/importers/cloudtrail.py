"""AWS CloudTrail records.

The fields are those of AWS's reference, "CloudTrail record contents" (event version 1.08 and
later; earlier ones lack some). Records come as CloudTrail's files hold them, or as the `raw`
member of a line that says where it was collected.
"""

import json
import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from app.audit.contract.content import find_unfit_content
from app.audit.contract.validate import find_address
from app.audit.event import EventDraft
from app.audit.importers.cloudtrail_actor import actor_of
from app.audit.importers.cloudtrail_fields import compact, mapping, text
from app.audit.importers.cloudtrail_targets import targets_of
from app.audit.importers.fingerprint import id_of_record
from app.audit.importers.refusal import RecordRefused, draft_or_refuse

NOT_CLOUDTRAIL = "not a CloudTrail record"
MAX_PARAMETERS = 8_000

_EVENT_SOURCE = re.compile(r"[a-z0-9.-]+\.amazonaws\.com(\.cn)?")
_API_DATE = re.compile(r"\d{8}(v\d+)?$")
_DENIED = re.compile(r"AccessDenied|Unauthorized|NotAuthorized", re.IGNORECASE)
_ZONE = re.compile(r"(Z|[+-]\d\d:\d\d)$", re.IGNORECASE)


class CloudTrail:
    """Reads records of AWS CloudTrail."""

    def read(self, raw: Mapping[str, Any]) -> EventDraft:
        """Return the event of a record; raises `RecordRefused` for what is none."""
        record = raw if "eventSource" in raw else mapping(raw, "raw")
        source, name = text(record, "eventSource"), text(record, "eventName")
        if not name or not source or not _EVENT_SOURCE.fullmatch(source):
            raise RecordRefused(NOT_CLOUDTRAIL)
        return draft_or_refuse(
            compact(
                {
                    "id": _id(record),
                    "occurred_at": _moment(record),
                    "actor": actor_of(record),
                    "action": action_of(source, name),
                    "outcome": _outcome(record),
                    "targets": targets_of(record),
                    "source": _source(record),
                    "metadata": _metadata(record),
                }
            )
        )


def action_of(event_source: str, event_name: str) -> str:
    """Return the action of an API call: `s3.amazonaws.com`, `GetObject` → `s3.get_object`.

    The date that some services carry in the name (`GetFunction20150331v2`) is left out.
    """
    service = event_source.partition(".amazonaws.com")[0]
    return f"{_snake(service)}.{_snake(_API_DATE.sub('', event_name))}"


def _snake(words: str) -> str:
    spaced = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", words)
    spaced = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", spaced)
    return re.sub(r"[^a-z0-9]+", "_", spaced.lower()).strip("_")


def _id(record: Mapping[str, Any]) -> str:
    try:
        return str(UUID(text(record, "eventID") or ""))
    except ValueError:
        # AWS's own ids are UUIDs; what has been rewritten on its way here is told apart by all
        # that it says.
        return id_of_record("cloudtrail", record)


def _moment(record: Mapping[str, Any]) -> str | None:
    written = text(record, "eventTime")
    if written is None:
        return None
    # CloudTrail writes UTC; stores in between drop the letter that says so.
    return written if _ZONE.search(written) else f"{written}Z"


def _outcome(record: Mapping[str, Any]) -> str:
    code = text(record, "errorCode")
    if code is not None:
        return "denied" if _DENIED.search(code) else "failure"
    # A failed sign-in has no error code; the answer says it: {"ConsoleLogin": "Failure"}.
    answer = text(mapping(record, "responseElements"), text(record, "eventName") or "")
    return "failure" if answer == "Failure" else "success"


def _source(record: Mapping[str, Any]) -> dict[str, str] | None:
    access_key = text(mapping(record, "userIdentity"), "accessKeyId") or ""
    source = {
        "ip": find_address(text(record, "sourceIPAddress") or ""),
        "user_agent": text(record, "userAgent", cut_to=1000),
        # A temporary key (ASIA…) lives as long as one session and names it.
        "session": access_key[:256] if access_key.startswith("ASIA") else None,
        "request_id": text(record, "requestID", cut_to=256),
    }
    return compact(source) or None


def _metadata(record: Mapping[str, Any]) -> dict[str, Any]:
    identity = mapping(record, "userIdentity")
    address = text(record, "sourceIPAddress", cut_to=256)
    return compact(
        {
            "aws_region": text(record, "awsRegion", cut_to=64),
            "aws_account": _account(record),
            "event_source": text(record, "eventSource"),
            "event_name": text(record, "eventName"),
            "event_type": text(record, "eventType", cut_to=64),
            "read_only": record.get("readOnly") in (True, "true") if "readOnly" in record else None,
            "error_code": text(record, "errorCode", cut_to=256),
            "error_message": text(record, "errorMessage", cut_to=1000),
            "mfa": _mfa(record),
            "access_key_id": text(identity, "accessKeyId", cut_to=256),
            "invoked_by": text(identity, "invokedBy", cut_to=256),
            "vpc_endpoint": text(record, "vpcEndpointId", cut_to=256),
            # Calls that a service makes come from its name instead of an address.
            "source_address": None if find_address(address or "") else address,
            "request_parameters": _parameters(record),
        }
    )


def _account(record: Mapping[str, Any]) -> str | None:
    own = text(record, "recipientAccountId", cut_to=64)
    return own or text(mapping(record, "userIdentity"), "accountId", cut_to=64)


def _mfa(record: Mapping[str, Any]) -> bool | None:
    session = mapping(mapping(mapping(record, "userIdentity"), "sessionContext"), "attributes")
    said = session.get("mfaAuthenticated")
    if said is None:
        said = mapping(record, "additionalEventData").get("MFAUsed")
    return None if said is None else str(said).lower() in ("true", "yes")


def _parameters(record: Mapping[str, Any]) -> object:
    """Return what the caller asked for, as it was written, when that is small."""
    parameters = mapping(record, "requestParameters")
    if not parameters or find_unfit_content([parameters]) is not None:
        return None
    if len(json.dumps(parameters)) > MAX_PARAMETERS:
        return "left out: too long"
    return parameters
