"""Judges a selector: it begins with a class the component owns, and names no stranger's class."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import tinycss2.ast

from components.contract import Contract

# A selector may begin inside these, because each of their alternatives is what it begins with.
HEADS: Final = frozenset({"where", "is"})
# What a class selector says, said by attribute.
NAMING: Final = frozenset({"class", "id"})

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
    for first in _first_classes(selector):
        if first is None:
            yield "begins with no class"
        elif owners.get(first) != contract.id:
            yield f"begins with .{first}, which belongs to {owners.get(first, 'nobody')}"
    allowed = {contract.id, *contract.depends_on}
    for name in _classes(selector):
        if owners.get(name) not in allowed:
            yield f".{name} belongs to {owners.get(name, 'nobody')}"
    for node in _deep(selector):
        if isinstance(node, tinycss2.ast.HashToken):
            yield "uses an id"
        elif isinstance(node, tinycss2.ast.SquareBracketsBlock) and _names_by_attribute(node):
            yield f"reads a name as an attribute: [{tinycss2.serialize(node.content)}]"


def _first_classes(selector: Nodes) -> Iterator[str | None]:
    """The class that the selector begins with, one for each of its alternatives."""
    head, follow = (*selector, None, None)[:2]
    dot = head.value if isinstance(head, tinycss2.ast.LiteralToken) else ""
    if isinstance(follow, tinycss2.ast.FunctionBlock) and follow.lower_name in HEADS and dot == ":":
        for alternative in split_selectors(follow.arguments):
            yield from _first_classes(alternative)
    elif isinstance(follow, tinycss2.ast.IdentToken) and dot == ".":
        yield follow.value
    else:
        yield None


def _classes(nodes: Nodes) -> Iterator[str]:
    for index, node in enumerate(nodes):
        if isinstance(node, tinycss2.ast.FunctionBlock):
            yield from _classes(node.arguments)
        elif isinstance(node, tinycss2.ast.IdentToken) and index:
            before = nodes[index - 1]
            if isinstance(before, tinycss2.ast.LiteralToken) and before.value == ".":
                yield node.value


def _deep(nodes: Nodes) -> Iterator[tinycss2.ast.Node]:
    for node in nodes:
        yield node
        if isinstance(node, tinycss2.ast.FunctionBlock):
            yield from _deep(node.arguments)


def _names_by_attribute(block: tinycss2.ast.SquareBracketsBlock) -> bool:
    words = [node for node in block.content if not isinstance(node, tinycss2.ast.WhitespaceToken)]
    first = words[0] if words else None
    is_name = isinstance(first, tinycss2.ast.IdentToken) and first.lower_value in NAMING
    return is_name and len(words) > 1
