"""The classes of retention: how long events of each are kept, and within which bounds.

An event carries its class from the moment it is stored, as its type says; the class is part of
its leaf. How many days a class means is decided by the tenant, and can change.
"""

from dataclasses import dataclass
from typing import Final

from app.audit.event import STANDARD

DAY_S: Final = 86_400
# Nothing younger is ever deleted, whatever a tenant decides; the database holds to it as well.
LEAST_DAYS: Final = 7


@dataclass(frozen=True, slots=True)
class RetentionClass:
    """A class: its days unless the tenant says otherwise, and what the tenant may say.

    Days count from the moment the log received the event. When something happened is said by
    whoever delivers it; when it was received, nobody can choose.
    """

    name: str
    label: str
    purpose: str
    days: int
    least: int
    most: int


CLASSES: Final = (
    RetentionClass(STANDARD, "Standard", "Everything whose type names no class", 400, 30, 3_650),
    RetentionClass(
        "security", "Security", "Access, people, keys, settings, the log itself", 2_557, 365, 7_305
    ),
    RetentionClass("short", "Short", "What is many and soon worthless", 30, LEAST_DAYS, 400),
)
BY_NAME: Final = {one.name: one for one in CLASSES}
