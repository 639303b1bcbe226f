"""Checking what was written under a key against the kind of its field."""

import ipaddress
import re
from difflib import get_close_matches

from app.kernel.query_language.terms import (
    COMPARISONS,
    Field,
    InvalidValueError,
    Kind,
    Operator,
)
from app.kernel.query_language.time_values import (
    TIME_EXAMPLES,
    check_range,
    normal_time,
    read_time,
)
from app.kernel.query_language.tokens import quote, shown

_LISTED_CHOICES = 12
_STARS_AT_END = re.compile(r"(?<![\s*])[\s*]+\Z")


def read_value(field: Field, comparison: str, text: str) -> tuple[Operator, tuple[str, ...]]:
    """Read one value of a field into its operator and normal spelling; raises InvalidValueError."""
    if not text:
        raise InvalidValueError(f"Write a value after {field.key}:{comparison} with no space.")
    if field.kind is Kind.TIME:
        return _read_time_value(field, comparison, text)
    if comparison:
        raise InvalidValueError(
            f"{field.key}: cannot be compared with {comparison}. To search for the sign itself, "
            f"put the value in quotes: {field.key}:{quote(comparison + shown(text))}."
        )
    return Operator.EQUALS, (_read_plain_value(field, text),)


def _read_plain_value(field: Field, text: str) -> str:
    match field.kind:
        case Kind.CHOICE:
            return _read_choice(field, text)
        case Kind.IP:
            return _read_network(text)
        case Kind.PREFIX:
            return _read_prefix(field, text)
        case _:
            return text


def _read_prefix(field: Field, text: str) -> str:
    """Every value of a prefix field is one, so the star that people add says nothing more."""
    prefix = _STARS_AT_END.sub("", text)
    if not prefix:
        raise InvalidValueError(f"Write how the value begins, after {field.key}: and before *.")
    return prefix


def _read_choice(field: Field, text: str) -> str:
    by_spelling = {value.casefold(): value for value in field.values}
    if text.casefold() in by_spelling:
        return by_spelling[text.casefold()]
    nearest = get_close_matches(text.casefold(), by_spelling, n=1)
    suggestion = f" Did you mean {by_spelling[nearest[0]]}?" if nearest else ""
    listed = ", ".join(field.values[:_LISTED_CHOICES])
    rest = len(field.values) - _LISTED_CHOICES
    more = f" and {rest} more" if rest > 0 else ""
    raise InvalidValueError(
        f"{field.key}: has no value “{shown(text)}”.{suggestion} It can be: {listed}{more}."
    )


def _read_network(text: str) -> str:
    """Host bits are dropped, and a network of one address is that address."""
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        network = None
    # Python reads zones (fe80::1%eth0), which no column of addresses can hold.
    if network is None or "%" in text:
        raise InvalidValueError(
            f"“{shown(text)}” is not an IP address or network. "
            "Write one like 198.51.100.7, 198.51.100.0/24 or 2001:db8::/32."
        )
    return str(network.network_address if network.num_addresses == 1 else network)


def _read_time_value(field: Field, comparison: str, text: str) -> tuple[Operator, tuple[str, ...]]:
    if ".." in text and not comparison:
        return Operator.BETWEEN, _read_time_range(field, text)
    value = normal_time(text)
    read_time(value)
    if comparison:
        return COMPARISONS[comparison], (value,)
    if value == "now":
        raise InvalidValueError(
            f"now is a moment that nothing falls in. Write {field.key}:1h for the last hour, "
            f"or {field.key}:<now."
        )
    return Operator.EQUALS, (value,)


def _read_time_range(field: Field, text: str) -> tuple[str, str]:
    first, _, last = text.partition("..")
    low, high = normal_time(first.strip()), normal_time(last.strip())
    if not (low and high):
        raise InvalidValueError(
            "A range needs both ends. For an open one write "
            f"{field.key}:>= or {field.key}:<= and one of: {TIME_EXAMPLES}."
        )
    check_range(low, high)
    return low, high
