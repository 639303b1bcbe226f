"""Our schemas are narrower than the official ones of the standard, and never wider.

The official schemas (Design Tokens 2025.10) are in no package, and no text of others is kept here.
Give the folder that holds their `format.json` and `resolver.json` in BALLAST_TOKEN_SCHEMAS, and
the tests at the end hold both against the same documents; without it they are skipped.
"""

import json
import os
from pathlib import Path

import pytest
from jsonschema import Draft7Validator, Draft202012Validator
from referencing import Registry, Resource

from components.tokens.read import FOLDER
from components.tokens.resolver import DOCUMENT
from components.tokens.schema import check_format, read_schema
from components.tokens.source import Source

OFFICIAL = os.environ.get("BALLAST_TOKEN_SCHEMAS")
WHITE = {"colorSpace": "srgb", "components": [1, 1, 1], "hex": "#ffffff"}
FOUR = {"value": 4, "unit": "px"}
SHADOW = {"color": WHITE, "offsetX": FOUR, "offsetY": FOUR, "blur": FOUR, "spread": FOUR}
ORDER = [{"$ref": "#/sets/all"}, {"$ref": "#/modifiers/theme"}]


def holding(kind, value, scope="gap", **more):
    node = {"$type": kind, "$value": value, "$description": "What it is for."}
    return {"a": node | {"$extensions": {"ballast.scopes": [scope]}} | more}


def dropping(name, document):
    return {"a": {key: value for key, value in document["a"].items() if key != name}}


def resolving(**changes):
    return {
        "version": "2025.10",
        "sets": {"all": {"sources": [{"$ref": "tokens.json"}]}},
        "modifiers": {
            "theme": {
                "contexts": {"light": [], "dark": [{"$ref": "dark.json"}]},
                "default": "light",
            }
        },
        "resolutionOrder": ORDER,
    } | changes


def colour(**changes):
    return holding("color", WHITE | changes, "background")


# Document, whether ours takes it, whether the official schema does.
FORMAT = {
    "dimension": (holding("dimension", FOUR), True, True),
    "dimension in rem": (holding("dimension", {"value": 0.5, "unit": "rem"}), True, True),
    "colour": (colour(), True, True),
    "colour with alpha": (colour(alpha=0.5), True, True),
    "duration": (holding("duration", {"value": 9, "unit": "ms"}, "transition"), True, True),
    "font family": (holding("fontFamily", ["Inter", "serif"], "font-family"), True, True),
    "font weight": (holding("fontWeight", 600, "font-weight"), True, True),
    "number": (holding("number", 1.5, "line-height"), True, True),
    "shadow": (holding("shadow", SHADOW, "box-shadow"), True, True),
    "alias": (holding("dimension", "{b.c}"), True, True),
    "deprecated": (holding("dimension", FOUR, **{"$deprecated": True}), True, True),
    "deprecated with words": (holding("dimension", FOUR, **{"$deprecated": "Use b."}), True, True),
    "group in group": ({"g": holding("dimension", FOUR)}, True, True),
    "dimension as text": (holding("dimension", "4px"), False, False),
    "dimension as number": (holding("dimension", 4), False, False),
    "dimension in em": (holding("dimension", {"value": 4, "unit": "em"}), False, False),
    "dimension without unit": (holding("dimension", {"value": 4}), False, False),
    "dimension with more": (holding("dimension", FOUR | {"step": 1}), False, False),
    "value of a dimension as text": (
        holding("dimension", {"value": "4", "unit": "px"}),
        False,
        False,
    ),
    "colour as hex": (holding("color", "#ffffff", "background"), False, False),
    "colour without space": (
        holding("color", {"components": [1, 1, 1], "hex": "#ffffff"}, "background"),
        False,
        False,
    ),
    "colour out of range": (colour(components=[1, 1, 2]), False, False),
    "colour of two parts": (colour(components=[1, 1]), False, False),
    "colour in an unknown space": (colour(colorSpace="rgb"), False, False),
    "alpha out of range": (colour(alpha=2), False, False),
    "short hex": (colour(hex="#fff"), False, False),
    "unknown type": (holding("length", FOUR), False, False),
    "duration in px": (holding("duration", FOUR, "transition"), False, False),
    "font weight of 1001": (holding("fontWeight", 1001, "font-weight"), False, False),
    "font family of numbers": (holding("fontFamily", [1], "font-family"), False, False),
    "number as text": (holding("number", "1.5", "line-height"), False, False),
    "shadow without blur": (
        holding("shadow", {k: v for k, v in SHADOW.items() if k != "blur"}, "box-shadow"),
        False,
        False,
    ),
    "shadow of a text dimension": (
        holding("shadow", SHADOW | {"blur": "2px"}, "box-shadow"),
        False,
        False,
    ),
    "unknown field": (holding("dimension", FOUR, **{"$comment": "x"}), False, False),
    "value and group at once": (holding("dimension", FOUR, b={}), False, False),
    "deprecated by number": (holding("dimension", FOUR, **{"$deprecated": 1}), False, False),
    "description of a number": (holding("dimension", FOUR, **{"$description": 1}), False, False),
    "extensions as a list": (holding("dimension", FOUR, **{"$extensions": []}), False, False),
    "name with a dot": ({"a.b": {}}, False, False),
    "name in braces": ({"{a}": {}}, False, False),
    "list for a group": ({"a": []}, False, False),
    # From here on the standard has more than is used here.
    # It takes a token without a value for an empty group.
    "no value": (dropping("$value", holding("dimension", FOUR)), False, True),
    "no type": (dropping("$type", holding("dimension", FOUR)), False, True),
    "no description": (dropping("$description", holding("dimension", FOUR)), False, True),
    "no scopes": (holding("dimension", FOUR, **{"$extensions": {}}), False, True),
    "unknown scope": (holding("dimension", FOUR, "colour"), False, True),
    "type of a group": ({"$type": "dimension"} | holding("dimension", FOUR), False, True),
    "root token": ({"$root": holding("dimension", FOUR)["a"]}, False, True),
    "pointer": ({"a": {"$ref": "#/b"}}, False, True),
    "pointer in a value": (
        holding("dimension", {"value": {"$ref": "#/b/$value/value"}, "unit": "px"}),
        False,
        True,
    ),
    "gradient": (holding("gradient", [{"color": WHITE, "position": 0}]), False, True),
    "two shadows": (holding("shadow", [SHADOW, SHADOW], "box-shadow"), False, True),
    "font weight in words": (holding("fontWeight", "bold", "font-weight"), False, True),
    "one font as text": (holding("fontFamily", "Inter", "font-family"), False, True),
    "colour in oklch": (
        holding("color", {"colorSpace": "oklch", "components": [0.5, 0.1, 20]}, "background"),
        False,
        True,
    ),
    "colour without hex": (
        holding("color", {"colorSpace": "srgb", "components": [1, 1, 1]}, "background"),
        False,
        True,
    ),
    "hex in capitals": (colour(hex="#FFFFFF"), False, True),
    "capital in a name": ({"A": holding("dimension", FOUR)["a"]}, False, True),
}
RESOLVER = {
    "document": (resolving(), True, True),
    "document with words": (resolving(name="x", description="y"), True, True),
    "other version": (resolving(version="2024.1"), False, False),
    "no version": ({k: v for k, v in resolving().items() if k != "version"}, False, False),
    "no order": ({k: v for k, v in resolving().items() if k != "resolutionOrder"}, False, False),
    "empty order": (resolving(resolutionOrder=[]), False, False),
    "order that names itself": (
        resolving(resolutionOrder=[{"$ref": "#/resolutionOrder/0"}, ORDER[1]]),
        False,
        False,
    ),
    "unknown field of the document": (resolving(themes={}), False, False),
    "set without sources": (resolving(sets={"all": {}}), False, False),
    "set that names a modifier": (
        resolving(sets={"all": {"sources": [{"$ref": "#/modifiers/theme"}]}}),
        False,
        False,
    ),
    "modifier without contexts": (resolving(modifiers={"theme": {}}), False, False),
    "modifier with one context": (
        resolving(modifiers={"theme": {"contexts": {"light": []}, "default": "light"}}),
        False,
        False,
    ),
    # The standard has more.
    "no modifier": (
        {k: v for k, v in resolving(resolutionOrder=ORDER[:1]).items() if k != "modifiers"},
        False,
        True,
    ),
    "two modifiers": (
        resolving(
            modifiers=resolving()["modifiers"] | {"density": {"contexts": {"a": [], "b": []}}}
        ),
        False,
        True,
    ),
    "tokens written into the document": (
        resolving(sets={"all": {"sources": [holding("dimension", FOUR)]}}),
        False,
        True,
    ),
    "set written into the order": (
        resolving(resolutionOrder=[{"type": "set", "name": "x", "sources": []}, ORDER[1]]),
        False,
        True,
    ),
    "file in another folder": (
        resolving(sets={"all": {"sources": [{"$ref": "../other/tokens.json"}]}}),
        False,
        True,
    ),
}
CASES = [("tokens", name, *case) for name, case in FORMAT.items()]
CASES += [("resolver", name, *case) for name, case in RESOLVER.items()]
NAMES = [f"{schema}: {name}" for schema, name, *_ in CASES]


def is_taken_here(schema, document):
    return check_format(Source("x.json", document, {}), schema) == []


@pytest.mark.parametrize(("schema", "name", "document", "ours", "theirs"), CASES, ids=NAMES)
def test_schema_takes_the_good_and_refuses_the_bad(schema, name, document, ours, theirs):
    assert is_taken_here(schema, document) is ours


def test_schemas_are_narrower_than_the_standard_and_never_wider():
    assert not [name for _, name, _, ours, theirs in CASES if ours and not theirs]


@pytest.mark.parametrize("name", ["values", "tokens", "theme", "resolver"])
def test_schemas_are_sound_and_leave_nothing_open(name):
    schema = read_schema(name)
    Draft202012Validator.check_schema(schema)
    assert list(find_open_objects(schema, name)) == []


def find_open_objects(node, where):
    """Objects that say which fields they have and leave the door open to others."""
    if isinstance(node, dict):
        closed = "additionalProperties" in node or "if" in node
        if node.get("type") == "object" and "properties" in node and not closed:
            yield where
        for key, child in node.items():
            yield from find_open_objects(child, f"{where}/{key}")
    elif isinstance(node, list):
        for index, child in enumerate(node):
            yield from find_open_objects(child, f"{where}/{index}")


@pytest.fixture(scope="module")
def official():
    """The official schemas by their address, from the folder that the environment names."""
    if not OFFICIAL:
        pytest.skip("BALLAST_TOKEN_SCHEMAS names no folder with the official schemas 2025.10")
    contents = [json.loads(path.read_text()) for path in sorted(Path(OFFICIAL).rglob("*.json"))]
    found = Registry().with_resources(
        (content["$id"], Resource.from_contents(content)) for content in contents
    )
    by_end = {content["$id"].rsplit("/", 1)[1]: content for content in contents}
    return {
        "tokens": Draft7Validator(by_end["format.json"], registry=found),
        "resolver": Draft7Validator(by_end["resolver.json"], registry=found),
    }


def test_official_schemas_judge_as_we_say(official):
    judged = {name: official[schema].is_valid(document) for schema, name, document, *_ in CASES}
    assert judged == {name: theirs for _, name, _, _, theirs in CASES}


def test_official_schemas_take_our_files(official):
    for file, schema in (
        ("tokens.json", "tokens"),
        ("dark.json", "tokens"),
        (DOCUMENT, "resolver"),
    ):
        errors = official[schema].iter_errors(json.loads((FOLDER / file).read_text()))
        assert [error.message for error in errors] == []
