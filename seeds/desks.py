"""Where people sit and what they browse with. All addresses are from documentation ranges."""

from app.kernel.actor import Source
from seeds.cast import SHARED_EMAIL, DemoTenant
from seeds.chance import Chance

# RFC 5737 and RFC 3849: addresses that belong to nobody.
DOCUMENTATION_NETWORKS = ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")

_BROWSERS = (
    (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
        " Chrome/138.0.0.0 Safari/537.36"
    ),
    (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
        " Chrome/138.0.0.0 Safari/537.36 Edg/138.0.0.0"
    ),
    (
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)"
        " Version/18.5 Safari/605.1.15"
    ),
    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0",
)
_FIRST_DESK = 20


def desk_and_home(tenant: DemoTenant, email: str, number: int) -> tuple[Source, Source]:
    """Return the two places of a person: the same browser, at the office and at home."""
    if email == SHARED_EMAIL:
        # A guest brings the own network along, the same into both tenants.
        place = Source(ip="2001:db8:c0de::25", user_agent=_BROWSERS[2])
        return place, place
    browser = Chance(email).choice(_BROWSERS)
    return (
        Source(ip=f"{tenant.office}{_FIRST_DESK + number}", user_agent=browser),
        Source(ip=f"{tenant.home}{number + 1:x}", user_agent=browser),
    )
