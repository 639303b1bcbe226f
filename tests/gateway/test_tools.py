"""Tools run only where prompt, caller and arguments allow it, and every call is a row."""

import dataclasses

import pytest
from sqlalchemy import select

from app.gateway.prompt_files import load_prompt
from app.gateway.tool_models import ToolCall
from app.gateway.tools import TOOLS, ToolDenied, call_tool
from app.kernel.ids import uuid7
from app.summaries.drafting.log_tools import DESCRIPTION, SLICE_GROUPS, SLICE_TOTALS
from tests.factories.audit import AuditEventFactory

SLICE = {"query": "", "start": "2020-01-01T00:00:00Z", "end": "2100-01-01T00:00:00Z"}
ACTIONS = {"actions": ["member.role_changed", "nothing.known"]}


@pytest.fixture
def prompt():
    """A prompt that may use every tool."""
    return dataclasses.replace(load_prompt("audit-summary@v3"), tools=tuple(TOOLS))


def call(world, prompt, name, arguments, role="analyst"):
    with world.session():
        return call_tool(world.actor(role), prompt, name, arguments, call_id=uuid7())


def rows(world):
    with world.session() as session:
        return session.scalars(select(ToolCall).order_by(ToolCall.called_at)).all()


def test_the_tools_are_reads_with_closed_arguments_and_a_permission():
    assert set(TOOLS) == {DESCRIPTION, SLICE_GROUPS, SLICE_TOTALS}
    for tool in TOOLS.values():
        assert tool.schema["additionalProperties"] is False
        assert tool.requires.value.endswith(":read")


def test_a_prompt_that_names_a_tool_gets_what_it_says(alder, prompt):
    found = call(alder, prompt, DESCRIPTION, ACTIONS)

    assert list(found) == ["member.role_changed"]
    (row,) = rows(alder)
    assert (row.tool, row.is_allowed, row.refusal) == (DESCRIPTION, True, None)
    assert row.arguments == ACTIONS


def test_counts_and_groups_are_those_of_the_callers_own_log(alder, birch, prompt):
    alder.make(AuditEventFactory, action="vault.opened", actor_name="Ana Ruiz")
    before = call(birch, prompt, SLICE_TOTALS, SLICE)["total"]
    birch.make(AuditEventFactory)

    assert call(birch, prompt, SLICE_TOTALS, SLICE)["total"] == before + 1
    groups = call(alder, prompt, SLICE_GROUPS, SLICE)
    assert "vault.opened" in {group["action"] for group in groups}
    assert all(group["actor"].startswith("A") and group["actor"][1:].isdigit() for group in groups)


@pytest.mark.parametrize(
    ("tools", "name", "arguments", "role", "told"),
    [
        ((), DESCRIPTION, ACTIONS, "analyst", "may not use a tool of that name"),
        ((DESCRIPTION,), SLICE_TOTALS, SLICE, "analyst", "may not use a tool of that name"),
        (("delete_log",), "delete_log", {}, "owner", "may not use a tool of that name"),
        ((SLICE_TOTALS,), SLICE_TOTALS, SLICE, "editor", "lacks audit_event:read"),
        ((SLICE_TOTALS,), SLICE_TOTALS, {**SLICE, "tenant": "x"}, "owner", "do not fit"),
        ((DESCRIPTION,), DESCRIPTION, {"actions": ["a"] * 25}, "owner", "do not fit at $.actions"),
    ],
)
def test_whatever_is_not_allowed_is_denied_and_written_down(
    alder, prompt, tools, name, arguments, role, told
):
    with pytest.raises(ToolDenied) as denied:
        call(alder, dataclasses.replace(prompt, tools=tools), name, arguments, role)

    assert told in denied.value.detail
    (row,) = rows(alder)
    assert (row.tool, row.is_allowed) == (name, False)
    assert told in row.refusal
    assert row.caller_name
