"""What can go wrong with a tenant's settings."""

from app.kernel.problems import InvalidInput, Refused


class TenantNameTaken(Refused):
    """Another tenant has this name in addresses already."""


class UnknownTimeZone(InvalidInput):
    """The time zone is not in the IANA database."""
