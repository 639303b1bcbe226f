"""Birch Energy: six weeks of a supplier, told by its product's services."""

import datetime as dt

from app.audit.event import Party
from app.kernel.actor import Source
from app.kernel.commands import Outcome
from seeds.birch_tariffs import TARIFFS, Prices, tell_tariffs, written
from seeds.outsiders import BILLING, CONTROL_ROOM, METERS, SALES
from seeds.rhythm import AROUND_THE_CLOCK, OFFICE
from seeds.scene import Scene

ALERTS, CONTRACTS = 200, 100

QUERIES = (
    "action:meter_reading outcome:failure created:7d",
    "action:tariff created:30d",
    "action:invitation",
    "action:member created:30d",
    "action:grid_alert created:24h",
    "action:contract created:7d",
    'target:"Night Saver"',
    "actor:meter-gateway outcome:failure created:7d",
    "outcome:denied,failure created:24h",
)

METER_SOURCE = Source(ip="203.0.113.201", user_agent="meter-gateway/4.0.2")
REGIONS = {"bb-north": "Meters Brandenburg north", "bb-south": "Meters Brandenburg south"}

_IMPORTED_AT = ("00:15", "04:15", "08:15", "12:15", "16:15", "20:15")
_BILLING_NIGHTS = (0, 1, 2, 3, 6)
_SITES = ("Eberswalde", "Templin", "Zossen", "Luckau", "Prenzlau")


def tell_product(scene: Scene) -> None:
    """Tell what the product's services sent in six ordinary weeks."""
    _readings(scene)
    prices = tell_tariffs(scene)
    _invoices(scene, prices)
    _contracts(scene)
    _alerts(scene)


def import_readings(
    scene: Scene, at: dt.datetime, region: str, *, error: str | None = None
) -> None:
    """Tell one import of meter readings, failed when there is an error."""
    batch = Party("meter_batch", f"{region}-{at:%Y%m%d%H%M}", REGIONS[region])
    scene.record(
        at,
        METERS,
        "meter_reading.imported",
        METER_SOURCE,
        targets=(batch,),
        outcome=Outcome.FAILURE if error else Outcome.SUCCESS,
        reason=error,
        metadata={"readings": 0 if error else scene.chance.randint(3_900, 4_400)},
    )


def _readings(scene: Scene) -> None:
    for clock in _IMPORTED_AT:
        for at in scene.calendar.daily(clock):
            region = scene.chance.choice(tuple(REGIONS))
            error = "reading out of range" if scene.chance.holds(0.015) else None
            import_readings(scene, at + scene.chance.pause(1, 50), region, error=error)


def _invoices(scene: Scene, prices: Prices) -> None:
    """Tell the billing runs, which take every tariff at the price of the moment."""
    source = Source(ip="203.0.113.202", user_agent="billing-run/7.3")
    for start in scene.calendar.daily("23:00", _BILLING_NIGHTS):
        for number in range(scene.chance.randint(4, 8)):
            at = start + dt.timedelta(seconds=7 * number + 3)
            key = tuple(TARIFFS)[number % len(TARIFFS)]
            serial = scene.chance.randint(700_000, 799_999)
            scene.record(
                at,
                BILLING,
                "invoice.generated",
                source,
                targets=(Party("invoice", f"inv-{serial}", f"Invoice {serial}"),),
                metadata={
                    "tariff": TARIFFS[key],
                    "price_ct_kwh": written(prices.at(key, at)),
                    "kwh": scene.chance.randint(90, 520),
                },
            )


def _contracts(scene: Scene) -> None:
    for at in scene.calendar.spread(scene.chance, CONTRACTS, OFFICE):
        seller = scene.chance.randrange(len(SALES))
        serial = scene.chance.randint(52_000, 58_999)
        scene.record(
            at,
            SALES[seller],
            "contract.signed",
            Source(ip=f"203.0.113.{150 + seller}", user_agent="BirchSales/1.9 (tablet)"),
            targets=(Party("contract", f"con-{serial}", f"Contract {serial}"),),
            metadata={"tariff": scene.chance.choice(tuple(TARIFFS.values())), "months": 24},
        )


def _alerts(scene: Scene) -> None:
    for at in scene.calendar.spread(scene.chance, ALERTS, AROUND_THE_CLOCK):
        operator = scene.chance.randrange(len(CONTROL_ROOM))
        site = scene.chance.choice(_SITES)
        scene.record(
            at,
            CONTROL_ROOM[operator],
            "grid_alert.acknowledged",
            Source(ip="203.0.113.190", user_agent="GridBoard/11 (control room)"),
            targets=(Party("substation", f"ss-{site.lower()}", f"Substation {site}"),),
            reason=f"INC-{scene.chance.randint(8000, 8999)}" if scene.chance.holds(0.3) else None,
            metadata={"severity": scene.chance.weighted({"low": 6, "medium": 3, "high": 1})},
        )
