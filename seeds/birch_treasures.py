"""What there is to find at Birch, besides its prices; README.md has the map."""

import datetime as dt

from app.identity.roles import Role
from seeds.birch import import_readings
from seeds.household import suspend_by_mistake
from seeds.paperwork import EXPIRES_IN_DAYS, create_key, invite, revoke_invitation, revoke_key
from seeds.scene import Scene

LOOK_ALIKE = "accounts@birch-energy.example"

# Failures among the imports of each half hour of the afternoon, in per cent.
_OUTAGE = (0, 10, 25, 45, 65, 80, 95, 95, 70, 20)
_RETRY_S = 300
_OWNER, _ADMIN, _OTHER_ADMIN = "Katrin Vogel", "Thomas Eck", "Lukas Brandt"


def hide_treasures(scene: Scene) -> None:
    """Tell what is worth finding, and the invitations and keys around it."""
    _papers(scene)
    _invite_look_alike(scene)
    _fail_for_an_afternoon(scene)
    wrong_ruiz = "SEC-77: asked for Ana Ruiz of another company"
    mistaken_at = scene.calendar.workday_ago(16, "11:06:20")
    suspend_by_mistake(scene, scene.member("Anna Ruiz"), mistaken_at, wrong_ruiz)


def _papers(scene: Scene) -> None:
    """Tell the keys (one about to expire, one revoked) and an open invitation."""
    calendar, owner, admin = scene.calendar, scene.member(_OWNER), scene.member(_ADMIN)
    old = create_key(scene, owner, "grid-pilot", calendar.on_day(0, "13:31"))
    old.last_used_at = calendar.workday_ago(18, "16:40")
    made_at = calendar.workday_ago(21, "14:08")
    new = create_key(
        scene, admin, "grid-platform", made_at, days=calendar.days_since(made_at) + EXPIRES_IN_DAYS
    )
    new.last_used_at = calendar.now - dt.timedelta(minutes=5)
    revoke_key(scene, old, admin, calendar.workday_ago(18, "17:02"))
    newcomer = "hanna.krug@birchenergy.example"
    invite(scene, admin, newcomer, Role.SUPPORT, calendar.workday_ago(1, "10:31"))


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
