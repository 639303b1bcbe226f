"""Text from outside, before it is stored or shown."""

import ipaddress

MAX_LINE = 500
# A cell that begins with one of these is a formula to a spreadsheet (OWASP, CSV injection).
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def is_storable(text: str) -> bool:
    """Say whether PostgreSQL can store the text: no NUL, no lone surrogate."""
    if "\x00" in text:
        return False
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def single_line(text: str, limit: int = MAX_LINE) -> str:
    """Return the text as one storable line: control characters become spaces, the rest is cut.

    Used where the text is only a label of ours (a user agent, a name in a log line); what a
    client sends as data is refused instead, never changed.
    """
    cleaned = "".join(c if c.isprintable() else " " for c in text)
    cleaned = cleaned.encode("utf-8", "replace").decode("utf-8")
    return cleaned if len(cleaned) <= limit else cleaned[: limit - 1] + "…"


def find_address(text: str) -> str | None:
    """Return the text if it is an IP address, in normal form; None for anything else.

    Some proxies put a port behind it, and a Unix socket has none at all.
    """
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return None


def safe_cell(text: str) -> str:
    """Return the text so that a spreadsheet shows it and never runs it."""
    return f"'{text}" if text.startswith(FORMULA) else text
