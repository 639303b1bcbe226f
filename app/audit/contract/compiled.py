"""Contracts as functions: the fast answer to whether a value fits.

Checking a schema word by word costs a millisecond an event. Here a schema becomes nested
functions once, one table of the kinds of value a place may hold, so that an event is checked in
some microseconds. They only say yes or no; for a no, `machine` says where and why. Both must
agree on every value; a test holds them to it.

What is understood is the part of JSON Schema 2020-12 that contracts are written in: see
`app.audit.event_types.dialect`.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

Schema = Mapping[str, Any]
# `true` takes anything, `false` nothing.
Part = Schema | bool
Fits = Callable[[Any], bool]
# What a place may hold: the check for each Python type; a type that is not there does not fit.
Table = dict[type, Fits]

# The kinds of JSON value, by the Python types that the reader of JSON makes of them.
KINDS: Mapping[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "number": (int, float),
    "integer": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}
_TYPES = (dict, list, str, int, float, bool, type(None))


def compile_schema(schema: Part) -> Fits:
    """Return the function that says whether a JSON value fits the schema."""
    find = _table(schema).get

    def checked(value: Any) -> bool:  # noqa: ANN401  JSON is whatever the sender made it
        fits = find(type(value))
        return fits is not None and fits(value)

    return checked


def compile_pattern(pattern: str) -> re.Pattern[str]:
    r"""Return the pattern as JSON Schema means it.

    Python's own `$` would let a line break pass at the end, and its `\d` the digits of all scripts.
    """
    if pattern.endswith("$") and not pattern.endswith(r"\$"):
        pattern = pattern[:-1] + r"\Z"
    return re.compile(pattern, re.ASCII)


def _table(schema: Part) -> Table:
    if isinstance(schema, bool):
        return dict.fromkeys(_TYPES, _anything) if schema else {}
    kinds = schema.get("type", tuple(KINDS))
    table: Table = {}
    for kind in (kinds,) if isinstance(kinds, str) else kinds:
        fits = _COMPILERS[kind](schema)
        for python_type in KINDS[kind]:
            if python_type is float and kind == "integer":
                table.setdefault(float, _whole(fits))
            else:
                table[python_type] = fits
    return table


def _anything(_value: object) -> bool:
    return True


def _nothing(_value: object) -> bool:
    return False


def _whole(fits: Fits) -> Fits:
    return lambda value: value.is_integer() and fits(value)


def _all(checks: list[Fits]) -> Fits:
    if not checks:
        return _anything
    if len(checks) == 1:
        return checks[0]
    first, *others = checks
    rest = _all(others)
    return lambda value: first(value) and rest(value)


def _one_of(schema: Schema, kinds: tuple[type, ...]) -> list[Fits]:
    """Return the checks for `enum` and `const`; True is not 1 in JSON."""
    checks: list[Fits] = []
    for keyword, wanted in (("enum", schema.get("enum")), ("const", [schema.get("const")])):
        if keyword in schema and wanted is not None:
            allowed = [value for value in wanted if type(value) in kinds]
            if all(isinstance(value, str) for value in allowed):
                checks.append(frozenset(allowed).__contains__)
            else:
                checks.append(allowed.__contains__)
    return checks


def _string(schema: Schema) -> Fits:
    checks = _one_of(schema, (str,))
    # Lengths first: a pattern is safe only on texts of a limited length.
    checks += _sized(schema, "minLength", "maxLength")
    if "pattern" in schema:
        match = compile_pattern(schema["pattern"]).search
        checks.append(lambda value: match(value) is not None)
    return _all(checks)


def _sized(schema: Schema, at_least: str, at_most: str) -> list[Fits]:
    least, most = schema.get(at_least, 0), schema.get(at_most)
    if most is not None:
        return [lambda value: least <= len(value) <= most]
    return [lambda value: len(value) >= least] if least else []


def _number(schema: Schema) -> Fits:
    checks = _one_of(schema, (int, float))
    compare: dict[str, Callable[[Any], Fits]] = {
        "minimum": lambda limit: lambda value: value >= limit,
        "maximum": lambda limit: lambda value: value <= limit,
        "exclusiveMinimum": lambda limit: lambda value: value > limit,
        "exclusiveMaximum": lambda limit: lambda value: value < limit,
    }
    checks += [make(schema[word]) for word, make in compare.items() if word in schema]
    return _all(checks)


def _boolean(schema: Schema) -> Fits:
    return _all(_one_of(schema, (bool,)))


def _null(schema: Schema) -> Fits:
    return _all(_one_of(schema, (type(None),)))


def _array(schema: Schema) -> Fits:
    checks = _never_listed(schema)
    checks += _sized(schema, "minItems", "maxItems")
    if "items" in schema:
        checks.append(_each(_table(schema["items"])))
    return _all(checks)


def _object(schema: Schema) -> Fits:
    checks = _never_listed(schema)
    checks += _sized(schema, "minProperties", "maxProperties")
    if required := frozenset(schema.get("required", ())):
        checks.append(lambda value: required <= value.keys())
    if "propertyNames" in schema:
        name = compile_schema(schema["propertyNames"])
        checks.append(lambda value: all(map(name, value)))
    if "properties" in schema or "additionalProperties" in schema:
        checks.append(_members(schema))
    return _all(checks)


def _never_listed(schema: Schema) -> list[Fits]:
    """An `enum` lists plain values only, so that no object and no array is ever one of them."""
    return [_nothing] if "enum" in schema or "const" in schema else []


def _each(table: Table) -> Fits:
    find = table.get

    def fit(value: list[Any]) -> bool:
        for member in value:
            fits = find(type(member))
            if fits is None or not fits(member):
                return False
        return True

    return fit


def _members(schema: Schema) -> Fits:
    known = {name: _table(inner) for name, inner in schema.get("properties", {}).items()}
    other = _table(schema.get("additionalProperties", True))
    find = known.get

    # The innermost loop of all: what fits anyway is not asked.
    def fit(value: dict[str, Any]) -> bool:
        for name, member in value.items():
            fits = find(name, other).get(type(member))
            if fits is not _anything and (fits is None or not fits(member)):
                return False
        return True

    return fit


_COMPILERS: Mapping[str, Callable[[Schema], Fits]] = {
    "object": _object,
    "array": _array,
    "string": _string,
    "number": _number,
    "integer": _number,
    "boolean": _boolean,
    "null": _null,
}
