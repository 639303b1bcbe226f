"""Canonical JSON: the examples of RFC 8785, and what no example shows."""

import json
import math
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.audit.proof.canonical import NotCanonical, canonical_json

# RFC 8785, appendix B: the bits of a double, and how it is spelled.
NUMBERS = {
    "0000000000000000": "0",
    "8000000000000000": "0",
    "0000000000000001": "5e-324",
    "8000000000000001": "-5e-324",
    "7fefffffffffffff": "1.7976931348623157e+308",
    "ffefffffffffffff": "-1.7976931348623157e+308",
    "4340000000000000": "9007199254740992",
    "c340000000000000": "-9007199254740992",
    "4430000000000000": "295147905179352830000",
    "44b52d02c7e14af5": "9.999999999999997e+22",
    "44b52d02c7e14af6": "1e+23",
    "44b52d02c7e14af7": "1.0000000000000001e+23",
    "444b1ae4d6e2ef4e": "999999999999999700000",
    "444b1ae4d6e2ef4f": "999999999999999900000",
    "444b1ae4d6e2ef50": "1e+21",
    "3eb0c6f7a0b5ed8c": "9.999999999999997e-7",
    "3eb0c6f7a0b5ed8d": "0.000001",
    "41b3de4355555553": "333333333.3333332",
    "41b3de4355555554": "333333333.33333325",
    "41b3de4355555555": "333333333.3333333",
    "41b3de4355555556": "333333333.3333334",
    "41b3de4355555557": "333333333.33333343",
    "becbf647612f3696": "-0.0000033333333333333333",
    "43143ff3c1cb0959": "1424953923781206.2",
}
EXAMPLE = r"""{
  "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
  "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
  "literals": [null, true, false]
}"""
EXAMPLE_SPELLED = (
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
    r'"string":"€$\u000f\nA' + "'" + r'B\"\\\\\"/"}'
)
SORTED_NAMES = ["\r", "1", "\x80", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]

JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


@pytest.mark.parametrize(("bits", "spelled"), NUMBERS.items())
def test_number_is_spelled_as_in_the_standard(bits, spelled):
    (value,) = struct.unpack(">d", bytes.fromhex(bits))
    assert canonical_json(value).decode() == spelled


def test_example_of_the_standard():
    assert canonical_json(json.loads(EXAMPLE)).decode() == EXAMPLE_SPELLED


def test_members_are_ordered_by_utf16_code_units():
    value = dict.fromkeys(sorted(SORTED_NAMES), 1)
    assert list(json.loads(canonical_json(value))) == SORTED_NAMES


def test_members_inside_members_are_ordered_too():
    assert canonical_json({"b": [{"d": 1, "c": 2}], "a": {}}) == b'{"a":{},"b":[{"c":2,"d":1}]}'


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, [math.nan]])
def test_what_is_no_number_is_refused(value):
    with pytest.raises(NotCanonical, match="no JSON numbers"):
        canonical_json(value)


@pytest.mark.parametrize("value", ["\ud800", "a\udc00", {"\ud800": 1}, ["\udfff\ud800"]])
def test_half_of_a_surrogate_pair_is_refused(value):
    with pytest.raises(NotCanonical, match="surrogate"):
        canonical_json(value)


@pytest.mark.parametrize("value", [2**53 + 1, -(2**53) - 1, 10**400, 2**60 + 1])
def test_integer_that_no_double_spells_is_refused(value):
    with pytest.raises(NotCanonical, match="integer"):
        canonical_json(value)


@pytest.mark.parametrize("value", [b"bytes", {1: 2}, {1, 2}, object()])
def test_what_is_no_json_value_is_refused(value):
    with pytest.raises(NotCanonical):
        canonical_json(value)


def test_value_nested_too_deeply_is_refused():
    value = []
    for _ in range(100_000):
        value = [value]
    with pytest.raises(NotCanonical, match="deeply"):
        canonical_json(value)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_spelling_of_a_number_is_read_as_that_number(value):
    spelled = canonical_json(value).decode()
    assert float(spelled) == value
    assert len(spelled.lstrip("-").replace(".", "").split("e")[0].strip("0")) <= 17


@given(st.floats(allow_nan=False, allow_infinity=False).filter(float.is_integer))
def test_whole_number_is_spelled_alike_as_integer_and_as_double(value):
    """A database that keeps numbers exactly gives 1e300 back as an integer of 301 digits."""
    exact = json.loads(f"{value!r}", parse_float=lambda text: int(float(text)))
    as_kept = int(f"{value:.0f}") if abs(value) <= 2**53 else int(_digits(value))
    assert canonical_json(as_kept) == canonical_json(value)
    assert float(exact) == value


def _digits(value):
    mantissa, _, exponent = repr(value).partition("e")
    whole, _, fraction = mantissa.partition(".")
    if not exponent:
        return whole
    fraction = fraction.ljust(int(exponent), "0")
    return whole + fraction


@given(JSON_VALUES)
def test_canonical_json_spells_the_same_value(value):
    # Every JSON number is a double (RFC 8785, 3.1), whatever a reader makes of it.
    assert json.loads(canonical_json(value), parse_int=float) == value


@given(JSON_VALUES)
def test_canonical_json_of_its_own_reading_is_itself(value):
    spelled = canonical_json(value)
    assert canonical_json(json.loads(spelled)) == spelled


@given(st.dictionaries(st.text(), st.integers(0, 9), max_size=8), st.randoms())
def test_order_in_which_members_came_does_not_matter(value, random):
    items = list(value.items())
    random.shuffle(items)
    assert canonical_json(dict(items)) == canonical_json(value)
