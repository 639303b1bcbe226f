"""Which stylesheet uses which token."""

from collections.abc import Iterator, Mapping, Sequence

import tinycss2
import tinycss2.ast

from components.registry import Registry

Nodes = Sequence[tinycss2.ast.Node]


def find_uses(registry: Registry) -> Mapping[str, tuple[str, ...]]:
    """By custom property, such as `--space-1`, the names of the contracts whose CSS uses it.

    All stylesheets of the registry are read, of components, patterns and content blocks; a custom
    property that is no token is listed like any other (the net over stylesheets refuses it).
    """
    users: dict[str, set[str]] = {}
    for contract in registry:
        if contract.stylesheet.exists():
            for name in list_used(contract.stylesheet.read_text("utf-8")):
                users.setdefault(name, set()).add(contract.id)
    return {name: tuple(sorted(users[name])) for name in sorted(users)}


def list_used(css: str) -> frozenset[str]:
    """The custom properties that a stylesheet reads through `var()`."""
    return frozenset(_walk(tinycss2.parse_component_value_list(css, skip_comments=True)))


def _walk(nodes: Nodes) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, tinycss2.ast.FunctionBlock):
            if node.lower_name == "var":
                name = next(
                    (n for n in node.arguments if isinstance(n, tinycss2.ast.IdentToken)), None
                )
                if name is not None:
                    yield name.value
            yield from _walk(node.arguments)
        elif isinstance(
            node,
            tinycss2.ast.CurlyBracketsBlock
            | tinycss2.ast.ParenthesesBlock
            | tinycss2.ast.SquareBracketsBlock,
        ):
            yield from _walk(node.content)
