"""What there is to find at Birch; README.md has the map."""

import datetime as dt

from app.audit.event import Party
from app.identity.roles import Role
from app.kernel.actor import Source
from seeds.birch import TARIFFS, import_readings, invoice
from seeds.household import suspend_by_mistake
from seeds.outsiders import TARIFF_DESK
from seeds.paperwork import create_key, invite, revoke_invitation, revoke_key
from seeds.scene import Scene

LOOK_ALIKE = "accounts@birch-energy.example"
TARIFF_IP = "2001:db8:b1c4::9e"

# Failures among the imports of each half hour of the afternoon, in per cent.
_OUTAGE = (0, 10, 25, 45, 65, 80, 95, 95, 70, 20)
_RETRY_S = 300
_OWNER, _ADMIN, _OTHER_ADMIN = "Katrin Vogel", "Thomas Eck", "Lukas Brandt"


def hide_treasures(scene: Scene) -> None:
    """Tell what is worth finding, and the invitations and keys around it."""
    _papers(scene)
    _change_tariff_at_night(scene)
    _invite_look_alike(scene)
    _fail_for_an_afternoon(scene)
    wrong_ruiz = "SEC-77: asked for Ana Ruiz of another company"
    mistaken_at = scene.calendar.workday_ago(16, "11:06:20")
    suspend_by_mistake(scene, scene.member("Anna Ruiz"), mistaken_at, wrong_ruiz)


def _papers(scene: Scene) -> None:
    """Tell the keys (one about to expire, one revoked) and an open invitation."""
    calendar, owner, admin = scene.calendar, scene.member(_OWNER), scene.member(_ADMIN)
    old = create_key(scene, owner, "grid-pilot", calendar.on_day(0, "13:31"))
    old.last_used_at = calendar.at(19, "16:40")
    new = create_key(scene, admin, "grid-platform", calendar.at(21, "14:08"), days=30)
    new.last_used_at = calendar.now - dt.timedelta(minutes=5)
    revoke_key(scene, old, admin, calendar.at(19, "17:02"))
    newcomer = "hanna.krug@birchenergy.example"
    invite(scene, admin, newcomer, Role.SUPPORT, calendar.at(1, "10:31"))


def _change_tariff_at_night(scene: Scene) -> None:
    """Tell a price with its comma moved, on a Sunday night, put back an hour later.

    The billing run of that night met the wrong price.
    """
    name, field, price = TARIFFS["night-saver"]
    wrong = price / 10
    clerk, at = TARIFF_DESK[0], scene.calendar.sunday_ago
    place = Source(ip=TARIFF_IP, user_agent="TariffDesk/2.2")
    steps = (("22:41:09", price, wrong), ("23:38:54", wrong, price))
    for clock, before, after in steps:
        scene.record(
            at(2, clock),
            clerk,
            "tariff.updated",
            place,
            targets=(Party("tariff", "night-saver", name),),
            changes={field: {"before": f"{before:.2f}", "after": f"{after:.2f}"}},
        )
    for number in range(6):
        invoice(scene, at(2, "23:01") + dt.timedelta(seconds=9 * number), name, wrong)


def _invite_look_alike(scene: Scene) -> None:
    """Tell an invitation to a domain that only looks like the company's, withdrawn in time."""
    calendar = scene.calendar
    invitation = invite(
        scene, scene.member(_OTHER_ADMIN), LOOK_ALIKE, Role.ADMIN, calendar.workday_ago(5, "16:48")
    )
    revoke_invitation(scene, invitation, scene.member(_OWNER), calendar.workday_ago(5, "17:36"))


def _fail_for_an_afternoon(scene: Scene) -> None:
    """Tell how imports of one region fail more and more, and recover towards the evening."""
    at = scene.calendar.workday_ago(3, "13:00")
    for failing in _OUTAGE:
        for _ in range(6):
            failed = scene.chance.holds(failing / 100)
            error = "concentrator did not answer within 30 s" if failed else None
            import_readings(scene, at + scene.chance.pause(0, 40), "bb-north", error=error)
            at += dt.timedelta(seconds=_RETRY_S)
