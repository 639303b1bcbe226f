"""What the gallery knows: the contracts, the tokens, and who depends on whom; read once."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, cast

from flask import Flask, current_app, url_for

from app.design.naming import KIND_WORDS, group_of, slug_of, title_of
from app.kernel.problems import NotFound
from components.change.impact import PAGE, TEMPLATE, find_dependents
from components.contract import Contract, Example
from components.registry import Registry
from components.tokens.read import Token, load_tokens

REGISTRY: Final = "ballast.design_system"
# Holds a function that says which page shows which templates.
PAGE_TEMPLATES: Final = "ballast.page_templates"
LIBRARY: Final = "ballast.design_library"
# Tokens stand in the graph by their name in CSS.
TOKEN: Final = "--"  # noqa: S105 - of the design, not of a session


@dataclass(frozen=True, slots=True)
class Node:
    """One thing of the dependency graph, as pages show it; `href` is empty without a page."""

    name: str
    title: str
    kind: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Library:
    """The design system as one value.

    `dependents` holds by the name of a node the names of those that use it directly, as
    `components.change.impact.find_dependents` names them.
    """

    registry: Registry
    tokens: Mapping[str, Token]
    dependents: Mapping[str, tuple[str, ...]]
    uses: Mapping[str, tuple[str, ...]] = field(init=False)

    def __post_init__(self) -> None:
        used: dict[str, list[str]] = defaultdict(list)
        for name, users in self.dependents.items():
            for user in users:
                used[user].append(name)
        object.__setattr__(self, "uses", {name: tuple(sorted(used[name])) for name in used})

    def contract_at(self, slug: str) -> Contract:
        """Return the contract of that address; raises `NotFound`."""
        for contract in self.registry:
            if slug_of(contract.id) == slug:
                return contract
        raise NotFound(f"The design system has nothing called {slug}.")

    def edges(self) -> Iterator[tuple[str, str]]:
        """Every edge of the graph: who uses, and what is used."""
        for name, users in sorted(self.dependents.items()):
            for user in users:
                yield user, name


def example_at(contract: Contract, slug: str) -> Example:
    """Return the example of that address; raises `NotFound`."""
    for example in contract.examples:
        if slug_of(example.name) == slug:
            return example
    raise NotFound(f"{title_of(contract.id)} has no example called {slug}.")


def library() -> Library:
    """Return the library of the running app; the first who asks waits until it is read."""
    known = current_app.extensions
    if LIBRARY not in known:
        known[LIBRARY] = _read(current_app)
    return cast("Library", known[LIBRARY])


def address_of_group(group: str) -> str:
    """Return where a group of tokens is shown."""
    return url_for("design.tokens", _anchor=slug_of(group))


def describe(name: str) -> Node:
    """Return a node of the graph by its name there."""
    if name.startswith(TOKEN):
        groups = {token.css_name: group_of(token.path) for token in library().tokens.values()}
        return Node(name, name, "token", address_of_group(groups[name]))
    if name.startswith(TEMPLATE):
        return Node(name, name.removeprefix(TEMPLATE), "page template")
    if name.startswith(PAGE):
        return Node(name, name.removeprefix(PAGE), "page")
    contract = library().registry.contracts[name]
    href = url_for("design.contract", name=slug_of(name))
    return Node(name, title_of(name), KIND_WORDS[contract.kind], href)


def _read(app: Flask) -> Library:
    registry: Registry = app.extensions[REGISTRY]
    tokens = load_tokens()
    folders = sorted(Path(app.root_path).glob("*/templates"))
    shown: Mapping[str, Iterable[str]] = app.extensions[PAGE_TEMPLATES]()
    return Library(registry, tokens, find_dependents(registry, folders, shown))
