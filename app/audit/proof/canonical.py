"""Canonical JSON (RFC 8785): one value, one spelling, so that its hash means something."""

import json
import math
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

# Up to here every integer is a double; beyond, neighbours share one (RFC 8785, 3.2.2.3).
_EXACT = 2**53
# ECMAScript writes numbers plainly below 10**21 and down to 10**-6 (Number::toString).
_PLAIN_DIGITS = 21
_PLAIN_ZEROS = 6

# Control characters, quotes and backslashes escaped as ECMAScript does, all else as it is.
_quote = json.encoder.encode_basestring


class NotCanonical(ValueError):
    """The value has no canonical spelling; the text says why."""


def canonical_json(value: object) -> bytes:
    """Return the one spelling of a JSON value, in UTF-8.

    Takes what `json.loads` gives. Raises `NotCanonical` for NaN and infinities, for halves of
    surrogate pairs, for integers that no double spells, and for what is no JSON value.
    """
    try:
        return spell_text(spell(value))
    except RecursionError:
        raise NotCanonical("The value is nested too deeply.") from None


def spell_text(text: str) -> bytes:
    """Return text in UTF-8; raises `NotCanonical` for half of a surrogate pair."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise NotCanonical("Text holds half of a surrogate pair.") from None


def in_order(members: Iterable[str]) -> list[str]:
    """Return the names of an object's members in their order: by UTF-16 code units."""
    names = list(members)
    # That order and Python's own differ only where something lies beyond U+D7FF.
    if all(map(str.isascii, names)):
        return sorted(names)
    return sorted(names, key=lambda name: name.encode("utf-16-be", "surrogatepass"))


def spell(value: Any) -> str:  # noqa: ANN401  JSON is whatever somebody sent
    """Return the one spelling of a JSON value as text; raises `NotCanonical`."""
    if value is None:
        return "null"
    if isinstance(value, str):
        return _quote(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, list | tuple):
        return f"[{','.join(map(spell, value))}]"
    if isinstance(value, dict):
        return f"{{{','.join(_members(value))}}}"
    raise NotCanonical(f"{type(value).__name__} is no JSON value.")


def _members(value: dict[Any, Any]) -> list[str]:
    if not all(isinstance(name, str) for name in value):
        raise NotCanonical("A member of an object has a name that is no text.")
    return [f"{_quote(name)}:{spell(value[name])}" for name in in_order(value)]


def _number(value: float) -> str:
    if isinstance(value, int):
        if -_EXACT <= value <= _EXACT:
            return str(value)
        value = _double(value)
    if not math.isfinite(value):
        raise NotCanonical("NaN and infinities are no JSON numbers.")
    if value == 0:
        return "0"
    return _ecmascript(value)


def _double(value: int) -> float:
    """Return the double that is spelled like the integer; databases give 1e300 back as one."""
    try:
        double = float(value)
    except OverflowError:
        double = math.inf
    if not math.isfinite(double) or int(Decimal(repr(double))) != value:
        raise NotCanonical("An integer is beyond what JSON numbers hold exactly.")
    return double


def _ecmascript(value: float) -> str:
    """Return a number as ECMAScript's Number::toString does.

    Python's `repr` finds the same shortest digits, and places point and exponent otherwise.
    """
    sign, digit_tuple, exponent = Decimal(repr(value)).normalize().as_tuple()
    if not isinstance(exponent, int):
        raise NotCanonical("NaN and infinities are no JSON numbers.")
    digits = "".join(map(str, digit_tuple))
    point = len(digits) + exponent
    minus = "-" if sign else ""
    if 0 < point <= _PLAIN_DIGITS:
        whole = digits[:point].ljust(point, "0")
        fraction = digits[point:]
        return f"{minus}{whole}.{fraction}" if fraction else minus + whole
    if -_PLAIN_ZEROS < point <= 0:
        return f"{minus}0.{'0' * -point}{digits}"
    rest = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{minus}{digits[0]}{rest}e{'+' if point > 0 else '-'}{abs(point - 1)}"
