"""Who is touched when a token or a contract changes: the graph, read from below."""

from collections import deque
from collections.abc import Iterable, Mapping
from pathlib import Path

from jinja2 import nodes

from components.change.api import find_token_uses
from components.lint.calls import CONTENT, find_component
from components.lint.trees import parse_template
from components.registry import Registry
from components.tokens.read import load_tokens

TEMPLATE = "template:"
PAGE = "page:"

Edges = dict[str, set[str]]


def find_dependents(
    registry: Registry,
    template_folders: Iterable[Path] = (),
    pages: Mapping[str, Iterable[str]] | None = None,
) -> dict[str, tuple[str, ...]]:
    """Each node with those that use it directly, by name.

    Nodes are tokens (`--space-4`), contracts (`badge`), page templates (`template:list.html`) and
    pages (`page:audit.index`). `pages` names the templates that each endpoint renders.
    """
    edges = _token_edges()
    for contract in registry:
        edges.setdefault(contract.id, set())
        for below in (*contract.depends_on, *find_token_uses(contract)):
            edges.setdefault(below, set()).add(contract.id)
    for folder in template_folders:
        for path in sorted(folder.rglob("*.html")):
            name = f"{TEMPLATE}{path.relative_to(folder)}"
            edges.setdefault(name, set())
            for below in _used_by_template(path, registry):
                edges.setdefault(below, set()).add(name)
    for endpoint, templates in (pages or {}).items():
        for template in templates:
            edges.setdefault(f"{TEMPLATE}{template}", set()).add(f"{PAGE}{endpoint}")
    return {name: tuple(sorted(users)) for name, users in edges.items()}


def find_impact(dependents: Mapping[str, tuple[str, ...]], name: str) -> list[str]:
    """Everything that would change with a node, nearest first; raises KeyError for no node."""
    reached = {name}
    waiting = deque(dependents[name])
    order: list[str] = []
    while waiting:
        user = waiting.popleft()
        if user not in reached:
            reached.add(user)
            order.append(user)
            waiting.extend(dependents.get(user, ()))
    return order


def _token_edges() -> Edges:
    tokens = load_tokens()
    edges: Edges = {token.css_name: set() for token in tokens.values()}
    for token in tokens.values():
        if token.alias:
            edges[tokens[token.alias].css_name].add(token.css_name)
    return edges


def _used_by_template(path: Path, registry: Registry) -> set[str]:
    tree = parse_template(path.read_text("utf-8"))
    used = {name for call in tree.find_all(nodes.Call) if (name := find_component(call))}
    if CONTENT in used:
        used |= {block.id for block in registry.of_kind("content_block")}
    used |= {
        f"{TEMPLATE}{parent.template.value}"
        for parent in tree.find_all(nodes.Extends)
        if isinstance(parent.template, nodes.Const)
    }
    return used - {CONTENT}
