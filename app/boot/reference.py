"""Reference pages, written from the code, so that they cannot lie."""

from collections.abc import Callable, Sequence
from pathlib import Path

import click
from flask import Flask

from app.boot.settings import REFERENCE as SETTINGS
from app.boot.settings import ROOT
from app.identity.roles import Role, permissions_of
from app.kernel.collections.declaration import COLLECTIONS
from app.kernel.commands import COMMANDS
from app.kernel.routing import guard_of
from app.vocabulary.audit_tags import AuditTag
from app.vocabulary.permissions import Permission

FOLDER = ROOT / "docs" / "reference"
_HEAD = "<!-- Written by `make reference`; a check compares it with the code. -->\n"


def reference_pages(app: Flask) -> dict[Path, str]:
    """Return what each reference page must say."""
    pages: dict[str, Callable[[Flask], str]] = {
        "commands.md": _commands,
        "lists.md": _lists,
        "make.md": _make,
        "permissions.md": _permissions,
        "routes.md": _routes,
        "settings.md": _settings,
    }
    return {FOLDER / name: _HEAD + write(app) for name, write in pages.items()}


def stale_pages(app: Flask) -> list[Path]:
    """Return the reference pages that say something else than the code."""
    return [
        path
        for path, text in reference_pages(app).items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join(
        f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines
    )


def _settings(_app: Flask) -> str:
    rows = [(f"`{one.name}`", one.default, one.meaning) for one in SETTINGS]
    return "# Settings\n\nEnvironment variables.\n\n" + _table(("name", "default", "meaning"), rows)


def _permissions(_app: Flask) -> str:
    head = ("permission", *(role.label for role in Role))
    rows = [
        (
            f"`{permission}`",
            *("yes" if permission in permissions_of(role) else "" for role in Role),
        )
        for permission in Permission
    ]
    return "# Permissions and roles\n\n" + _table(head, rows)


def _routes(app: Flask) -> str:
    rows = []
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        guard = guard_of(app.view_functions[rule.endpoint])
        methods = " ".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
        audience = guard.audience.value if guard else "everybody"
        needs = (
            f"`{guard.requires}`" if guard and guard.requires else guard.reason if guard else None
        )
        rows.append((f"`{rule.rule}`", methods, audience, needs or "the design system's files"))
    return "# Routes\n\n" + _table(("address", "methods", "for", "needs, or why public"), rows)


def _commands(app: Flask) -> str:
    # What is done from the command line alone is not imported before its command is.
    shell = _shell(app)
    rows = [
        (
            f"`{spec.name.removeprefix('app.')}`",
            f"`{spec.requires}`" if spec.requires else "none: see the code",
            f"`{spec.audit}`",
        )
        for spec in sorted(COMMANDS.values(), key=lambda spec: spec.name)
    ]
    tags = "".join(f"- `{tag}`\n" for tag in AuditTag)
    lines = "".join(
        f"- `flask {path}`: {command.get_short_help_str(90)}\n" for path, command in shell
    )
    return (
        "# Commands\n\n## Changes, with the permission each needs and the event each writes\n\n"
        + _table(("command", "needs", "writes"), rows)
        + f"\n## Audit tags\n\n{tags}\n## On the command line\n\n{lines}"
    )


def _shell(app: Flask) -> list[tuple[str, click.Command]]:
    found: list[tuple[str, click.Command]] = []
    context = click.Context(app.cli)
    for name in app.cli.list_commands(context):
        command = app.cli.get_command(context, name)
        if isinstance(command, click.Group):
            found += [(f"{name} {sub}", one) for sub, one in sorted(command.commands.items())]
        elif command:
            found.append((name, command))
    return [
        (path, command)
        for path, command in found
        if not path.startswith(("routes", "run", "shell"))
    ]


def _lists(_app: Flask) -> str:
    parts = []
    for collection in sorted(COLLECTIONS.values(), key=lambda one: one.name):
        rows = [
            (f"`{key.key}:`", key.kind.value, key.hint or key.label) for key in collection.fields
        ]
        text = "takes free text too" if collection.search else "takes no free text"
        parts.append(
            f"## {collection.title}\n\nColumns: {', '.join(c.label for c in collection.columns)};"
            f" {text}.\n\n" + (_table(("filter", "kind", "meaning"), rows) if rows else "")
        )
    return "# Lists and their filters\n\n" + "\n".join(parts)


def _make(_app: Flask) -> str:
    rows = []
    for line in (ROOT / "Makefile").read_text(encoding="utf-8").splitlines():
        name, separator, words = line.partition("##")
        if separator and ":" in name and not line.startswith("##@"):
            rows.append((f"`make {name.split(':')[0]}`", words.strip()))
    return "# Make targets\n\n" + _table(("target", "what it does"), rows)
