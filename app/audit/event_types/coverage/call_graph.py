"""Which functions a function may call, read from the source of the app.

Names only: what a function mentions counts as called, so that more is found than runs, and
nothing that runs is missed unless it is looked up by a text. Background jobs are the one such
look-up there is: a text that names a job counts as a call of it.
"""

import ast
import functools
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[4]
PACKAGE: Final = "app"

# Functions by their full name, with the full names that each mentions.
Graph = dict[str, frozenset[str]]


def reach(start: str) -> frozenset[str]:
    """Return the full names of all functions that a function may lead to, itself among them."""
    graph = call_graph()
    found, waiting = {start}, deque([start])
    while waiting:
        for name in graph.get(waiting.popleft(), frozenset()):
            if name not in found:
                found.add(name)
                waiting.append(name)
    return frozenset(found)


@functools.cache
def call_graph() -> Graph:
    """Return the graph of the whole app; takes about a second."""
    modules = [_Module(path) for path in sorted((ROOT / PACKAGE).rglob("*.py"))]
    jobs = {name: function for module in modules for name, function in module.jobs()}
    return {
        name: frozenset(jobs.get(mentioned, mentioned) for mentioned in mentions)
        for module in modules
        for name, mentions in module.functions()
    }


class _Module:
    """One file: what its names stand for, and what its functions mention."""

    def __init__(self, path: Path) -> None:
        self.name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        self.tree = ast.parse(path.read_text(encoding="utf-8"))
        self.names = dict(self._names())
        self.texts = dict(self._texts())

    def functions(self) -> Iterator[tuple[str, frozenset[str]]]:
        """Yield each function of the file, methods as part of their class."""
        for node in self.tree.body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                yield f"{self.name}.{node.name}", frozenset(self._mentions(node))

    def jobs(self) -> Iterator[tuple[str, str]]:
        """Yield the constant that names each background job, and the function it runs."""
        for node in self.tree.body:
            if not isinstance(node, ast.FunctionDef):
                continue
            for decorator in node.decorator_list:
                if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "job":
                    yield self._resolve(ast.unparse(decorator.args[0])), f"{self.name}.{node.name}"

    def _names(self) -> Iterator[tuple[str, str]]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(PACKAGE):
                for alias in node.names:
                    yield alias.asname or alias.name, f"{node.module}.{alias.name}"
        for node in self.tree.body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                yield node.name, f"{self.name}.{node.name}"

    def _texts(self) -> Iterator[tuple[str, str]]:
        """Yield the constants of the file; a job is named by one."""
        for node in self.tree.body:
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                yield node.targets[0].id, f"{self.name}.{node.targets[0].id}"

    def _mentions(self, node: ast.AST) -> Iterator[str]:
        for part in ast.walk(node):
            if isinstance(part, ast.Name):
                yield self._resolve(part.id)

    def _resolve(self, name: str) -> str:
        return self.names.get(name) or self.texts.get(name) or f"{self.name}:{name}"
