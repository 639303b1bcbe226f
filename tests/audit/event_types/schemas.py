"""Schemas and values for tests of the dialect."""

import copy

from hypothesis import strategies as st

from app.audit.event_types.starting import starting_schema

PLAIN = (
    st.none()
    | st.booleans()
    | st.integers(-20, 20)
    | st.floats(-20, 20)
    | st.text("ab\n9", max_size=4)
)
NAMES = st.sampled_from(["a", "b", "c"])
VALUES = st.recursive(
    PLAIN,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)
SMALL = st.integers(0, 4)

_TEXTS = ["", "a", "b", "9", "ab", "bb", "aab", "abab", "babab", "99", "999", "1234", "a\n"]
_NUMBERS = [*range(-10, 11), -9.5, -0.5, 0.5, 1.0, 8.5, 20.0]
_PLAIN = [None, True, False, *_TEXTS, *_NUMBERS]
_SOME = [None, True, "", "ab", "bb", 0, 3, -9, 0.5]
_LISTS = [[one] * count for one in _SOME for count in range(6)]
_OBJECTS = [
    dict(zip(names, values, strict=False))
    for names in ("", "a", "b", "c", "ab", "ca", "abc", "abcd", ["ab"], ["a", "bc"])
    for values in ([one] * 4 for one in [*_SOME, {}, {"a": 3}, ["ab"]])
]
# Values enough for most mistakes about a small schema to show in one of them.
MANY_VALUES = [*_PLAIN, *_LISTS, *_OBJECTS, *([one] for one in _OBJECTS)]


def _mostly(strategy):
    return st.none() | strategy


def _with(fixed, **optional):
    return st.fixed_dictionaries(fixed, optional=optional)


STRINGS = _with(
    {"type": st.just("string"), "maxLength": SMALL},
    minLength=SMALL,
    pattern=st.sampled_from(["^[ab]*$", "^a?b$", "^(a|bb)$", r"^\d{1,3}$"]),
)
NUMBERS = _with(
    {"type": st.sampled_from(["number", "integer"])},
    minimum=st.integers(-9, 9),
    exclusiveMinimum=st.integers(-9, 9),
    maximum=st.integers(-9, 9),
    exclusiveMaximum=st.integers(-9, 9),
)
LISTED = _with({"enum": st.lists(PLAIN, min_size=1, max_size=4)})
OTHERS = st.sampled_from([{"type": "boolean"}, {"type": "null"}, {"type": ["string", "null"]}, {}])


def _containers(inner):
    arrays = _with({"type": st.just("array")}, items=inner, minItems=SMALL, maxItems=SMALL)
    objects = _with(
        {"type": st.just("object")},
        properties=st.dictionaries(NAMES, inner, max_size=3),
        required=st.lists(NAMES, unique=True, max_size=2),
        additionalProperties=st.booleans() | inner,
        minProperties=SMALL,
        maxProperties=SMALL,
        propertyNames=st.sampled_from([{"type": "string", "maxLength": 1}, {"type": "string"}]),
    )
    return arrays | objects


OBJECTS = _containers(st.sampled_from([{"type": "string"}, {"type": "number"}, {}]))
SCHEMAS = st.recursive(STRINGS | NUMBERS | LISTED | OTHERS, _containers, max_leaves=6)


def schema_for(action="door.opened", metadata=None, **root):
    """Return a whole valid schema whose metadata is held to a part."""
    schema = copy.deepcopy(starting_schema())
    sample = schema["examples"][0]
    sample["action"] = action
    if metadata is not None:
        schema["properties"]["metadata"] = metadata
    schema["required"] = ["metadata"]
    return {**schema, **root}
