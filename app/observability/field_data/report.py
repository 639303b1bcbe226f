"""Reading what a browser reports: strict, because anybody may send anything."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NoReturn

from jsonschema import Draft202012Validator

from app.kernel.problems import InvalidInput, Problem
from app.observability.field_data.metrics import Device, Metric, Navigation
from app.observability.field_data.models import LARGEST_VALUE

# A page view makes five values and as many swaps as somebody has patience for.
MOST_MEASUREMENTS: Final = 16
LARGEST_CLS: Final = 100

_MEASUREMENT: Final = {
    "type": "object",
    "additionalProperties": False,
    "required": ["metric", "value", "route", "navigation"],
    "properties": {
        "metric": {"enum": list(Metric)},
        "value": {"type": "number", "minimum": 0, "maximum": LARGEST_VALUE},
        "route": {"type": "string", "maxLength": 200},
        "navigation": {"enum": list(Navigation)},
        "class": {"type": "string", "maxLength": 80},
    },
    "if": {"properties": {"metric": {"const": Metric.CLS}}},
    "then": {"properties": {"value": {"maximum": LARGEST_CLS}}},
}
REPORT_SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["device", "measurements"],
    "properties": {
        "device": {"enum": list(Device)},
        "measurements": {
            "type": "array",
            "minItems": 1,
            "maxItems": MOST_MEASUREMENTS,
            "items": _MEASUREMENT,
        },
    },
}
_VALIDATOR: Final = Draft202012Validator(REPORT_SCHEMA)


@dataclass(frozen=True, slots=True)
class Measurement:
    """One value; milliseconds, or a score for CLS. `component` is where the person acted."""

    metric: Metric
    value: float
    route: str
    device: Device
    navigation: Navigation
    component: str | None


def read_report(
    body: bytes, routes: frozenset[str], owners: Mapping[str, str]
) -> list[Measurement]:
    """Return what a browser measured.

    `routes` are the templates that exist, `owners` the components by the classes they own. A
    class that no component owns is left out; all else that does not fit raises `InvalidInput`,
    and what is no JSON raises `Problem`. Neither repeats what was sent.
    """
    try:
        report = _checked(_parse(body))
    except RecursionError:
        raise Problem("The JSON is nested too deeply.") from None
    return list(_measurements(report, routes, owners))


def _measurements(
    report: dict[str, Any], routes: frozenset[str], owners: Mapping[str, str]
) -> Iterator[Measurement]:
    for number, sent in enumerate(report["measurements"]):
        if sent["route"] not in routes:
            raise InvalidInput(f"measurements[{number}].route is no route template of this app.")
        yield Measurement(
            Metric(sent["metric"]),
            float(sent["value"]),
            sent["route"],
            Device(report["device"]),
            Navigation(sent["navigation"]),
            owners.get(sent.get("class", "")),
        )


def _parse(body: bytes) -> object:
    try:
        return json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
    except ValueError:
        raise Problem("The body is not JSON in UTF-8.") from None


def _refuse_constant(_name: str) -> NoReturn:
    raise ValueError("NaN and Infinity are no JSON (RFC 8259).")


def _checked(report: object) -> dict[str, Any]:
    for error in _VALIDATOR.iter_errors(report):
        raise InvalidInput(f"{error.json_path} breaks the rule {error.validator!r}.")
    checked: dict[str, Any] = report  # type: ignore[assignment]  # the schema has seen to it
    return checked
