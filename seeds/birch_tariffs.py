"""Birch's prices: who changed them when, and what they were at any time."""

import datetime as dt
from bisect import bisect_right

from app.audit.event import Party
from app.kernel.actor import Source
from seeds.outsiders import TARIFF_DESK
from seeds.scene import Scene

NIGHT_SAVER = "night-saver"
TARIFFS = {"basic": "Basic", NIGHT_SAVER: "Night Saver", "green-plus": "Green Plus"}
TARIFF_IP = "2001:db8:b1c4::9e"

_FIRST_PRICES = {"basic": 3120, NIGHT_SAVER: 2490, "green-plus": 3340}
_STEPS = (-30, 20, 40)
_TUESDAY, _THURSDAY = 1, 3
_AGENT = "TariffDesk/2.2"


class Prices:
    """What a kilowatt hour cost at any time, in hundredths of a cent."""

    def __init__(self, start: dt.datetime) -> None:
        self._history = {key: [(start, price)] for key, price in _FIRST_PRICES.items()}

    def at(self, key: str, moment: dt.datetime) -> int:
        changes = self._history[key]
        return changes[max(0, bisect_right(changes, moment, key=lambda change: change[0]) - 1)][1]

    def change(self, key: str, moment: dt.datetime, price: int) -> None:
        """Note a change; changes of a tariff must come in order."""
        self._history[key].append((moment, price))


def written(price: int) -> str:
    """Return a price as the product writes it: cents, with two places."""
    return f"{price // 100}.{price % 100:02d}"


def night_of_the_mistake(scene: Scene) -> tuple[dt.datetime, dt.datetime]:
    """Return when Night Saver's comma was moved, on a Sunday night, and when it was put back."""
    sunday_ago = scene.calendar.sunday_ago
    return sunday_ago(2, "22:41:09"), sunday_ago(2, "23:38:54")


def tell_tariffs(scene: Scene) -> Prices:
    """Tell every change of a price; return what the prices were.

    Ordinary changes come on Tuesdays and Thursdays before noon, each with its ticket. One of
    another kind is among them: at night, at a tenth of the price, without a ticket.
    """
    prices = Prices(scene.calendar.start)
    mistaken_at, corrected_at = night_of_the_mistake(scene)
    windows = scene.calendar.daily("10:00", (_TUESDAY, _THURSDAY))
    ordinary = [at + scene.chance.pause(60, 7000) for at in windows]
    for at in (moment for moment in ordinary if moment < mistaken_at):
        _change_in_window(scene, prices, at)
    right = prices.at(NIGHT_SAVER, mistaken_at)
    place = Source(ip=TARIFF_IP, user_agent=_AGENT)
    _change(scene, prices, NIGHT_SAVER, (mistaken_at, right // 10), place=place)
    _change(scene, prices, NIGHT_SAVER, (corrected_at, right), place=place)
    for at in (moment for moment in ordinary if moment > corrected_at):
        _change_in_window(scene, prices, at)
    return prices


def _change_in_window(scene: Scene, prices: Prices, at: dt.datetime) -> None:
    key = scene.chance.choice(tuple(TARIFFS))
    price = prices.at(key, at) + scene.chance.choice(_STEPS)
    ticket = f"CHG-{scene.chance.randint(1180, 1290)}"
    _change(scene, prices, key, (at, price), ticket=ticket)


def _change(
    scene: Scene,
    prices: Prices,
    key: str,
    change: tuple[dt.datetime, int],
    *,
    ticket: str | None = None,
    place: Source | None = None,
) -> None:
    at, price = change
    before = prices.at(key, at)
    prices.change(key, at, price)
    scene.record(
        at,
        TARIFF_DESK[0] if place else scene.chance.choice(TARIFF_DESK),
        "tariff.updated",
        place or Source(ip="203.0.113.140", user_agent=_AGENT),
        targets=(Party("tariff", key, TARIFFS[key]),),
        changes={"price_ct_kwh": {"before": written(before), "after": written(price)}},
        reason=ticket,
    )
