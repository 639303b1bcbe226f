"""The dependency graph as the picture shows it: layers, what stands in them, and the edges."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from app.design.library import Library, address_of_group, describe
from app.design.naming import group_of
from components.change.impact import PAGE, TEMPLATE

TOKENS_LAYER: Final = "tokens"
TEMPLATES_LAYER: Final = "page templates"
_KIND_LAYERS: Final = {
    "component": "components",
    "pattern": "patterns",
    "content_block": "content blocks",
}


@dataclass(frozen=True, slots=True)
class Vertex:
    """One box of the picture. `layer` is its kind; `rank` its column, counted from the left."""

    name: str
    title: str
    layer: str
    rank: int
    href: str = ""


@dataclass(frozen=True, slots=True)
class Edge:
    """`user` uses `used`; both are names of vertices."""

    user: str
    used: str


@dataclass(frozen=True, slots=True)
class Graph:
    """What is drawn: vertices by name, and the edges between them."""

    vertices: Mapping[str, Vertex]
    edges: tuple[Edge, ...]


def draw_graph(books: Library) -> Graph:
    """Return the graph without its pages: tokens by group, contracts, and page templates."""
    groups = {token.css_name: group_of(token.path) for token in books.tokens.values()}
    edges = sorted(
        {
            (groups.get(user, user), groups.get(used, used))
            for user, used in books.edges()
            if not user.startswith(PAGE)
        }
    )
    # A token that takes its value from one of its own group is no edge between boxes.
    edges = [(user, used) for user, used in edges if user != used]
    names = _names(books, groups.values())
    ranks = _rank(names, edges)
    vertices = {name: _vertex(name, layer, ranks[name]) for name, layer in names.items()}
    return Graph(vertices, tuple(Edge(user, used) for user, used in edges))


def _names(books: Library, groups: Iterable[str]) -> dict[str, str]:
    """Every vertex with its layer, from the lowest layer to the highest."""
    names = dict.fromkeys(groups, TOKENS_LAYER)
    for kind, layer in _KIND_LAYERS.items():
        names |= dict.fromkeys((contract.id for contract in books.registry.of_kind(kind)), layer)
    templates = (name for name in books.dependents if name.startswith(TEMPLATE))
    return names | dict.fromkeys(sorted(templates), TEMPLATES_LAYER)


def _rank(names: Mapping[str, str], edges: Iterable[tuple[str, str]]) -> dict[str, int]:
    """The column of each vertex: right of every lower layer, and components right of their own.

    Few patterns use patterns, and templates extend just one: those stay in one column.
    """
    ranks: dict[str, int] = {}
    below: dict[str, list[str]] = {name: [] for name in names}
    for user, used in edges:
        below[user].append(used)
    first = 0
    for layer in dict.fromkeys(names.values()):
        members = [name for name, its in names.items() if its == layer]
        for name in _users_last(members, below):
            deep = layer == _KIND_LAYERS["component"]
            own = [ranks[used] + 1 for used in below[name] if deep and names[used] == layer]
            ranks[name] = max([first, *own])
        first = max((ranks[name] for name in members), default=first - 1) + 1
    return ranks


def _users_last(members: list[str], below: Mapping[str, list[str]]) -> Iterator[str]:
    """The members in an order in which each comes after what it uses."""
    done: set[str] = set()
    waiting = list(members)
    while waiting:
        ready = [name for name in waiting if not (set(below[name]) & set(waiting) - done - {name})]
        # The registry has no cycles; were there one, the rest would be drawn in any order.
        ready = ready or waiting
        yield from ready
        done.update(ready)
        waiting = [name for name in waiting if name not in done]


def _vertex(name: str, layer: str, rank: int) -> Vertex:
    if layer == TOKENS_LAYER:
        return Vertex(name, name, layer, rank, address_of_group(name))
    node = describe(name)
    return Vertex(name, node.title, layer, rank, node.href)
