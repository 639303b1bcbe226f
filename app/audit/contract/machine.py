"""The thorough machine: where and why a value does not fit a schema, in sentences."""

import itertools
from collections.abc import Iterator, Mapping
from typing import Any, cast

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend

from app.audit.contract.compiled import compile_pattern
from app.audit.contract.sentences import field_problems
from app.kernel.problems import FieldProblem

MAX_PROBLEMS = 10


def make_validator(schema: Mapping[str, Any]) -> Validator:
    """Return the machine for a schema; making one is cheap, running it is not."""
    validator: Validator = _Machine(dict(schema))
    return validator


def list_problems(validator: Validator, value: object) -> list[FieldProblem]:
    """Return what does not fit, at most 10, each with its JSON Pointer."""
    errors = validator.iter_errors(cast("Any", value))
    # In a dict, because the machine reports a missing field once for each missing neighbour.
    distinct: dict[FieldProblem, None] = {}
    for problem in itertools.chain.from_iterable(map(field_problems, errors)):
        distinct[problem] = None
        if len(distinct) == MAX_PROBLEMS:
            break
    return list(distinct)


def _pattern(
    _validator: Validator, pattern: str, instance: object, schema: Mapping[str, Any]
) -> Iterator[ValidationError]:
    """Match as JSON Schema means it, and only what is short enough to be matched safely."""
    if not isinstance(instance, str) or len(instance) > schema.get("maxLength", len(instance)):
        return
    if not compile_pattern(pattern).search(instance):
        yield ValidationError(f"does not match {pattern}")


_Machine = extend(Draft202012Validator, {"pattern": _pattern})  # type: ignore[no-untyped-call]  # jsonschema types only its use
