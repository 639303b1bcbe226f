"""Tools: reads that code makes for a prompt before a model sees any text of a log.

Default deny: a tool runs when the prompt's head names it, the caller holds its permission and the
arguments fit its schema. Whatever was asked, allowed or not, is a row. No text of a log and no
answer of a model chooses a tool.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from jsonschema import Draft202012Validator

from app.gateway.errors import FailureCode, ModelCallFailed
from app.gateway.prompt_files import Prompt
from app.gateway.tool_models import ToolCall
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.database import unit_of_work
from app.kernel.ids import uuid7
from app.vocabulary.permissions import Permission

_LONGEST_NOTE = 200

Run = Callable[[Mapping[str, Any]], Any]


class ToolDenied(ModelCallFailed):
    """A tool was asked for that the prompt or the caller may not use, or with other arguments."""

    def __init__(self, refusal: str) -> None:
        super().__init__(FailureCode.PROMPT_REFUSED, f"{refusal} Nothing was sent.")


@dataclass(frozen=True, slots=True)
class Tool:
    """A read with a name. `schema` is that of its arguments, a closed object; `run` answers JSON.

    It runs in the scope of the session that is open, whose tenant is the caller's.
    """

    name: str
    summary: str
    requires: Permission
    schema: Mapping[str, Any]
    run: Run


TOOLS: dict[str, Tool] = {}


def tool(
    name: str, summary: str, *, requires: Permission, arguments: Mapping[str, Any]
) -> Callable[[Run], Run]:
    """Register a function as a tool; `arguments` are JSON schemas by name, all of them required."""

    def wrap(run: Run) -> Run:
        if name in TOOLS:
            raise RuntimeError(f"There is a tool called {name} already.")
        schema = {
            "type": "object",
            "properties": dict(arguments),
            "required": list(arguments),
            "additionalProperties": False,
        }
        TOOLS[name] = Tool(name, summary, requires, schema, run)
        return run

    return wrap


def call_tool(
    actor: Actor, prompt: Prompt, name: str, arguments: Mapping[str, Any], *, call_id: UUID
) -> Any:  # noqa: ANN401  JSON of the tool's own shape
    """Return what a tool says, for the call to a model that it belongs to.

    Needs a session in the tenant's scope without a unit of work: the row is written first, also
    where the answer is no. Raises `ToolDenied`.
    """
    refusal = _why_not(actor, prompt, name, arguments)
    with unit_of_work() as session:
        session.add(
            ToolCall(
                id=uuid7(),
                call_id=call_id,
                prompt=prompt.reference,
                tool=name[:_LONGEST_NOTE],
                arguments=dict(arguments),
                is_allowed=refusal is None,
                refusal=refusal,
                caller_type=actor.type.value,
                caller_id=actor.id,
                caller_name=actor.name,
                called_at=clock.now(),
            )
        )
    if refusal is not None:
        raise ToolDenied(refusal)
    with unit_of_work():
        return TOOLS[name].run(arguments)


def _why_not(actor: Actor, prompt: Prompt, name: str, arguments: Mapping[str, Any]) -> str | None:
    """Return why a tool may not run, None where it may."""
    found = TOOLS.get(name)
    if found is None or name not in prompt.tools:
        return f"{prompt.reference} may not use a tool of that name."
    if not actor.may(found.requires):
        return f"{actor.name[:_LONGEST_NOTE]} lacks {found.requires.value}, which the tool needs."
    error = next(Draft202012Validator(found.schema).iter_errors(dict(arguments)), None)
    if error is not None:
        return f"Its arguments do not fit at {error.json_path}."
    return None
