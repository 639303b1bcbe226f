"""A colour is written twice, as components and as hex; the two must be one colour."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from components.lint.findings import Finding
from components.tokens.resolver import Declaration


def check_hex(declared: Iterable[Declaration]) -> Iterator[Finding]:
    """Findings for colours whose hex is not what their components say.

    The Color Module 2025.10 calls hex a fallback for tools that do not read components. Browsers
    get the hex here, so a difference would be a colour that nobody chose.
    """
    for token in declared:
        if token.alias:
            continue
        value: Any = token.node["$value"]
        if token.node["$type"] == "color":
            yield from _compare(token, value, "$value/hex")
        elif token.node["$type"] == "shadow":
            yield from _compare(token, value["color"], "$value/color/hex")


def _compare(token: Declaration, colour: Mapping[str, Any], field: str) -> Iterator[Finding]:
    said = "#" + "".join(f"{round(channel * 255):02x}" for channel in colour["components"])
    if said != colour["hex"]:
        problem = f"has the components of {said} and the hex {colour['hex']}"
        yield token.find(field, "hex", problem, "Let both say the same.")
