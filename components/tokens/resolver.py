"""Brings token files together by a resolver document, for one theme at a time.

The steps are those of the Resolver Module 2025.10: check the input, put sets and modifiers into
one structure in `resolutionOrder` (the later one wins), and only then follow aliases. Of the
module this reads what the design system uses: sets and one modifier, with files as sources.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from components.lint.findings import Finding
from components.tokens.problems import TokenError, refuse_if_any
from components.tokens.schema import check_format
from components.tokens.source import Source, read_source

DOCUMENT: Final = "ballast.resolver.json"


@dataclass(frozen=True, slots=True)
class Declaration:
    """A token as a file declares it, before its alias is followed."""

    path: str
    node: Mapping[str, Any]
    source: Source

    @property
    def line(self) -> int:
        return self.source.line_of(tuple(self.path.split(".")))

    @property
    def extensions(self) -> Mapping[str, Any]:
        """What the design system says of this token beyond the standard's own fields."""
        found: Mapping[str, Any] = self.node["$extensions"]
        return found

    @property
    def alias(self) -> str:
        """The path of the token whose value this one takes; empty when it has its own."""
        value = self.node["$value"]
        return value.strip("{}") if isinstance(value, str) else ""

    def find(self, field: str, rule: str, problem: str, mend: str) -> Finding:
        """A finding about a field of this token."""
        place = (*self.path.split("."), *field.split("/"))
        return self.source.find(place, rule, f"{self.path} {problem}", mend)


Declarations = Mapping[str, Declaration]


@dataclass(frozen=True, slots=True)
class Resolver:
    """A read resolver document: the token files of each set and of each theme."""

    sets: Mapping[str, tuple[Source, ...]]
    themes: Mapping[str, tuple[Source, ...]]
    default: str
    order: tuple[str, ...]

    def resolve(self, theme: str | None = None) -> dict[str, Declaration]:
        """Every token by path as the theme has it; the document's default theme without one.

        Raises ValueError for a theme that the document does not have.
        """
        chosen = self.default if theme is None else theme
        if chosen not in self.themes:
            raise ValueError(f"There is no theme {chosen!r}. Known: {', '.join(self.themes)}.")
        return self._merge(self.themes[chosen])

    def resolve_sets(self) -> dict[str, Declaration]:
        """Every token by path as the sets declare it, whatever the theme."""
        return self._merge(())

    def _merge(self, theme: Iterable[Source]) -> dict[str, Declaration]:
        flat: dict[str, Declaration] = {}
        for pointer in self.order:
            kind, name = pointer.removeprefix("#/").split("/")
            for source in self.sets[name] if kind == "sets" else theme:
                flat.update(_walk(source))
        return flat

    def list_overrides(self) -> Iterator[Declaration]:
        """What the themes declare, over and above the sets."""
        for sources in self.themes.values():
            for source in sources:
                yield from _walk(source).values()


def read_resolver(folder: Path) -> Resolver:
    """The resolver document of a folder with all files it names, checked in form.

    Raises TokenError when a file is missing or not of the form its schema asks for, or when the
    document names a set that it does not have.
    """
    document = read_source(folder / DOCUMENT)
    refuse_if_any(check_format(document, "resolver"))
    content: Any = document.content
    refuse_if_any(_check_order(document, content))
    themes = content["modifiers"]["theme"]
    reader = _Reader(folder)
    resolver = Resolver(
        sets={
            name: reader.read(made["sources"], "tokens") for name, made in content["sets"].items()
        },
        themes={name: reader.read(of, "theme") for name, of in themes["contexts"].items()},
        default=themes["default"],
        order=tuple(item["$ref"] for item in content["resolutionOrder"]),
    )
    refuse_if_any(reader.findings)
    return resolver


def _check_order(document: Source, content: Mapping[str, Any]) -> Iterator[Finding]:
    known = [f"#/sets/{name}" for name in content["sets"]]
    known += [f"#/modifiers/{name}" for name in content["modifiers"]]
    listed = [item["$ref"] for item in content["resolutionOrder"]]
    for index, pointer in enumerate(listed):
        if pointer not in known:
            place = ("resolutionOrder", index, "$ref")
            problem = f"resolutionOrder names {pointer}, which is not there"
            yield document.find(place, "resolver", problem, f"Known: {', '.join(known)}.")
    for pointer in known:
        if pointer not in listed:
            problem = f"{pointer} is not in resolutionOrder, so it counts for nothing"
            mend = "Put it into the order, or take it out."
            yield document.find(("resolutionOrder",), "resolver", problem, mend)


class _Reader:
    """Reads the files a resolver names, gathering what is wrong in any of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.findings: list[Finding] = []

    def read(self, references: Iterable[Mapping[str, str]], schema: str) -> tuple[Source, ...]:
        sources = []
        for reference in references:
            try:
                source = read_source(self.folder / reference["$ref"])
            except TokenError as wrong:
                self.findings += wrong.findings
                continue
            self.findings += check_format(source, schema)
            sources.append(source)
        return tuple(sources)


def _walk(source: Source) -> dict[str, Declaration]:
    found: dict[str, Declaration] = {}

    def enter(node: Mapping[str, Any], path: str) -> None:
        for name, child in node.items():
            if name.startswith("$"):
                continue
            below = f"{path}.{name}" if path else name
            if "$value" in child:
                found[below] = Declaration(below, child, source)
            else:
                enter(child, below)

    content: Any = source.content
    enter(content, "")
    return found
