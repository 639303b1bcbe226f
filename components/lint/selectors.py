"""Judges a selector: it begins with a class the component owns, and names no stranger's class."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import tinycss2.ast

from components.contract import Contract

GROUPS: Final = frozenset({"where", "is", "not", "has"})

Nodes = Sequence[tinycss2.ast.Node]


def split_selectors(prelude: Nodes) -> list[list[tinycss2.ast.Node]]:
    """A selector list split at its commas, without the white space around each selector."""
    groups: list[list[tinycss2.ast.Node]] = [[]]
    for node in prelude:
        if isinstance(node, tinycss2.ast.LiteralToken) and node.value == ",":
            groups.append([])
        elif groups[-1] or not isinstance(node, tinycss2.ast.WhitespaceToken):
            groups[-1].append(node)
    return groups


def check_selector(selector: Nodes, contract: Contract, owners: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with one selector, in words."""
    first = _first_class(selector)
    if first is None:
        yield "begins with no class"
    elif owners.get(first) != contract.id:
        yield f"begins with .{first}, which belongs to {owners.get(first, 'nobody')}"
    allowed = {contract.id, *contract.depends_on}
    for name in _classes(selector):
        if owners.get(name) not in allowed:
            yield f".{name} belongs to {owners.get(name, 'nobody')}"
    if any(isinstance(node, tinycss2.ast.HashToken) for node in selector):
        yield "uses an id"


def _first_class(selector: Nodes) -> str | None:
    if len(selector) < 2:  # noqa: PLR2004 - a class is a dot and a name
        return None
    head, follow = selector[0], selector[1]
    if not isinstance(head, tinycss2.ast.LiteralToken):
        return None
    if head.value == "." and isinstance(follow, tinycss2.ast.IdentToken):
        return follow.value
    if head.value == ":" and isinstance(follow, tinycss2.ast.FunctionBlock):
        return _first_class(follow.arguments)
    return None


def _classes(nodes: Nodes) -> Iterator[str]:
    for index, node in enumerate(nodes):
        if isinstance(node, tinycss2.ast.FunctionBlock) and node.lower_name in GROUPS:
            yield from _classes(node.arguments)
        elif isinstance(node, tinycss2.ast.IdentToken) and index:
            before = nodes[index - 1]
            if isinstance(before, tinycss2.ast.LiteralToken) and before.value == ".":
                yield node.value
