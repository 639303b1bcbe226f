"""Holds token files against JSON Schemas, and puts a breach into words.

Where the rules come from: the Design Tokens Format Module, Color Module and Resolver Module, each
2025.10, final reports of the W3C Design Tokens Community Group. The group publishes JSON Schemas
for them, under designtokens.org/schemas/2025.10, but in no package of a registry, and this
repository holds no text of others. So `schema/` holds schemas of our own, in our own words, for
the part of the standard that is used here:

- seven of the thirteen types, sRGB colours with their hex, one shadow a token;
- a type on every token (none is inherited), aliases of whole tokens (no JSON Pointers), no $root
  and no $extends;
- one modifier, theme, with the contexts light and dark, and only files as sources.

They are narrower than the official ones and never wider: whatever passes here passes there. The
test `tests/components/test_token_schemas.py` proves that, given a copy of the official ones.
Beyond the standard, ours ask for a description, for the scopes of a token, and for known fields
in `$extensions`.
"""

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, cast

from jsonschema import Draft202012Validator, ValidationError
from referencing import Registry, Resource

from components.lint.findings import Finding
from components.tokens.source import Source

SCHEMAS: Final = Path(__file__).parent / "schema"
RULES: Final = {"resolver": "resolver-format"}


def check_format(source: Source, schema: str) -> list[Finding]:
    """Findings about a file's form; `schema` is tokens, theme or resolver."""
    rule = RULES.get(schema, "token-format")
    found = set()
    for error in _validator(schema).iter_errors(source.content):
        problem, mend = _say(error, source.content)
        found.add(source.find(tuple(error.absolute_path), rule, problem, mend))
    return sorted(found)


@cache
def _validator(schema: str) -> Draft202012Validator:
    # jsonschema finds a schema that another one names through the registry of its own companion.
    shared = Resource.from_contents(read_schema("values"))
    known: Registry[Any] = shared @ Registry()
    return Draft202012Validator(read_schema(schema), registry=known.crawl())


def read_schema(name: str) -> dict[str, Any]:
    """One of the four schemas, as JSON."""
    text = (SCHEMAS / f"{name}.schema.json").read_text("utf-8")
    return cast("dict[str, Any]", json.loads(text))


def _say(error: ValidationError, content: object) -> tuple[str, str]:
    """What is wrong and what would be right."""
    subject = _subject([str(step) for step in error.absolute_path])
    allowed = _find_allowed(error, content)
    if error.validator == "required":
        wanted = cast("list[str]", error.validator_value)
        missing = [name for name in wanted if name not in _read_object(error.instance)]
        return f"{subject} has no {' and no '.join(missing)}", f"{allowed}."
    if error.validator == "additionalProperties":
        return f"{subject} has an unknown field {', '.join(_list_unknown(error))}", f"{allowed}."
    return f"{subject} is {json.dumps(error.instance, ensure_ascii=False)}", f"{allowed}."


def _subject(path: list[str]) -> str:
    cut = next((n for n, step in enumerate(path) if step.startswith("$")), len(path))
    token, field = ".".join(path[:cut]), ".".join(path[cut:])
    return ": ".join(part for part in (token, field) if part) or "the file"


def _find_allowed(error: ValidationError, content: object) -> str:
    form = read_forms().get(_find_type(list(error.absolute_path), content))
    if form:
        return form
    schema = _read_object(error.schema)
    if error.validator == "enum":
        values = cast("list[object]", error.validator_value)
        return f"Allowed: {', '.join(str(value) for value in values)}"
    if "description" in schema:
        return str(schema["description"])
    if error.validator == "additionalProperties":
        return f"Allowed: {', '.join(schema.get('properties', {}))}"
    if error.validator == "required":
        return f"Needed: {', '.join(cast('list[str]', error.validator_value))}"
    return f"The schema asks for {error.validator} {json.dumps(error.validator_value)}"


def _find_type(path: list[str | int], content: object) -> str:
    """The type of the token in whose value the path ends; empty when it ends elsewhere."""
    if "$value" not in path:
        return ""
    node: Any = content
    for step in path[: path.index("$value")]:
        node = node[step]
    return str(node.get("$type"))


@cache
def read_forms() -> Mapping[str, str]:
    """By token type, a sentence that says what a value of it looks like."""
    return {
        name: form["description"]
        for name, form in read_schema("values")["$defs"].items()
        if "description" in form
    }


def _list_unknown(error: ValidationError) -> list[str]:
    schema = _read_object(error.schema)
    patterns = [re.compile(pattern) for pattern in schema.get("patternProperties", {})]
    return [
        repr(key)
        for key in _read_object(error.instance)
        if key not in schema.get("properties", {})
        and not any(pattern.search(key) for pattern in patterns)
    ]


def _read_object(value: object) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value)
