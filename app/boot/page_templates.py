"""Which page shows which template, read from the code of the views without running them."""

import ast
import functools
import inspect
import textwrap
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import FunctionType

from flask import Flask

OURS = "app."


def find_template_folders(app: Flask) -> list[Path]:
    """Return the folders with page templates, one a domain."""
    return sorted(Path(app.root_path).glob("*/templates"))


def find_page_templates(app: Flask) -> Mapping[str, frozenset[str]]:
    """Return the templates that each endpoint may render, by endpoint.

    A view's templates are the names of files in its own code and in that of the functions it
    calls, as far as they are the app's own.
    """
    found = {
        endpoint: frozenset(_templates_of(inspect.unwrap(view)))
        for endpoint, view in app.view_functions.items()
    }
    return {endpoint: templates for endpoint, templates in found.items() if templates}


def _templates_of(view: Callable[..., object]) -> Iterator[str]:
    seen: set[object] = set()
    waiting = [view]
    while waiting:
        function = waiting.pop()
        if function in seen or not isinstance(function, FunctionType):
            continue
        seen.add(function)
        yield from _template_names(function)
        called = inspect.getclosurevars(function).globals.values()
        waiting += [inspect.unwrap(one) for one in called if _is_ours(one)]


@functools.cache
def _template_names(function: FunctionType) -> tuple[str, ...]:
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    return tuple(
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.value.endswith(".html")
    )


def _is_ours(one: object) -> bool:
    return isinstance(one, FunctionType) and one.__module__.startswith(OURS)
