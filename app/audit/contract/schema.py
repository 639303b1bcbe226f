"""The contract as a file, and the machine that checks against it."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend

VERSION = 1

EVENT_SCHEMA: dict[str, Any] = json.loads(
    Path(__file__).with_name(f"event.v{VERSION}.json").read_text(encoding="utf-8")
)


def _pattern(
    _validator: Validator, pattern: str, instance: object, _schema: object
) -> Iterator[ValidationError]:
    """Match as JSON Schema means it: Python's own `$` would let a line break pass at the end."""
    if isinstance(instance, str) and not re.search(pattern.replace("$", r"\Z"), instance):
        yield ValidationError(f"does not match {pattern}")


_Machine = extend(Draft202012Validator, {"pattern": _pattern})  # type: ignore[no-untyped-call]  # jsonschema types only its use

EVENT_VALIDATOR: Validator = _Machine(EVENT_SCHEMA)
