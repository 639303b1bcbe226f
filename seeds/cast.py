"""Who plays: the tenants, and the people who are members of them.

Names that look alike across the tenants are meant to: whoever sees the wrong Ruiz has found a
hole in the wall between them.
"""

from dataclasses import dataclass

from app.identity.roles import Role


@dataclass(frozen=True, slots=True)
class DemoTenant:
    """A customer. `office` is the network that its people work in."""

    slug: str
    name: str
    time_zone: str
    office: str
    home: str


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """A person's place in one tenant. Somebody in two tenants appears twice, listed once.

    Days count from the tenant's first. `started_as` is an earlier role, changed two days after
    joining.
    """

    email: str
    name: str
    tenant: str
    role: Role
    joined_day: int = 0
    suspended_day: int | None = None
    started_as: Role | None = None
    is_listed: bool = False

    @property
    def status(self) -> str:
        return "active" if self.suspended_day is None else "suspended"


ALDER = DemoTenant("alder", "Alder Health", "Europe/Stockholm", "192.0.2.", "2001:db8:a1de::")
BIRCH = DemoTenant("birch", "Birch Energy", "Europe/Berlin", "203.0.113.", "2001:db8:b1c4::")
TENANTS: tuple[DemoTenant, ...] = (ALDER, BIRCH)

SHARED_EMAIL = "consultant@shared.example"


def _listed(tenant: DemoTenant, names: dict[Role, tuple[str, int]]) -> tuple[DemoPerson, ...]:
    """Return the people that visitors sign in as: one a role, the role being their address."""
    return tuple(
        DemoPerson(f"{role}@{tenant.slug}.example", name, tenant.slug, role, day, is_listed=True)
        for role, (name, day) in names.items()
    )


_ALDER = (
    *_listed(
        ALDER,
        {
            Role.OWNER: ("Rosa Lindqvist", 0),
            Role.ADMIN: ("Tomas Ek", 0),
            Role.ANALYST: ("Ines Prado", 1),
            Role.SUPPORT: ("Ana Ruiz", 1),
            Role.AUDITOR: ("Noor Haddad", 2),
            Role.EDITOR: ("Jonas Whitfield", 3),
        },
    ),
    DemoPerson("elin.sandberg@alderhealth.example", "Elin Sandberg", "alder", Role.ANALYST, 2),
    DemoPerson("karim.nasser@alderhealth.example", "Karim Nasser", "alder", Role.SUPPORT, 3),
    DemoPerson(
        "maja.forsell@alderhealth.example",
        "Maja Forsell",
        "alder",
        Role.ANALYST,
        joined_day=6,
        started_as=Role.AUDITOR,
    ),
    DemoPerson("oskar.ljung@alderhealth.example", "Oskar Ljung", "alder", Role.ADMIN, 7),
    DemoPerson("petra.vance@alderhealth.example", "Petra Vance", "alder", Role.EDITOR, 9),
    DemoPerson(
        "henrik.aalto@alderhealth.example",
        "Henrik Aalto",
        "alder",
        Role.SUPPORT,
        joined_day=8,
        suspended_day=27,
    ),
    DemoPerson(
        "tove.ekberg@alderhealth.example",
        "Tove Ekberg",
        "alder",
        Role.ANALYST,
        joined_day=13,
        suspended_day=34,
    ),
    DemoPerson("yusuf.demir@alderhealth.example", "Yusuf Demir", "alder", Role.AUDITOR, 20),
    DemoPerson("ida.nordin@alderhealth.example", "Ida Nordin", "alder", Role.SUPPORT, 30),
    DemoPerson(SHARED_EMAIL, "Sam Okafor", "alder", Role.ANALYST, 10, is_listed=True),
)

_BIRCH = (
    *_listed(
        BIRCH,
        {
            Role.OWNER: ("Katrin Vogel", 0),
            Role.ADMIN: ("Thomas Eck", 0),
            Role.ANALYST: ("Anna Ruiz", 1),
            Role.SUPPORT: ("Ines Prahl", 1),
            Role.AUDITOR: ("Nora Hadad", 2),
            Role.EDITOR: ("Jonas Weissfeld", 4),
        },
    ),
    DemoPerson("lukas.brandt@birchenergy.example", "Lukas Brandt", "birch", Role.ADMIN, 3),
    DemoPerson("elin.sandburg@birchenergy.example", "Elin Sandburg", "birch", Role.ANALYST, 6),
    DemoPerson("dilek.arslan@birchenergy.example", "Dilek Arslan", "birch", Role.SUPPORT, 7),
    DemoPerson(
        "marek.sobol@birchenergy.example",
        "Marek Sobol",
        "birch",
        Role.SUPPORT,
        joined_day=9,
        started_as=Role.ANALYST,
    ),
    DemoPerson(
        "gero.hartwig@birchenergy.example",
        "Gero Hartwig",
        "birch",
        Role.ANALYST,
        joined_day=8,
        suspended_day=29,
    ),
    DemoPerson("paula.reiter@birchenergy.example", "Paula Reiter", "birch", Role.EDITOR, 16),
    DemoPerson("finn.oltmann@birchenergy.example", "Finn Oltmann", "birch", Role.AUDITOR, 24),
    DemoPerson(SHARED_EMAIL, "Sam Okafor", "birch", Role.SUPPORT, 14),
)

PEOPLE: tuple[DemoPerson, ...] = _ALDER + _BIRCH
