"""What the products sent and the log refused: it waits in quarantine to be looked at.

At Alder somebody put kiosks into the waiting rooms and told nobody: their bookings name a channel
that the type does not list. A version of `appointment.booked` that takes `kiosk`, and a replay,
make events of them. The rest is what a day brings: a vendor's draft, a line cut by a full disk.
"""

import datetime as dt
import hashlib

from app.audit.contract.refusal import EventRefused, RefusalKind
from app.audit.contract.types import TypeContract
from app.audit.contract.validate import read_event
from app.audit.event_types.event_type import make_contract
from app.audit.ingest.quarantine.models import QuarantinedItem
from app.audit.ingest.quarantine.store import Rejection, spell_problems
from app.kernel.problems import FieldProblem
from seeds.contracts import types_at
from seeds.scene import Scene

KIOSK_BOOKINGS = 14
_CLINICS = ("Kista", "Uppsala")


def tell_alder_refusals(scene: Scene) -> None:
    """Tell what waits in Alder's quarantine."""
    for _ in range(KIOSK_BOOKINGS):
        at = scene.calendar.now - scene.chance.pause(600, 26 * 3_600)
        _refuse(scene, at, _kiosk_booking(scene, at))
    refills = {"medicine": "losartan 50 mg", "refills": "three"}
    at = scene.calendar.now - dt.timedelta(hours=5, minutes=11)
    _refuse(scene, at, _event("prescription.issued", at, "lab-vendor", refills))
    _refuse(scene, at, {**_event("Result.Ready", at, "lab-vendor", {}), "result": "negative"})
    cut = '{"occurred_at": "2026-11-20T06:30:12Z", "actor": {"type": "service", "id": "reporting-se'
    _keep(
        scene,
        scene.calendar.now - dt.timedelta(hours=9, minutes=28),
        Rejection(
            RefusalKind.UNREADABLE,
            (FieldProblem("", "The JSON cannot be read: unterminated string (line 7, column 79)"),),
            cut,
            scene.chance.id_at(at),
        ),
    )


def _kiosk_booking(scene: Scene, at: dt.datetime) -> dict[str, object]:
    details = {
        "clinic": scene.chance.choice(_CLINICS),
        "channel": "kiosk",
        "day": (at + dt.timedelta(days=scene.chance.randint(2, 20))).date().isoformat(),
    }
    serial = scene.chance.randint(400_000, 499_999)
    target = {"type": "appointment", "id": f"apt-{serial}", "name": f"Appointment {serial}"}
    return {**_event("appointment.booked", at, "booking-service", details), "targets": [target]}


def _event(action: str, at: dt.datetime, sender: str, metadata: object) -> dict[str, object]:
    return {
        "occurred_at": at.isoformat(timespec="milliseconds"),
        "actor": {"type": "service", "id": sender, "name": sender},
        "action": action,
        "metadata": metadata,
    }


def _refuse(scene: Scene, at: dt.datetime, sent: dict[str, object]) -> None:
    """Keep an event with the reasons that the door would give; it must have some."""
    kind = types_at(scene, at).get((str(sent["action"]), 1))
    book = _OneType(make_contract(kind) if kind else None)
    try:
        read_event(sent, types=book)
    except EventRefused as refusal:
        event_id = scene.chance.id_at(at)
        _keep(scene, at, Rejection(refusal.kind, refusal.errors, sent, event_id))
    else:
        raise ValueError(f"Nothing is wrong with {sent}.")


class _OneType:
    """The book of one type, or of none."""

    def __init__(self, contract: TypeContract | None) -> None:
        self._contract = contract

    def find(self, event: object) -> TypeContract | None:
        del event
        return self._contract


def _keep(scene: Scene, at: dt.datetime, rejection: Rejection) -> None:
    spelt = rejection.text.encode()
    scene.refused.append(
        QuarantinedItem(
            id=scene.chance.id_at(at),
            received_at=at,
            received_from=str(scene.api_keys[-1].id),
            action=rejection.action,
            kind=rejection.kind.value,
            problems=spell_problems(rejection.errors),
            item=rejection.text,
            item_bytes=len(spelt),
            item_hash=hashlib.sha256(spelt).hexdigest(),
            event_id=rejection.event_id,
            times_sent=scene.chance.weighted({1: 5, 2: 2, 3: 1}),
            attempts=1,
            last_tried_at=at,
        )
    )
