"""Every route that changes something, the commands behind it, and the events that they write.

A route without an event is a hole: something could change and nobody would know. The page made
from this is part of the reference, and a test fails when there is a hole in it.
"""

from dataclasses import dataclass
from typing import Final

from flask import Flask

from app.audit.event_types.coverage.call_graph import reach
from app.audit.event_types.own import own_types
from app.kernel.commands import COMMANDS
from app.kernel.routing import guard_of

_ABOUT: Final = (
    "Each route that changes something, the commands that it leads to, and the types of the events"
    " that these write. A route without an event fails the build."
)
CHANGING: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})

# Routes that change nothing that anybody owns, or that write events themselves; with the reason.
WITHOUT_COMMAND: Final = {
    "api.create_events": "What it stores are the events.",
    "field_data.report": "How fast pages were; says nothing about anybody, and belongs to nobody.",
}


@dataclass(frozen=True, slots=True)
class Coverage:
    """One changing route; `reason` stands for those that need no command."""

    address: str
    endpoint: str
    commands: tuple[str, ...]
    reason: str | None

    @property
    def events(self) -> tuple[str, ...]:
        """The actions that the commands write, in order."""
        return tuple(sorted({COMMANDS[name].audit.value for name in self.commands}))

    @property
    def hole(self) -> str | None:
        """What is missing, or None."""
        if not self.commands and self.reason is None:
            return f"{self.address} ({self.endpoint}) leads to no command, so it writes no event."
        missing = [action for action in self.events if action not in own_types()]
        if missing:
            return f"{self.address} writes {', '.join(missing)}, which has no event type."
        return None


def list_coverage(app: Flask) -> list[Coverage]:
    """Return every changing route of the app, by address."""
    rows = []
    for rule in app.url_map.iter_rules():
        if not CHANGING & (rule.methods or set()):
            continue
        view = app.view_functions[rule.endpoint]
        if guard_of(view) is None:
            continue
        reached = reach(f"{view.__module__}.{view.__name__}")
        commands = tuple(sorted(reached & COMMANDS.keys()))
        reason = WITHOUT_COMMAND.get(rule.endpoint)
        rows.append(Coverage(rule.rule, rule.endpoint, () if reason else commands, reason))
    return sorted(rows, key=lambda row: (row.address, row.endpoint))


def list_holes(app: Flask) -> list[str]:
    """Return what is missing, a sentence each; and exceptions that nothing needs any more."""
    rows = list_coverage(app)
    gone = sorted(WITHOUT_COMMAND.keys() - {row.endpoint for row in rows})
    unwritten = sorted(own_types().keys() - {spec.audit.value for spec in COMMANDS.values()})
    return [
        *(hole for row in rows if (hole := row.hole)),
        *(f"{endpoint} is an exception and no route." for endpoint in gone),
        *(f"{action} is an event type that no command writes." for action in unwritten),
    ]


def coverage_page(app: Flask) -> str:
    """Return the page of the reference: a row for each changing route."""
    lines = [
        "# Changing routes and their events\n",
        f"{_ABOUT}\n",
        "| address | commands | events |",
        "| --- | --- | --- |",
    ]
    for row in list_coverage(app):
        commands = ", ".join(f"`{name.removeprefix('app.')}`" for name in row.commands)
        events = ", ".join(f"`{action}`" for action in row.events)
        lines.append(f"| `{row.address}` | {commands or '–'} | {events or row.reason or 'none'} |")
    lines += [
        "\n## Event types\n",
        "| action | version | owner | kept as |",
        "| --- | --- | --- | --- |",
    ]
    for action, versions in own_types().items():
        newest = versions[max(versions)]
        lines.append(f"| `{action}` | {newest.version} | {newest.owner} | {newest.retention} |")
    return "\n".join(lines) + "\n"
