"""The contract of the frame that every event has, whatever its type."""

import json
from pathlib import Path
from typing import Any

from jsonschema.protocols import Validator

from app.audit.contract.compiled import Fits, compile_schema
from app.audit.contract.machine import make_validator

VERSION = 1

EVENT_SCHEMA: dict[str, Any] = json.loads(
    Path(__file__).with_name(f"event.v{VERSION}.json").read_text(encoding="utf-8")
)

EVENT_VALIDATOR: Validator = make_validator(EVENT_SCHEMA)
fits_frame: Fits = compile_schema(EVENT_SCHEMA)
