r"""Characters that a reader cannot see: written out at the door, never dropped.

Senders pass on what strangers typed: user agents, file names. A control character in there can
clear a terminal, forge a line of a log or turn a text around. Refusing such an event would let
an attacker keep their own acts out of the log by choosing a bad name; dropping the character
would hide the attempt. So it is kept in a form that everybody sees and nothing obeys: `\u001b`
for ESC. That holds for NUL and half surrogate pairs too, which PostgreSQL cannot store at all.
"""

import re
from typing import Any

# Controls (C0 without tab and line feed, DEL, C1), marks that turn the direction of text, half
# surrogate pairs, line and paragraph separators, and the mark that begins files.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufeff]"
)
_BREAKS = re.compile("[\t\n]")


def visible_text(text: str) -> str:
    """Return running text with unseen characters written out; tabs and line feeds stay."""
    return text if text.isprintable() else _UNSEEN.sub(_written_out, text)


def visible_line(text: str) -> str:
    """Return a name or an identifier with unseen characters written out, breaks too."""
    return text if text.isprintable() else _BREAKS.sub(_written_out, visible_text(text))


def visible_json(value: Any) -> Any:  # noqa: ANN401  JSON is whatever the sender made it
    """Return a JSON value, its depth checked before, with unseen characters written out."""
    if isinstance(value, str):
        return visible_text(value)
    if isinstance(value, list):
        return [visible_json(part) for part in value]
    if isinstance(value, dict):
        return {visible_line(name): visible_json(part) for name, part in value.items()}
    return value


def _written_out(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"
