"""The formats and their rules in words, for the reference."""

from collections.abc import Sequence

from app.audit.importers.format import Format
from app.audit.importers.mapping.mapping import FIELDS
from app.audit.importers.registry import FORMATS
from app.audit.importers.rules import Rule

_ABOUT = (
    "From which fields of other systems' records the fields of an event come, format by format."
    " Where several are named, the first that is not empty counts. How to import is told in"
    " [importing](../importing.md).\n"
)


def fields_page() -> str:
    """Return the page about the fields of every format, in Markdown."""
    parts = ["# Fields of imported records\n", _ABOUT]
    parts += [_format(one) for one in FORMATS.values()]
    parts.append(_mapped())
    return "\n".join(parts)


def _format(one: Format) -> str:
    refused = "".join(f"- {words}\n" for words in one.refuses)
    refusals = f"Refused, besides what is no record of it:\n\n{refused}\n" if refused else ""
    head = f"## {one.title}: `{one.name}`\n\n{one.origin}\n\n{refusals}"
    return head + _table(("field", "from", "how"), [_row(rule) for rule in one.rules])


def _row(rule: Rule) -> tuple[str, str, str]:
    field = f"`{rule.field}`" if " " not in rule.field else rule.field
    return field, ", ".join(f"`{source}`" for source in rule.sources) or "–", rule.how


def _mapped() -> str:
    rows = [
        (f"`{one.name}`", "required" if one.is_required else "optional", one.how) for one in FIELDS
    ]
    head = "## Any other: `mapped`\n\nWhich field of the records is which is said by a mapping.\n\n"
    return head + _table(("field", "", "how"), rows)


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join(
        f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines
    )
