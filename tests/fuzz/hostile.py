"""What nobody should send, and whoever wants to do harm does."""

import gzip
import json
from typing import Any
from uuid import uuid4

from hypothesis import strategies as st

from app.audit.contract.schema import EVENT_SCHEMA

MEGABYTE = 1024 * 1024
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=40)
# Whatever somebody has broken some log with.
NASTY_TEXT = st.sampled_from(
    [
        *(
            "",
            " ",
            "\x00",
            "a\x00b",
            "\ud800",
            "\udfff\ud800",
            "\ufeff",
            "\u202eabc",
            "\u2028",
            "\x7f",
        ),
        *("\x1b[2J", "\r\nGET / HTTP/1.1", "ok\n2026-01-01 root: logged in", "${jndi:ldap://x/y}"),
        *("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1", '=HYPERLINK("//x")', "'=1", ";=1", "|cmd"),
        *(
            "<script>alert(1)</script>",
            "{{7*7}}",
            "{% x %}",
            "%s%n",
            "'; DROP TABLE x; --",
            "\\x00",
        ),
        *("\\u0000", "NaN", "null", "__proto__", "a" * 1_000, "é" * 999, "🚪" * 500, "x" * 5_000),
        *("' & ! | <-> :* ( )", "a:*", "''", "\\'", "tenant_id", "%", "_", "*", '"', "\\"),
    ]
)
TEXT = NASTY_TEXT | ANY_TEXT
TIMES = st.sampled_from(
    [
        *(
            "9999-12-31T23:59:59Z",
            "0001-01-01T00:00:00Z",
            "1970-01-01T00:00:00Z",
            "2026-02-30T00:00:00Z",
        ),
        *(
            "1969-12-31T23:59:59Z",
            "1970-01-01T00:00:00+14:00",
            "2200-12-31T23:59:59Z",
            "2026-06-30T23:59:60Z",
        ),
        *("2026-03-14T09:26:53.123456789Z", "2026-03-14t09:26:53z", "2026-03-14 09:26:53-00:00"),
        *(
            "2026-03-14T24:00:00Z",
            "2026-03-14T09:26:53+24:00",
            "2026-03-14T09:26:53",
            "20260314T092653Z",
        ),
        *(
            "2026-W11-6T09:26:53Z",
            "٢٠٢٦-03-14T09:26:53Z",
            "-2026-03-14T09:26:53Z",
            "10000-01-01T00:00:00Z",
        ),
    ]
)
ADDRESSES = st.sampled_from(
    [
        *(
            "1.2.3.4",
            "::1",
            "::ffff:1.2.3.4",
            "fe80::1%eth0",
            "1.2.3.4/24",
            "1.2.3",
            "01.2.3.4",
            "1",
        ),
        *(
            "0x7f.1",
            "2001:db8::/32",
            "::",
            "1.2.3.4 ",
            "１.2.3.4",
            "1.2.3.256",
            ":::1",
            "localhost",
        ),
    ]
)
NUMBERS = st.integers() | st.floats() | st.sampled_from([0, -1, 2**53, 2**63, 10**400, 1e308, -0.0])
SCALARS = st.none() | st.booleans() | NUMBERS | TEXT
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)
_PARTIES = st.fixed_dictionaries(
    {"type": TEXT | st.just("person"), "id": TEXT}
) | st.fixed_dictionaries({"type": st.just("person"), "id": TEXT, "name": TEXT})
_FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "id": TEXT | st.uuids().map(str) | st.uuids().map(lambda found: found.hex),
    "occurred_at": TIMES | TEXT,
    "actor": _PARTIES,
    "action": st.sampled_from(
        ["door.opened", "Door.opened", "door", "a." * 50 + "b", "door.opened\n"]
    )
    | TEXT,
    "event_type_version": NUMBERS | st.integers(0, 3),
    "outcome": st.sampled_from(["success", "Success", "denied "]) | TEXT,
    "targets": st.lists(_PARTIES, max_size=3) | st.lists(_PARTIES, min_size=21, max_size=21),
    "source": st.dictionaries(
        st.sampled_from(["ip", "user_agent", "session", "request_id", "port"]), ADDRESSES | TEXT
    ),
    "reason": TEXT,
    "changes": st.dictionaries(
        TEXT, st.dictionaries(st.sampled_from(["before", "after", "now"]), SCALARS), max_size=3
    ),
    "metadata": st.dictionaries(TEXT, VALUES, max_size=4),
}
assert _FIELDS.keys() == EVENT_SCHEMA["properties"].keys()
# Mostly something that may just fit: what is refused at a glance is tried least.
WAYS = ("replace", "replace", "replace", "replace", "replace", "drop", "garbage", "add")


def good_event() -> dict[str, Any]:
    """Return an event that nothing is wrong with."""
    return {
        "id": str(uuid4()),
        "occurred_at": "2026-03-14T09:26:53Z",
        "actor": {"type": "person", "id": "u-1"},
        "action": "door.opened",
    }


def good_text() -> str:
    """Return such an event as JSON."""
    return json.dumps(good_event())


@st.composite
def events(draw: st.DrawFn) -> Any:
    """An event with up to two of its fields changed in some way, or no event at all."""
    if draw(st.integers(0, 19)) == 0:
        return draw(VALUES)
    event = good_event()
    for _ in range(draw(st.integers(1, 2))):
        name, way = draw(st.sampled_from(sorted(_FIELDS))), draw(st.sampled_from(WAYS))
        if way == "drop":
            event.pop(name, None)
        elif way == "add":
            event[draw(TEXT)] = draw(SCALARS)
        else:
            event[name] = draw(_FIELDS[name] if way == "replace" else VALUES)
    return event


def _doubled(text: str) -> str:
    return f'{text[:-1]}, "action": "door.closed"}}'


def _deep(text: str, depth: int = 1_000) -> str:
    return f'{text[:-1]}, "metadata": {{"a": {"[" * depth}{"]" * depth}}}}}'


def _long(text: str) -> str:
    return f'{text[:-1]}, "reason": "{"x" * 10 * MEGABYTE}"}}'


_SPOILT = (
    lambda text: text.replace("door", "do\x00or"),
    lambda text: f'{text[:-1]}, "metadata": {{"a": NaN}}}}',
    lambda text: f'{text[:-1]}, "metadata": {{"a": -Infinity}}}}',
    lambda text: f'{text[:-1]}, "metadata": {{"a": 1e999}}}}',
    lambda text: f'{text[:-1]}, "metadata": {{"a": {"9" * 6_000}}}}}',
    lambda text: f'{text[:-1]}, "metadata": {{"a": "\\ud800"}}}}',
    lambda text: f'{text[:-1]}, "metadata": {{"a": "\\u0000"}}}}',
    _doubled,
    _deep,
    lambda text: _deep(text, 100_000),
    lambda text: text[: len(text) // 2],
    lambda text: f"\ufeff{text}",
    lambda text: text + text,
    lambda text: f"[{text}, {text},]",
    lambda text: f"{text}\n\n{text}\r\n{text[:-1]}\n",
)
_STRANGE = ("[" * 200_000, "[]", "", "[" + "0," * 5_000 + "0]", "0", "null", '"x"', "{}", "[[]]")
LONG_BODIES = (
    _long,
    lambda text: f"[{text}, {_long(text)}]",
    lambda text: text.rjust(6 * MEGABYTE),
)
CONTENT_TYPES = (
    *("application/json", "application/x-ndjson", "application/jsonl", "text/plain", ""),
    *(
        "application/json; charset=utf-16",
        "application/json;charset=\x00",
        "a/b/c",
        "multipart/form-data",
    ),
)
_ENCODINGS = ("utf-8", "utf-16", "utf-8-sig", "latin-1", "utf-32-be")


@st.composite
def bodies(draw: st.DrawFn) -> tuple[bytes, dict[str, str]]:
    """A body, and the headers that it is sent with, of which some are lies."""
    text = good_text()
    way = draw(st.integers(0, 3))
    if way == 0:
        body = draw(st.binary(max_size=300))
    else:
        text = draw(st.sampled_from(_SPOILT))(text) if way < 3 else draw(st.sampled_from(_STRANGE))
        body = text.encode(
            draw(st.sampled_from(_ENCODINGS)), "surrogatepass" if "\ud800" in text else "replace"
        )
    headers = {"Content-Type": draw(st.sampled_from(CONTENT_TYPES))}
    packing = draw(
        st.sampled_from(["", "", "", "gzip", "gzip-lie", "gzip-cut", "gzip, gzip", "br"])
    )
    if packing:
        headers["Content-Encoding"] = packing.partition("-")[0]
    if packing in ("gzip", "gzip-cut"):
        body = gzip.compress(body)
        body = body[: len(body) // 2] if packing == "gzip-cut" else body
    if draw(st.integers(0, 9)) == 0:
        headers["Idempotency-Key"] = draw(st.sampled_from(["k", "k" * 256, "\x7f", "é", ""]))
    return body, headers
