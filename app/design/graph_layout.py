"""Puts a layered graph on paper: columns from left to right, few crossings, even gaps.

An edge that passes a column without stopping there runs through a lane, which all edges from the
same source share: they look like one trunk with branches, and nothing runs behind a box.
"""

import itertools
import statistics
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.design.graph import TOKENS_LAYER, Edge, Graph, Vertex

# All in the units of the picture, which are CSS pixels at its own size.
BOX_WIDTH: Final = 132
BOX_HEIGHT: Final = 26
COLUMN_GAP: Final = 44
MARGIN: Final = 16
HEAD: Final = 36
_ROW: Final = 34
_LANE: Final = 7
_SWEEPS: Final = 24

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Lane:
    """Where the edges from `source` pass a column."""

    source: str
    rank: int


@dataclass(frozen=True, slots=True)
class Box:
    """A vertex and the upper left corner of its box."""

    vertex: Vertex
    x: int
    y: float

    @property
    def entry(self) -> Point:
        return self.x, self.y + BOX_HEIGHT / 2

    @property
    def exit(self) -> Point:
        return self.x + BOX_WIDTH, self.y + BOX_HEIGHT / 2


@dataclass(frozen=True, slots=True)
class Line:
    """An edge and the points it goes through, in pairs: into a lane and out of it again."""

    edge: Edge
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """Where everything stands; `columns` holds the left edge and the layer of each column."""

    boxes: Mapping[str, Box]
    lines: tuple[Line, ...]
    columns: tuple[tuple[int, str], ...]
    width: int
    height: int


Item = str | Lane


def lay_out(graph: Graph) -> Drawing:
    """Return the drawing of a graph; the same graph always gives the same drawing."""
    columns = _order(_columns_of(graph), _neighbours(graph))
    height = max(sum(map(_height_of, column)) for column in columns)
    places: dict[Item, Point] = {}
    for rank, column in enumerate(columns):
        y = HEAD + (height - sum(map(_height_of, column))) / 2
        for item in column:
            places[item] = (MARGIN + rank * (BOX_WIDTH + COLUMN_GAP), y)
            y += _height_of(item)
    boxes = {
        name: Box(vertex, int(places[name][0]), places[name][1])
        for name, vertex in graph.vertices.items()
    }
    heads = {rank: graph.vertices[name].layer for name, rank in _ranks(graph).items()}
    return Drawing(
        boxes=boxes,
        lines=tuple(Line(edge, _points(edge, boxes, places, graph)) for edge in graph.edges),
        columns=tuple(
            (MARGIN + rank * (BOX_WIDTH + COLUMN_GAP), heads[rank]) for rank in sorted(heads)
        ),
        # Edges within the last column bulge out of it.
        width=2 * MARGIN + len(columns) * (BOX_WIDTH + COLUMN_GAP),
        height=round(HEAD + height + MARGIN),
    )


def _ranks(graph: Graph) -> dict[str, int]:
    return {name: vertex.rank for name, vertex in graph.vertices.items()}


def _points(
    edge: Edge, boxes: Mapping[str, Box], places: Mapping[Item, Point], graph: Graph
) -> tuple[Point, ...]:
    used, user = boxes[edge.used], boxes[edge.user]
    if used.vertex.rank == user.vertex.rank:
        return used.exit, user.exit
    points = [used.exit]
    for lane in _lanes(edge, graph):
        x, y = places[lane]
        points += [(x, y), (x + BOX_WIDTH, y)]
    return (*points, user.entry)


def _lanes(edge: Edge, graph: Graph) -> list[Lane]:
    """The lanes of an edge, from the column after its source to the one before its end."""
    first, last = graph.vertices[edge.used].rank + 1, graph.vertices[edge.user].rank
    return [Lane(edge.used, rank) for rank in range(first, last)]


def _columns_of(graph: Graph) -> list[list[Item]]:
    ranks = _ranks(graph)
    columns: list[list[Item]] = [[] for _ in range(max(ranks.values()) + 1)]
    for name, rank in ranks.items():
        columns[rank].append(name)
    lanes = dict.fromkeys(lane for edge in graph.edges for lane in _lanes(edge, graph))
    for lane in lanes:
        columns[lane.rank].append(lane)
    return columns


def _neighbours(graph: Graph) -> dict[Item, list[Item]]:
    """Who is joined with whom. Nearly everything uses tokens, so those say little about order."""
    found: dict[Item, list[Item]] = {}
    for edge in graph.edges:
        is_token = graph.vertices[edge.used].layer == TOKENS_LAYER
        steps: list[Item] = [edge.used, *_lanes(edge, graph), edge.user]
        for before, after in itertools.pairwise(steps):
            found.setdefault(before, []).append(after)
            if not (is_token and after == edge.user):
                found.setdefault(after, []).append(before)
    return found


def _order(columns: list[list[Item]], neighbours: Mapping[Item, list[Item]]) -> list[list[Item]]:
    """Move each item towards the middle of its neighbours, column by column, back and forth."""
    place: dict[Item, float] = {}
    for column in columns:
        place |= _spread(column)
    for sweep in range(_SWEEPS):
        for column in columns if sweep % 2 else reversed(columns):
            wanted = [
                (statistics.fmean([place[one] for one in neighbours.get(item, [item])]), str(item))
                for item in column
            ]
            order = sorted(range(len(column)), key=wanted.__getitem__)
            column[:] = [column[number] for number in order]
            place |= _spread(column)
    return columns


def _spread(column: list[Item]) -> dict[Item, float]:
    """How high each item stands, from -0.5 to 0.5, whatever the length of its column."""
    return {item: (row + 0.5) / len(column) - 0.5 for row, item in enumerate(column)}


def _height_of(item: Item) -> int:
    return _LANE if isinstance(item, Lane) else _ROW
