"""How large JSON is on its way."""

import json


def size_in_bytes(value: object) -> int:
    """Return how many bytes of UTF-8 a JSON value takes, written without blanks."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return len(text.encode("utf-8", "surrogatepass"))
