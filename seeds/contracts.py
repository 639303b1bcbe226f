"""The event types that the tenants registered for what their products send."""

import datetime as dt
from typing import Any

from app.audit.event import STANDARD, Party
from app.audit.event_types.event_type import EventType, Origin
from app.audit.event_types.models import EventTypeDeprecation, EventTypeVersion
from app.vocabulary.audit_tags import AuditTag
from seeds.scene import Scene

TEXT = {"type": "string", "maxLength": 120}
PATIENT = {
    "type": "array",
    "minItems": 1,
    "items": {
        "type": "object",
        "properties": {"type": {"type": "string"}, "name": {"type": "string", "x-pii": True}},
    },
}


def register_alder_types(scene: Scene) -> None:
    """Tell which types Alder registered in its first weeks."""
    clinic = {**TEXT, "description": "The clinic by its short name.", "x-facet": True}
    viewed = {"targets": PATIENT, "metadata": _fields({"clinic": clinic})}
    _register(scene, (1, "10:12:31"), "patient_record.viewed", "Patient record viewed", viewed)
    emergency = {"type": "boolean", "description": "Opened without a care relation, to save a life"}
    viewed = {**viewed, "metadata": _fields({"clinic": clinic, "emergency": emergency})}
    _register(scene, (19, "14:40:02"), "patient_record.viewed", "Patient record viewed", viewed)

    medicine = {**TEXT, "description": "Name and strength, as on the packet."}
    refills = {"type": "integer", "minimum": 0, "maximum": 12}
    issued = {
        "targets": PATIENT,
        "metadata": _fields({"medicine": medicine, "refills": refills}, required=True),
    }
    _register(scene, (2, "09:31:44"), "prescription.issued", "Prescription issued", issued)
    few = {**refills, "maximum": 3, "description": "A doctor sees the patient after three."}
    issued = {
        **issued,
        "metadata": _fields({"medicine": medicine, "refills": few}, required=True),
    }
    _register(
        scene, (24, "11:05:10"), "prescription.issued", "Prescription issued", issued, major=2
    )

    booked = {
        "metadata": _fields(
            {
                "clinic": clinic,
                "channel": {"enum": ["app", "phone", "web"], "x-facet": True},
                "day": {**TEXT, "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "maxLength": 10},
            },
            required=True,
        )
    }
    _register(scene, (2, "09:48:20"), "appointment.booked", "Appointment booked", booked)
    exported = {"metadata": _fields({"rows": {"type": "integer"}, "form": TEXT})}
    _register(scene, (3, "15:20:55"), "report.exported", "Report exported", exported)
    _deprecate(
        scene, (30, "13:02:18"), "report.exported", "Send report.delivered, which names who got it."
    )


def register_birch_types(scene: Scene) -> None:
    """Tell which types Birch registered in its first weeks."""
    readings = {"type": "integer", "minimum": 0}
    imported = {"metadata": _fields({"readings": readings}, required=True)}
    _register(scene, (1, "10:02:10"), "meter_reading.imported", "Meter readings imported", imported)
    severity = {"enum": ["low", "medium", "high"], "x-facet": True}
    acknowledged = {"metadata": _fields({"severity": severity}, required=True)}
    _register(
        scene, (1, "10:20:41"), "grid_alert.acknowledged", "Grid alert acknowledged", acknowledged
    )


def types_at(scene: Scene, at: dt.datetime) -> dict[tuple[str, int], EventType]:
    """Return the tenant's types that were registered before a moment, by action and version."""
    return {
        (one.action, one.version): EventType(one.action, one.version, one.schema, Origin.TENANT)
        for one in scene.event_types
        if one.created_at <= at
    }


def _fields(properties: dict[str, Any], *, required: bool = False) -> dict[str, Any]:
    # Closed, so that a field more is no surprise for who sent another meaning of its name.
    found: dict[str, Any] = {
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }
    return {**found, "required": list(properties)} if required else found


def _register(
    scene: Scene,
    day_and_time: tuple[int, str],
    action: str,
    title: str,
    properties: dict[str, Any],
    *,
    major: int = 1,
) -> None:
    at, owner = scene.calendar.on_day(*day_and_time), scene.members[0]
    version = 1 + max((one.version for one in scene.event_types if one.action == action), default=0)
    schema = {
        "title": title,
        "x-owner": f"{action.partition('.')[0].replace('_', ' ')} team",
        **({"x-major": major} if major > 1 else {}),
        "type": "object",
        "required": [name for name in ("targets", "metadata") if _is_needed(properties, name)],
        "properties": properties,
        "examples": [_sample(action, properties)],
    }
    kind = EventType(action, version, schema, Origin.TENANT)
    scene.event_types.append(
        EventTypeVersion(
            action=action,
            version=version,
            major=major,
            title=title,
            owner=kind.owner,
            retention=STANDARD,
            schema=schema,
            created_at=at,
            created_by=owner.person.name,
        )
    )
    scene.record(
        at,
        owner.actor,
        AuditTag.EVENT_TYPE_REGISTERED,
        owner.desk,
        targets=(Party("event_type", action, action),),
        metadata={"version": version, "major": major, "sha256": kind.fingerprint},
    )


def _is_needed(properties: dict[str, Any], name: str) -> bool:
    part = properties.get(name, {})
    return bool(part.get("required") or part.get("minItems"))


def _sample(action: str, properties: dict[str, Any]) -> dict[str, Any]:
    """Return an event of the type, made of the first values that its fields take."""
    fields = properties["metadata"]["properties"]
    thing = action.partition(".")[0]
    return {
        "occurred_at": "2026-03-14T09:26:53Z",
        "actor": {"type": "service", "id": "a-service", "name": "A service"},
        "action": action,
        "targets": [{"type": thing, "id": f"{thing}-1", "name": "An example"}],
        "metadata": {name: _value(part) for name, part in fields.items()},
    }


def _value(part: dict[str, Any]) -> object:
    if "enum" in part:
        return part["enum"][0]
    if "pattern" in part:
        return "2026-03-14"
    return {"integer": 2, "boolean": False}.get(part["type"], "An example")


def _deprecate(scene: Scene, day_and_time: tuple[int, str], action: str, note: str) -> None:
    at, owner = scene.calendar.on_day(*day_and_time), scene.members[0]
    scene.deprecations.append(
        EventTypeDeprecation(
            action=action,
            version=1,
            note=note,
            deprecated_at=at,
            deprecated_by=owner.person.name,
        )
    )
    scene.record(
        at,
        owner.actor,
        AuditTag.EVENT_TYPE_DEPRECATED,
        owner.desk,
        targets=(Party("event_type", action, action),),
        reason=note,
        metadata={"version": 1},
    )
