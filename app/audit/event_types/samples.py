"""The samples of a type: whole events, each of which its own contract takes."""

from collections.abc import Iterator
from typing import Any, cast

from app.audit.contract.machine import list_problems
from app.audit.contract.pointers import pointer
from app.audit.contract.validate import read_event
from app.audit.event_types.event_type import EventType, make_contract
from app.kernel.problems import FieldProblem, InvalidInput


def list_sample_problems(kind: EventType) -> list[FieldProblem]:
    """Return where a sample does not fit, with pointers into the schema."""
    return list(_problems(kind))


def _problems(kind: EventType) -> Iterator[FieldProblem]:
    contract = make_contract(kind)
    for number, sample in enumerate(cast("list[object]", kind.samples)):
        for problem in _sample_problems(sample):
            yield FieldProblem(f"{pointer(['examples', number])}{problem.pointer}", problem.detail)
        action = cast("dict[str, Any]", sample).get("action") if isinstance(sample, dict) else None
        if action != kind.action:
            yield FieldProblem(
                pointer(["examples", number, "action"]), f"The action here is {kind.action}."
            )
        if not contract.fits(sample):
            for problem in list_problems(contract.validator, sample):
                here = f"{pointer(['examples', number])}{problem.pointer}"
                yield FieldProblem(here, problem.detail)


def _sample_problems(sample: object) -> tuple[FieldProblem, ...]:
    try:
        read_event(sample)
    except InvalidInput as refusal:
        return refusal.errors
    return ()
