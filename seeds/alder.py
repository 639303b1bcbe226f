"""Alder Health: six weeks of a clinic group, told by its product's services."""

import datetime as dt

from app.audit.event import Party
from app.kernel.actor import Source
from app.kernel.commands import Outcome
from seeds.outsiders import BOOKING, DOCTORS, NURSES, REPORTING, SYNC
from seeds.rhythm import BOOKINGS, CLINIC
from seeds.scene import Scene

VIEWS, PRESCRIPTIONS, APPOINTMENTS = 760, 230, 340

QUERIES = (
    "action:patient_record created:24h",
    "action:patient_record outcome:denied created:7d",
    "action:session outcome:failure created:7d",
    "action:member created:30d",
    "action:api_key",
    "action:prescription outcome:failure created:7d",
    "action:report.exported created:30d",
    'actor:"Dr. Sofia Marchetti" created:7d',
    'target:"Karim Nasser"',
    "outcome:denied,failure created:24h",
    "ip:192.0.2.0/24 created:24h",
)

_APP = "AlderRecords/5.12 (clinic workstation)"
_REGISTRY = Party("integration", "national-prescriptions", "National prescription registry")
_LABORATORY = Party("integration", "lab-results", "Laboratory results")
_SYNCS = {
    "00:05": _REGISTRY,
    "06:05": _LABORATORY,
    "12:05": _REGISTRY,
    "18:05": _LABORATORY,
}
_MEDICINES = ("amoxicillin 500 mg", "metformin 850 mg", "losartan 50 mg", "ibuprofen 400 mg")
_CLINICS = ("Södermalm", "Kista", "Uppsala")
_WEEKDAYS = (0, 1, 2, 3, 4)


def patient(number: int) -> Party:
    """Return a patient. The log knows them by number only."""
    return Party("patient", f"patient-{number}", f"Patient {number}")


def tell_product(scene: Scene) -> None:
    """Tell what the product's services sent in six ordinary weeks."""
    _views(scene)
    _prescriptions(scene)
    _appointments(scene)
    _syncs(scene)
    _reports(scene)


def workstation(scene: Scene, number: int) -> Source:
    """Return a workstation of the clinics, with a session of its own."""
    session = f"aw-{scene.chance.getrandbits(40):010x}"
    return Source(ip=f"192.0.2.{120 + number}", user_agent=_APP, session=session)


def _views(scene: Scene) -> None:
    chance = scene.chance
    for at in scene.calendar.spread(chance, VIEWS, CLINIC):
        number = chance.randrange(len(DOCTORS) + len(NURSES))
        viewer = (*DOCTORS, *NURSES)[number]
        denied = chance.holds(0.015)
        scene.record(
            at,
            viewer,
            "patient_record.viewed",
            workstation(scene, number),
            targets=(_somebody(scene),),
            outcome=Outcome.DENIED if denied else Outcome.SUCCESS,
            reason="no care relation" if denied else _ticket(scene, 0.04),
            metadata={"clinic": _CLINICS[number % len(_CLINICS)]},
        )


def _prescriptions(scene: Scene) -> None:
    chance = scene.chance
    for at in scene.calendar.spread(chance, PRESCRIPTIONS, CLINIC):
        number = chance.randrange(len(DOCTORS))
        failed = chance.holds(0.03)
        serial = chance.randint(60_000, 99_999)
        prescription = Party("prescription", f"rx-{serial}", f"Prescription {serial}")
        scene.record(
            at,
            DOCTORS[number],
            "prescription.issued",
            workstation(scene, number),
            targets=(prescription, _somebody(scene)),
            outcome=Outcome.FAILURE if failed else Outcome.SUCCESS,
            reason="interaction warning" if failed else None,
            metadata={"medicine": chance.choice(_MEDICINES), "refills": chance.randint(0, 3)},
        )


def _appointments(scene: Scene) -> None:
    chance = scene.chance
    for at in scene.calendar.spread(chance, APPOINTMENTS, BOOKINGS):
        serial = chance.randint(300_000, 399_999)
        appointment = Party("appointment", f"apt-{serial}", f"Appointment {serial}")
        full = chance.holds(0.02)
        days_ahead = dt.timedelta(days=chance.randint(1, 30))
        scene.record(
            at,
            BOOKING,
            "appointment.booked",
            Source(ip="192.0.2.201", user_agent="booking-service/2.8"),
            targets=(appointment, _somebody(scene)),
            outcome=Outcome.FAILURE if full else Outcome.SUCCESS,
            reason="slot taken meanwhile" if full else None,
            metadata={
                "clinic": chance.choice(_CLINICS),
                "channel": chance.weighted({"app": 5, "web": 3, "phone": 2}),
                "day": (at + days_ahead).date().isoformat(),
            },
        )


def _syncs(scene: Scene) -> None:
    source = Source(ip="192.0.2.210", user_agent="sync-scheduler/1.4")
    for clock, system in _SYNCS.items():
        for at in scene.calendar.daily(clock):
            failed = scene.chance.holds(0.02)
            scene.record(
                at + scene.chance.pause(1, 25),
                SYNC,
                "integration.synced",
                source,
                targets=(system,),
                outcome=Outcome.FAILURE if failed else Outcome.SUCCESS,
                reason="other side unavailable; retried at the next run" if failed else None,
                metadata={"records": 0 if failed else scene.chance.randint(40, 900)},
            )


def _reports(scene: Scene) -> None:
    for at in scene.calendar.daily("06:30", _WEEKDAYS):
        for clinic in _CLINICS:
            scene.record(
                at + scene.chance.pause(2, 90),
                REPORTING,
                "report.exported",
                Source(ip="192.0.2.211", user_agent="reporting-service/3.1"),
                targets=(Party("report", f"occupancy-{clinic.lower()}", f"Occupancy {clinic}"),),
                metadata={"rows": scene.chance.randint(200, 1800), "form": "pdf"},
            )


def _somebody(scene: Scene) -> Party:
    return patient(scene.chance.randint(10_100, 10_460))


def _ticket(scene: Scene, probability: float) -> str | None:
    if not scene.chance.holds(probability):
        return None
    return f"SUP-{scene.chance.randint(4100, 4900)}: opened at the patient's request"
