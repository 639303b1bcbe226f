"""Money as people read and type it; everywhere else it is whole micro-units."""

from decimal import Decimal

MICROS = 1_000_000
NOT_KNOWN = "cost not known"
# Less than this is written in full, since two places would show nothing.
_SMALL = 1_000_000


def money_words(micros: int | None, currency: str) -> str:
    """Return an amount with its currency: `12.40 EUR`, `0.00315 EUR`, or that it is not known."""
    if micros is None:
        return NOT_KNOWN
    places = next(n for n in range(2, 7) if micros % 10 ** (6 - n) == 0)
    places = places if micros < _SMALL else 2
    return f"{Decimal(micros) / MICROS:,.{places}f} {currency}"


def micros_of(typed: Decimal | None) -> int | None:
    """Return what somebody typed in units of the currency as micro-units, rounded down."""
    return None if typed is None else int(typed * MICROS)


def typed_of(micros: int | None) -> Decimal | None:
    """Return micro-units as somebody types them."""
    return None if micros is None else (Decimal(micros) / MICROS).normalize()
