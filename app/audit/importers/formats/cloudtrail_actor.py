"""Who made a CloudTrail record: from `userIdentity` to an actor.

The kinds are those of AWS's reference, "CloudTrail userIdentity element".
"""

from collections.abc import Mapping
from typing import Any

from app.audit.importers.fields import MAX_NAME, fit_id, mapping, text

# A role that people take through single sign-on; any other role is taken by programs.
_SIGN_ON_ROLE = "AWSReservedSSO_"

_PEOPLE = {
    "IAMUser",
    "Root",
    "FederatedUser",
    "SAMLUser",
    "WebIdentityUser",
    "IdentityCenterUser",
    "Directory",
}


def actor_of(record: Mapping[str, Any]) -> dict[str, str]:
    """Return the actor of a record in the form of the contract."""
    identity = mapping(record, "userIdentity")
    kind = text(identity, "type")
    if kind == "AssumedRole":
        return _assumed_role(identity)
    name = _name(identity, kind)
    stable = text(identity, "arn") or text(identity, "principalId") or name
    if kind in _PEOPLE:
        return _actor("person", stable or kind, name)
    if name is None and stable is None:
        return _actor("anonymous", "unknown", "Unknown caller")
    return _actor("service", stable or "unknown", name)


def _name(identity: Mapping[str, Any], kind: str | None) -> str | None:
    if kind == "Root":
        return "root"
    named = text(identity, "userName") or text(identity, "invokedBy")
    if named is not None:
        return named
    stable = text(identity, "arn") or text(identity, "principalId")
    return stable.rpartition("/")[2] if stable else text(identity, "accountId")


def _assumed_role(identity: Mapping[str, Any]) -> dict[str, str]:
    """Return the actor behind a role: the id is the role's session, the name `role/session`."""
    arn, principal = text(identity, "arn"), text(identity, "principalId")
    issuer = mapping(mapping(identity, "sessionContext"), "sessionIssuer")
    # arn:aws:sts::<account>:assumed-role/<role>/<session>, and <role id>:<session>.
    of_arn = (arn or "").partition(":assumed-role/")[2].split("/")
    role = text(issuer, "userName") or of_arn[0] or "role"
    session = (principal or "").partition(":")[2] or (of_arn[-1] if len(of_arn) > 1 else "")
    by_person = role.startswith(_SIGN_ON_ROLE) or "@" in session
    name = f"{role}/{session}" if session else role
    return _actor("person" if by_person else "service", arn or principal or name, name)


def _actor(kind: str, stable: str, name: str | None) -> dict[str, str]:
    return {"type": kind, "id": fit_id(stable), "name": (name or stable)[:MAX_NAME]}
