"""Reading JSON without the liberties that Python's reader takes.

NaN, Infinity and repeated names are refused (RFC 8259 calls them unreadable or unpredictable),
and so are numbers too long to be converted and text nested deeper than the reader can go. Each
refusal names the line and the column, where they are known.
"""

import json
from typing import Any, NoReturn


class JsonUnreadable(Exception):
    """The text is not JSON that is read here; `line` and `column` count from 1."""

    def __init__(self, detail: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(detail if line is None else f"{detail} (line {line}, column {column})")
        self.detail = detail
        self.line = line
        self.column = column


def read_json(text: str) -> Any:  # noqa: ANN401  JSON is whatever the sender made it
    """Return the value that the text spells; raises `JsonUnreadable`."""
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise JsonUnreadable(_sentence(error.msg), error.lineno, error.colno) from None
    except RecursionError:
        raise JsonUnreadable(
            "The JSON is nested too deeply; send it flatter, or as text."
        ) from None
    except ValueError:
        # Python converts no number of more than 4,300 digits.
        raise JsonUnreadable("A number has too many digits; send it as text.") from None


def _refuse_constant(name: str) -> NoReturn:
    raise JsonUnreadable(f"{name} is not a JSON value; leave the field out, or send null.")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) == len(pairs):
        return members
    seen: set[str] = set()
    for name, _ in pairs:
        if name in seen:
            raise JsonUnreadable(
                f"The name {name[:80]!a} appears twice in one object; send it once."
            )
        seen.add(name)
    return members


def _sentence(message: str) -> str:
    """Turn the reader's message into a sentence: `Expecting value` says little by itself."""
    return f"The JSON cannot be read: {message[0].lower()}{message[1:].removesuffix(' at')}."


_DECODER = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_refuse_constant)
